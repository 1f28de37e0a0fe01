"""Parts of a service: the contribution of each kind of file, and the plan of the process that they make up together.

The `app.py` of a service opens a context, adds up the parts of its kinds and serves:

    context = await open_context(settings, PositionSources("intake", ("approval", "notify")))
    parts = joined([application_parts(context), ticket_parts(context)])
    return await serve(service_plan(context, parts, wiring))
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor
from prometheus_client.registry import Collector

from chassis.clock import Clock, OfficeClock, RealClock
from chassis.event_store import (
    Codec,
    FileRepository,
    PositionSignal,
    PositionSources,
    PositionWaiter,
    PostgresStore,
    StoreSettings,
    TextVault,
)
from chassis.inbox import CatchUp, InboxOffsets, ProgressQuery, Subscription
from chassis.nats.broker_access import access_of
from chassis.outbox.day_closer import DayCloser
from chassis.outbox.publisher import Outbox
from chassis.postgres.database import Pool, PoolSettings, as_role, open_rpc_pool, open_worker_pool
from chassis.process.readiness import StreamUsage, conditions
from chassis.process.serve import Closing, ServicePlan
from chassis.process.stream_loop import StreamLoop, Wakeups
from chassis.process.supervision import Loop
from chassis.rpc.errors import ErrorMap
from chassis.rpc.identity.caller import PlaceRules
from chassis.settings.login import LoginFolder
from chassis.settings.service import ClockKind, OfficeSettings, ServiceSettings
from chassis.settings.tuning import Tuning
from chassis.sweeps.sweeper import Sweep, Sweeper


def clock_of(settings: OfficeSettings) -> Clock:
    """Clock that gives the legal day."""
    if settings.clock is ClockKind.OFFICE and settings.clock_file is not None:
        return OfficeClock(settings.clock_file)
    return RealClock()


def rpc_database(settings: ServiceSettings) -> PoolSettings:
    """Connection settings of the role that answers calls."""
    return _database(settings, "rpc", settings.database_rpc_role)


def worker_database(settings: ServiceSettings) -> PoolSettings:
    """Connection settings of the role of publishers, inbox consumers and sweeps."""
    return _database(settings, "worker", settings.database_worker_role)


def _database(settings: ServiceSettings, name: str, role: str | None) -> PoolSettings:
    folder = settings.database_credentials_dir
    return PoolSettings(
        host=settings.database_host,
        port=settings.database_port,
        database=settings.database_name,
        login=LoginFolder(folder, name) if folder else as_role(str(role)),
        tls=settings.database_tls,
        authority=settings.database_authority_file,
        connections=settings.database_pool,
        statement_timeout=settings.database_timeout_seconds,
    )


Settings = TypeVar("Settings", bound=ServiceSettings)
State = TypeVar("State")
Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A gRPC service of the contract with the servicer that answers it."""

    descriptor: ServiceDescriptor
    register: Callable[[Any, grpc.aio.Server], None]
    """The generated `add_…_to_server`."""
    servicer: object


@dataclass(frozen=True, slots=True)
class Parts:
    """The contribution of one kind of file to its service."""

    servicers: Sequence[Endpoint] = ()
    loops: Mapping[str, Loop] = field(default_factory=dict)
    """Supervised loops by name, besides those of the streams and the sweeps."""
    sweeps: Sequence[Sweep[Any, Any]] = ()
    subscriptions: Sequence[Subscription] = ()
    collectors: Sequence[Collector] = ()
    closing: Sequence[Closing] = ()
    """Connections that are closed before those of the context."""


