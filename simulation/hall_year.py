"""A hall's year: the catalogue is published, the hall opens on every working day, every matter is played to its end."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb

from chassis.clock import SHANGHAI
from simulation.acts import Hall, Play
from simulation.schedule import Matter, by_day

CONFIGURATOR = "HZQ-001"
"""Who publishes the catalogue for the district."""
AT_ONCE = 32
"""Matters that are played side by side."""
_LONGEST_AFTER = 90
_OPENING = time(9, 0)


class OfficeTime(Protocol):
    """The office clock of the stack."""

    async def settle(self) -> None:
        """Wait until the present day rests."""

    async def advance(self, to: datetime) -> None:
        """Go to `to`, day by day, each to its rest."""

    async def arrive(self, to: datetime) -> None:
        """The same, but without waiting for what that last morning brings."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the year is."""

    day: date
    matters: int
    """Matters that were acted upon so far, counted once for each of their days."""
    of: int


class HallYear:
    """Plays the matters of a schedule through the running services."""

    def __init__(self, hall: Hall, clock: OfficeTime, tell: Callable[[Progress], None]) -> None:
        self._hall = hall
        self._clock = clock
        self._tell = tell
        self._plays: dict[int, Play] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def publish(self, windows: Iterable[catalogue.Window]) -> None:
        """Publish items and windows for the district."""
        desks = self._hall.desks
        for window in windows:
            request = catalogue_pb.PublishWindowRequest(request_id=f"window-{window.code}-1", window=window)
            await desks.call(CONFIGURATOR, desks.catalogue.PublishWindow, request)
        for item in self._hall.items.values():
            publication = catalogue_pb.PublishItemRequest(request_id=f"item-{item.code}-1", item=item)
            await desks.call(CONFIGURATOR, desks.catalogue.PublishItem, publication)
        await self._clock.settle()

    async def play(self, matters: Sequence[Matter], until: date) -> None:
        """Open the hall on each day of the schedule up to `until`, and let that day come to its rest.

        Nobody waits at the door until sweeps and the district's reports of the morning are done: what a matter owes to
        them is acted upon the next day at the earliest.
        """
        agenda = {on: acted for on, acted in by_day(matters).items() if on <= until}
        total, done = sum(map(len, agenda.values())), 0
        for on in sorted(agenda):
            await self._clock.arrive(_opening(on))
            await self._day(on, agenda[on])
            await self._clock.settle()
            done += len(agenda[on])
            self._tell(Progress(on, done, total))
        await self._clock.advance(_opening(until))

    async def play_out(self, until: date, open_at_district: Callable[[], Awaitable[int]]) -> None:
        """Go on after the year until the district has answered everything, at most for a quarter."""
        on = until
        while await open_at_district() and on < until + timedelta(days=_LONGEST_AFTER):
            on += timedelta(days=1)
            await self._clock.advance(_opening(on))

    async def _day(self, on: date, matters: Sequence[Matter]) -> None:
        """Plays the longest errands first, so that the hall is not kept open by one that began last."""
        async with asyncio.TaskGroup() as together:
            for matter in sorted(matters, key=lambda matter: matter.days is None):
                play = self._plays.setdefault(matter.number, Play(self._hall, matter))
                together.create_task(self._turn(play, on))

    async def _turn(self, play: Play, on: date) -> None:
        async with self._gate:
            await play.act(on)


def _opening(on: date) -> datetime:
    return datetime.combine(on, _OPENING, SHANGHAI)
