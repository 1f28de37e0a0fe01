"""The messages of one matter, where each of them stands, and its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from uuid import UUID

from law.not_allowed import rule
from services.notify.domain.facts import MessageEnd
from services.notify.domain.matter import UNKNOWN_MATTER, KnownMatter
from services.notify.domain.stage_reports import StageRank


class MessageState(IntEnum):
    """Where a message stands; the numbers are those of the contract."""

    WAITING = 1  # 待发送: for the envelope, the hour or another try
    SENDING = 2  # 发送中: the gateway was called, the outcome is not known yet
    SENT = 3  # 已发送
    FAILED = 4  # 未送达: staff inform the applicant
    SUPERSEDED = 5  # 已被后续通知取代


@dataclass(frozen=True, slots=True)
class MessagePlan:
    """The content of a message that is not stored yet, and the first instant at which it may go out."""

    stage_on: date
    particulars: Mapping[str, str]
    """The values of the template's placeholders that the stage gives."""
    not_before: datetime


@dataclass(frozen=True, slots=True)
class StageMessage:
    """The message about one stage of a matter."""

    message_id: UUID
    template: str
    rank: StageRank
    state: MessageState = MessageState.WAITING
    plan: MessagePlan | None = None
    """None for a message that is stored already."""


@dataclass(frozen=True, slots=True)
class MatterMessages:
    """A matter with its messages by id: everything that the rules of messages look at."""

    matter: KnownMatter = UNKNOWN_MATTER
    messages: Mapping[UUID, StageMessage] = field(default_factory=dict)


@rule()
def end_message(ended: Mapping[UUID, MessageEnd], end: MessageEnd) -> list[MessageEnd]:
    """A message ends once; the end that is on file stays."""
    return [] if end.message_id in ended else [end]
