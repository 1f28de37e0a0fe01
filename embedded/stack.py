"""The embedded stack as a whole: started, inspected, stopped. `onewindow up` and `onewindow demo` drive it."""

import asyncio
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

from chassis.clock import RealClock, set_office_clock
from chassis.nats.broker_access import BrokerAccess
from embedded import keys, nats, ports, postgres
from embedded.data_dir import DEMO, UP, DataDir, StackSettings
from embedded.errors import NotReady, NotRunning, StackError
from embedded.local_services import StackStatus, local_broker, status_of
from embedded.readiness import wait_ready
from embedded.services import OFFICE, ProgramTable, Site
from embedded.supervision import supervisor
from embedded.supervision.processes import Program
from embedded.supervision.state import end_stack, read_state, read_wanted, write_wanted
from operations import databases
from operations.broker import jetstream
from operations.migrate import migrate
from operations.streams import apply_streams
from protocol.streams import SERVICES


class Stack:
    """The stack of one folder. One command works on it at a time, across terminals."""

    def __init__(self, data_dir: DataDir, settings: StackSettings | None = None, table: ProgramTable = OFFICE) -> None:
        self.data_dir = data_dir
        self._settings = settings or StackSettings.load()
        self._table = table
        self._supervisor: subprocess.Popen[bytes] | None = None

    @classmethod
    def of_settings(cls) -> "Stack":
        """The stack that the environment names."""
        settings = StackSettings.load()
        return cls(settings.data_dir(), settings)

    def running(self) -> bool:
        """True while a stack runs in this folder."""
        return read_state(self.data_dir).supervised()

    def remains(self) -> bool:
        """True when the stack runs after any command at work on it has ended: one that is being stopped still runs."""
        if not self.data_dir.run.is_dir():
            return False
        with self._exclusive():
            return self.running()

    @property
    def started_here(self) -> bool:
        """True when this very object started the stack, be it ready or not."""
        return self._supervisor is not None

    def site(self) -> Site:
        """Paths, ports and settings of the running stack. Raises NotRunning."""
        if not self.running():
            raise NotRunning
        return self._site()

    def status(self) -> StackStatus:
        """The document of `onewindow status --json`. Raises NotRunning."""
        return status_of(self.site(), read_state(self.data_dir))

    def start(self, clock_start: datetime | None = None, fresh: bool = False) -> Path | None:
        """Starts every program that is down and returns when all are ready; changes nothing in a running stack.

        With `fresh` the stack begins on empty data that belongs to a demo: data of an earlier demo is removed,
        data of `up` is moved and its new folder returned. `clock_start` is the first instant of the office clock
        on empty data, by default the real one. Raises NotReady, or StackError with the obstacle.
        """
        self.data_dir.run.mkdir(parents=True, exist_ok=True)
        with self._exclusive(), ports.in_turn():
            if self.running():
                if fresh:
                    raise StackError("这里已有环境在运行，请先执行 onewindow down")
                moved_to = None
            else:
                end_stack(self.data_dir)  # programs that a killed supervisor left behind
                moved_to = self.data_dir.clear() if fresh else None
                self._start_servers(clock_start, DEMO if fresh else UP)
            self._start_office()
            return moved_to

    def stop(self) -> bool:
        """Stops everything in good order; False when nothing ran. The data stays."""
        if not self.data_dir.run.is_dir():
            return False
        with self._exclusive():
            ended = end_stack(self.data_dir)
            if self._supervisor is not None:
                self._supervisor.wait()
            return ended

    def _start_servers(self, clock_start: datetime | None, made_by: str) -> None:
        self.data_dir.create()
        self.data_dir.mark(made_by)
        keys.provide(self.data_dir)
        if not self.data_dir.clock.exists():
            first = clock_start or RealClock().now().replace(second=0, microsecond=0)
            set_office_clock(self.data_dir.clock, first)
        ports.remember(self.data_dir.ports, ports.choose({**ports.SERVERS, **self._table.ports}))
        postgres.prepare(self.data_dir)
        write_wanted(self.data_dir, self._servers())
        self._supervisor = supervisor.spawn(self.data_dir)

    def _start_office(self) -> None:
        everything = (*self._servers(), *self._table.programs(self._site()))
        if read_wanted(self.data_dir).keys() != {program.name for program in everything}:
            self._wait(self._servers())
            asyncio.run(prepare_servers(self._site()))
            write_wanted(self.data_dir, everything)
            running = read_state(self.data_dir).supervisor
            if running is not None:
                running.signal(signal.SIGHUP)
        self._wait(everything)

    def _wait(self, programs: Sequence[Program]) -> None:
        if late := wait_ready(programs, self._settings.up_within, self._alive):
            raise NotReady([(program.name, self.data_dir.log(program.name)) for program in late])

    def _alive(self) -> bool:
        started_by_us = self._supervisor is not None and self._supervisor.poll() is None
        return started_by_us or self.running()

    def _site(self) -> Site:
        return Site(self.data_dir, ports.remembered(self.data_dir.ports), self._settings)

    def _servers(self) -> tuple[Program, Program]:
        chosen = ports.remembered(self.data_dir.ports)
        return (
            postgres.program(self.data_dir, chosen["postgres"]),
            nats.program(self.data_dir, chosen["nats"], chosen["nats.monitor"]),
        )

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        with (self.data_dir.run / "lock").open("w") as lock:
            flock(lock, LOCK_EX)
            yield


async def prepare_servers(site: Site) -> None:
    """Creates the missing roles, databases, tables, streams and consumers. Raises CommandError with the obstacle."""
    address = postgres.PostgresAddress(site.data_dir.socket, site.ports["postgres"])
    server = address.server(site.settings.up_within)
    connection = await server.connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)
    try:
        await databases.provide(connection)
        await postgres.set_password(connection, keys.read(site.data_dir, keys.POSTGRES_PASSWORD))
    finally:
        await connection.close()
    migrations = [migrate(server, service, service, postgres.owner(service)) for service in SERVICES]
    await asyncio.gather(*migrations, _apply_streams(local_broker(site), site.settings.up_within))


async def _apply_streams(access: BrokerAccess, within: float) -> None:
    async with jetstream(access, within) as context:
        await apply_streams(context)
