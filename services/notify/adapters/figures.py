"""How much is still to come, as Prometheus sees it: counted by whoever works on the queue."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from prometheus_client import Gauge

from chassis.clock import Clock
from chassis.postgres.database import Pool
from services.notify.adapters.queries import query

_rows = Gauge("onewindow_notify_queue_rows", "Messages and documents that are still to come.", ["queue"])
_oldest = Gauge(
    "onewindow_message_queue_oldest_seconds", "Seconds by the office clock for which the oldest message is due."
)
_COUNT_SECONDS = 1.0
"""Seconds between two counts at least: a count reads every row that waits, and a rung loop looks far more often."""


class Queues:
    """Counts the queues when there is nothing to work on."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._count_from = time.monotonic()

    def counted(self, work: Callable[[], Awaitable[int]]) -> Callable[[], Awaitable[int]]:
        """The same work; when there was none the queues are counted."""

        async def worked() -> int:
            done = await work()
            if not done and time.monotonic() >= self._count_from:
                await self._count()
                self._count_from = time.monotonic() + _COUNT_SECONDS
            return done

        return worked

    def forget(self) -> None:
        """Show nothing any more: the queues are the next leader's to tell."""
        _rows.clear()
        _oldest.set(0.0)

    async def _count(self) -> None:
        row = await self._pool.fetchrow(query("queue"))
        assert row is not None  # counts are one row
        for queue in ("notices", "documents", "set_aside"):
            _rows.labels(queue).set(row[queue])
        oldest: datetime | None = row["oldest"]
        _oldest.set(max(0.0, (self._clock.now() - oldest).total_seconds()) if oldest else 0.0)
