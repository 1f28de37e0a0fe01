"""External programs that deliveries and cluster commands run, with a readable message when one fails."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

_DAEMON_SECONDS = 15


class StepFailed(Exception):
    """A step cannot be taken; the message says what helps."""


def need(program: str, what_for: str) -> str:
    """The path of a program. Raises StepFailed."""
    found = shutil.which(program)
    if found is None:
        raise StepFailed(f"{program} is not in PATH: {what_for}")
    return found


def run(command: Sequence[str | Path], *, stdin: str | None = None, show: bool = False) -> str:
    """Run a command and return its output; with `show` it prints itself. Raises StepFailed with its message."""
    captured = None if show else subprocess.PIPE
    words = [str(word) for word in command]
    ran = subprocess.run(words, input=stdin, stdout=captured, stderr=captured, text=True, check=False)
    if ran.returncode != 0:
        raise StepFailed(f"{' '.join(words[:4])} … ended with {ran.returncode}\n{(ran.stderr or '').strip()}".strip())
    return ran.stdout or ""


def succeeds(command: Sequence[str]) -> bool:
    """True when the command exists and ends with 0."""
    try:
        return subprocess.run(command, capture_output=True, timeout=_DAEMON_SECONDS, check=False).returncode == 0
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False


def exit_code(main: Callable[[], None]) -> int:
    """Run `main`; 0, or 1 with the message of StepFailed on stderr."""
    try:
        main()
    except StepFailed as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0
