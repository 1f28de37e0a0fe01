"""The audit of notify: the documents that its facts name, and the rows that follow from them."""

from collections.abc import Sequence
from typing import Any

from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.audit import AuditedService, ExpectedContent, Projection, fact_reader
from protocol.envelope import APPLICANT
from protocol.streams import NOTIFY
from services.notify.domain.document.facts import DocumentKind
from services.notify.usecases.document import object_name


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
            ["document_issued", "notice_sent", "notice_failed", "delivery_opened", "result_delivered"],
            "number",
        )
    ],
)
