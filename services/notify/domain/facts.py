"""Facts of a dossier in the past tense: one class per member of the contract's oneof, with the same fields.

No name, number or text of a message is in a fact. Dates are civil dates of Asia/Shanghai.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import TypeAlias
from uuid import UUID

from law.recount import MovedDate, RecountCause


class DocumentKind(IntEnum):
    """The kind of a document; the numbers are those of the contract."""

    RECEIPT = 1  # 受理回执 (行政许可法 32)
    CORRECTION_NOTICE = 2  # 一次性告知书 (行政许可法 32(4))
    NON_ACCEPTANCE = 3  # 不予受理决定书 (行政许可法 32)
    DECISION = 4  # 准予决定书, 不予决定书 (行政许可法 38)
    PROOF = 5  # 送达回证 (行政许可法 44)


@dataclass(frozen=True, slots=True)
class DocumentIssued:
    """A document exists."""

    occurred_on: date
    kind: DocumentKind
    document_number: str
    sha256: str
    """Digest of the PDF, hex."""
    size: int
    """Size of the PDF in bytes."""
    template_version: str


class MessageCode(StrEnum):
    """The code of a message and of its template, one for each stage with a message."""

    ACCEPTED = "N01"  # 受理
    TO_CORRECT = "N02"  # 补正告知
    NOT_ACCEPTED = "N03"  # 不予受理
    REFERRED = "N04"  # 转报
    PAUSED = "N05"  # 特别程序
    EXTENDED = "N06"  # 延期
    DECIDED = "N07"  # 办结
    WITHDRAWN = "N11"  # 撤回; N08 to N10 are codes of the district's sample
    WITHDRAWAL_TOO_LATE = "N12"  # 撤回不生效
    TO_CORRECT_AGAIN = "N13"  # 补充告知
    RESUMED = "N14"  # 特别程序结束
    PAUSED_UNTIL = "N15"  # 特别程序, with its expected end
    PAUSED_OPEN = "N16"  # 特别程序, of which no time is told
    EXTENDED_BY_DAYS = "N17"  # 延期, in calendar days
    EXTENDED_IN_LAW = "N18"  # 延期 after the promise was broken
    RETURNED = "N19"  # 退回
    RETURNED_LATE = "N20"  # 退回 of a matter whose promise is broken
    EXTENDED_JOINTLY = "N23"  # 延期 with the government's approval
    EXTENDED_JOINTLY_IN_LAW = "N24"  # the same after the promise was broken
    PROMISE_MOVED = "N21"  # 承诺期限重算
    SUPPLY_MOVED = "N22"  # 补正期限重算


class UnsentReason(StrEnum):
    """The reason for which a message did not reach the applicant."""

    NO_PHONE = "no_phone"
    REJECTED = "rejected"  # the gateway will never take it
    GAVE_UP = "gave_up"  # every try failed


@dataclass(frozen=True, slots=True)
class MessageSent:
    """The gateway has the message."""

    occurred_on: date
    message_id: UUID
    template: str
    template_version: str
    text_digest: str
    """Keyed digest of the text, hex."""
    gateway_id: str
    tries: int


@dataclass(frozen=True, slots=True)
class MessageFailed:
    """The message cannot be sent; a member of staff informs the applicant."""

    occurred_on: date
    message_id: UUID
    template: str
    reason: UnsentReason
    tries: int


MessageEnd: TypeAlias = MessageSent | MessageFailed


class DeliveryWay(IntEnum):
    """The way in which a decision reached the applicant; the numbers are those of the contract."""

    PICK_UP = 1  # 窗口领取
    COURIER = 2  # 邮寄


@dataclass(frozen=True, slots=True)
class DeliveryOpened:
    """The decision waits for the applicant. (行政许可法 44)"""

    occurred_on: date
    number: str
    outcome: str
    """granted or refused."""
    deliver_by: date
    provisional: bool
    """True while next year's holidays are not published."""
    calendar_version: str = ""
    """Calendar by which the last day was computed; empty in facts of releases up to 0.2."""


@dataclass(frozen=True, slots=True)
class DeliveryRecounted:
    """期限重算: a publication of holidays moves or confirms the last day of an open delivery."""

    occurred_on: date
    cause: RecountCause
    moved: tuple[MovedDate, ...]
    """The date that moved; none where it only became firm."""
    deliver_by: date
    provisional: bool
    was_provisional: bool
    number: str


@dataclass(frozen=True, slots=True)
class ResultDelivered:
    """The decision is in the applicant's hands."""

    occurred_on: date
    way: DeliveryWay
    in_person: bool
    receiver_index: str
    """Blind index of the receiver's identity number, hex."""
    window: str
    on_time: bool
    """True when it was offered or collected within the ten days."""
    offered_on: date | None = None
    """Day of the first offer before it; None where the collection was the first of it."""


class OfferWay(IntEnum):
    """The way in which a member of staff offered the result; the numbers are those of the contract."""

    CALL = 1  # 窗口电话或当面告知
    MAIL = 2  # 交邮


@dataclass(frozen=True, slots=True)
class DecisionOffered:
    """A member of staff told the applicant that the result is ready, or handed it to the post office."""

    occurred_on: date
    way: OfferWay
    on_time: bool
    """True when the first offer was within the ten days."""


Fact: TypeAlias = (
    DocumentIssued
    | MessageSent
    | MessageFailed
    | DeliveryOpened
    | DeliveryRecounted
    | ResultDelivered
    | DecisionOffered
)
"""Every fact of a dossier."""
