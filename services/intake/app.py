"""Intake put together: the sum of its kinds. Read it from top to bottom."""

from onewindow.access.v1 import access_pb2

from chassis.outbox.publisher import FactOutbox, SealedOutbox
from chassis.process.parts import Parts, ServiceContext, ServiceWiring, joined, open_context, service_plan
from chassis.process.readiness import StreamUsage
from chassis.process.serve import run, serve
from chassis.rpc.errors import ErrorMap
from law.not_allowed import Malformed, NotAllowed, WrongDesk
from law.workdays import state_council
from protocol.known_places import CallerStreets, place_rules
from protocol.recount import Recounter
from protocol.recount_calls import recount_parts
from protocol.streams import INTAKE, published_by, received_by
from services.intake.adapters.application import parts as application
from services.intake.adapters.application.inbox import SOURCES
from services.intake.adapters.application.recount import dates_recount
from services.intake.adapters.application.rows import APPLICATIONS
from services.intake.adapters.catalogue import rpc as catalogue
from services.intake.adapters.catalogue.cache import CachedCatalogue
from services.intake.adapters.ticket import rpc as ticket
from services.intake.settings import IntakeSettings
from services.intake.usecases.office import HallOffice, PositionGate
from services.intake.usecases.ticket import Tickets

_ERRORS = ErrorMap(
    {NotAllowed: "FAILED_PRECONDITION", WrongDesk: "PERMISSION_DENIED", Malformed: "INVALID_ARGUMENT"},
    files=("application_id", "header.application_id", "ticket_id", "number", "item_code", "submission.item_code"),
)


def main() -> None:
    """Serve until the process is stopped."""
    settings = IntakeSettings.load()
    run(lambda: serve_intake(settings))


async def serve_intake(settings: IntakeSettings) -> int:
    """Serve the kinds of intake; the exit code of the process."""
    context = await open_context(settings, SOURCES)
    current = CachedCatalogue(context.worker, state_council(), settings.catalogue_look_seconds)
    office = HallOffice(context.clock, current, settings.closing_time, settings.supply_days)
    wiring = ServiceWiring(
        usage=StreamUsage(INTAKE, published=published_by(INTAKE), received=received_by(INTAKE)),
        access=access_pb2.allow,
        errors=_ERRORS,
        outboxes=[FactOutbox(INTAKE), SealedOutbox()],
        reach=current.refresh,
        caller_places=place_rules(CallerStreets(office.has_street).require),
    )
    return await serve(service_plan(context, parts(context, office, current), wiring))


def parts(context: ServiceContext[IntakeSettings], office: HallOffice, current: CachedCatalogue) -> Parts:
    """The kinds of intake, of one office and its catalogue."""
    gate = PositionGate(context.waiter)
    settings = context.settings
    plan = dates_recount(context.files(APPLICATIONS), office, settings.supply_days)
    recounter = Recounter(context.worker, settings.district, plan)
    rows = ticket.TicketRows(context.rpc)
    tickets = Tickets(context.files(ticket.TICKETS), office, rows, settings.queue_shown)
    return joined(
        [
            catalogue.parts(context, office, current, gate),
            ticket.parts(tickets),
            application.parts(context, office, tickets, gate, recounter),
            recount_parts(recounter, catalogue.recount_servicer(context, office, recounter)),
        ]
    )
