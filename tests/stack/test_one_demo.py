"""A demo stops what it has started, in every way of ending; a second one at the same time is refused."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from cli.stack.demo_session import only_one, taken_down
from embedded.data_dir import PROJECT, DataDir
from embedded.errors import StackError
from embedded.stack import Stack
from tests.stack.stand_ins import SETTINGS, SMALL_TABLE, programs_of


@contextmanager
def demo(home: DataDir, *, ignoring: int | None = None) -> Iterator[subprocess.Popen[str]]:
    """A demo whose stack is up, in a process of its own that began as a shell would begin it."""

    def as_left_by_the_shell() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if ignoring is not None:
            signal.signal(ignoring, signal.SIG_IGN)

    home.root.parent.chmod(0o755)
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.stack.one_demo", str(home.root)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=as_left_by_the_shell,  # noqa: PLW1509 # no thread runs here, and signals are all it touches
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        yield running
    finally:
        running.kill()
        running.communicate()
        Stack(home, SETTINGS, SMALL_TABLE).stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_what_it_started_is_gone_when_it_is_told_to_stop(home: DataDir, number: signal.Signals) -> None:
    with demo(home) as running:
        running.send_signal(number)
        running.wait()
        assert programs_of(home) == []


def test_it_is_told_to_stop_also_where_a_script_left_it_in_the_background(home: DataDir) -> None:
    with demo(home, ignoring=signal.SIGINT) as running:
        running.terminate()
        running.wait()
        assert programs_of(home) == []


def test_it_outlives_the_terminal_when_it_was_started_so(home: DataDir) -> None:
    with demo(home, ignoring=signal.SIGHUP) as running:
        running.send_signal(signal.SIGHUP)
        assert Stack(home, SETTINGS, SMALL_TABLE).running()
        running.terminate()
        running.wait()
        assert programs_of(home) == []


def test_whoever_presses_again_and_again_hurries_nothing(home: DataDir) -> None:
    with demo(home) as running:
        while running.poll() is None:
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.wait(0.1)
        assert programs_of(home) == []


def test_a_second_one_is_told_that_the_first_still_plays(home: DataDir) -> None:
    with only_one(home), pytest.raises(StackError, match="这里已有一场演示在进行"), only_one(home):
        pass
    with only_one(home):
        pass


def test_what_somebody_else_started_is_left_running(stack: Stack) -> None:
    stack.start()
    with pytest.raises(KeyboardInterrupt), taken_down(Stack(stack.data_dir, SETTINGS, SMALL_TABLE)):
        raise KeyboardInterrupt
    assert stack.running()
