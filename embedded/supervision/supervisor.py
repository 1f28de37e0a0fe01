"""Keeps the programs of the stack running, as Kubernetes would, until it receives SIGTERM. (`python -m`, one argument)

It forks, so it never imports grpc. The programs it keeps running are read from one file (again on SIGHUP); those that
run are written to another, in one step; both are in the `run` folder of the stack.
"""

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from embedded.data_dir import PROJECT, DataDir, write_whole
from embedded.supervision.processes import Program, RunningProcess, launch, start_ticks
from embedded.supervision.state import read_wanted, state_text

_log = logging.getLogger("supervisor")

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
"""Seconds before a program that ended is started again: doubling from the first to the longest."""
STEADY_AFTER = 10.0
"""Seconds after which a program counts as healthy again, and the pause as the first."""
_LONGEST_SLEEP = 60.0


@dataclass(slots=True)
class Child:
    """A program and its present process."""

    program: Program
    log: Path
    restarts: int = 0
    running: RunningProcess | None = None
    _process: subprocess.Popen[bytes] | None = None
    _pause: float = 0.0
    _since: float = 0.0
    _next: float = 0.0

    def keep_running(self) -> float:
        """Reaps an ended process and starts it again when its pause is over; returns the seconds until then."""
        if self._process is not None and self._process.poll() is not None:
            self._schedule_restart(self._process.returncode)
        if self._process is None and time.monotonic() >= self._next:
            self._start()
        return float("inf") if self._process is not None else max(0.0, self._next - time.monotonic())

    def request_stop(self) -> None:
        """Sends the program's own stop signal."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self.program.stop_signal)

    def wait_stopped(self) -> None:
        """Waits for the program's grace, then kills."""
        if self._process is None:
            return
        try:
            self._process.wait(self.program.grace)
        except subprocess.TimeoutExpired:
            _log.warning("%s did not stop within %g s and is killed", self.program.name, self.program.grace)
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        self._process = self.running = None

    def _start(self) -> None:
        self._since = time.monotonic()
        try:
            self._process = launch(self.program, self.log)
        except OSError as error:
            self._schedule_restart(error.strerror or "cannot start")
            return
        self.running = RunningProcess(self._process.pid, start_ticks(self._process.pid) or 0)
        _log.info("%s runs as %d", self.program.name, self._process.pid)

    def _schedule_restart(self, outcome: int | str) -> None:
        steady = time.monotonic() - self._since >= STEADY_AFTER
        self._pause = FIRST_PAUSE if steady or not self._pause else min(2 * self._pause, LONGEST_PAUSE)
        self._next = time.monotonic() + self._pause
        self._process = self.running = None
        self.restarts += 1
        _log.warning("%s ended (%s), starts again in %g s", self.program.name, outcome, self._pause)


class Supervisor:
    """The parent of every program of one stack."""

    def __init__(self, data_dir: DataDir) -> None:
        self._data_dir = data_dir
        self._children: dict[str, Child] = {}
        self._published = ""
        self._signals = _signals()

    def run(self) -> None:
        """Watches until SIGTERM or SIGINT, then stops wave by wave."""
        stop = False
        while not stop:
            self._admit()
            # The state is written after each start: a program must not outlive us unknown to `down`.
            rest = min((self._keep_running(child) for child in self._children.values()), default=_LONGEST_SLEEP)
            self._publish()
            stop = self._sleep(min(rest, _LONGEST_SLEEP))
        self._stop()

    def _admit(self) -> None:
        for name, program in read_wanted(self._data_dir).items():
            if name not in self._children:
                self._children[name] = Child(program, self._data_dir.log(name))

    def _keep_running(self, child: Child) -> float:
        before = child.running
        rest = child.keep_running()
        if child.running != before:
            self._publish()
        return rest

    def _sleep(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._signals], [], [], seconds)
        received = self._signals.recv(4096) if ready else b""
        return signal.SIGTERM in received or signal.SIGINT in received

    def _stop(self) -> None:
        highest_first = sorted(self._children.values(), key=lambda child: -child.program.wave)
        for _, wave in groupby(highest_first, key=lambda child: child.program.wave):
            children = list(wave)
            for child in children:
                child.request_stop()
            for child in children:
                child.wait_stopped()
            self._publish()

    def _publish(self) -> None:
        own = RunningProcess(os.getpid(), start_ticks(os.getpid()) or 0)
        programs = {
            name: (child.running, child.restarts) for name, child in self._children.items() if child.running is not None
        }
        text = state_text(own, programs)
        if text != self._published:
            write_whole(self._data_dir.state, text)
            self._published = text


def spawn(data_dir: DataDir) -> subprocess.Popen[bytes]:
    """Starts the supervisor of a stack in a session of its own; it outlives the command and its terminal."""
    with data_dir.log("supervisor").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "embedded.supervision.supervisor", str(data_dir.root)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def main() -> None:
    """The supervisor of the stack in the folder that is the only argument."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stdout)
    Supervisor(DataDir(Path(sys.argv[1]))).run()


def _signals() -> socket.socket:
    # A signal's number arrives as a byte on a socket, so that one select waits for signals of every kind and for time.
    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    return reader


if __name__ == "__main__":
    main()
