"""The 受理回执, written voucher of acceptance: its content, its number, and that it is issued once. (行政许可法 32)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from law.not_allowed import rule
from services.notify.domain.facts import DocumentIssued, DocumentKind
from services.notify.domain.stage_reports import AcceptanceStage, Stage
from services.notify.domain.template.text import (
    Letterhead,
    Recipient,
    mask_name,
    mask_phone,
    provisional_mark,
    written_date,
)

_AT_ONCE = "当场办结"
_NONE = "——"
_PASSED = "承诺日已过，将尽快办结"


@dataclass(frozen=True, slots=True)
class ReceivedMaterial:
    """A material on file, as the receipt lists it."""

    name: str
    form: str
    """原件, 复印件 or 电子件."""
    copies: int


@dataclass(frozen=True, slots=True)
class HandlingLimit:
    """Days within which the matter ends."""

    days: int
    unit: str
    """工作日 or 自然日."""

    def __str__(self) -> str:
        return f"{self.days}个{self.unit}" if self.days else _AT_ONCE


@dataclass(frozen=True, slots=True)
class ReceiptAcceptance:
    """The acceptance as the receipt states it."""

    number: str
    serial_number: str
    item: str
    item_code: str
    received_on: date
    accepted_on: date
    promised_due_on: date
    legal_limit: HandlingLimit
    promised_limit: HandlingLimit
    window: str
    staff_no: str
    recorded_on: date
    """Day of the office's act; an acceptance may take effect earlier."""
    ground: str = "材料齐全，符合法定形式"
    materials: tuple[ReceivedMaterial, ...] = field(default=())
    provisional: bool = False
    """True while a holiday notice may still move the promised day."""


@dataclass(frozen=True, slots=True)
class DocumentIssue:
    """The number of a document and the day on which it is made."""

    number: str
    on: date


def receipt_content(
    acceptance: ReceiptAcceptance, recipient: Recipient, letterhead: Letterhead, issue_of: DocumentIssue
) -> Mapping[str, object]:
    """Everything printed on a receipt, by the names of its template; names and numbers of persons are masked.

    It is dated by the day of the act; the day on which the acceptance takes effect has a line of its own.
    """
    return {
        "document_number": issue_of.number,
        "organ": letterhead.organ,
        "number": acceptance.number,
        "serial_number": acceptance.serial_number,
        "item": acceptance.item,
        "item_code": acceptance.item_code,
        "applicant": mask_name(recipient.name),
        "identity": recipient.identity_masked or _NONE,
        "contact": mask_phone(recipient.phone) or _NONE,
        "window": acceptance.window or _NONE,
        "staff_no": acceptance.staff_no or _NONE,
        "phone": letterhead.phone,
        "received_on": written_date(acceptance.received_on),
        "accepted_on": written_date(acceptance.accepted_on),
        "recorded_on": written_date(acceptance.recorded_on),
        "ground": acceptance.ground,
        "legal_limit": str(acceptance.legal_limit),
        "promised_limit": str(acceptance.promised_limit),
        "promised_on": promised_day_on(acceptance, issue_of.on),
        "materials": [[each.name, each.form, f"{each.copies}份"] for each in acceptance.materials],
        "query_code": recipient.query_code,
        "hall": letterhead.hall,
        "hours": letterhead.hours,
    }


@rule()
def promised_day_on(acceptance: ReceiptAcceptance, today: date) -> str:
    """A receipt that is made after the promised day says that it has passed; a provisional day is told as one."""
    if today > acceptance.promised_due_on:
        return _PASSED
    return written_date(acceptance.promised_due_on) + provisional_mark(acceptance.provisional)


_CHARACTER = {
    DocumentKind.RECEIPT: "受",
    DocumentKind.CORRECTION_NOTICE: "告",
    DocumentKind.NON_ACCEPTANCE: "不受",
    DocumentKind.DECISION: "决",
    DocumentKind.PROOF: "证",
}


@rule("行政许可法 32")
def receipt_due(stage: Stage) -> bool:
    """An acceptance is followed by a receipt where the item has one and is not ended at the window at once."""
    return isinstance(stage, AcceptanceStage) and stage.receipt and not stage.instant


@rule()
def issue(documents: Mapping[DocumentKind, DocumentIssued], document: DocumentIssued) -> list[DocumentIssued]:
    """A document of a kind is issued once; the one that was handed out stays."""
    return [] if document.kind in documents else [document]


def serial_name(street: str, kind: DocumentKind, on: date) -> str:
    """The name of the counter of a street's documents of a kind, which begins anew each year."""
    return f"document/{street}/{_CHARACTER[kind]}/{on.year}"


def document_number(street: str, kind: DocumentKind, on: date, serial: int) -> str:
    """The number as it stands on the document: the street, its year in brackets, the kind, the serial."""
    return f"{street}〔{on.year}〕{_CHARACTER[kind]}字第{serial:06d}号"
