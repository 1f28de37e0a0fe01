"""Programs of others that a delivery needs, and the sentence when one is missing."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

_DAEMON_SECONDS = 15


class Undelivered(Exception):
    """A step cannot be taken; the message says what helps."""


def need(program: str, what_for: str) -> str:
    """The path of a program. Raises Undelivered."""
    found = shutil.which(program)
    if found is None:
        raise Undelivered(f"{program} is not in PATH: {what_for}")
    return found


def run(command: Sequence[str | Path], *, stdin: str | None = None, show: bool = False) -> str:
    """What a command prints, or, with `show`, nothing while it prints itself. Raises Undelivered with its own words."""
    told = None if show else subprocess.PIPE
    words = [str(word) for word in command]
    ran = subprocess.run(words, input=stdin, stdout=told, stderr=told, text=True, check=False)
    if ran.returncode != 0:
        raise Undelivered(f"{' '.join(words[:4])} … ended with {ran.returncode}\n{(ran.stderr or '').strip()}".strip())
    return ran.stdout or ""


def succeeds(command: Sequence[str]) -> bool:
    """Whether a command is there and ends well."""
    try:
        return subprocess.run(command, capture_output=True, timeout=_DAEMON_SECONDS, check=False).returncode == 0
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False


def ended(main: Callable[[], None]) -> int:
    """The exit code of a step: 0, or 1 with the sentence."""
    try:
        main()
    except Undelivered as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0
