"""Queues are worked on by one replica, round after round, as soon as something may be due."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chassis.clock import Clock
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from chassis.refusals import Away
from chassis.settings.tuning import linger


@dataclass(frozen=True, slots=True)
class QueuePace:
    """How fast a queue is worked on, in seconds."""

    poll: float = 0.5
    """Between looks when nothing rang."""
    quiet: float = 0.03
    """Without another ring after which a rung queue is looked at."""
    gather: float = 0.25
    """At most while it is rung again and again, so that one round takes what several streams brought."""


class QueueLoop:
    """Works on one queue while this replica leads it."""

    def __init__(
        self,
        pool: Pool,
        name: str,
        work: Callable[[], Awaitable[int]],
        clock: Clock,
        pace: QueuePace,
        resigned: Callable[[], object] = lambda: None,
    ) -> None:
        self._pool = pool
        self._name = name
        self._work = work
        self._clock = clock
        self._pace = pace
        self._resigned = resigned
        self._rung = asyncio.Event()
        self._rings = 0

    def wake(self) -> None:
        """Something new may be due."""
        self._rings += 1
        self._rung.set()

    async def run(self) -> None:
        """Work for ever while leading; the loop that the service supervises."""
        await lead(self._pool, self._name, self._for_ever)

    async def _for_ever(self) -> None:
        try:
            while True:
                await self._round()
        finally:
            self._resigned()

    async def _round(self) -> None:
        self._rung.clear()
        try:
            worked = await self._work()
        except Away:  # the database, or the store of documents: it comes back
            worked = 0
        if not worked:
            await self._rest()
        if worked or self._rung.is_set():
            await linger(lambda: self._rings, self._pace.quiet, self._pace.gather)

    async def _rest(self) -> None:
        """Until something rings, the office clock moves, or it is time to look."""
        waits = [
            asyncio.ensure_future(self._rung.wait()),
            asyncio.ensure_future(self._clock.wait_change(self._pace.poll)),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
