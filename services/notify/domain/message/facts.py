"""Facts of a message in the past tense, with the fields of the contract; no number and no text is in them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class MessageCode(StrEnum):
    """The code of a message and of its template, one for each stage with a message."""

    ACCEPTED = "N01"  # 受理
    TO_CORRECT = "N02"  # 补正告知
    NOT_ACCEPTED = "N03"  # 不予受理
    REFERRED = "N04"  # 转报
    PAUSED = "N05"  # 特别程序
    EXTENDED = "N06"  # 延期
    DECIDED = "N07"  # 办结


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
