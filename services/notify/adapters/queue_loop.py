"""The loop that works on a queue: one replica, round after round, as soon as work may be due."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chassis.clock import Clock
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from chassis.refusals import Away
from chassis.settings.tuning import linger
from services.notify.settings import NotifySettings


@dataclass(frozen=True, slots=True)
class QueuePace:
    """Waits of a queue loop, in seconds."""

    poll: float = 0.5
    """Between looks without a wake-up."""
    quiet: float = 0.03
    """Without another wake-up before the queue is looked at."""
    gather: float = 0.25
    """At most while wake-ups follow each other, so that one round takes what several streams brought."""


def queue_pace(settings: NotifySettings) -> QueuePace:
    """The waits by the settings."""
    return QueuePace(settings.queue_poll_seconds, settings.queue_quiet_seconds, settings.queue_gather_seconds)


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
