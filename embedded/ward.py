"""One program under watch: started, started again when it died, and asked to stop."""

import logging
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from embedded.launch import Running, launch, started
from embedded.program import Program

_log = logging.getLogger("supervisor")

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
"""Seconds before a program that died is started again: doubling from the first to the longest."""
STEADY_AFTER = 10.0
"""Seconds after which a program counts as healthy again, and the pause as the first."""


@dataclass(slots=True)
class Ward:
    """A program and its present child."""

    program: Program
    log: Path
    restarts: int = 0
    running: Running | None = None
    _child: subprocess.Popen[bytes] | None = None
    _pause: float = 0.0
    _since: float = 0.0
    _next: float = 0.0

    def tend(self) -> float:
        """Collects a dead child and starts it again when its pause is over; returns the seconds until then."""
        if self._child is not None and self._child.poll() is not None:
            self._mourn(self._child.returncode)
        if self._child is None and time.monotonic() >= self._next:
            self._start()
        return float("inf") if self._child is not None else max(0.0, self._next - time.monotonic())

    def ask_to_stop(self) -> None:
        """Sends the program's own stop signal."""
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(self.program.stop_signal)

    def wait_stopped(self) -> None:
        """Waits for the program's grace, then kills."""
        if self._child is None:
            return
        try:
            self._child.wait(self.program.grace)
        except subprocess.TimeoutExpired:
            _log.warning("%s did not stop within %g s and is killed", self.program.name, self.program.grace)
            self._child.send_signal(signal.SIGKILL)
            self._child.wait()
        self._child = self.running = None

    def _start(self) -> None:
        self._since = time.monotonic()
        try:
            self._child = launch(self.program, self.log)
        except OSError as error:
            self._mourn(error.strerror or "cannot start")
            return
        self.running = Running(self._child.pid, started(self._child.pid) or 0)
        _log.info("%s runs as %d", self.program.name, self._child.pid)

    def _mourn(self, outcome: int | str) -> None:
        steady = time.monotonic() - self._since >= STEADY_AFTER
        self._pause = FIRST_PAUSE if steady or not self._pause else min(2 * self._pause, LONGEST_PAUSE)
        self._next = time.monotonic() + self._pause
        self._child = self.running = None
        self.restarts += 1
        _log.warning("%s ended (%s), starts again in %g s", self.program.name, outcome, self._pause)
