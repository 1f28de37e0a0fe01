"""A replica: one process of a service, put together from its real parts over pools in memory.

A process that is killed stops wherever it waits: its tasks go on waiting for ever, the server undoes its open
transactions, its calls end without an answer, and all that it remembered is gone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from google.protobuf.descriptor_pool import Default
from nats.aio.client import Client
from nats.aio.msg import Msg
from onewindow.access.v1 import access_pb2

from chassis.clock import Clock
from chassis.event_store import PositionSignal, PositionSources, PositionWaiter, PostgresStore, StoreSettings
from chassis.inbox import InboxConsumer, InboxOffsets, ProgressQuery, StreamProgress
from chassis.nats.broker import BatchPublisher, StoredBatch
from chassis.outbox.publisher import FactOutbox, Outbox, OutboxPublisher, SealedOutbox
from chassis.outbox.stream_guard import StreamGuard
from chassis.process.parts import Parts, ServiceContext
from chassis.process.stream_loop import Wakeups
from chassis.refusals import Away, NotFound, Refusal
from chassis.rpc.access import AccessRule, admit, rules_of
from chassis.rpc.identity.caller import ANY_PLACE, Caller, PlaceRules, set_caller
from chassis.sweeps.sweeper import Sweeper
from law.not_allowed import NotAllowed
from law.workdays import state_council
from protocol.known_places import CallerStreets, place_rules
from protocol.streams import APPROVAL, INTAKE, METRICS, NOTIFY
from services.approval import app as approval_app
from services.intake import app as intake_app
from services.intake.adapters.application.inbox import SOURCES as INTAKE_SOURCES
from services.intake.adapters.catalogue.cache import CachedCatalogue
from services.intake.usecases.office import HallOffice
from services.metrics import app as metrics_app
from services.metrics.adapters.subscriptions import SOURCES as METRICS_SOURCES
from services.notify import app as notify_app
from services.notify.adapters.matter.projector import SOURCES as NOTIFY_SOURCES
from tests.simulate.database.pool import MemoryPool
from tests.simulate.office import DISTRICT, received_places, settings_of
from tests.simulate.scheduler import arrival
from tests.simulate.streams import Stream

if TYPE_CHECKING:
    from tests.simulate.world import World

_SOURCES: Mapping[str, PositionSources] = {
    INTAKE: INTAKE_SOURCES,
    APPROVAL: approval_app.SOURCES,
    NOTIFY: NOTIFY_SOURCES,
    METRICS: METRICS_SOURCES,
}
_OUTBOXES: Mapping[str, Sequence[Callable[[], Outbox]]] = {
    INTAKE: (lambda: FactOutbox(INTAKE), SealedOutbox),
    APPROVAL: (lambda: FactOutbox(APPROVAL),),
    NOTIFY: (lambda: FactOutbox(NOTIFY),),
    METRICS: (),
}
_WAIT_FOR_POSITION = 2.0
_OUTBOX_GRACE = 1.0
_NO_CLIENT = cast(Client, None)
_CONNECTED = cast(Client, SimpleNamespace(is_connected=True))
"""Streams are simulated: no client of NATS is asked for anything but its connection."""


class ConnectionLost(Refusal):
    """The process died before it answered: the act may have been done."""

    code = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Loop:
    """Work that one replica of a service does at a time: until there is none, whenever one of its tables changed."""

    name: str
    tables: frozenset[str]
    work: Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Replica:
    """One process: what answers calls at once, and once it leads what receives, publishes and sweeps."""

    world: "World"
    service: str
    name: str
    alive: bool = True
    dry: bool = False
    methods: dict[str, tuple[Callable[..., Awaitable[Any]], AccessRule]] = field(default_factory=dict)
    consumers: dict[str, InboxConsumer] = field(default_factory=dict)
    loops: list[Loop] = field(default_factory=list)
    pools: list[MemoryPool] = field(default_factory=list)
    _parts: Parts = field(default_factory=Parts)
    _of: ServiceContext[Any] | None = None
    places: PlaceRules = ANY_PLACE
    calls: dict["asyncio.Future[Any]", None] = field(default_factory=dict)

    @classmethod
    def started(cls, world: "World", service: str, name: str, *, dry: bool = False) -> "Replica":
        """A process of a service that has just been started; a dry one commits nothing, and nothing takes time."""
        replica = cls(world, service, name, dry=dry)
        world.processes.append(replica)
        context = replica._of = replica._context()
        parts = replica._parts = _PARTS[service](replica, context)
        if service != INTAKE:
            replica.places = received_places(service, context).of_callers()
        for endpoint in parts.servicers:
            servicer = endpoint.servicer
            for method, rule in _methods(endpoint.descriptor.full_name):
                replica.methods[method] = (getattr(servicer, method), rule)
        return replica

    def lead(self) -> None:
        """Make what receives, publishes and sweeps; a replica that only answers calls has no use for it."""
        context = self._of
        if context is None:
            return
        self._of = None
        for subscription in self._parts.subscriptions:
            self.consumers[subscription.source] = InboxConsumer(
                context.worker,
                _NO_CLIENT,
                subscription,
                signal=context.positions,
            )
        self._add_publishers(context)
        for loop_name, tables, attribute in _WORKERS:
            if loop_name in self._parts.loops:
                run: Any = self._parts.loops[loop_name]  # a method of the worker
                worker = run.__self__
                self.loops.append(Loop(loop_name, tables, getattr(worker, attribute)))
        if self._parts.sweeps:
            sweeper = Sweeper(context.worker, context.clock, DISTRICT, self._parts.sweeps)
            self.loops.append(Loop("sweeps", frozenset(), _sweep(sweeper, self.world.clock)))

    def travel(self) -> Awaitable[None] | None:
        """A way between this process and another: none, a moment, or for ever once it was killed."""
        if not self.alive:
            return self.world.scheduler.create_future()
        world = self.world
        if self.dry or not world.conditions.late:
            return None
        delay = world.delay()
        return world.scheduler.way(delay, self) if delay else None

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """A task of this process."""
        return self.world.scheduler.create_task(coroutine)

    async def call(self, method: str, request: Any, caller: Caller | None) -> Any:
        """A call as a client makes it. Raises what the servicer raises, and ConnectionLost."""
        answer: asyncio.Future[Any] = self.world.scheduler.create_future()
        if not self.alive:
            raise ConnectionLost
        self.calls[answer] = None
        self.spawn(self._answer(answer, method, request, caller))
        try:
            return await answer
        finally:
            self.calls.pop(answer, None)

    async def _answer(self, answer: "asyncio.Future[Any]", method: str, request: Any, caller: Caller | None) -> None:
        await arrival(self.travel())
        servicer, rule = self.methods[method]
        set_caller(caller)
        commits = self.world.commits[self.service]
        try:
            admit(rule, caller, self.places)
            if caller is not None and not rule.open and self.places.exists is not None:
                await self.places.exists(caller, getattr(request, "after", ""))
            given = await servicer(request, None)
        except Exception as error:
            if self.world.verifies:
                await self._verify(method, request, error, commits)
            await arrival(self.travel())
            if not answer.done():
                answer.set_exception(error)
            return
        await arrival(self.travel())
        if not answer.done():
            answer.set_result(given)

    async def _verify(self, method: str, request: Any, error: Exception, commits: int) -> None:
        """Compare a refusal with that of a process that remembers nothing, and commits nothing, at this instant.

        Where something was committed since the call began, both may be right.
        """
        if not isinstance(error, NotAllowed | NotFound) or commits != self.world.commits[self.service]:
            return
        fresh = Replica.started(self.world, self.service, "fresh", dry=True)
        try:
            await fresh.methods[method][0](request, None)
        except Exception as other:
            if type(other) is type(error) or isinstance(other, Away):
                return
            answered = type(other).__name__
        else:
            answered = "done"
        if commits == self.world.commits[self.service]:
            self.world.wrong_refusals.append(f"{method}: {type(error).__name__}, with an empty memory {answered}")

    def kill(self) -> None:
        """kill -9."""
        self.alive = False
        for pool in self.pools:
            pool.cut()
        for answer in list(self.calls):
            if not answer.done():
                answer.set_exception(ConnectionLost())

    def clear(self) -> None:
        """Let go of the parts, which know the process again."""
        for pool in self.pools:
            del pool.travel
        for parts in (self.methods, self.consumers, self.loops, self.pools, self.calls):
            parts.clear()
        self._parts, self._of, self.places = Parts(), None, ANY_PLACE

    async def read(self, source: str, batch: Sequence[Msg]) -> None:
        """Apply a batch of messages."""
        consumer = self.consumers[source]
        await consumer.apply(await consumer._read(batch))

    def _pool(self, *, worker: bool) -> Any:
        world = self.world
        pool = MemoryPool(
            world.databases[self.service],
            world.twins[self.service],
            worker=worker,
            district=DISTRICT,
            travel=self.travel,
        )
        pool.dry = self.dry
        pool.log = world.listener(self.service, worker=worker)
        self.pools.append(pool)
        return pool

    def _context(self) -> ServiceContext[Any]:
        settings, sources = settings_of(self.service), _SOURCES[self.service]
        rpc, worker = self._pool(worker=False), self._pool(worker=True)
        limits = StoreSettings(after_limit=_WAIT_FOR_POSITION, grace=0.0 if self.dry else _OUTBOX_GRACE)
        positions = PositionSignal()
        return ServiceContext(
            settings=settings,
            sources=sources,
            clock=self.world.clock,
            rpc=rpc,
            worker=worker,
            store=PostgresStore(rpc, worker),
            limits=limits,
            wakeups=Wakeups(),
            positions=positions,
            waiter=PositionWaiter(sources, InboxOffsets(rpc), positions, limits, settings.district),
            progress=cast(ProgressQuery, self._progress),
        )

    async def _progress(self, source: str) -> StreamProgress:
        if self.dry:  # nothing comes at the instant at which it answers
            return StreamProgress(0, 0)
        return self.world.streams[source].feeds[self.service].progress

    def _add_publishers(self, context: ServiceContext[Any]) -> None:
        for outbox in (make() for make in _OUTBOXES[self.service]):
            publisher = OutboxPublisher(context.worker, _CONNECTED, outbox)
            source = "sealed" if isinstance(outbox, SealedOutbox) else self.service
            publisher._publisher = cast(BatchPublisher, _Publication(self, self.world.streams[source]))
            publisher._guard = cast(StreamGuard, _NoGuard())
            self.loops.append(Loop(outbox.name, frozenset([outbox.name]), _publish(publisher)))


@dataclass(frozen=True, slots=True)
class _Publication:
    """The way of a batch to its stream."""

    replica: Replica
    stream: Stream

    async def publish(self, messages: Sequence[Any], _timeout: float) -> StoredBatch:
        await arrival(self.replica.travel())
        stored = {n for n, message in enumerate(messages) if self.stream.store(message)}
        await arrival(self.replica.travel())
        return StoredBatch(stored)


class _NoGuard:
    """In place of the guard that notices a stream which has lost what it acknowledged: these streams lose nothing."""

    created, highest = "", 0

    async def begin(self) -> None:
        """Nothing to read."""

    async def noted(self, _stored: StoredBatch) -> None:
        """Nothing to compare."""


def _publish(publisher: OutboxPublisher) -> Callable[[], Awaitable[object]]:
    async def publish() -> object:
        found, _ = await publisher.publish_batch()
        return found

    return publish


def _sweep(sweeper: Sweeper, clock: Clock) -> Callable[[], Awaitable[object]]:
    async def sweep() -> object:
        await sweeper.sweep_up_to(clock.today())
        return 0

    return sweep


_WORKERS: Sequence[tuple[str, frozenset[str], str]] = (
    ("handoff", frozenset({"handoff"}), "round"),
    ("district_changes", frozenset(), "pull"),
    ("messages", frozenset({"message", "matter", "vault_text"}), "_work"),
    ("documents", frozenset({"document_task", "item_version", "vault_text"}), "_work"),
)
"""Loops of the parts with one owner among the replicas: the tables that give them work, the method of one round."""


def _intake(replica: Replica, context: ServiceContext[Any]) -> Parts:
    settings = context.settings
    current = CachedCatalogue(context.worker, state_council(), settings.catalogue_look_seconds)
    office = HallOffice(context.clock, current, settings.closing_time, settings.supply_days)
    replica.places = place_rules(CallerStreets(office.has_street).require)
    replica.spawn(current.refresh())
    return intake_app.parts(context, office, current)


_PARTS: Mapping[str, Callable[[Replica, ServiceContext[Any]], Parts]] = {
    INTAKE: _intake,
    APPROVAL: lambda _, context: approval_app.parts(context),
    NOTIFY: lambda _, context: notify_app.parts(context),
    METRICS: lambda _, context: metrics_app.parts(context),
}


@cache
def _methods(service: str) -> Sequence[tuple[str, AccessRule]]:
    descriptor = Default().FindServiceByName(service)
    rules = rules_of([descriptor], access_pb2.allow)
    return [(method.name, rules[f"/{service}/{method.name}"]) for method in descriptor.methods]
