"""The world of one history: four services of two replicas each, their databases, the streams, and what is outside.

Everything that happens by chance is drawn from the seed: delays between processes, deliveries, answers from outside.
The office clock stands until a step moves it; the machines' clock is the scheduler's.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from random import Random
from uuid import UUID

from chassis.clock import SHANGHAI
from protocol.streams import APPROVAL, INTAKE, METRICS, NOTIFY, SERVICES, STREAMS
from services.approval.handoff.adapters.client import DistrictRefusal, DistrictUnreachable
from tests.simulate.conditions import Conditions, Snapshot
from tests.simulate.database import approval, intake, metrics, notify
from tests.simulate.database.pool import Listener, Twin, UnknownStatement
from tests.simulate.database.schema import schema_of
from tests.simulate.database.storage import Database
from tests.simulate.outside import Carrier, District
from tests.simulate.replica import Loop, Replica
from tests.simulate.scheduler import Scheduler, SimulatedClock, arrival
from tests.simulate.streams import Feed, Stream

_TWINS = {INTAKE: intake, APPROVAL: approval, NOTIFY: notify, METRICS: metrics}
_INBOX = "inbox:"
"""Start of the names of the loops that receive."""
_MESSAGES = "messages"
_MOMENT = 0.001
MACHINES_BEGIN = datetime(2026, 1, 1, tzinfo=SHANGHAI)
_REPLICAS = 2
_REST_AFTER_ERROR = 1.0
_OTHER_REPLICA = 0.3
"""Share of calls and loops at the second replica."""
_FIGURES_LATER = 0.7
"""Share of the histories in which metrics hears of everything behind the last step."""
_MOST_ERRORS = 200
"""Rounds of loops that may fail in one history."""
_RETRY_WAIT = 700.0
"""Machine seconds after which everything that waits for another try is due."""


class LoopCrashed(Exception):
    """A loop of a service failed again and again."""


class World:
    """One history's world."""

    def __init__(self, seed: str, conditions: Conditions, instant: datetime, snapshot: Snapshot | None = None) -> None:
        self.random = Random(seed)
        self.conditions = conditions
        self.scheduler = Scheduler()
        self.clock = SimulatedClock(instant)
        self.blobs: dict[str, bytes] = {}
        self.errors: list[str] = []
        """Errors of loops, by class and loop."""
        self.crashed: list[str] = []
        self.commits: dict[str, int] = dict.fromkeys(SERVICES, 0)
        """Commits of each database so far."""
        self.verifies = False
        """True where refusals are compared with those of a process that remembers nothing."""
        self.wrong_refusals: list[str] = []
        self._listener: Callable[[str, bool], Listener] | None = None
        self.databases: dict[str, Database] = {}
        self.twins: dict[str, dict[str, Twin]] = {service: twins_of(service) for service in SERVICES}
        for service in SERVICES:
            database = Database(schema_of(service), _TWINS[service].GENERATED, self.machine_time, self._uuid4)
            if snapshot is not None:
                database.copy_of(snapshot.rows[service], snapshot.sequences[service])
            database.committed = self._committed_in(service)
            self.databases[service] = database
        self.streams = {one.source: Stream(conditions.streams, self.random) for one in STREAMS}
        for one in STREAMS:
            self.streams[one.source].feeds = {
                service: Feed(conditions.streams, self.random) for service in one.receivers
            }
        self.district = District(conditions.district, self.random, self.clock.today)
        self.carrier = Carrier(conditions.gateway, self.random, self.clock.today)
        self.replicas: dict[str, list[Replica | None]] = {}
        self.processes: list[Replica] = []
        """Every process that was started."""
        self._started = 0
        self._leaders: dict[tuple[str, str], Replica] = {}
        self._ready: dict[tuple[str, str], asyncio.Event] = {}
        self._offering: dict[object, Replica] = {}
        self._by_table: dict[tuple[str, str], list[tuple[str, str]]] = {}

    # Chance and time

    def delay(self) -> float:
        """Seconds of one way between processes."""
        random, conditions = self.random, self.conditions
        if not conditions.late or random.random() >= conditions.late:
            return 0.0
        return random.random() * conditions.longest

    def some_replica(self) -> int:
        """A replica by its place; the first one more often, so that many histories need no other."""
        return int(self.random.random() < _OTHER_REPLICA)

    def machine_time(self) -> datetime:
        """The clock of the machines."""
        return MACHINES_BEGIN + timedelta(seconds=self.scheduler.instant)

    def uuid7(self) -> UUID:
        """An id by the machines' clock and the seed."""
        milliseconds = int((MACHINES_BEGIN.timestamp() + self.scheduler.instant) * 1000)
        self._started += 1
        low = self.random.getrandbits(62)
        return UUID(int=(milliseconds << 80) | (0x7 << 76) | ((self._started & 0xFFF) << 64) | (0x2 << 62) | low)

    def _uuid4(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    # Processes

    def start(self) -> None:
        """Start a replica and the loops of each service."""
        if self.random.random() < _FIGURES_LATER:
            for stream in self.streams.values():
                if METRICS in stream.feeds:
                    stream.feeds[METRICS].stop()
        for service in SERVICES:
            self.replicas[service] = [None] * _REPLICAS
            leader = self.replica(service, self.some_replica())
            leader.lead()
            for name in [*leader.consumers]:
                self._lead(service, f"{_INBOX}{name}", leader)
            for loop in leader.loops:
                for table in sorted(loop.tables):
                    self._by_table.setdefault((service, table), []).append((service, loop.name))
                self._lead(service, loop.name, leader)

    def replica(self, service: str, which: int) -> Replica:
        """One of the replicas of a service; it is made when it is first needed."""
        place = which % _REPLICAS
        replica = self.replicas[service][place]
        if replica is None:
            replica = self.replicas[service][place] = Replica.started(self, service, f"{service}-{place + 1}")
        return replica

    def kill(self, service: str, which: int) -> None:
        """Kill a replica; another process takes its place, with an empty memory, and its loops go to the other one."""
        replica = self.replica(service, which)
        replica.kill()
        for source, stream in self.streams.items():
            if service in stream.feeds and self._leaders.get((service, f"{_INBOX}{source}")) is replica:
                stream.feeds[service].lose_reader()
        fresh = Replica.started(self, service, replica.name)
        self.replicas[service][which % _REPLICAS] = fresh
        for (of, name), leader in list(self._leaders.items()):
            if of == service and leader is replica:
                self._lead(service, name, self.replica(service, which + self.random.randrange(2)))

    def take_over(self, service: str) -> None:
        """Every loop of the service goes to the other replica while the first one is still at work."""
        for (of, name), leader in list(self._leaders.items()):
            if of == service:
                other = next(each for n in range(_REPLICAS) if (each := self.replica(service, n)) is not leader)
                if name.startswith(_INBOX):
                    self.streams[name.removeprefix(_INBOX)].feeds[service].lose_reader()
                self._lead(service, name, other)

    def wake(self, service: str, name: str) -> None:
        """One loop looks for work."""
        self._ready[service, name].set()

    def poke(self) -> None:
        """Time has passed: every loop looks for work."""
        for ready in self._ready.values():
            ready.set()
        for (service, name), replica in self._leaders.items():
            if name.startswith(_INBOX) and replica.alive and self.databases[service].rows["parked"]:
                replica.spawn(self._release(service, name, replica))

    async def _release(self, service: str, name: str, replica: Replica) -> None:
        try:
            await replica.consumers[name.removeprefix(_INBOX)].release()
        except Exception as error:
            self._failed(f"{service}/{name}", error)

    def _lead(self, service: str, name: str, replica: Replica) -> None:
        self._leaders[service, name] = replica
        replica.lead()
        if name.startswith(_INBOX):
            replica.spawn(self._receive(service, name, replica))
        else:
            loop = next(loop for loop in replica.loops if loop.name == name)
            ready = self._ready[service, name] = asyncio.Event()
            ready.set()
            replica.spawn(self._work(service, loop, replica, ready))

    async def _receive(self, service: str, name: str, replica: Replica) -> None:
        source = name.removeprefix(_INBOX)
        feed = self.streams[source].feeds[service]
        key = (service, name)
        while True:
            await feed.ready.wait()
            if not replica.alive or self._leaders[key] is not replica:
                return
            batch = feed.take()
            try:
                await replica.read(source, batch)
            except Exception as error:
                self._failed(f"{service}/{name}", error)
                feed.lose_reader()
                await asyncio.sleep(_REST_AFTER_ERROR)
                continue
            await arrival(replica.travel())
            if self._leaders[key] is replica:
                feed.acknowledge(batch)

    async def _work(self, service: str, loop: Loop, replica: Replica, ready: asyncio.Event) -> None:
        key = (service, loop.name)
        while True:
            await ready.wait()
            if not replica.alive or self._ready[key] is not ready:
                return
            ready.clear()
            if not self._has_work(service, loop.name):
                continue
            try:
                while await self._worked(loop, replica) and self._has_work(service, loop.name):
                    if self._ready[key] is not ready:
                        return
            except (DistrictUnreachable, DistrictRefusal):
                continue
            except Exception as error:
                self._failed(f"{service}/{loop.name}", error)
                await asyncio.sleep(_REST_AFTER_ERROR)
                ready.set()

    async def _worked(self, loop: Loop, replica: Replica) -> object:
        """One round of a loop."""
        if loop.name != _MESSAGES:
            return await loop.work()
        this = object()
        self._offering[this] = replica
        try:
            return await loop.work()
        finally:
            del self._offering[this]

    async def offered(self) -> None:
        """Until no message is on its way to the gateway: a call ends within seconds, and at night there is none."""
        while any(replica.alive for replica in self._offering.values()):
            await asyncio.sleep(_MOMENT)

    def _failed(self, loop: str, error: Exception) -> None:
        if isinstance(error, UnknownStatement):
            self.crashed.append(f"{loop}: {error}")
        self.errors.append(f"{loop}: {type(error).__name__}: {error}")
        if len(self.errors) > _MOST_ERRORS:
            raise LoopCrashed(self.errors[-1])

    def _committed_in(self, service: str) -> Callable[[Iterable[str]], None]:
        def committed(tables: Iterable[str]) -> None:
            self.commits[service] += 1
            for table in tables:
                for key in self._by_table.get((service, table), ()):
                    if key in self._ready and self._has_work(*key):
                        self._ready[key].set()

        return committed

    def _has_work(self, service: str, name: str) -> bool:
        """False where a round would find nothing; a look that costs nothing."""
        rows = self.databases[service].rows
        if name in ("outbox", "sealed_outbox"):
            return bool(rows[name])
        if name == "messages":
            return any(row["state"] in (1, 2) for row in rows["message"].values())
        if name == "documents":
            return any(not row["set_aside"] for row in rows["document_task"].values())
        if name == "handoff":
            return any(row["state"] in ("waiting", "sending") for row in rows["handoff"].values())
        return True

    # Quiet

    async def quiet(self) -> None:
        """Until nothing goes on."""
        await self.scheduler.quiet()

    def set_clock(self, instant: datetime) -> None:
        """Move the office clock on."""
        self.clock.instant = max(self.clock.instant, instant)
        self.poke()

    async def settle(self) -> None:
        """Everything heard, everything told: also what waits for another try."""
        self.calm()
        for _ in range(12):
            await self.quiet()
            if self.drained():
                return
            await asyncio.sleep(_RETRY_WAIT)
            self.set_clock(self.clock.instant + timedelta(seconds=1))

    def calm(self) -> None:
        """The outside world answers, every consumer reads."""
        self.district.calm = self.carrier.calm = True
        for stream in self.streams.values():
            for feed in stream.feeds.values():
                feed.resume()

    def drained(self) -> bool:
        """True when nothing is under way any more."""
        streams = all(feed.empty for stream in self.streams.values() for feed in stream.feeds.values())
        outboxes = not any(
            self.databases[service].rows[name] for service in SERVICES for name in ("outbox", "sealed_outbox")
        )
        waits = self._has_work(APPROVAL, "handoff") or any(self.databases[name].rows["parked"] for name in SERVICES)
        return streams and outboxes and not waits

    # Comparison with PostgreSQL

    def listener(self, service: str, *, worker: bool) -> Listener | None:
        """Where the statements of a pool are noted; None where nobody compares."""
        return None if self._listener is None else self._listener(service, worker)

    def note_statements(self, listener: Callable[[str, bool], Listener]) -> None:
        """Note every statement from now on; before the start."""
        self._listener = listener

    def snapshot(self) -> Snapshot:
        """The rows as they stand."""
        return Snapshot(
            {
                service: {name: dict(rows) for name, rows in database.rows.items()}
                for service, database in self.databases.items()
            },
            {service: dict(database.sequences) for service, database in self.databases.items()},
        )

    def clear(self) -> None:
        """Leave the rest of a world that nobody looks at any more: most of it then goes without a collection."""
        for replica in self.processes:
            replica.clear()
        self.__dict__.clear()


@cache
def twins_of(service: str) -> dict[str, Twin]:
    """The twins of the statements of a service."""
    found: dict[str, Twin] = _TWINS[service].twins()
    return found
