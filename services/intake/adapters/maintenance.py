"""Intake as operators' commands see it: the audit's description, and the projections that a rebuild folds again."""

from collections.abc import Mapping, Sequence
from typing import Any

from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.audit import AuditedService, ExpectedContent, Projection, fact_reader, vault_texts_in
from chassis.clock import RealClock
from chassis.event_store import FileRepository, PostgresStore
from chassis.inbox import Rebuild
from chassis.postgres.database import Pool
from protocol.streams import INTAKE
from services.intake.adapters.application.inbox import approval_subscription, notify_subscription
from services.intake.adapters.application.rows import APPLICATIONS
from services.intake.adapters.catalogue.cache import ENTRIES
from services.intake.adapters.codec import IntakeCodec
from services.intake.adapters.ticket.rpc import TICKETS
from services.intake.usecases.submission import APPLICANT

_FIRST_FACTS: Mapping[str, IntakeCodec[Any, Any]] = {
    "application_submitted": APPLICATIONS,
    "ticket_taken": TICKETS,
    "item_published": ENTRIES,
    "calendar_published": ENTRIES,
    "window_published": ENTRIES,
    "street_published": ENTRIES,
    "destination_published": ENTRIES,
    "hall_published": ENTRIES,
}
"""Codec of a file by the kind of its first fact."""


def expected_by(kind: str, fact: Any) -> Sequence[ExpectedContent]:  # noqa: ANN401 # each fact of the contract
    """Content that a fact expects: the applicant's text from the receipt on, the bytes of an electronic paper."""
    if kind == "application_submitted":
        return [ExpectedContent(text=APPLICANT)]
    if kind == "material_uploaded":
        sha256 = fact.material.sha256
        return [ExpectedContent(blob=sha256, size=fact.size, sha256=sha256)]
    return list(vault_texts_in(fact))


AUDITED = AuditedService(
    INTAKE,
    fact_reader(IntakeEvent, "file_id", expected_by),
    [
        Projection("application", "application_id", ["application_submitted"], "coalesce(number, serial_number)"),
        Projection("ticket", "ticket_id", ["ticket_taken"], "number"),
        Projection("catalogue_entry", "entry_id", ["item_published", "calendar_published", "window_published"], "code"),
        Projection(
            "published_place", "entry_id", ["street_published", "destination_published", "hall_published"], "code"
        ),
    ],
)


def projections(pool: Pool, _district: str) -> Rebuild:
    """Every table, folded again from own facts and from the reports of approval and notify."""
    store, clock = PostgresStore(pool, pool), RealClock()
    files: Mapping[str, FileRepository[Any, Any]] = {
        kind: FileRepository(store, codec, clock) for kind, codec in _FIRST_FACTS.items()
    }
    tables = ["application", "ticket", "catalogue_entry", "published_place", "ended_pass"]
    return Rebuild(tables, [approval_subscription(), notify_subscription()], files.get)
