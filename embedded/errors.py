"""Failures of the embedded stack, in sentences for the user of the command."""

from collections.abc import Sequence
from pathlib import Path

from operations.errors import CommandError

_TAIL = 12
"""Lines shown of the log of a program that did not get ready."""


class StackError(CommandError):
    """The stack cannot do what was requested; the text names the obstacle and the remedy."""


class NotRunning(StackError):
    """No stack runs in this folder."""

    def __init__(self) -> None:
        super().__init__("这里没有正在运行的环境，请先执行 onewindow up")


class NotReady(StackError):
    """Some programs did not get ready in time; the others run, and `onewindow down` takes them down."""

    def __init__(self, late: Sequence[tuple[str, Path]]) -> None:
        self.names = tuple(name for name, _ in late)
        super().__init__("\n".join(f"{name} 未能就绪，日志 {log} 的末尾：\n{_tail(log)}" for name, log in late))


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(f"    {line}" for line in lines[-_TAIL:])
