"""Messages go out: by day, once each, whatever the gateway answers or the process survives."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

import structlog
from prometheus_client import Counter

from chassis.clock import Clock
from chassis.telemetry.logs import failure
from services.notify.domain.facts import NoticeFailed, NoticeSent
from services.notify.domain.hours import RETRIES, Hours, next_try
from services.notify.domain.words import Untold
from services.notify.ports import (
    Answer,
    DueNotice,
    EndedNotice,
    Gateway,
    Indexes,
    NoticeQueue,
    PutOffNotice,
    Untaken,
)
from services.notify.usecases.carrying import Letter, carry
from services.notify.usecases.wordbook import Wordbook

_log = structlog.get_logger(__name__)
_notices = Counter("onewindow_messages", "Tries of messages by template and how they ended.", ["template", "result"])
_MINUTE = 60.0

Told: TypeAlias = EndedNotice | PutOffNotice
"""What became of a message in a round."""


@dataclass(frozen=True, slots=True)
class TellingSettings:
    """When and how many."""

    hours: Hours = field(default_factory=Hours)
    batch: int = 200
    call: int = 50
    """Messages handed over in one call."""
    concurrency: int = 4
    """Calls at one time."""
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
            told = await self._told(due, now)
            ended = [one for one in told if isinstance(one, EndedNotice)]
            await self._queue.settle(ended, [one for one in told if isinstance(one, PutOffNotice)])
        return len(due)

    async def _told(self, due: Sequence[DueNotice], now: datetime) -> list[Told]:
        told: list[Told] = []
        letters: list[Letter] = []
        for notice in due:
            if not notice.phone:
                told.append(_failed(notice, now.date(), Untold.NO_PHONE))
                continue
            try:
                template, text = self._wordbook.written(notice)
                letters.append(Letter(notice, template, text))
            except Exception as error:  # one message must not hold up the others
                told.append(self._unexpected(notice, now, error))
        size = self._settings.call
        calls = [letters[first : first + size] for first in range(0, len(letters), size)]
        for carried in await asyncio.gather(*(self._carried(call, now) for call in calls)):
            told += carried
        return told

    async def _carried(self, letters: Sequence[Letter], now: datetime) -> list[Told]:
        async with self._calls:
            try:
                answers = await carry(self._gateway, letters)
            except Exception as error:  # one call must not hold up the others
                return [self._unexpected(letter.notice, now, error) for letter in letters]
        return [self._ended(letter, answers[letter.notice.notice_id], now) for letter in letters]

    def _ended(self, letter: Letter, answer: Answer, now: datetime) -> Told:
        notice, template = letter.notice, letter.template
        if answer is Untaken.REFUSED:
            return _failed(notice, now.date(), Untold.REJECTED)
        if isinstance(answer, Untaken):
            return self._again(notice, now, uncertain=answer is Untaken.UNKNOWN)
        _notices.labels(notice.template, "sent").inc()
        digest = self._indexes.keyed_digest(letter.text).hex()
        return EndedNotice(
            notice.key,
            NoticeSent(
                now.date(), notice.notice_id, template.code, template.version, digest, answer.gateway_id, notice.tries
            ),
        )

    def _unexpected(self, notice: DueNotice, now: datetime, error: Exception) -> Told:
        _log.error("notice_unexpected", template=notice.template, **failure(error))
        return self._again(notice, now, uncertain=True)

    def _again(self, notice: DueNotice, now: datetime, *, uncertain: bool) -> Told:
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
