"""One supervised program: started, restarted when it ends, stopped on request."""

import logging
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from embedded.supervision.processes import Program, RunningProcess, launch, start_ticks

_log = logging.getLogger("supervisor")

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
"""Seconds before a program that ended is started again: doubling from the first to the longest."""
STEADY_AFTER = 10.0
"""Seconds after which a program counts as healthy again, and the pause as the first."""


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
