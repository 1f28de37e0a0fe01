"""Loops that work on the queues, each on one replica, and the sizes of the queues as metrics."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Gauge

from chassis.clock import Clock
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from chassis.refusals import Away
from chassis.settings.tuning import linger
from services.notify.adapters.database import query

_rows = Gauge("onewindow_notify_queue_rows", "Messages and documents that are still to come.", ["queue"])
_oldest = Gauge(
    "onewindow_message_queue_oldest_seconds", "Seconds by the office clock for which the oldest message is due."
)
_not_offered = Gauge(
    "onewindow_decisions_not_offered", "Results that the applicant was not told of by the last of the ten days."
)
_COUNT_SECONDS = 1.0
"""Least seconds between two counts: a count reads every row that waits, and a woken loop looks far more often."""


@dataclass(frozen=True, slots=True)
class QueuePace:
    """Waits of a queue loop, in seconds."""

    poll: float = 0.5
    """Between looks without a wake-up."""
    quiet: float = 0.03
    """Without another wake-up before the queue is looked at."""
    gather: float = 0.25
    """At most while wake-ups follow each other, so that one round takes what several streams brought."""


class QueueLoop:
    """Works on one queue while this replica leads it.

    `lock` is the name of the advisory lock; it never changes, so that two releases never lead at once. `resigned` is
    called when this replica leads no longer.
    """

    def __init__(
        self,
        pool: Pool,
        name: str,
        work: Callable[[], Awaitable[int]],
        clock: Clock,
        pace: QueuePace,
        resigned: Callable[[], object] = lambda: None,
        *,
        lock: str = "",
    ) -> None:
        self._pool = pool
        self._name = name
        self._work = work
        self._clock = clock
        self._pace = pace
        self._resigned = resigned
        self._lock = lock
        self._woken = asyncio.Event()
        self._wakeups = 0

    def wake(self) -> None:
        """New work may be due."""
        self._wakeups += 1
        self._woken.set()

    async def run(self) -> None:
        """Work for ever while leading; the loop that the service supervises."""
        await lead(self._pool, self._name, self._for_ever, lock=self._lock)

    async def _for_ever(self) -> None:
        try:
            while True:
                await self._round()
        finally:
            self._resigned()

    async def _round(self) -> None:
        self._woken.clear()
        try:
            worked = await self._work()
        except Away:  # the database or the store of documents; it comes back
            worked = 0
        if not worked:
            await self._rest()
        if worked or self._woken.is_set():
            await linger(lambda: self._wakeups, self._pace.quiet, self._pace.gather)

    async def _rest(self) -> None:
        """Wait for a wake-up, a move of the office clock, or the next look."""
        waits = [
            asyncio.ensure_future(self._woken.wait()),
            asyncio.ensure_future(self._clock.wait_change(self._pace.poll)),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


class QueueSize:
    """Counts the queues while there is no work, on the replica that leads."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._count_from = time.monotonic()

    def counted(self, work: Callable[[], Awaitable[int]]) -> Callable[[], Awaitable[int]]:
        """The same work, after which the queues are counted when there was none."""

        async def counted_work() -> int:
            done = await work()
            if not done and time.monotonic() >= self._count_from:
                await self._count()
                self._count_from = time.monotonic() + _COUNT_SECONDS
            return done

        return counted_work

    def clear(self) -> None:
        """Show nothing any more: the next leader counts."""
        _rows.clear()
        _oldest.set(0.0)
        _not_offered.set(0)

    async def _count(self) -> None:
        row = await self._pool.fetchrow(query("queue_size"), self._clock.today())
        assert row is not None  # counts are one row
        for queue in ("messages", "documents", "set_aside"):
            _rows.labels(queue).set(row[queue])
        _not_offered.set(row["not_offered"])
        oldest: datetime | None = row["oldest"]
        _oldest.set(max(0.0, (self._clock.now() - oldest).total_seconds()) if oldest else 0.0)
