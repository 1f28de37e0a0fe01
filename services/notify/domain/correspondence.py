"""Correspondence with applicants: letterhead, recipient, written dates, masked names and numbers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Signature, organ and address of the office of one street."""

    signature: str = "街道政务服务中心"
    """The beginning of a message between 【 and 】, as registered with the carrier."""
    organ: str = "街道办事处"
    """The organ as it stands on a document."""
    phone: str = "12345"
    """The number for questions."""
    hall: str = "街道政务服务中心"
    """The hall, with its address."""
    hours: str = "工作日9:00-12:00，14:00-17:00"
    """The opening hours of the hall."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The applicant as the sealed envelope describes him; stored in the vault alone."""

    name: str
    identity_masked: str
    """The identity number as documents may show it; notify never has the whole."""
    phone: str
    query_code: str


def written_date(day: date) -> str:
    """A day as documents and messages write it: 2016年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def mask_name(name: str) -> str:
    """A name with its first sign, and a star for each other one; a name of one sign is a star."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_phone(phone: str) -> str:
    """A telephone number with its first three digits and its last four; a shorter one is all stars."""
    hidden = len(phone) - 7
    return phone[:3] + "*" * hidden + phone[-4:] if hidden > 0 else "*" * len(phone)
