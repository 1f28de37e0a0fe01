"""Metrics put together: three hearings write the figures; calls and Prometheus read them."""

import asyncio
from collections.abc import Sequence
from typing import NoReturn

from onewindow.access.v1 import access_pb2
from onewindow.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.registry import Collector

from chassis.clock import Clock
from chassis.event_store import PositionSignal, PositionWaiter, StoreSettings
from chassis.inbox import InboxConsumer, InboxOffsets
from chassis.nats import broker
from chassis.nats.broker_access import access_of
from chassis.postgres.database import Pool, open_rpc_pool, open_worker_pool, reached
from chassis.process.providers import clock_of, rpc_database, worker_database
from chassis.process.readiness import StreamUsage, conditions
from chassis.process.serve import ServicePlan, run, serve
from chassis.refusals import Away
from chassis.rpc.errors import ErrorMap
from chassis.settings.watched_file import WatchedFile
from law.not_allowed import Malformed, NotAllowed, WrongDesk
from services.metrics.adapters.hearing import SOURCES, TELLERS
from services.metrics.adapters.kpi import KpiExporter
from services.metrics.adapters.rpc import MetricsServicer
from services.metrics.adapters.shared_board import SharedBoard
from services.metrics.adapters.store import PostgresProjections
from services.metrics.settings import MetricsSettings
from services.metrics.usecases import Pace, Progress, Supervision

SERVICE = "metrics"
BROADCAST = StreamUsage(SERVICE, published=(), received=("intake", "approval", "notify"))
ERRORS = ErrorMap(
    {NotAllowed: "FAILED_PRECONDITION", WrongDesk: "PERMISSION_DENIED", Malformed: "INVALID_ARGUMENT"},
    files=("number",),
)


def main() -> NoReturn:
    """Serve until told to stop."""
    settings = MetricsSettings.load()
    run(lambda: _serve(settings))


async def _serve(settings: MetricsSettings) -> int:
    rpc = await open_rpc_pool(rpc_database(settings))
    worker = await open_worker_pool(worker_database(settings), settings.district)
    clock, bell = clock_of(settings), PositionSignal()
    exporter = KpiExporter(worker, clock, settings.kpi_refresh_seconds, settings.kpi_statement_milliseconds)

    async def reach() -> None:
        if not await reached(rpc):
            raise Away

    plan = ServicePlan(
        service=SERVICE,
        settings=settings,
        servicers=[
            (metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server, servicer(settings, rpc, clock, bell))
        ],
        descriptors=[metrics_service_pb2.DESCRIPTOR.services_by_name["MetricsService"]],
        access=access_pb2.allow,
        conditions=conditions([rpc, worker], access_of(settings), BROADCAST),
        reach=reach,
        errors=ERRORS,
        loops={"hearing": lambda: _hear(settings, worker, bell), "kpi": exporter.run},
        collectors=_on_metrics_port(settings, exporter),
        closing=[rpc.close, worker.close],
    )
    return await serve(plan)


def servicer(settings: MetricsSettings, rpc: Pool, clock: Clock, bell: PositionSignal) -> MetricsServicer:
    """What answers calls."""
    hears = PositionWaiter(SOURCES, InboxOffsets(rpc), bell, StoreSettings(after_limit=settings.position_wait_seconds))
    projections = PostgresProjections(rpc)
    boards = SharedBoard(projections, settings.board_pause_seconds)
    pace = Pace(settings.board_pause_seconds, settings.board_limit_seconds)
    assert settings.query_code_pepper_file is not None, "the settings demand it"
    pepper = WatchedFile(settings.query_code_pepper_file)
    return MetricsServicer(
        Supervision(projections, boards, hears, clock, pace),
        Progress(projections, hears, settings.district, pepper.read),
    )


async def _hear(settings: MetricsSettings, worker: Pool, bell: PositionSignal) -> None:
    client = await broker.connect(access_of(settings), SERVICE)
    try:
        async with asyncio.TaskGroup() as hearings:
            for teller in TELLERS:
                hearings.create_task(InboxConsumer(worker, client, teller.hears(), signal=bell).run())
    finally:
        await client.close()


def _on_metrics_port(settings: MetricsSettings, exporter: KpiExporter) -> Sequence[Collector]:
    """What the metrics port shows: the figures too, unless they have a port of their own."""
    if settings.kpi_address is None:
        return [exporter]
    registry = CollectorRegistry()
    registry.register(exporter)
    host, _, port = settings.kpi_address.rpartition(":")
    start_http_server(int(port), host.strip("[]"), registry)
    return []
