"""Maintenance of approval: what an audit reads, what a rebuild folds, the reconciler beside a running service."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from onewindow.approval.v1.approval_event_pb2 import LEG_STREET, ApprovalEvent

from chassis.audit import AuditedService, ExpectedContent, Projection, fact_reader, vault_texts_in
from chassis.clock import RealClock
from chassis.event_store import FileRepository, PostgresStore
from chassis.inbox import Rebuild
from chassis.outbox.day_closer import DAY_CLOSED
from chassis.postgres.database import Pool, open_worker_pool
from chassis.process.parts import clock_of, worker_database
from protocol.calendars import ReceivedCalendars
from services.approval.adapters.case.codec import SOURCE, CaseCodec
from services.approval.adapters.case.intake_subscription import IntakeEffects
from services.approval.adapters.providers import vault_of
from services.approval.handoff.adapters.client import open_client
from services.approval.handoff.adapters.reconciler import Reconciler
from services.approval.handoff.parts import reconciler_of
from services.approval.settings import ApprovalSettings

_FROM_DISTRICT = frozenset({"district_decided", "case_returned"})


def expected_contents(kind: str, fact: Any) -> Sequence[ExpectedContent]:  # noqa: ANN401 # any fact of the contract
    """The typed texts of a fact, in the vault of its file; texts of the district only in that of its own leg."""
    if kind in _FROM_DISTRICT and fact.leg == LEG_STREET:
        return []
    return list(vault_texts_in(fact))


AUDITED = AuditedService(
    SOURCE,
    fact_reader(ApprovalEvent, "case_id", expected_contents),
    [Projection("case_file", "case_id", ["case_opened"], "number")],
)


def projections(pool: Pool, district: str) -> Rebuild:
    """The projections: cases by their own facts, withdrawals and notices by those of intake.

    Our own subscription is not repeated: it writes facts and obligations, which are no projections.
    """
    files = FileRepository(PostgresStore(pool, pool), CaseCodec(), RealClock())
    subscription = IntakeEffects(files, ReceivedCalendars(pool, district)).subscription()
    return Rebuild(
        ["case_file", "withdrawn", "calendar_notice"],
        [subscription],
        lambda kind: None if kind == DAY_CLOSED else files,
    )


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
