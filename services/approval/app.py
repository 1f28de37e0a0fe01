"""Approval put together from the parts of its kinds. Read it from top to bottom."""

import asyncio

from onewindow.access.v1 import access_pb2

from chassis.event_store import PositionSources
from chassis.outbox.publisher import FactOutbox
from chassis.process.parts import (
    Parts,
    ServiceContext,
    ServiceWiring,
    joined,
    open_context,
    service_plan,
)
from chassis.process.readiness import StreamUsage
from chassis.process.serve import run, serve
from chassis.rpc.errors import ErrorMap
from law.not_allowed import Malformed, NotAllowed, WrongDesk
from protocol.calendars import ReceivedCalendars
from protocol.known_places import ReceivedPlaces
from protocol.streams import APPROVAL, INTAKE, NOTIFY, published_by, received_by
from services.approval.adapters.case.codec import CaseCodec
from services.approval.adapters.case.parts import case_parts
from services.approval.adapters.providers import passes_of, vault_of
from services.approval.handoff.parts import handoff_parts
from services.approval.settings import ApprovalSettings

SOURCES = PositionSources(APPROVAL, received=(INTAKE, APPROVAL), ignored=(NOTIFY,))
"""Sources whose positions a caller may show."""
ERRORS = ErrorMap(
    {NotAllowed: "FAILED_PRECONDITION", WrongDesk: "PERMISSION_DENIED", Malformed: "INVALID_ARGUMENT"},
    files=("case_id", "number"),
)


def main() -> None:
    """Serve until the process is stopped."""
    settings = ApprovalSettings.load()
    run(lambda: serve_approval(settings))


async def serve_approval(settings: ApprovalSettings) -> int:
    """The whole service; its exit code."""
    context = await open_context(settings, SOURCES)
    places = ReceivedPlaces(context.waiter, context.worker, settings.district, context.catch_up)
    wiring = ServiceWiring(
        usage=StreamUsage(APPROVAL, published_by(APPROVAL), received_by(APPROVAL)),
        access=access_pb2.allow,
        errors=ERRORS,
        caller_places=places.of_callers(),
        outboxes=[FactOutbox(APPROVAL)],
    )
    return await serve(service_plan(context, parts(context), wiring))


def parts(context: ServiceContext[ApprovalSettings]) -> Parts:
    """Cases, and their hand-off to the district's system."""
    settings = context.settings
    vault, passes = vault_of(settings), passes_of(settings)
    files = context.files(CaseCodec(), vault)
    calendars = ReceivedCalendars(context.rpc, settings.district)
    obligations_stored = asyncio.Event()
    return joined(
        [
            case_parts(context, files, calendars, vault, passes, obligations_stored.set),
            handoff_parts(context, files, calendars, vault, passes, obligations_stored),
        ]
    )
