"""Messages go out: by day, once each, whatever the gateway answers or the process survives."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import structlog
from prometheus_client import Counter

from chassis.clock import Clock
from chassis.telemetry.logs import failure
from services.notify.domain.facts import NoticeFailed, NoticeSent
from services.notify.domain.hours import RETRIES, Hours, next_try
from services.notify.domain.wording import Template, compose
from services.notify.domain.words import Office, Untold
from services.notify.ports import (
    DueNotice,
    EndedNotice,
    Gateway,
    Indexes,
    NoticeQueue,
    OutcomeUnknown,
    PutOffNotice,
    Refused,
    Taken,
    Unavailable,
)

_log = structlog.get_logger(__name__)
_notices = Counter("onewindow_notices", "Tries of messages by template and how they ended.", ["template", "result"])
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Wordbook:
    """What messages are composed from: the texts in force, and how each street signs."""

    templates: Mapping[str, Template]
    offices: Mapping[str, Office]
    default: Office

    def office(self, street: str) -> Office:
        """How the office of a street signs."""
        return self.offices.get(street, self.default)


@dataclass(frozen=True, slots=True)
class TellingSettings:
    """When and how many."""

    hours: Hours = field(default_factory=Hours)
    batch: int = 200
    concurrency: int = 16
    standing_minute: float | None = None
    """Real seconds that stand for a minute of waiting where the office clock stands still; None where it runs."""


class Telling:
    """Works on the queue of messages."""

    def __init__(
        self,
        queue: NoticeQueue,
        gateway: Gateway,
        wordbook: Wordbook,
        indexes: Indexes,
        clock: Clock,
        settings: TellingSettings,
    ) -> None:
        self._queue = queue
        self._gateway = gateway
        self._wordbook = wordbook
        self._indexes = indexes
        self._clock = clock
        self._settings = settings
        self._calls = asyncio.Semaphore(settings.concurrency)

    async def round(self) -> int:
        """Send what is due now; how many messages that were. While it is quiet they are held to the morning."""
        now = self._clock.now()
        morning = self._settings.hours.held_to(now)
        if morning > now:
            await self._queue.hold(now, morning)
            return 0
        due = await self._queue.take(now, self._settings.batch)
        if due:
            told = await asyncio.gather(*(self._bounded(notice, now) for notice in due))
            ended = [one for one in told if isinstance(one, EndedNotice)]
            await self._queue.settle(ended, [one for one in told if isinstance(one, PutOffNotice)])
        return len(due)

    async def _bounded(self, notice: DueNotice, now: datetime) -> EndedNotice | PutOffNotice:
        async with self._calls:
            try:
                return await self._tell(notice, now)
            except Exception as error:  # one message must not hold up the others
                _log.error("notice_unexpected", template=notice.template, **failure(error))
                return self._again(notice, now, uncertain=True)

    async def _tell(self, notice: DueNotice, now: datetime) -> EndedNotice | PutOffNotice:
        if not notice.phone:
            return _failed(notice, now.date(), Untold.NO_PHONE)
        template = self._wordbook.templates[notice.template]
        office = self._wordbook.office(notice.key.street)
        text = compose(template, office, notice.matter, notice.particulars)
        try:
            taken = await self._hand_over(notice, text)
        except Refused:
            return _failed(notice, now.date(), Untold.REJECTED)
        except (Unavailable, OutcomeUnknown) as error:
            return self._again(notice, now, uncertain=isinstance(error, OutcomeUnknown))
        _notices.labels(notice.template, "sent").inc()
        digest = self._indexes.keyed_digest(text).hex()
        return EndedNotice(
            notice.key,
            NoticeSent(
                now.date(), notice.notice_id, template.code, template.version, digest, taken.gateway_id, notice.tries
            ),
        )

    async def _hand_over(self, notice: DueNotice, text: str) -> Taken:
        if notice.uncertain and (known := await self._gateway.ask(notice.notice_id)) is not None:
            return known
        try:
            return await self._gateway.offer(notice.notice_id, notice.phone, text)
        except OutcomeUnknown:
            if (known := await self._gateway.ask(notice.notice_id)) is not None:
                return known
            raise Unavailable from None

    def _again(self, notice: DueNotice, now: datetime, *, uncertain: bool) -> EndedNotice | PutOffNotice:
        again_at = next_try(notice.tries, now, self._settings.hours)
        if again_at is None:
            return _failed(notice, now.date(), Untold.GAVE_UP)
        _notices.labels(notice.template, "put_off").inc()
        minute = self._settings.standing_minute
        seconds = minute and minute * RETRIES[notice.tries - 1].total_seconds() / _MINUTE
        return PutOffNotice(notice.key, notice.notice_id, again_at, seconds, uncertain)


def _failed(notice: DueNotice, on: date, reason: Untold) -> EndedNotice:
    _notices.labels(notice.template, reason.value).inc()
    return EndedNotice(notice.key, NoticeFailed(on, notice.notice_id, notice.template, reason, notice.tries))
