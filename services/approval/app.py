"""Approval put together from the parts of its kinds. Read it from top to bottom."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from onewindow.access.v1 import access_pb2

from chassis.event_store import FileRepository, PositionSources, PostgresStore
from chassis.outbox.publisher import FactOutbox
from chassis.postgres.database import open_worker_pool
from chassis.process.parts import ServiceWiring, clock_of, joined, open_context, service_plan, worker_database
from chassis.process.readiness import StreamUsage
from chassis.process.serve import run, serve
from chassis.rpc.errors import ErrorMap
from law.not_allowed import Malformed, NotAllowed, WrongDesk
from protocol.calendars import ReceivedCalendars
from protocol.streams import APPROVAL, INTAKE, NOTIFY, published_by, received_by
from services.approval.adapters.case.codec import CaseCodec
from services.approval.adapters.case.parts import case_parts
from services.approval.adapters.providers import passes_of, vault_of
from services.approval.handoff.adapters.client import open_client
from services.approval.handoff.adapters.reconciler import Reconciler
from services.approval.handoff.parts import handoff_parts, reconciler_of
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
    vault, passes = vault_of(settings), passes_of(settings)
    files = context.files(CaseCodec(), vault)
    calendars = ReceivedCalendars(context.rpc, settings.district)
    obligations_stored = asyncio.Event()
    parts = joined(
        [
            case_parts(context, files, calendars, vault, passes, obligations_stored.set),
            handoff_parts(context, files, calendars, vault, passes, obligations_stored),
        ]
    )
    wiring = ServiceWiring(
        usage=StreamUsage(APPROVAL, published_by(APPROVAL), received_by(APPROVAL)),
        access=access_pb2.allow,
        errors=ERRORS,
        outboxes=[FactOutbox(APPROVAL)],
    )
    return await serve(service_plan(context, parts, wiring))


@asynccontextmanager
async def open_reconciler(settings: ApprovalSettings) -> AsyncIterator[Reconciler | None]:
    """The reconciler alone, beside a running service; None where the district has no system of its own."""
    client = open_client(settings)
    if client is None:
        yield None
        return
    clock, vault = clock_of(settings), vault_of(settings)
    async with open_worker_pool(worker_database(settings), settings.district) as pool:
        files = FileRepository(PostgresStore(pool, pool), CaseCodec(), clock, vault)
        try:
            yield reconciler_of(pool, clock, settings, client, files, vault)
        finally:
            await client.close()
