"""The queue of a hall on one day, as its screens show it: no name, no matter, no ticket that could be used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from services.intake.domain.catalogue.item import Line


@dataclass(frozen=True, slots=True)
class NumberOfDay:
    """A number of the day as it stands."""

    number: str
    line: Line
    window: str
    """Window to which it was called; empty while it waits."""
    since: datetime
    """When it was called, or taken while it waits."""
    sequence: int
    """Place of that among everything that was recorded, which a clock that is put back does not change."""


@dataclass(frozen=True, slots=True)
class HallQueue:
    """Numbers of a hall on a day: the first of those that wait, the last of those called, and how many there are."""

    on: date
    waiting: tuple[NumberOfDay, ...]
    called: tuple[NumberOfDay, ...]
    waiting_total: int
    called_total: int


def hall_queue(on: date, numbers: Iterable[NumberOfDay], shown: int) -> HallQueue:
    """The queue with at most `shown` numbers of each kind: first taken first, last called first."""
    recorded = sorted(numbers, key=attrgetter("sequence"))
    waiting = [each for each in recorded if not each.window]
    called = [each for each in reversed(recorded) if each.window]
    return HallQueue(on, tuple(waiting[:shown]), tuple(called[:shown]), len(waiting), len(called))
