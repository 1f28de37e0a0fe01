"""Numbers of messages and documents that are still to come, as Prometheus sees them."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from prometheus_client import Gauge

from chassis.clock import Clock
from chassis.postgres.database import Pool
from services.notify.adapters.database import query

_rows = Gauge("onewindow_notify_queue_rows", "Messages and documents that are still to come.", ["queue"])
_oldest = Gauge(
    "onewindow_message_queue_oldest_seconds", "Seconds by the office clock for which the oldest message is due."
)
_COUNT_SECONDS = 1.0
"""Least seconds between two counts: a count reads every row that waits, and a woken loop looks far more often."""


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

    async def _count(self) -> None:
        row = await self._pool.fetchrow(query("queue_size"))
        assert row is not None  # counts are one row
        for queue in ("messages", "documents", "set_aside"):
            _rows.labels(queue).set(row[queue])
        oldest: datetime | None = row["oldest"]
        _oldest.set(max(0.0, (self._clock.now() - oldest).total_seconds()) if oldest else 0.0)
