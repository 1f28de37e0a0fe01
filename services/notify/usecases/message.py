"""Messages go out by day, once each, whatever the gateway answers and wherever the process ends."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

import structlog
from prometheus_client import Counter

from chassis.clock import Clock
from chassis.telemetry.logs import failure
from law.hall_hours import hours_written
from services.notify.domain.facts import MessageFailed, MessageSent, UnsentReason
from services.notify.domain.message.sending_time import RETRIES, SendingHours, held_to_daytime, next_try
from services.notify.domain.template.text import Letterhead, MessageTemplate, compose, wording_on
from services.notify.ports import (
    DueMessage,
    EndedMessage,
    GatewayAnswer,
    Halls,
    Indexes,
    MessageGateway,
    MessageQueue,
    NotTaken,
    OutcomeUnknown,
    PostponedMessage,
    TextMessage,
)

_log = structlog.get_logger(__name__)
_tries = Counter("onewindow_messages", "Tries of messages by template and how they ended.", ["template", "result"])
_SENT, _PUT_OFF = "sent", "put_off"
_MINUTE = 60.0

RoundEnd: TypeAlias = EndedMessage | PostponedMessage
"""The end of a round for one message."""


@dataclass(frozen=True, slots=True)
class ComposedMessage:
    """A message with its text."""

    due: DueMessage
    template: MessageTemplate
    text: str

    @property
    def outgoing(self) -> TextMessage:
        """The message as the gateway gets it."""
        return TextMessage(self.due.message_id, self.due.phone, self.text)


@dataclass(frozen=True, slots=True)
class Letterheads:
    """The letterhead of each street: from the settings, its hours as the hall published them."""

    by_street: Mapping[str, Letterhead]
    default: Letterhead
    halls: Halls | None = None
    """None where no publication is received."""

    def of(self, street: str) -> Letterhead:
        """The letterhead of a street, with the hours of the settings."""
        return self.by_street.get(street, self.default)

    async def on(self, streets: Iterable[str], day: date) -> Mapping[str, Letterhead]:
        """The letterheads of these streets, with hours and closures as they are in force on a day. Raises Away."""
        return {street: await self._dated(street, day) for street in sorted(set(streets))}

    async def _dated(self, street: str, day: date) -> Letterhead:
        letterhead = self.of(street)
        hours = await self.halls.hall_hours(street) if self.halls else None
        written = hours_written(hours, day) if hours else ""
        return replace(letterhead, hours=written) if written else letterhead


@dataclass(frozen=True, slots=True)
class MessageTexts:
    """The templates in force by their codes, and the letterheads that sign them."""

    templates: Mapping[str, MessageTemplate]
    letterheads: Letterheads

    def composed(self, due: DueMessage, on: date, letterhead: Letterhead | None = None) -> ComposedMessage:
        """A message with its text for the day on which it goes out. Raises KeyError for an unknown placeholder."""
        template = wording_on(self.templates[due.template], due.particulars, on)
        letterhead = letterhead or self.letterheads.of(due.key.street)
        return ComposedMessage(due, template, compose(template, letterhead, due.matter, due.particulars))


@dataclass(frozen=True, slots=True)
class SendingSettings:
    """Hours, batches and concurrency of sending."""

    hours: SendingHours = field(default_factory=SendingHours)
    batch: int = 200
    call: int = 50
    """Messages offered in one call."""
    concurrency: int = 4
    """Calls at one time."""
    standing_minute: float | None = None
    """Real seconds that stand for a minute of waiting where the office clock stands still; None where it runs."""


class MessageSender:
    """Works on the queue of messages."""

    def __init__(
        self,
        queue: MessageQueue,
        gateway: MessageGateway,
        texts: MessageTexts,
        indexes: Indexes,
        clock: Clock,
        settings: SendingSettings,
    ) -> None:
        self._queue = queue
        self._gateway = gateway
        self._texts = texts
        self._indexes = indexes
        self._clock = clock
        self._settings = settings
        self._calls = asyncio.Semaphore(settings.concurrency)
        for template in texts.templates:  # the series start at 0: an increase is invisible in one that starts at 1
            for result in (_SENT, _PUT_OFF, *UnsentReason):
                _tries.labels(template, result)

    async def round(self) -> int:
        """Send the messages that are due, and return their number. In quiet hours they are held to the morning."""
        now = self._clock.now()
        daytime = held_to_daytime(now, self._settings.hours)
        if daytime > now:
            await self._queue.hold(now, daytime)
            return 0
        due = await self._queue.take(now, self._settings.batch)
        if due:
            ends = await self._send(due, now)
            ended = [end for end in ends if isinstance(end, EndedMessage)]
            await self._queue.settle(ended, [end for end in ends if isinstance(end, PostponedMessage)])
        return len(due)

    async def _send(self, due: Sequence[DueMessage], now: datetime) -> list[RoundEnd]:
        ends: list[RoundEnd] = []
        composed: list[ComposedMessage] = []
        letterheads = await self._texts.letterheads.on([each.key.street for each in due], now.date())
        for message in due:
            if not message.phone:
                ends.append(_failed(message, now.date(), UnsentReason.NO_PHONE))
                continue
            try:
                composed.append(self._texts.composed(message, now.date(), letterheads[message.key.street]))
            except Exception as error:  # one message must not stop the others
                ends.append(self._unexpected(message, now, error))
        size = self._settings.call
        batches = [composed[first : first + size] for first in range(0, len(composed), size)]
        for batch_ends in await asyncio.gather(*(self._send_batch(batch, now) for batch in batches)):
            ends += batch_ends
        return ends

    async def _send_batch(self, batch: Sequence[ComposedMessage], now: datetime) -> list[RoundEnd]:
        async with self._calls:
            try:
                answers = await send_batch(self._gateway, batch)
            except Exception as error:  # one call must not stop the others
                return [self._unexpected(message.due, now, error) for message in batch]
        return [self._end(message, answers[message.due.message_id], now) for message in batch]

    def _end(self, message: ComposedMessage, answer: GatewayAnswer, now: datetime) -> RoundEnd:
        due, template = message.due, message.template
        if answer is NotTaken.REFUSED:
            return _failed(due, now.date(), UnsentReason.REJECTED)
        if due.suppressed and answer is NotTaken.UNAVAILABLE:  # known not to be sent: its rules say what it is now
            return PostponedMessage(due.key, due.message_id, now, None, uncertain=False)
        if isinstance(answer, NotTaken):
            return self._postponed(due, now, uncertain=answer is NotTaken.UNKNOWN)
        _tries.labels(due.template, _SENT).inc()
        digest = self._indexes.keyed_digest(message.text).hex()
        sent = MessageSent(
            now.date(), due.message_id, template.code, template.version, digest, answer.gateway_id, due.tries
        )
        return EndedMessage(due.key, sent)

    def _unexpected(self, due: DueMessage, now: datetime, error: Exception) -> RoundEnd:
        _log.error("message_unexpected", template=due.template, **failure(error))
        return self._postponed(due, now, uncertain=True)

    def _postponed(self, due: DueMessage, now: datetime, *, uncertain: bool) -> RoundEnd:
        again_at = next_try(due.tries, now, self._settings.hours)
        if again_at is None:
            return _failed(due, now.date(), UnsentReason.GAVE_UP)
        _tries.labels(due.template, _PUT_OFF).inc()
        minute = self._settings.standing_minute
        seconds = minute and minute * RETRIES[due.tries - 1].total_seconds() / _MINUTE
        return PostponedMessage(due.key, due.message_id, again_at, seconds, uncertain)


async def send_batch(gateway: MessageGateway, batch: Sequence[ComposedMessage]) -> Mapping[UUID, GatewayAnswer]:
    """The gateway's answer for each message.

    Messages that an earlier try may have brought to the gateway are looked up before the call, messages whose outcome
    this call leaves unknown are looked up after it: one look-up for each group. A message that the gateway has, or that
    a later stage has suppressed, is never offered again.
    """
    found = await _find(gateway, [each.due.message_id for each in batch if each.due.uncertain])
    missing = [
        each.outgoing
        for each in batch
        if not each.due.suppressed and found.get(each.due.message_id) in (None, NotTaken.UNAVAILABLE)
    ]
    offered = await gateway.offer(missing) if missing else {}
    unknown = [each.message_id for each in missing if offered[each.message_id] is NotTaken.UNKNOWN]
    return {**found, **offered, **await _find(gateway, unknown)}


def _failed(due: DueMessage, on: date, reason: UnsentReason) -> EndedMessage:
    _tries.labels(due.template, reason.value).inc()
    return EndedMessage(due.key, MessageFailed(on, due.message_id, due.template, reason, due.tries))


async def _find(gateway: MessageGateway, message_ids: Sequence[UUID]) -> Mapping[UUID, GatewayAnswer]:
    """UNAVAILABLE for a message that the gateway does not have, UNKNOWN for all while it does not answer."""
    if not message_ids:
        return {}
    try:
        taken = await gateway.find(message_ids)
    except OutcomeUnknown:
        return dict.fromkeys(message_ids, NotTaken.UNKNOWN)
    return {each: taken.get(each, NotTaken.UNAVAILABLE) for each in message_ids}