def joined(parts: Iterable[Parts]) -> Parts:
    """The parts of several kinds as one, in their order."""
    kinds = list(parts)
    return Parts(
        servicers=[each for kind in kinds for each in kind.servicers],
        loops={name: loop for kind in kinds for name, loop in kind.loops.items()},
        sweeps=[each for kind in kinds for each in kind.sweeps],
        subscriptions=[each for kind in kinds for each in kind.subscriptions],
        collectors=[each for kind in kinds for each in kind.collectors],
        closing=[each for kind in kinds for each in kind.closing],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceContext(Generic[Settings]):
    """Settings, clock, connections and signals of one service process, shared by its kinds."""

    settings: Settings
    sources: PositionSources
    clock: Clock
    rpc: Pool
    """Connections of the role that answers calls."""
    worker: Pool
    """Connections of the role of publishers, inbox consumers and sweeps."""
    store: PostgresStore
    limits: StoreSettings
    wakeups: Wakeups
    positions: PositionSignal
    """Signals the positions that the inbox reached in this process."""
    waiter: PositionWaiter
    progress: ProgressQuery = field(default_factory=ProgressQuery)
    """Says how far the service is in each stream."""

    @property
    def catch_up(self) -> CatchUp:
        """Makes a refusal final that rests on what other services say."""
        return CatchUp(self.progress, self.limits)

    def files(self, codec: Codec[State, Fact], vault: TextVault | None = None) -> FileRepository[State, Fact]:
        """The files of one kind; publishers are woken after each change."""
        return FileRepository(self.store, codec, self.clock, vault, self.wakeups.written, self.limits)


async def open_context(settings: Settings, sources: PositionSources) -> ServiceContext[Settings]:
    """The context with its connections opened. Raises what a wrong login or address raises."""
    rpc = await open_rpc_pool(rpc_database(settings))
    worker = await open_worker_pool(worker_database(settings), settings.district)
    positions = PositionSignal()
    limits = StoreSettings(after_limit=settings.position_wait_seconds, grace=settings.outbox_grace_seconds)
    return ServiceContext(
        settings=settings,
        sources=sources,
        clock=clock_of(settings),
        rpc=rpc,
        worker=worker,
        store=PostgresStore(rpc, worker),
        limits=limits,
        wakeups=Wakeups(),
        positions=positions,
        waiter=PositionWaiter(sources, InboxOffsets(rpc), positions, limits, settings.district),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceWiring:
    """Streams, access rules and refusals of a service."""

    usage: StreamUsage
    access: Any
    """The method option of the contract that declares who may call."""
    errors: ErrorMap
    caller_places: PlaceRules
    outboxes: Sequence[Outbox] = ()
    reach: Callable[[], Awaitable[object]] | None = None
    """One cheap statement by which the service becomes ready; None for `select 1`."""


def service_plan(context: ServiceContext[Settings], parts: Parts, wiring: ServiceWiring) -> ServicePlan:
    """The plan of the process: the loops of the parts, one for the streams, and one for the sweeps where there are."""
    settings, service = context.settings, wiring.usage.service
    access = access_of(settings)
    heal = settings.streams_self_healing
    streams = StreamLoop(
        service,
        access,
        context.worker,
        wiring.outboxes,
        parts.subscriptions,
        context.wakeups,
        context.positions,
        Tuning(self_healing=heal),
        context.progress,
    )
    loops: dict[str, Loop] = {**parts.loops, "streams": streams.run}
    if wiring.outboxes:
        loops["days"] = DayCloser(
            context.worker, context.store, context.clock, settings.district, context.wakeups.written
        ).run
    if parts.sweeps:
        loops["sweeps"] = Sweeper(context.worker, context.clock, settings.district, parts.sweeps).run
    return ServicePlan(
        service=service,
        settings=settings,
        servicers=[(each.register, each.servicer) for each in parts.servicers],
        descriptors=[each.descriptor for each in parts.servicers],
        access=wiring.access,
        conditions=conditions([context.rpc, context.worker], access, wiring.usage, heal=heal),
        reach=wiring.reach or (lambda: context.rpc.fetchval("select 1")),
        errors=wiring.errors,
        caller_places=wiring.caller_places,
        loops=loops,
        collectors=parts.collectors,
        closing=[*parts.closing, context.rpc.close, context.worker.close],
    )
