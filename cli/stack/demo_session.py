"""Session of a demo: it is the only one of its folder, and it stops the stack that it has started."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from typing import Any, TypeAlias

from embedded.data_dir import DataDir
from embedded.errors import StackError
from embedded.stack import Stack

_SignalHandler: TypeAlias = Callable[..., Any] | int | None
"""A handler of a signal, as the signal module has them."""


@contextmanager
def only_one(data_dir: DataDir) -> Iterator[None]:
    """A lock of the folder for one demo: two would move one clock and count each other's matters. Raises StackError."""
    data_dir.run.mkdir(parents=True, exist_ok=True)
    with (data_dir.run / "demo").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError as taken:
            raise StackError("这里已有一场演示在进行：请等它演完，或在那个终端按 Ctrl-C 结束它") from taken
        yield


@contextmanager
def taken_down(stack: Stack) -> Iterator[None]:
    """Stops the stack that was started inside: at the end, on Ctrl-C, on SIGTERM, and when the terminal is gone."""
    # A script's background job ignores Ctrl-C; SIGTERM is turned into one, so Ctrl-C has to raise.
    handlers: dict[int, _SignalHandler] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: _as_ctrl_c}
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it outlives the terminal
        handlers[signal.SIGHUP] = _as_ctrl_c
    with _handling(handlers):
        try:
            yield
        finally:
            # A second Ctrl-C would leave half a stack behind; each program gets its time and no more.
            with _handling(dict.fromkeys((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), signal.SIG_IGN)):
                if stack.started_here:
                    stack.stop()


def _as_ctrl_c(*_: object) -> None:
    signal.raise_signal(signal.SIGINT)


@contextmanager
def _handling(handlers: Mapping[int, _SignalHandler]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
