"""A batch of events becomes effects: all in one transaction, or halved until the one that cannot is found."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

import structlog
from nats.aio.msg import Msg
from prometheus_client import Counter

from chassis.event_store.model import FileKey
from chassis.inbox.events import InboxEvent, UnreadableMessage
from chassis.inbox.store import InboxStore
from chassis.inbox.subscription import Subscription
from chassis.inbox.transaction import InboxTransaction, Retry
from chassis.outbox.publisher import KIND
from chassis.postgres.database import Pool, is_away
from chassis.settings.tuning import Tuning

_log = structlog.get_logger()
_parked = Counter("onewindow_parked", "Events that came before they could be applied and wait.", ["source"])
_dead = Counter("onewindow_dead_letters", "Events laid aside because applying them raised.", ["source"])

T = TypeVar("T")

_NOBODY = UUID(int=0)


class _Unapplied(Exception):
    """Applying these events raised; the transaction is rolled back."""

    def __init__(self, due: Sequence[InboxEvent]) -> None:
        self.due = due
        super().__init__()


@dataclass(frozen=True, slots=True)
class News:
    """What was committed since the last question."""

    reached: Mapping[FileKey, int]
    """How far the files were heard."""
    any_applicable: bool
    """Whether there was an event from which something follows here."""


class Applier:
    """Applies events of one source."""

    def __init__(self, pool: Pool, subscription: Subscription, tuning: Tuning) -> None:
        self._pool = pool
        self._subscription = subscription
        self._inbox = InboxStore(subscription.source, subscription.known_kinds, ordered=subscription.ordered)
        self._tuning = tuning
        self._reached: dict[FileKey, int] = {}
        self._any_applicable = False
        _dead.labels(subscription.source)  # from nought on: an increase cannot be seen in a series that begins with it

    def news(self) -> News:
        """What was committed since the last question."""
        news = News(self._reached, self._any_applicable)
        self._reached, self._any_applicable = {}, False
        return news

    async def take(self, events: Sequence[InboxEvent], *, alone: bool = False) -> None:
        """Apply what is due of these events, park the rest, lay aside what raises. Ends when all of it is committed."""
        if not events:
            return
        try:
            await self._until_done(lambda: self._in_one(events, alone=alone))
        except _Unapplied as failed:
            await self._without(failed, events, alone=alone)

    async def redrive(self, letter: int) -> bool:
        """Apply one dead letter again. False when there is none of this id, or it raises again."""
        try:
            return await self._until_done(lambda: self._letter(letter))
        except _Unapplied as failed:
            await self._bury(failed.due[0], failed.__cause__)
            return False

    async def released(self) -> list[InboxEvent]:
        """Parked events that nothing holds back any more, at most a batch."""
        async with self._pool.acquire() as connection:
            return await self._inbox.released(connection, self._tuning.inbox_batch)

    async def lay_aside(self, message: Msg, error: UnreadableMessage) -> None:
        """Keep a message that is no event of a file, so that somebody sees it."""
        district = await self._until_done(lambda: self._pool.fetchval("select current_setting('app.district')"))
        event_id = UUID(bytes=sha256(message.data).digest()[:16])
        kind = (message.headers or {}).get(KIND, "")
        key = FileKey(district, "", _NOBODY)
        await self._bury(InboxEvent(self._inbox.source, key, 0, event_id, kind, message.data), error)

    async def _in_one(self, events: Sequence[InboxEvent], *, alone: bool) -> None:
        due = events
        if alone or not await self._at_once(events):
            async with self._pool.acquire() as connection:
                tx = InboxTransaction(connection)
                async with connection.transaction():
                    due = await self._apply_due(tx, events, alone=alone)
            tx.committed()
        self._note(due)

    def _note(self, applied: Sequence[InboxEvent]) -> None:
        self._reached.update((event.key, event.revision) for event in applied)
        self._any_applicable = self._any_applicable or bool(self._subscription.applicable(applied))

    async def _at_once(self, events: Sequence[InboxEvent]) -> bool:
        """Whether one statement has done it all: each event is due, and no more than rows follows from them."""
        applicable = self._subscription.applicable(events)
        if applicable and self._subscription.projector is None:
            return False
        try:
            rows = self._projected_rows(applicable)
            async with self._pool.acquire() as connection:
                return await self._inbox.admit_and_project(connection, events, rows)
        except Exception as error:
            if is_away(error):
                raise
            _log.info("hearing_one_by_one", source=self._inbox.source, reason=type(error).__name__)
            return False  # whichever event it was, the careful road finds it

    def _projected_rows(self, applicable: Sequence[InboxEvent]) -> str | None:
        for event in applicable:
            self._subscription.verify(event)
        return self._subscription.projector(applicable) if self._subscription.projector and applicable else None

    async def _letter(self, letter: int) -> bool:
        async with self._pool.acquire() as connection:
            tx = InboxTransaction(connection)
            async with connection.transaction():
                event = await self._inbox.exhume(connection, letter)
                due = await self._apply_due(tx, [event], alone=True) if event is not None else ()
        tx.committed()
        self._note(due)
        return event is not None

    async def _apply_due(
        self, tx: InboxTransaction, events: Sequence[InboxEvent], *, alone: bool
    ) -> Sequence[InboxEvent]:
        due = await self._inbox.admit(tx.connection, events, alone=alone)
        _parked.labels(self._inbox.source).inc(max(0, len(events) - len(due)))
        if not due:
            return due
        try:
            if applicable := self._subscription.applicable(due):
                for event in applicable:
                    self._subscription.verify(event)
                await self._subscription.apply(tx, applicable)
        except Exception as error:
            if isinstance(error, Retry) or is_away(error):
                raise
            raise _Unapplied(due) from error
        return due

    async def _without(self, failed: _Unapplied, events: Sequence[InboxEvent], *, alone: bool) -> None:
        due = failed.due
        if len(due) == 1:
            await self._bury(due[0], failed.__cause__)
        else:
            middle = len(due) // 2
            await self.take(due[:middle], alone=True)
            await self.take(due[middle:], alone=True)
        ids = {event.event_id for event in due}
        await self.take([event for event in events if event.event_id not in ids], alone=alone)

    async def _bury(self, event: InboxEvent, error: BaseException | None) -> None:
        _dead.labels(self._inbox.source).inc()
        _log.error("dead_letter", source=event.source, kind=event.kind, reason=type(error).__name__)
        await self._until_done(lambda: self._buried(event, _reason(error)))

    async def _buried(self, event: InboxEvent, reason: str) -> None:
        async with self._pool.acquire() as connection:
            await self._inbox.bury(connection, event, reason)

    async def _until_done(self, attempt: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await attempt()
            except Retry:
                _log.info("hearing_retry", source=self._inbox.source)
            except Exception as error:
                if not is_away(error):
                    raise
                _log.warning("hearing_away", source=self._inbox.source, reason=type(error).__name__)
                await asyncio.sleep(self._tuning.away_pause)


def _reason(error: BaseException | None) -> str:
    """The error without its values, which may name persons: its class, and the constraint when there is one."""
    constraint = getattr(error, "constraint_name", None)
    return f"{type(error).__name__}{f' ({constraint})' if constraint else ''}"
