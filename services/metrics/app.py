"""Metrics put together: three subscriptions write the figures; calls and Prometheus read them."""

from typing import NoReturn

from onewindow.access.v1 import access_pb2
from onewindow.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc

from chassis.process.parts import Endpoint, Parts, ServiceContext, ServiceWiring, open_context, service_plan
from chassis.process.readiness import StreamUsage
from chassis.process.serve import run, serve
from chassis.rpc.errors import ErrorMap
from chassis.settings.watched_file import WatchedFile
from law.not_allowed import Malformed, NotAllowed, WrongDesk
from protocol.known_places import ReceivedPlaces
from protocol.query_codes import WrongCodes
from protocol.streams import METRICS, published_by, received_by
from services.metrics.adapters.figures import PostgresFigures
from services.metrics.adapters.kpi_exporter import KpiExporter, on_metrics_port
from services.metrics.adapters.rpc import MetricsServicer
from services.metrics.adapters.subscriptions import PROJECTORS, SOURCES
from services.metrics.settings import MetricsSettings
from services.metrics.usecases import BoardPace, Progress, SharedBoard, Supervision

_ERRORS = ErrorMap(
    {NotAllowed: "FAILED_PRECONDITION", WrongDesk: "PERMISSION_DENIED", Malformed: "INVALID_ARGUMENT"},
    files=("number",),
)

_OF_STREET = """select exists (select from matter where district = $1 and street = $2)
       or exists (select from hall_window where district = $1 and street = $2)
       or exists (select from ticket where district = $1 and street = $2)"""
"""True for a street with files from before streets were published."""


def main() -> NoReturn:
    """Serve until the process is stopped."""
    settings = MetricsSettings.load()
    run(lambda: _serve(settings))


async def _serve(settings: MetricsSettings) -> int:
    context = await open_context(settings, SOURCES)
    usage = StreamUsage(METRICS, published=published_by(METRICS), received=received_by(METRICS))
    wiring = ServiceWiring(
        usage=usage, access=access_pb2.allow, errors=_ERRORS, caller_places=known_places(context).of_callers()
    )
    return await serve(service_plan(context, parts(context), wiring))


def parts(context: ServiceContext[MetricsSettings]) -> Parts:
    """Calls, subscriptions and the exporter of metrics."""
    settings = context.settings
    exporter = KpiExporter(
        context.worker, context.clock, settings.kpi_refresh_seconds, settings.kpi_statement_milliseconds
    )
    service = metrics_service_pb2.DESCRIPTOR.services_by_name["MetricsService"]
    register = metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server
    return Parts(
        servicers=[Endpoint(service, register, servicer(context))],
        loops={"kpi": exporter.run},
        subscriptions=[projector.subscription() for projector in PROJECTORS],
        collectors=on_metrics_port(exporter, settings.kpi_address),
    )


def servicer(context: ServiceContext[MetricsSettings]) -> MetricsServicer:
    """The servicer over the pool of calls."""
    settings, figures = context.settings, PostgresFigures(context.rpc)
    pace = BoardPace(settings.board_pause_seconds, settings.board_limit_seconds)
    assert settings.query_code_pepper_file is not None, "the settings demand it"
    boards, pepper = SharedBoard(figures, pace.pause), WatchedFile(settings.query_code_pepper_file)
    supervision = Supervision(figures, boards, context.waiter, context.clock, pace)
    progress = Progress(figures, context.waiter, settings.district, pepper.read, WrongCodes.limited(settings))
    return MetricsServicer(supervision, progress, known_places(context).street)


def known_places(context: ServiceContext[MetricsSettings]) -> ReceivedPlaces:
    """Streets as metrics received them; it knows windows from before streets were published."""
    return ReceivedPlaces(context.waiter, context.worker, context.settings.district, context.catch_up, _OF_STREET)
