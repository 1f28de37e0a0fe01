"""The closed sets that facts of a dossier speak in, and how the office writes days, names and numbers."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum


class DocumentKind(IntEnum):
    """Which document it is."""

    RECEIPT = 1  # 受理回执 (行政许可法 32)
    CORRECTION_NOTICE = 2  # 一次性告知书 (行政许可法 32(4))
    NON_ACCEPTANCE = 3  # 不予受理决定书 (行政许可法 32)
    DECISION = 4  # 准予决定书, 不予决定书 (行政许可法 38)
    PROOF = 5  # 送达回证 (行政许可法 44)


class DeliveryWay(IntEnum):
    """How what was decided reached the applicant."""

    PICK_UP = 1  # 窗口领取
    COURIER = 2  # 邮寄


class NoticeState(IntEnum):
    """Where a message stands; the numbers are those of the contract."""

    WAITING = 1  # 待发送: for the envelope, the hour or another try
    SENDING = 2  # 发送中: the gateway was called, the outcome is not known yet
    SENT = 3  # 已发送
    FAILED = 4  # 未送达: told by hand
    SUPERSEDED = 5  # 已被后续通知取代


class Untold(StrEnum):
    """Why a message did not reach the applicant."""

    NO_PHONE = "no_phone"
    REJECTED = "rejected"  # the gateway will never take it
    GAVE_UP = "gave_up"  # every try failed


@dataclass(frozen=True, slots=True)
class Office:
    """How the office of one street signs and where people find it."""

    signature: str = "街道政务服务中心"
    """What a message begins with between 【 and 】, as registered with the carrier."""
    organ: str = "街道办事处"
    """The organ as it stands on a document."""
    phone: str = "12345"
    """Whom to ask."""
    hall: str = "街道政务服务中心"
    """Where to come, with the address."""
    hours: str = "工作日9:00-12:00，14:00-17:00"
    """When it is open."""


def written(on: date) -> str:
    """A day as documents and messages write it."""
    return f"{on.year}年{on.month}月{on.day}日"


def mask_name(name: str) -> str:
    """A name as a document shows it: its first sign, a star for each other one."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_phone(phone: str) -> str:
    """A telephone number as screens and documents show it: the first three digits and the last four."""
    hidden = len(phone) - 7
    return phone[:3] + "*" * hidden + phone[-4:] if hidden > 0 else "*" * len(phone)
