"""Version and commit time of the delivery, used instead of the clock so that builds are reproducible."""

import subprocess
import tomllib
from pathlib import Path

from tools.tree import read


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
