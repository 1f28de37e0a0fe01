"""What an audit has to know of notify: which documents its facts name, and which rows follow from them."""

from collections.abc import Sequence
from typing import Any

from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.audit import AuditedService, ExpectedContent, Projection, fact_reader
from services.notify.adapters.wire import SOURCE
from services.notify.domain.words import DocumentKind
from services.notify.usecases.issuing import object_name


def expected_by(kind: str, fact: Any) -> Sequence[ExpectedContent]:  # noqa: ANN401 # whichever fact of the contract it is
    """A document lies in the store under its digest, closed with the key that came with the applicant's details."""
    if kind == "document_issued":
        name = object_name(DocumentKind(fact.kind), fact.sha256)
        return [ExpectedContent(text="applicant", blob=name, size=fact.size, sha256=fact.sha256)]
    return []


AUDITED = AuditedService(
    SOURCE,
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
