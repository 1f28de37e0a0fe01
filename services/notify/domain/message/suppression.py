"""Suppression of messages: by a later stage, by a withdrawal, and for items without messages."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from law.not_allowed import rule
from services.notify.domain.facts import MessageCode
from services.notify.domain.matter import KnownMatter
from services.notify.domain.message.state import MatterMessages, MessageState, StageMessage

_ENDS = (MessageCode.DECIDED, MessageCode.WITHDRAWN, MessageCode.WITHDRAWAL_TOO_LATE)
"""Messages that announce how a matter ended."""
_MOVED_DAYS = (MessageCode.PROMISE_MOVED, MessageCode.SUPPLY_MOVED)
"""Messages of days that a publication of holidays moved."""


@rule()
def suppressed_by_later_stage(message: StageMessage, messages: Iterable[StageMessage]) -> bool:
    """A message that was not sent is suppressed by the message about a later stage of the same matter.

    The answer to a withdrawal that came too late is no stage: the decision, which stands, is announced beside it. A day
    that a publication of holidays moved is none either: the acceptance with number and query code goes out as well, and
    of several such days the last.
    """
    return any(message.rank < other.rank and _follows(other, message) for other in messages)


@rule()
def suppressed_by_withdrawal(message: StageMessage, matter: KnownMatter) -> bool:
    """A withdrawn matter is not written about any more, except that its end is announced."""
    return matter.withdrawn and message.template not in _ENDS


@rule()
def dropped_without_messages(matter: KnownMatter) -> bool:
    """A matter whose item has no messages has none at all, whichever report came first."""
    return matter.sms is False


def suppressed(matter: MatterMessages) -> Mapping[UUID, StageMessage]:
    """The messages of a matter after every rule of suppression; only one that waits can be suppressed."""
    if dropped_without_messages(matter.matter):
        return {}
    return {
        message.message_id: replace(message, state=MessageState.SUPERSEDED)
        if message.state is MessageState.WAITING and is_suppressed(message, matter)
        else message
        for message in matter.messages.values()
    }


@rule()
def state_after_failed_try(message: StageMessage, matter: MatterMessages, *, uncertain: bool) -> MessageState:
    """A message that is known not to be sent waits or is suppressed; one that may be sent keeps its state."""
    if uncertain:
        return MessageState.SENDING
    return MessageState.SUPERSEDED if is_suppressed(message, matter) else MessageState.WAITING


def _follows(other: StageMessage, message: StageMessage) -> bool:
    if other.template in _MOVED_DAYS:
        return message.template in _MOVED_DAYS
    return other.template != MessageCode.WITHDRAWAL_TOO_LATE


def is_suppressed(message: StageMessage, matter: MatterMessages) -> bool:
    """True when a rule of suppression applies to a message that is not sent."""
    return suppressed_by_later_stage(message, matter.messages.values()) or suppressed_by_withdrawal(
        message, matter.matter
    )
