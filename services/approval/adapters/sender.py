"""Tells the district what it is owed, until it has answered. There is no last attempt.

An obligation is marked before anybody dials; what may have arrived is asked for before it is told again; a refusal
by name is a human's task; a destination that does not answer is left alone but for a probe.
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from onewindow.district.v1 import district_service_pb2 as pb
from prometheus_client import Counter, Gauge

from chassis.clock import Clock
from chassis.database import Pool, is_away
from chassis.leader import lead
from services.approval.domain.acknowledge import Acknowledgement
from services.approval.ports import Calendars
from services.approval.usecases.district import Reports, put_on_file

from .district import DistrictSystem, Refused, Unreached
from .handoff_queue import HandoffQueue, Later, Owed
from .heard import OFFICE
from .obligations import RECEIVE
from .package import OpinionMissing, Packages

_log = structlog.get_logger()
_told = Counter("onewindow_handoff_attempts", "Obligations told to the district, by how it ended.", ["outcome"])
_waiting = Gauge(
    "onewindow_handoff_obligations", "Obligations the district has not answered.", ["destination", "state"]
)


@dataclass(frozen=True, slots=True)
class SenderSettings:
    """How many at one time, how often; all times in seconds."""

    concurrency: int = 16
    poll: float = 0.5
    backoff_cap: float = 300.0
    real_retry: float = 2.0


@dataclass(frozen=True, slots=True)
class Handing:
    """What the sender works with."""

    queue: HandoffQueue
    district: DistrictSystem
    packages: Packages
    reports: Reports
    calendars: Calendars


class Sender:
    """Works on the queue while this replica leads it."""

    def __init__(self, pool: Pool, handing: Handing, clock: Clock, settings: SenderSettings) -> None:
        self._pool = pool
        self._with = handing
        self._clock = clock
        self._settings = settings
        self._rung = asyncio.Event()

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
        await asyncio.gather(*(self._tell(owed) for owed in taken))
        return len(taken)

    async def _tell_for_ever(self) -> None:
        while True:
            if not await self.round():
                await self._count()
                await self._rest()

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

    async def _tell(self, owed: Owed) -> None:
        queue = self._with.queue
        try:
            await (self._hand_over(owed) if owed.kind == RECEIVE else self._tell_withdrawal(owed))
            await queue.reached(owed.destination)
            outcome = "told"
        except Refused as error:
            await queue.block(owed, str(error))
            await queue.reached(owed.destination)
            outcome = "blocked"
        except OpinionMissing:
            await queue.block(owed, "街道意见已按规定清除，无法转送。")
            outcome = "blocked"
        except Unreached as error:
            await queue.put_off(owed, self._later(owed), str(error))
            await queue.missed(owed, self._clock.now())
            outcome = "unreached"
        except Exception as error:
            if is_away(error):
                raise
            await queue.put_off(owed, self._later(owed), type(error).__name__)
            outcome = "failed"
            _log.exception("handoff_failed", kind=owed.kind)
        _told.labels(outcome).inc()

    async def _hand_over(self, owed: Owed) -> None:
        known = await self._with.district.known(str(owed.leg.file_id)) if owed.uncertain else None
        told: pb.DistrictCase | pb.ReceiveCaseResponse
        told = known or await self._with.district.receive(await self._with.packages.of(owed))
        try:
            received_on = date.fromisoformat(told.received_on)
        except ValueError as error:
            raise Refused(f"received_on is no date: {told.received_on[:20]}") from error
        receipt = Acknowledgement(told.district_number, received_on)
        calendar = await self._with.calendars.current()
        report = self._with.reports.acknowledged(owed.leg, receipt, calendar)
        await put_on_file(self._with.packages.files, report, OFFICE)
        await self._with.queue.told(owed.leg.file_id, owed.kind, told.district_number)

    async def _tell_withdrawal(self, owed: Owed) -> None:
        key = str(owed.leg.file_id)
        if await self._with.district.known(key) is not None:
            withdrawn_on = owed.told_on.isoformat()
            await self._with.district.withdraw(pb.WithdrawCaseRequest(key=key, case_id=key, withdrawn_on=withdrawn_on))
        await self._with.queue.told(owed.leg.file_id, owed.kind)

    def _later(self, owed: Owed) -> Later:
        """Twice as long each time up to the cap, with full jitter, so that a queue does not come back as one."""
        longest = min(self._settings.backoff_cap, 2.0 ** min(owed.attempts - 1, 30))
        seconds = random.uniform(0, longest)
        office = self._clock.now() + timedelta(seconds=max(seconds, 0.001))
        return Later(office, max(self._settings.real_retry, seconds))

    async def _count(self) -> None:
        _waiting.clear()
        for destination, state, obligations in await self._with.queue.lengths():
            _waiting.labels(destination, state).set(obligations)
