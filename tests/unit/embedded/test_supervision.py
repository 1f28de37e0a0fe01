"""Programs under watch: restarts, pauses, stops, and the files between the commands and the supervisor."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from embedded.data_dir import DataDir
from embedded.supervision import state
from embedded.supervision.processes import Program, RunningProcess, group_of, start_ticks
from embedded.supervision.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Child

SLEEPS = Program("sleeper", (sys.executable, "-S", "-c", "import time; time.sleep(60)"), grace=5.0)
STUBBORN = Program(
    "stubborn",
    (
        sys.executable,
        "-S",
        "-c",
        "import signal, sys, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
    ),
    grace=0.2,
)


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    found = DataDir(tmp_path)
    found.create()
    return found


def test_a_program_is_described_whole(data_dir: DataDir) -> None:
    program = Program(
        "a", ("/bin/a", "b"), {"X": "1"}, account=None, wave=2, stop_signal=2, health="h:1", listens="l:2"
    )
    state.write_wanted(data_dir, [program])
    assert state.read_wanted(data_dir) == {"a": program}
    assert data_dir.wanted.stat().st_mode & 0o077 == 0, "an environment may name what others should not know"


def test_without_files_nothing_is_wanted_and_nothing_runs(data_dir: DataDir) -> None:
    assert state.read_wanted(data_dir) == {}
    assert not state.read_state(data_dir).supervised()
    assert state.read_state(data_dir).pid("intake") is None
    assert state.end_stack(data_dir) is False


def test_a_pid_is_another_program_when_it_started_at_another_time() -> None:
    ticks = start_ticks(os.getpid())
    assert ticks is not None and RunningProcess(os.getpid(), ticks).alive()
    other = RunningProcess(os.getpid(), ticks - 1)
    assert not other.alive()
    other.signal(signal.SIGKILL)  # is not sent


def test_a_zombie_and_an_unknown_pid_are_not_alive() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    deadline = time.monotonic() + 10
    while start_ticks(process.pid) is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert start_ticks(process.pid) is None
    process.wait()
    assert start_ticks(process.pid) is None


def test_a_child_is_started_again_with_pauses_that_double(data_dir: DataDir) -> None:
    child = Child(Program("quick", (sys.executable, "-S", "-c", "")), data_dir.log("quick"))
    pauses: list[float] = []
    while len(pauses) < 3:
        child.keep_running()
        deadline = time.monotonic() + 10
        while child.running is not None and time.monotonic() < deadline:
            child.keep_running()
        pauses.append(child._pause)
        child._next = 0.0  # as if the pause were over
    assert pauses == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert child.restarts == 3


def test_a_program_that_cannot_start_is_tried_again_later(data_dir: DataDir) -> None:
    child = Child(Program("absent", ("/nowhere/at/all",)), data_dir.log("absent"))
    for _ in range(12):
        child._next = 0.0
        child.keep_running()
    assert child.running is None and child._pause == LONGEST_PAUSE


def test_a_child_stops_on_request_and_is_killed_after_its_grace(data_dir: DataDir) -> None:
    sleeper, stubborn = Child(SLEEPS, data_dir.log("sleeper")), Child(STUBBORN, data_dir.log("stubborn"))
    for child in (sleeper, stubborn):
        child.request_stop()  # nothing runs yet
        child.wait_stopped()
        child.keep_running()
    deadline = time.monotonic() + 20
    while "deaf" not in data_dir.log("stubborn").read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    for child in (sleeper, stubborn):
        assert child.keep_running() == float("inf")
        child.request_stop()
        child.wait_stopped()
        assert child.running is None


def test_a_stack_without_its_supervisor_is_ended_by_the_recorded_pids(data_dir: DataDir) -> None:
    process = subprocess.Popen(SLEEPS.argv)
    running = RunningProcess(process.pid, start_ticks(process.pid) or 0)
    data_dir.state.write_text(state.state_text(RunningProcess(1, 0), {"sleeper": (running, 3)}))
    state.write_wanted(data_dir, [SLEEPS])
    assert state.read_state(data_dir).pid("sleeper") == process.pid
    threading.Thread(target=process.wait).start()  # its parent collects it, as init would
    assert state.end_stack(data_dir) is True
    assert not data_dir.state.exists() and not data_dir.wanted.exists()


def test_the_group_of_an_account_is_its_first_one() -> None:
    assert group_of("root") == 0
    assert group_of(None) is None
