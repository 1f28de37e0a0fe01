"""Applies batches of received events: each event once, in order for its file, in one transaction with its effect.

The stream keeps the order of each file, but redeliveries, restarts and republished streams bring events twice, late, or
before their predecessors. `admit` (chassis/sql/40_inbox.sql) holds each event against the offset of its file, the
revision up to which the file was applied:

    revision = offset + 1   due: stored in the inbox and applied, the offset moves on, parked successors are due with it
    revision <= offset      repeated: dropped, and acknowledged again
    revision > offset + 1   early: parked until its predecessor has come

Example: file A stands at 3, file B at 0; the batch is A5, A4, B1, A4. Due are A4, A5 and B1; the second A4 is dropped.

An event whose effect raises must not stop other files. The transaction is rolled back and its events are applied again
in two halves, those in halves of their own, until the failing event stands alone. It becomes a dead letter, and its
file waits: later events of the file are parked until the letter is redriven.

The usual batch, all due and with no effect but rows, costs one statement (`_apply_at_once`). Whatever fails there is
left to the longer way.
"""

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
from chassis.inbox.day_check import counts_in, note_counts, note_early_counts
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

_NO_FILE = UUID(int=0)


class _Unapplied(Exception):
    """Failure to apply these events; the transaction is rolled back."""

    def __init__(self, due: Sequence[InboxEvent]) -> None:
        self.due = due
        super().__init__()


@dataclass(frozen=True, slots=True)
class InboxProgress:
    """Files that were applied further since the progress was last taken."""

    reached: Mapping[FileKey, int]
    """Revision up to which each file was applied."""
    any_applicable: bool
    """True when an event had an effect here."""
    any_counts: bool
    """True when a source has counted the facts of a day."""


def start_at_zero(source: str) -> None:
    """Makes the series of a source before its first event: an increase is invisible in one that starts later."""
    for counter in (_parked, _dead):
        counter.labels(source)


