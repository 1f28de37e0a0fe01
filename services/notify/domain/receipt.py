"""What a 受理回执 says: the written voucher of acceptance. (行政许可法 32)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.notify.domain.dossier import Applicant
from services.notify.domain.words import Office, mask_name, mask_phone, written

_AT_ONCE = "当场办结"
_NONE = "——"


@dataclass(frozen=True, slots=True)
class Paper:
    """A material on file, as the receipt lists it."""

    name: str
    form: str
    """原件, 复印件 or 电子件."""
    copies: int


@dataclass(frozen=True, slots=True)
class Limit:
    """Days within which the matter ends."""

    days: int
    unit: str
    """工作日 or 自然日."""

    def __str__(self) -> str:
        return f"{self.days}个{self.unit}" if self.days else _AT_ONCE


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What was accepted, as the fact told it."""

    number: str
    serial_number: str
    item: str
    item_code: str
    received_on: date
    accepted_on: date
    promised_due_on: date
    legal_limit: Limit
    promised_limit: Limit
    window: str
    staff_no: str
    deemed: bool = False
    """Whether time brought it: nobody answered within five days. (行政许可法 32(4))"""
    papers: tuple[Paper, ...] = field(default=())


def content(acceptance: Acceptance, applicant: Applicant, office: Office, document_number: str) -> Mapping[str, object]:
    """Everything that is printed, by the names of the template; persons and numbers are masked."""
    return {
        "document_number": document_number,
        "organ": office.organ,
        "number": acceptance.number,
        "serial_number": acceptance.serial_number,
        "item": acceptance.item,
        "item_code": acceptance.item_code,
        "applicant": mask_name(applicant.name),
        "identity": applicant.identity_masked or _NONE,
        "contact": mask_phone(applicant.phone) or _NONE,
        "window": acceptance.window or _NONE,
        "staff_no": acceptance.staff_no or _NONE,
        "phone": office.phone,
        "received_on": written(acceptance.received_on),
        "accepted_on": written(acceptance.accepted_on),
        "ground": "视为受理" if acceptance.deemed else "材料齐全，符合法定形式",
        "legal_limit": str(acceptance.legal_limit),
        "promised_limit": str(acceptance.promised_limit),
        "promised_on": written(acceptance.promised_due_on),
        "papers": [[paper.name, paper.form, f"{paper.copies}份"] for paper in acceptance.papers],
        "query_code": applicant.query_code,
        "hall": office.hall,
        "hours": office.hours,
    }
