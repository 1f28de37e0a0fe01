"""What holds while a demo runs: no other runs in the same home, and what it has started it takes down."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from typing import Any, TypeAlias

from embedded.data_dir import DataDir
from embedded.errors import StackError
from embedded.stack import Stack

_Answer: TypeAlias = Callable[..., Any] | int | None
"""What a signal is met with, in the words of the signal module."""


@contextmanager
def only_one(home: DataDir) -> Iterator[None]:
    """Keeps the home to one demo: two would move one clock and count each other's matters. Raises StackError."""
    home.run.mkdir(parents=True, exist_ok=True)
    with (home.run / "demo").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError as taken:
            raise StackError("这里已有一场演示在进行：请等它演完，或在那个终端按 Ctrl-C 结束它") from taken
        yield


@contextmanager
def taken_down(stack: Stack) -> Iterator[None]:
    """Takes down what was started inside: at the end, on Ctrl-C, when told to stop, when the terminal is gone."""
    # A script's background job ignores Ctrl-C; being told to stop goes that way, so the way has to be open.
    answers: dict[int, _Answer] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: _as_ctrl_c}
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wants it to outlive the terminal
        answers[signal.SIGHUP] = _as_ctrl_c
    with _answering(answers):
        try:
            yield
        finally:
            # An impatient second Ctrl-C would leave half a stack behind; each program gets its time and no more.
            with _answering(dict.fromkeys((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), signal.SIG_IGN)):
                if stack.started_here:
                    stack.stop()


def _as_ctrl_c(*_: object) -> None:
    signal.raise_signal(signal.SIGINT)


@contextmanager
def _answering(answers: Mapping[int, _Answer]) -> Iterator[None]:
    before = {number: signal.signal(number, answer) for number, answer in answers.items()}
    try:
        yield
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)
