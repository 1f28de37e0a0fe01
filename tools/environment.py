"""Installs the locked libraries and this project into .venv: `python -m tools.environment libraries|project [--pip]`.

pip installs the locked uv, uv installs the rest: about a tenth of pip's CPU time. With --pip, or where uv cannot be
installed, pip installs everything. Runs on a bare Python before any library is there; used by `make setup`.
"""

import argparse
import ast
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_VENV = ".venv"
_LOCK = "requirements-dev.lock"
_UV_ENTRY = re.compile(r"^uv==(?P<version>\S+).*(?:\n[ \t]+.*)*\n", re.MULTILINE)
_PIP = ("--quiet", "--disable-pip-version-check")
_LOCKED = ("--only-binary", ":all:", "--require-hashes")
_UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
"""pip's settings, and the variables that say the same to uv, which does not read pip's."""


class VirtualEnvironment:
    """The virtual environment of a checkout, filled by uv or by pip."""

    def __init__(self, root: Path, *, pip_only: bool) -> None:
        self._root, self._pip_only = root, pip_only
        self._scripts = root / _VENV / "bin"
        self._python = self._scripts / "python"

    def install_libraries(self) -> None:
        """Install exactly the locked libraries. Raises CalledProcessError when pip cannot install them either."""
        if not self._python.exists():
            venv.create(self._root / _VENV, with_pip=False, symlinks=True)
        lock = self._root / _LOCK
        if self._pip_only or not self._install_uv() or not self._uv("sync", *_LOCKED, lock):
            subprocess.run([*self._pip(), "install", *_PIP, *_LOCKED, "-r", lock], check=True)

    def install_project(self) -> None:
        """Install the checkout itself as editable, without network. Raises CalledProcessError."""
        editable = ("--no-deps", "--no-build-isolation", "--editable", self._root)
        if self._pip_only or not self._uv("install", "--offline", *editable):
            subprocess.run([*self._pip(), "install", *_PIP, "--no-index", *editable], check=True)

    def _install_uv(self) -> bool:
        """Install the locked uv by pip, if it is not there yet; False where it cannot be had."""
        entry = _UV_ENTRY.search((self._root / _LOCK).read_text(encoding="utf-8"))
        if entry is None or self._uv_version() == entry["version"]:
            return entry is not None
        with tempfile.TemporaryDirectory() as folder:
            lock = Path(folder) / "uv.lock"
            lock.write_text(entry[0], encoding="utf-8")
            command = [*self._pip(), "install", *_PIP, *_LOCKED, "--no-deps", "-r", lock]
            installed = subprocess.run(command, check=False, capture_output=True).returncode == 0
        if not installed:
            sys.stdout.write("uv cannot be installed here: pip installs the libraries, which takes longer\n")
        return installed

    def _uv_version(self) -> str | None:
        uv = self._scripts / "uv"
        if not uv.exists():
            return None
        ran = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False)
        return next(iter(ran.stdout.split()[1:]), None)

    def _uv(self, command: str, *arguments: str | Path) -> bool:
        """Run `uv pip <command>` with pip's settings; False when uv is not there or fails."""
        uv = self._scripts / "uv"
        if not uv.exists():
            return False
        settings = {} if "--offline" in arguments else pip_settings(self._settings_pip())
        environment = {**uv_settings(settings), **os.environ}
        words = [uv, "pip", command, "--quiet", "--python", self._python, *arguments]
        return subprocess.run(words, env=environment, check=False).returncode == 0

    def _settings_pip(self) -> list[str | Path]:
        """The running Python's pip, which starts faster than one that changes another environment."""
        return [sys.executable, "-m", "pip"] if importlib.util.find_spec("pip") else self._pip()

    def _pip(self) -> list[str | Path]:
        """The pip of .venv, or that of the running Python, or the one that Python brings, installed now."""
        if any((self._root / _VENV).glob("lib/python*/site-packages/pip/__main__.py")):
            return [self._python, "-m", "pip"]
        if importlib.util.find_spec("pip"):
            return [sys.executable, "-m", "pip", "--python", self._python]
        subprocess.run([self._python, "-m", "ensurepip", "--default-pip"], check=True, stdout=subprocess.DEVNULL)
        return [self._python, "-m", "pip"]


def pip_settings(pip: list[str | Path]) -> dict[str, str]:
    """pip's settings on this machine, lists separated by spaces; the environment wins over files."""
    printed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False).stdout
    lines = [line.partition("=") for line in printed.splitlines()]
    ordered = sorted(lines, key=lambda line: line[0].startswith(":env:"))
    return {name.rpartition(".")[2]: " ".join(str(_literal(value)).split()) for name, _, value in ordered}


def uv_settings(settings: dict[str, str]) -> dict[str, str]:
    """Variables for uv that say the same as pip's settings; uv downloads no Python."""
    found = {variable: settings[name] for name, variable in _UV_NAMES.items() if settings.get(name)}
    return {"UV_PYTHON_DOWNLOADS": "never", **found}


def main(arguments: list[str]) -> int:
    """Install the libraries or the project; 1 with the installer's own words when that fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["libraries", "project"])
    parser.add_argument("--pip", action="store_true", help="pip alone, without uv")
    chosen = parser.parse_args(arguments)
    environment = VirtualEnvironment(ROOT, pip_only=chosen.pip)
    try:
        if chosen.part == "libraries":
            environment.install_libraries()
        else:
            environment.install_project()
    except subprocess.CalledProcessError as error:
        return int(error.returncode)
    return 0


def _literal(value: str) -> object:
    try:
        return ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
