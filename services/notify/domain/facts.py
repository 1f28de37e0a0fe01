"""What happens to a dossier, in the past tense: one class per member of the contract's oneof, with the same fields.

No name, number or text of a message is in a fact. Dates are civil dates of Asia/Shanghai.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from services.notify.domain.words import DeliveryWay, DocumentKind, Untold


@dataclass(frozen=True, slots=True)
class DocumentIssued:
    """A document exists."""

    occurred_on: date
    kind: DocumentKind
    document_number: str
    sha256: str
    """Of the PDF, hex."""
    size: int
    """Of the PDF, in bytes."""
    template_version: str


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """A message reached the gateway."""

    occurred_on: date
    notice_id: UUID
    template: str
    template_version: str
    text_digest: str
    """Keyed digest of the text, hex."""
    gateway_id: str
    tries: int


@dataclass(frozen=True, slots=True)
class NoticeFailed:
    """A message could not be sent; somebody must tell the applicant."""

    occurred_on: date
    notice_id: UUID
    template: str
    reason: Untold
    tries: int


@dataclass(frozen=True, slots=True)
class DeliveryOpened:
    """What was decided waits for the applicant. (行政许可法 44)"""

    occurred_on: date
    number: str
    outcome: str
    """granted or refused."""
    deliver_by: date
    provisional: bool
    """True while next year's holidays are not published."""


@dataclass(frozen=True, slots=True)
class ResultDelivered:
    """What was decided is in the applicant's hands."""

    occurred_on: date
    way: DeliveryWay
    in_person: bool
    receiver_index: str
    """Blind index of the receiver's identity number, hex."""
    window: str
    on_time: bool


Fact: TypeAlias = DocumentIssued | NoticeSent | NoticeFailed | DeliveryOpened | ResultDelivered
