"""Maintenance of approval: the facts and rows that an audit expects, and the projections that a rebuild folds again."""

from collections.abc import Sequence
from typing import Any

from onewindow.approval.v1.approval_event_pb2 import LEG_STREET, ApprovalEvent

from chassis.audit import AuditedService, ExpectedContent, Projection, fact_reader, vault_texts_in
from chassis.clock import RealClock
from chassis.event_store import FileRepository, PostgresStore
from chassis.inbox import Rebuild
from chassis.postgres.database import Pool
from protocol.calendars import ReceivedCalendars
from services.approval.adapters.case.codec import SOURCE, CaseCodec
from services.approval.adapters.case.intake_subscription import IntakeEffects

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
    return Rebuild(["case_file", "withdrawn", "calendar_notice"], [subscription], lambda _kind: files)
