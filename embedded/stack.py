"""The embedded stack as a whole: brought up, looked at, taken down. `onewindow up` and `onewindow demo` drive it."""

import asyncio
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

from chassis.clock import RealClock, set_office_clock
from embedded import ending, keys, nats, origin, ports, postgres, preparing
from embedded.errors import NotReady, NotRunning, StackError
from embedded.home import Home
from embedded.program import Program
from embedded.ready import wait_ready
from embedded.roll import read_roll, read_wanted, write_wanted
from embedded.services import OFFICE, Site, Table
from embedded.settings import StackSettings
from embedded.status import Status, describe
from embedded.supervising import spawn_supervisor


class Stack:
    """The stack of one home. One command works on it at a time, across terminals."""

    def __init__(self, home: Home, settings: StackSettings | None = None, table: Table = OFFICE) -> None:
        self.home = home
        self._settings = settings or StackSettings.load()
        self._table = table
        self._supervisor: subprocess.Popen[bytes] | None = None

    def running(self) -> bool:
        """Whether a stack runs in this home."""
        return read_roll(self.home).supervised()

    def remains(self) -> bool:
        """Whether it runs once whoever is at work on it is done: while it is taken down, it runs and fails at once."""
        if not self.home.run.is_dir():
            return False
        with self._alone():
            return self.running()

    @property
    def started_here(self) -> bool:
        """Whether this very object brought the stack up, be it ready or not."""
        return self._supervisor is not None

    def site(self) -> Site:
        """Where everything of the running stack is. Raises NotRunning."""
        if not self.running():
            raise NotRunning
        return self._site()

    def state(self) -> Status:
        """What `onewindow status --json` prints. Raises NotRunning."""
        return describe(self.site(), read_roll(self.home))

    def start(self, clock_start: datetime | None = None, fresh: bool = False) -> Path | None:
        """Starts what is down and returns when every program is ready; changes nothing where all runs.

        With `fresh` the stack begins on empty data that belongs to a demo: what an earlier demo left is removed,
        data of `up` is moved and its new folder returned. `clock_start` is the first instant of the office clock
        on empty data, by default the real one. Raises NotReady, or StackError with what stands in the way.
        """
        self.home.run.mkdir(parents=True, exist_ok=True)
        with self._alone(), ports.in_turn():
            if self.running():
                if fresh:
                    raise StackError("这里已有环境在运行，请先执行 onewindow down")
                kept = None
            else:
                ending.end(self.home)  # what a supervisor that was killed left behind
                kept = origin.make_room(self.home) if fresh else None
                self._found(clock_start, origin.DEMO if fresh else origin.UP)
            self._complete()
            return kept

    def stop(self) -> bool:
        """Takes everything down in good order; False when nothing ran. The data stays."""
        if not self.home.run.is_dir():
            return False
        with self._alone():
            ended = ending.end(self.home)
            if self._supervisor is not None:
                self._supervisor.wait()
            return ended

    def _found(self, clock_start: datetime | None, made_by: str) -> None:
        self.home.lay_out()
        origin.mark(self.home, made_by)
        keys.provide(self.home)
        if not self.home.clock.exists():
            first = clock_start or RealClock().now().replace(second=0, microsecond=0)
            set_office_clock(self.home.clock, first)
        ports.remember(self.home.ports, ports.choose({**ports.SERVERS, **self._table.ports}))
        postgres.prepare(self.home)
        write_wanted(self.home, self._servers())
        self._supervisor = spawn_supervisor(self.home)

    def _complete(self) -> None:
        everything = (*self._servers(), *self._table.programs(self._site()))
        if read_wanted(self.home).keys() != {program.name for program in everything}:
            self._wait(self._servers())
            asyncio.run(preparing.prepare(self._site()))
            write_wanted(self.home, everything)
            supervisor = read_roll(self.home).supervisor
            if supervisor is not None:
                supervisor.signal(signal.SIGHUP)
        self._wait(everything)

    def _wait(self, programs: Sequence[Program]) -> None:
        if late := wait_ready(programs, self._settings.up_within, self._alive):
            raise NotReady([(program.name, self.home.log(program.name)) for program in late])

    def _alive(self) -> bool:
        started_by_us = self._supervisor is not None and self._supervisor.poll() is None
        return started_by_us or self.running()

    def _site(self) -> Site:
        return Site(self.home, ports.remembered(self.home.ports), self._settings)

    def _servers(self) -> tuple[Program, Program]:
        chosen = ports.remembered(self.home.ports)
        return (
            postgres.program(self.home, chosen["postgres"]),
            nats.program(self.home, chosen["nats"], chosen["nats.monitor"]),
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.home.run / "lock").open("w") as lock:
            flock(lock, LOCK_EX)
            yield
