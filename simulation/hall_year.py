"""A hall's year: the catalogue is published, the hall opens on every working day, every matter is played to its end."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb

from chassis.clock import SHANGHAI
from simulation.acts import MatterPlay, SimulatedHall
from simulation.schedule import PlannedMatter, by_day

CONFIGURATOR = "HZQ-001"
"""The member of staff that publishes the catalogue for the district."""
AT_ONCE = 32
"""Matters that are played at the same time."""
_LONGEST_AFTER = 90
_OPENS_AT = time(9, 0)


class OfficeTime(Protocol):
    """The driver of the stack's office clock."""

    async def settle(self) -> None:
        """Waits until the present day is settled."""

    async def advance(self, to: datetime) -> None:
        """Goes to `to`, day by day, each until it is settled."""

    async def arrive(self, to: datetime) -> None:
        """The same, but without waiting for the work of that last morning."""


@dataclass(frozen=True, slots=True)
class YearProgress:
    """Progress of the year."""

    day: date
    matters: int
    """Matters with an act so far, counted once for each of their days."""
    of: int


class HallYear:
    """Plays the matters of a schedule through the running services."""

    def __init__(self, hall: SimulatedHall, clock: OfficeTime, report: Callable[[YearProgress], None]) -> None:
        self._hall = hall
        self._clock = clock
        self._report = report
        self._plays: dict[int, MatterPlay] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def publish(self, windows: Iterable[catalogue.Window], halls: Iterable[catalogue.Hall]) -> None:
        """Publishes streets and destinations, halls with their windows, and items for the district."""
        client, listed = self._hall.client, list(windows)
        for code in sorted({window.street for window in listed}):
            street = catalogue_pb.PublishStreetRequest(
                request_id=f"street-{code}-1", street=catalogue.Street(code=code, name=f"街道{code}")
            )
            await client.call(CONFIGURATOR, client.catalogue.PublishStreet, street)
        departments = {item.refers_to: item.decided_by for item in self._hall.items.values() if item.refers_to}
        for code, name in sorted(departments.items()):
            destination = catalogue_pb.PublishDestinationRequest(
                request_id=f"destination-{code}-1", destination=catalogue.Destination(code=code, name=name)
            )
            await client.call(CONFIGURATOR, client.catalogue.PublishDestination, destination)
        for hall in halls:
            hours = catalogue_pb.PublishHallRequest(request_id=f"hall-{hall.street}-1", hall=hall)
            await client.call(CONFIGURATOR, client.catalogue.PublishHall, hours)
        for window in listed:
            request = catalogue_pb.PublishWindowRequest(request_id=f"window-{window.code}-1", window=window)
            await client.call(CONFIGURATOR, client.catalogue.PublishWindow, request)
        for item in self._hall.items.values():
            publication = catalogue_pb.PublishItemRequest(request_id=f"item-{item.code}-1", item=item)
            await client.call(CONFIGURATOR, client.catalogue.PublishItem, publication)
        await self._clock.settle()

    async def play(self, matters: Sequence[PlannedMatter], until: date) -> None:
        """Opens the hall on each day of the schedule up to `until`, and settles that day.

        The hall does not wait for the sweeps and the district's reports of the morning: a matter that depends on them
        is acted upon the next day at the earliest.
        """
        agenda = {on: due for on, due in by_day(matters).items() if on <= until}
        total, done = sum(map(len, agenda.values())), 0
        for on in sorted(agenda):
            await self._clock.arrive(opens_at(on))
            await self._day(on, agenda[on])
            await self._clock.settle()
            done += len(agenda[on])
            self._report(YearProgress(on, done, total))
        await self._clock.advance(opens_at(until))

    async def play_out(self, until: date, open_at_district: Callable[[], Awaitable[int]]) -> None:
        """Goes on after the year until the district has answered everything, at most for a quarter."""
        on = until
        while await open_at_district() and on < until + timedelta(days=_LONGEST_AFTER):
            on += timedelta(days=1)
            await self._clock.advance(opens_at(on))

    async def _day(self, on: date, matters: Sequence[PlannedMatter]) -> None:
        """Starts the longest visits first, so that the day does not end with one of them alone."""
        async with asyncio.TaskGroup() as together:
            for matter in sorted(matters, key=lambda matter: matter.days is None):
                play = self._plays.setdefault(matter.number, MatterPlay(self._hall, matter))
                together.create_task(self._turn(play, on))

    async def _turn(self, play: MatterPlay, on: date) -> None:
        async with self._gate:
            await play.act(on)


def opens_at(on: date) -> datetime:
    """The instant at which the hall opens on a day."""
    return datetime.combine(on, _OPENS_AT, SHANGHAI)
