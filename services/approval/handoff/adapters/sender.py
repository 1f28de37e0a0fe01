"""Sender of obligations to the district, until the district has answered. There is no last attempt.

1. A round takes the next due obligations, nearest due date first, and marks them as `sending` before any call.
2. They are delivered at the same time; results that come together are written together by the recorder.
3. Without an answer, the obligation waits for its next attempt. It may have arrived, so it is looked up first then.
4. A refusal by name blocks the obligation until a person settles it.
5. A destination that does not answer is left alone by the circuit breaker, except for one probe at a time.

Example: the process dies after the district took a package and before that was written. The obligation is still marked
as `sending`; the next round takes it as uncertain, finds the case at the district by its key, and records the receipt.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from prometheus_client import Gauge

from chassis.clock import Clock
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from services.approval.handoff.adapters.delivery import DeliveryResult, ObligationDelivery, PackagePapers
from services.approval.handoff.adapters.obligations import RECEIVE
from services.approval.handoff.adapters.queue import DueObligation, HandoffQueue
from services.approval.handoff.adapters.recorder import Recorder

_waiting = Gauge(
    "onewindow_handoff_obligations", "Obligations the district has not answered.", ["destination", "state"]
)


@dataclass(frozen=True, slots=True)
class SenderSettings:
    """Number of deliveries at one time, and intervals in seconds."""

    concurrency: int = 16
    poll: float = 0.5
    batch_wait: float = 0.02
    """Longest wait of a result for others that are written with it."""
    count_interval: float = 1.0
    """Least interval between two counts of the queue."""


class Sender:
    """Works on the queue while this replica leads it."""

    def __init__(
        self,
        pool: Pool,
        queue: HandoffQueue,
        delivery: ObligationDelivery,
        recorder: Recorder,
        clock: Clock,
        settings: SenderSettings,
        wakeup: asyncio.Event,
    ) -> None:
        """`wakeup` is set when new obligations were committed."""
        self._pool = pool
        self._queue = queue
        self._delivery = delivery
        self._recorder = recorder
        self._clock = clock
        self._settings = settings
        self._wakeup = wakeup
        self._counted_at = 0.0

    async def run(self) -> None:
        """Send for ever while leading; the loop that the service supervises."""
        await lead(self._pool, "handoff", self._send_for_ever)

    async def round(self) -> int:
        """Deliver the obligations that are due now, at most as many as fit at one time; their number."""
        self._wakeup.clear()  # before the queue is read: what is stored from now on wakes the next round
        taken = await self._queue.take(self._settings.concurrency, self._clock.now())
        papers = await self._delivery.packages.read([due for due in taken if due.kind == RECEIVE])
        results: asyncio.Queue[DeliveryResult] = asyncio.Queue()
        deliveries = [asyncio.create_task(self._deliver(due, papers.get(due.leg), results)) for due in taken]
        try:
            await self._record(results, len(taken))
        finally:
            for each in deliveries:
                each.cancel()
        return len(taken)

    async def _send_for_ever(self) -> None:
        try:
            while True:
                sent = await self.round()
                await self._count()
                if sent < self._settings.concurrency:  # the queue is empty; new obligations set the wakeup
                    await self._rest()
        finally:
            _waiting.clear()  # from now on the next leader counts

    async def _deliver(
        self, due: DueObligation, papers: PackagePapers | None, results: asyncio.Queue[DeliveryResult]
    ) -> None:
        results.put_nowait(await self._delivery.deliver(due, papers))

    async def _record(self, results: asyncio.Queue[DeliveryResult], remaining: int) -> None:
        """Write results as they come, several in one batch; a slow delivery delays no other."""
        while remaining:
            batch = [await results.get()]
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.batch_wait):
                    while len(batch) < remaining:
                        batch.append(await results.get())
            remaining -= len(batch)
            await self._recorder.write(batch, self._clock)

    async def _rest(self) -> None:
        """Wait for a wakeup, a move of the office clock, or the next poll."""
        waits = [
            asyncio.ensure_future(self._wakeup.wait()),
            asyncio.ensure_future(self._clock.wait_change(self._settings.poll)),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _count(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._counted_at + self._settings.count_interval:
            return
        self._counted_at = now
        _waiting.clear()
        for destination, state, obligations in await self._queue.lengths():
            _waiting.labels(destination, state).set(obligations)
