"""Maintenance of notify: the documents and rows that an audit expects, and the projections that a rebuild folds again.

Messages and documents to come are no projection: how far each of them went stands nowhere else.
"""

from collections.abc import Sequence
from typing import Any

from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.audit import AuditedService, ExpectedContent, Projection, fact_reader
from chassis.clock import RealClock
from chassis.event_store import FileRepository, PostgresStore
from chassis.inbox import Rebuild
from chassis.outbox.day_closer import DAY_CLOSED
from chassis.postgres.database import Pool
from protocol.calendars import ReceivedCalendars
from protocol.envelope import APPLICANT
from protocol.streams import NOTIFY
from services.notify.adapters.dossier_codec import DossierCodec
from services.notify.adapters.matter.projector import approval_subscription, intake_subscription
from services.notify.domain.facts import DocumentKind
from services.notify.domain.message.sending_time import SendingHours
from services.notify.usecases.document import object_name

_ANY_HOURS = SendingHours()
"""The hours of messages are thrown away with the messages."""


def expected_by(kind: str, fact: Any) -> Sequence[ExpectedContent]:  # noqa: ANN401 # any fact of the contract
    """An issued document lies in the store under its digest, encrypted with the key of the applicant's details."""
    if kind == "document_issued":
        name = object_name(DocumentKind(fact.kind), fact.sha256)
        return [ExpectedContent(text=APPLICANT, blob=name, size=fact.size, sha256=fact.sha256)]
    return []


AUDITED = AuditedService(
    NOTIFY,
    fact_reader(NotifyEvent, "application_id", expected_by),
    [
        Projection(
            "dossier",
            "application_id",
            [
                "document_issued",
                "notice_sent",
                "notice_failed",
                "delivery_opened",
                "delivery_recounted",
                "result_delivered",
                "decision_offered",
            ],
            "number",
        )
    ],
)


def projections(pool: Pool, district: str) -> Rebuild:
    """The tables to fold again, and from which events and files."""
    dossiers = FileRepository(PostgresStore(pool, pool), DossierCodec(), RealClock())
    calendars = ReceivedCalendars(pool, district)
    return Rebuild(
        ["dossier", "document", "matter", "item_version", "calendar_notice"],
        [
            intake_subscription(dossiers, calendars, _ANY_HOURS),
            approval_subscription(dossiers, calendars, _ANY_HOURS),
        ],
        lambda kind: None if kind == DAY_CLOSED else dossiers,
        scratch_tables=["message", "document_task"],
    )