class Applier:
    """Applies the events of one source."""

    def __init__(self, pool: Pool, subscription: Subscription, tuning: Tuning) -> None:
        self._pool = pool
        self._subscription = subscription
        self._inbox = InboxStore(subscription.source, subscription.known_kinds, ordered=subscription.ordered)
        self._tuning = tuning
        self._reached: dict[FileKey, int] = {}
        self._any_applicable = self._any_counts = False

    def take_progress(self) -> InboxProgress:
        """Progress since the last call."""
        progress = InboxProgress(self._reached, self._any_applicable, self._any_counts)
        self._reached, self._any_applicable, self._any_counts = {}, False, False
        return progress

    async def apply(self, events: Sequence[InboxEvent], *, alone: bool = False) -> None:
        """Applies the due events, parks early ones, lays aside those that raise; returns when all of it is committed.

        With `alone` parked successors stay parked. Waits while PostgreSQL is away.
        """
        if not events:
            return
        try:
            await self._until_done(lambda: self._apply_once(events, alone=alone))
        except _Unapplied as failed:
            await self._isolate(failed, events, alone=alone)

    async def redrive(self, letter: int) -> bool:
        """Applies one dead letter again. False when there is none of this number, or it raises again."""
        try:
            return await self._until_done(lambda: self._apply_letter(letter))
        except _Unapplied as failed:
            await self._bury(failed.due[0], failed.__cause__)
            return False

    async def released(self) -> list[InboxEvent]:
        """Parked events that nothing holds back any more, at most a batch."""
        async with self._pool.acquire() as connection:
            return await self._inbox.released(connection, self._tuning.inbox_batch)

    async def lay_aside(self, message: Msg, error: UnreadableMessage) -> None:
        """Stores a message that is no event of a file as a dead letter, for an operator to see."""
        district = await self._until_done(lambda: self._pool.fetchval("select current_setting('app.district')"))
        event_id = UUID(bytes=sha256(message.data).digest()[:16])
        kind = (message.headers or {}).get(KIND, "")
        key = FileKey(district, "", _NO_FILE)
        await self._bury(InboxEvent(self._inbox.source, key, 0, event_id, kind, message.data), error)

    async def _apply_once(self, events: Sequence[InboxEvent], *, alone: bool) -> None:
        due = events
        if alone or not await self._apply_at_once(events):
            async with self._pool.acquire() as connection:
                tx = InboxTransaction(connection)
                async with connection.transaction():
                    due = await self._apply_due(tx, events, alone=alone)
            tx.committed()
        self._note(due, events)

    def _note(self, applied: Sequence[InboxEvent], received: Sequence[InboxEvent]) -> None:
        self._reached.update((event.key, event.revision) for event in applied)
        self._any_applicable = self._any_applicable or bool(self._subscription.applicable(applied))
        self._any_counts = self._any_counts or bool(counts_in([*applied, *received]))

    async def _apply_at_once(self, events: Sequence[InboxEvent]) -> bool:
        """True when one statement has applied the batch: every event is due, and their effects are rows only."""
        applicable = self._subscription.applicable(events)
        if counts_in(events) or (applicable and self._subscription.projector is None):
            return False
        try:
            rows = self._projected_rows(applicable)
            async with self._pool.acquire() as connection:
                return await self._inbox.admit_and_project(connection, events, rows)
        except Exception as error:
            if is_away(error):
                raise
            _log.info("inbox_one_by_one", source=self._inbox.source, reason=type(error).__name__)
            return False  # the longer way finds the event that failed

    def _projected_rows(self, applicable: Sequence[InboxEvent]) -> str | None:
        for event in applicable:
            self._subscription.verify(event)
        return self._subscription.projector(applicable) if self._subscription.projector and applicable else None

    async def _apply_letter(self, letter: int) -> bool:
        async with self._pool.acquire() as connection:
            tx = InboxTransaction(connection)
            async with connection.transaction():
                event = await self._inbox.exhume(connection, letter)
                due = await self._apply_due(tx, [event], alone=True) if event is not None else ()
        tx.committed()
        self._note(due, ())
        return event is not None

    async def _apply_due(
        self, tx: InboxTransaction, events: Sequence[InboxEvent], *, alone: bool
    ) -> Sequence[InboxEvent]:
        due = await self._inbox.admit(tx.connection, events, alone=alone)
        due_ids = {event.event_id for event in due}
        if others := [event for event in events if event.event_id not in due_ids]:  # parked, or applied before
            await note_early_counts(tx.connection, self._inbox.source, counts_in(others))
            parked = await self._inbox.newly_parked(tx.connection, events)
            tx.after_commit(lambda: _parked.labels(self._inbox.source).inc(parked))
        if not due:
            return due
        try:
            if applicable := self._subscription.applicable(due):
                for event in applicable:
                    self._subscription.verify(event)
                await self._subscription.apply(tx, applicable)
            await note_counts(tx.connection, self._inbox.source, counts_in(due))
        except Exception as error:
            if isinstance(error, Retry) or is_away(error):
                raise
            raise _Unapplied(due) from error
        return due

    async def _isolate(self, failed: _Unapplied, events: Sequence[InboxEvent], *, alone: bool) -> None:
        """Applies the events of a failed transaction in halves, then the rest of the batch."""
        due = failed.due
        if len(due) == 1:
            await self._bury(due[0], failed.__cause__)
        else:
            middle = len(due) // 2
            await self.apply(due[:middle], alone=True)
            await self.apply(due[middle:], alone=True)
        ids = {event.event_id for event in due}
        await self.apply([event for event in events if event.event_id not in ids], alone=alone)

    async def _bury(self, event: InboxEvent, error: BaseException | None) -> None:
        _dead.labels(self._inbox.source).inc()
        _log.error("dead_letter", source=event.source, kind=event.kind, reason=type(error).__name__)
        await self._until_done(lambda: self._store_letter(event, _reason(error)))

    async def _store_letter(self, event: InboxEvent, reason: str) -> None:
        async with self._pool.acquire() as connection:
            await self._inbox.bury(connection, event, reason)

    async def _until_done(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Repeats an attempt while PostgreSQL is away or an own file was changed meanwhile."""
        while True:
            try:
                return await attempt()
            except Retry:
                _log.info("inbox_retry", source=self._inbox.source)
            except Exception as error:
                if not is_away(error):
                    raise
                _log.warning("inbox_away", source=self._inbox.source, reason=type(error).__name__)
                await asyncio.sleep(self._tuning.away_pause)


def _reason(error: BaseException | None) -> str:
    """The error without its values, which may name persons: its class, and the constraint when there is one."""
    constraint = getattr(error, "constraint_name", None)
    return f"{type(error).__name__}{f' ({constraint})' if constraint else ''}"
