"""Tells the district what it is owed, until it has answered. There is no last attempt.

An obligation is marked before anybody dials; what may have arrived is asked for before it is told again; a refusal
by name is a human's task; a destination that does not answer is left alone but for a probe.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from prometheus_client import Gauge

from chassis.clock import Clock
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from services.approval.adapters.handoff_queue import HandoffQueue, Owed
from services.approval.adapters.obligations import RECEIVE
from services.approval.adapters.package import Papers
from services.approval.adapters.recording import Recording
from services.approval.adapters.telling import Answer, Telling

_waiting = Gauge(
    "onewindow_handoff_obligations", "Obligations the district has not answered.", ["destination", "state"]
)


@dataclass(frozen=True, slots=True)
class SenderSettings:
    """How many at one time, how often; all times in seconds."""

    concurrency: int = 16
    poll: float = 0.5
    together: float = 0.02
    """How long an answer waits for others that are written with it."""
    count: float = 1.0
    """How often the queue is counted at most."""


@dataclass(frozen=True, slots=True)
class Handing:
    """What the sender works with."""

    queue: HandoffQueue
    telling: Telling
    recording: Recording


class Sender:
    """Works on the queue while this replica leads it."""

    def __init__(self, pool: Pool, handing: Handing, clock: Clock, settings: SenderSettings) -> None:
        self._pool = pool
        self._with = handing
        self._clock = clock
        self._settings = settings
        self._rung = asyncio.Event()
        self._counted_at = 0.0

    async def run(self) -> None:
        """Tell for ever while leading; the loop that the service supervises."""
        await lead(self._pool, "handoff", self._tell_for_ever)

    def wake(self) -> None:
        """Something new may be owed."""
        self._rung.set()

    async def round(self) -> int:
        """Tell what is due now, at most as many as may be told at one time; how many there were."""
        self._rung.clear()
        taken = await self._with.queue.take(self._settings.concurrency, self._clock.now())
        packages = [owed for owed in taken if owed.kind == RECEIVE]
        papers = await self._with.telling.packages.read(packages)
        came: asyncio.Queue[Answer] = asyncio.Queue()
        telling = [asyncio.create_task(self._tell(owed, papers.get(owed.leg), came)) for owed in taken]
        try:
            await self._write(came, len(taken))
        finally:
            for each in telling:
                each.cancel()
        return len(taken)

    async def _tell_for_ever(self) -> None:
        try:
            while True:
                told = await self.round()
                await self._count()
                if told < self._settings.concurrency:  # there was no more; what comes now rings
                    await self._rest()
        finally:
            _waiting.clear()  # the queue is the next leader's to tell

    async def _tell(self, owed: Owed, papers: Papers | None, came: asyncio.Queue[Answer]) -> None:
        came.put_nowait(await self._with.telling.tell(owed, papers))

    async def _write(self, came: asyncio.Queue[Answer], left: int) -> None:
        """Answers that come together in one; a slow one holds up no other."""
        while left:
            answers = [await came.get()]
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.together):
                    while len(answers) < left:
                        answers.append(await came.get())
            left -= len(answers)
            await self._with.recording.write(answers, self._clock)

    async def _rest(self) -> None:
        """Until something rings, the office clock moves, or it is time to look."""
        waits = [
            asyncio.ensure_future(self._rung.wait()),
            asyncio.ensure_future(self._clock.wait_change(self._settings.poll)),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _count(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._counted_at + self._settings.count:
            return
        self._counted_at = now
        _waiting.clear()
        for destination, state, obligations in await self._with.queue.lengths():
            _waiting.labels(destination, state).set(obligations)
