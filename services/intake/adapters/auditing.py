"""What an audit has to know of intake: which texts and papers its facts name, and which rows follow from them."""

from collections.abc import Sequence
from typing import Any

from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.audit import AuditedService, ExpectedContent, Projection, fact_reader, vault_texts_in
from services.intake.adapters.wire import SOURCE


def expected_by(kind: str, fact: Any) -> Sequence[ExpectedContent]:  # noqa: ANN401 # whichever fact of the contract it is
    """Who the applicant is lies in the vault from the receipt on; an electronic paper lies in the store."""
    if kind == "application_submitted":
        return [ExpectedContent(text="applicant")]
    if kind == "material_uploaded":
        sha256 = fact.material.sha256
        return [ExpectedContent(blob=sha256, size=fact.size, sha256=sha256)]
    return list(vault_texts_in(fact))


AUDITED = AuditedService(
    SOURCE,
    fact_reader(IntakeEvent, "file_id", expected_by),
    [
        Projection("application", "application_id", ["application_submitted"], "coalesce(number, serial_number)"),
        Projection("ticket", "ticket_id", ["ticket_taken"], "number"),
        Projection("catalogue_entry", "entry_id", ["item_published", "calendar_published", "window_published"], "code"),
    ],
)
