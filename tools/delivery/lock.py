"""Lock files: one library an entry, with the hashes of every file that may be installed."""

import re
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tools.tree import read

LOCK = "requirements.lock"
BUILD_LOCK = "requirements-build.lock"
DEV_LOCK = "requirements-dev.lock"

_ENTRY = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s\\;]+)(?P<rest>.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Locked:
    """One library of a lock: its name, its version, the SHA-256 of the files that may be installed for it."""

    name: str
    version: str
    hashes: tuple[str, ...]


def entries(path: Path) -> list[Locked]:
    """The libraries of a lock file, in its order."""
    found = _ENTRY.finditer(read(path))
    return [Locked(each["name"], each["version"], tuple(_HASH.findall(each["rest"]))) for each in found]


def version(root: Path) -> str:
    """The version in pyproject.toml: tag of the image, version of chart and bundle."""
    return str(tomllib.loads(read(root / "pyproject.toml"))["project"]["version"])


def committed_at(root: Path) -> int:
    """Seconds since 1970 of the last commit; 0 outside a git repository."""
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return 0
    return int(ran.stdout) if ran.returncode == 0 and ran.stdout.strip() else 0
