"""Set-up installs the lock by uv where uv can be had, and by pip alone where it cannot or may not."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import environment

LOCK = (
    f"rich==1.0 \\\n    --hash=sha256:{'a' * 64}\nuv==0.1 \\\n    --hash=sha256:{'b' * 64}\nwheel==1 --hash=sha256:c\n"
)

Run = Callable[..., list[str]]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a set-up with programs that only note their words; `failing` names those that end with 1."""

    def run(part: str, *failing: str, pip_only: bool = False, uv: bool = True) -> list[str]:
        scripts, ran = tmp_path / ".venv/bin", list[str]()
        scripts.mkdir(parents=True, exist_ok=True)
        (scripts / "python").touch()
        (tmp_path / "requirements-dev.lock").write_text(LOCK)

        def note(words: list[str | Path], **_options: object) -> subprocess.CompletedProcess[str]:
            line = " ".join(map(str, words))
            program = "uv" if line.startswith(str(scripts / "uv")) else "pip"
            if line.endswith("uv.lock"):
                assert Path(line.rpartition(" ")[2]).read_text() == LOCK[LOCK.index("uv==") : LOCK.index("wheel")]
                (scripts / "uv").touch()
                program = "pip for uv"
            if "config" not in words and "--version" not in words:
                ran.append(program)
            return subprocess.CompletedProcess(words, program in failing, stdout="uv 0.1" if program == "uv" else "")

        if uv:
            (scripts / "uv").touch()
        monkeypatch.setattr(subprocess, "run", note)
        made = environment.VirtualEnvironment(tmp_path, pip_only=pip_only)
        (made.install_libraries if part == "libraries" else made.install_project)()
        return ran

    return run


def test_pip_installs_uv_and_uv_the_rest(installed: Run) -> None:
    assert installed("libraries", uv=False) == ["pip for uv", "uv"]


def test_the_locked_uv_is_not_installed_again(installed: Run) -> None:
    assert installed("libraries") == ["uv"]
    assert installed("project") == ["uv"]


def test_pip_installs_everything_where_it_shall_or_uv_cannot_be_installed_or_fails(installed: Run) -> None:
    assert installed("libraries", pip_only=True) == ["pip"]
    assert installed("project", pip_only=True) == ["pip"]
    assert installed("libraries", "uv") == ["uv", "pip"]


def test_pip_installs_everything_where_uv_cannot_be_installed(
    installed: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installed("libraries", "pip for uv", uv=False) == ["pip for uv", "pip"]
    assert "uv cannot be installed here" in capsys.readouterr().out


def test_uv_is_given_the_settings_of_pip_and_its_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = ":env:.cert='/ca.pem'\nglobal.cert='/old.pem'\nglobal.extra-index-url='https://a/\\nhttps://b/'\n"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=printed))
    assert environment.uv_settings(environment.pip_settings(["pip"])) == {
        "UV_PYTHON_DOWNLOADS": "never",
        "SSL_CERT_FILE": "/ca.pem",
        "UV_INDEX": "https://a/ https://b/",
    }
