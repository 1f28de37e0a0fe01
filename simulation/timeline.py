"""The days of one matter: receipt, answer, review, closing, collection, by the working days of the year.

Example: a promise of ten working days, received on Tuesday, answered on the spot, to be kept early. The
promised last day is found by the calendar; the closing is drawn between the answer and the working day
before it, more often near the beginning; the review lies between answer and closing, the collection one to
four working days after the decision. A course that does not fit into the year gives None, and the schedule
draws another matter.
"""

import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from law.two_clocks import TwoClocks, term_dates
from law.workdays import Calendar

DISTRICT_DAYS = 5
"""The district's reference system decides a residence permit within so many working days."""
_ANSWER_DAYS = 5


class WindowAnswer(Enum):
    """Answer of the window."""

    AT_ONCE = auto()
    CORRECTED = auto()
    DEEMED = auto()


class Punctuality(Enum):
    """Closing day of a matter, against its promised limit."""

    EARLY = auto()
    LAST_DAY = auto()
    LATE = auto()


class MatterEnding(Enum):
    """Act with which the street's matter closes."""

    DECISION = auto()
    REFERRAL = auto()
    DISTRICT_DECISION = auto()


@dataclass(frozen=True, slots=True)
class Course:
    """Planned course of one matter."""

    answer: WindowAnswer
    pace: Punctuality
    ending: MatterEnding


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days on which the matter is acted upon, all of them working days."""

    received_on: date
    answered_on: date
    requested_on: date | None
    supplied_on: date | None
    reviewed_on: date
    closed_on: date
    """The day of the decision or the referral."""
    collected_on: date
    """The day on which the applicant comes for the result and rates the service."""


@dataclass(frozen=True, slots=True)
class Year:
    """The working days of a year."""

    calendar: Calendar
    days: tuple[date, ...]
    _places: dict[date, int] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, calendar: Calendar, year: int) -> "Year":
        """The year by that calendar."""
        count = calendar.working_days(date(year - 1, 12, 31), date(year, 12, 31))
        days = tuple(calendar.nth(date(year - 1, 12, 31), nth) for nth in range(1, count + 1))
        return cls(calendar, days)

    def place(self, on: date) -> int:
        """Index of the day among the working days, or of the next one when it is none."""
        return bisect_left(self.days, on)

    def between(self, first: date, last: date) -> Sequence[date]:
        """The working days from the first to the last."""
        return self.days[bisect_left(self.days, first) : bisect_left(self.days, last) + (last in self.days)]


def timeline(year: Year, clocks: TwoClocks, course: Course, draw: random.Random) -> Timeline | None:
    """The days of a matter from its receipt on, with which the term begins; None when it does not fit the year."""
    received_on = clocks.promised.from_on
    received = year.place(received_on)
    requested, supplied, answered = _answer(received, course.answer, draw)
    if answered >= len(year.days):
        return None
    accepted = answered if supplied is None else supplied  # a correction counts from its last paper
    starts_on = received_on if course.answer is WindowAnswer.DEEMED else year.days[accepted]
    due = term_dates(clocks.starting(starts_on), year.calendar).promised_due_on
    closed = _closing(year, answered, due, course, draw)
    reviewable = answered + (course.answer is WindowAnswer.DEEMED)  # the case is opened in the course of that day
    if closed is None or closed < reviewable:
        return None
    decided = closed + (DISTRICT_DAYS if course.ending is MatterEnding.DISTRICT_DECISION else 0)
    collected = min(decided + draw.randint(1, 4), len(year.days) - 1)
    at_once = course.ending is MatterEnding.REFERRAL
    day = year.days.__getitem__
    return Timeline(
        received_on=received_on,
        answered_on=day(answered),
        requested_on=None if requested is None else day(requested),
        supplied_on=None if supplied is None else day(supplied),
        reviewed_on=day(draw.randint(reviewable, closed)),
        closed_on=day(closed),
        collected_on=day(closed if at_once else collected),
    )


def _answer(received: int, answer: WindowAnswer, draw: random.Random) -> tuple[int | None, int | None, int]:
    if answer is WindowAnswer.DEEMED:
        return None, None, received + _ANSWER_DAYS + 1
    if answer is WindowAnswer.AT_ONCE:
        return None, None, received + draw.choices((0, 1, 2), (85, 10, 5))[0]
    requested = received + draw.randint(0, 2)
    supplied = requested + draw.randint(1, 8)
    return requested, supplied, supplied + draw.randint(0, 1)


def _closing(year: Year, answered: int, due: date, course: Course, draw: random.Random) -> int | None:
    last = len(year.days) - 1
    due_place = year.place(due)
    if course.ending is MatterEnding.DISTRICT_DECISION:
        referred = answered + draw.randint(0, 1)
        fits = referred + DISTRICT_DAYS < min(due_place, last)
        return referred if fits else None
    if course.pace is Punctuality.EARLY:
        latest = max(answered, due_place - 1)
        closed = draw.randint(answered, latest - (latest - answered) // 3)
    elif course.pace is Punctuality.LAST_DAY:
        closed = max(due_place, answered)
    else:
        closed = max(due_place, answered) + draw.randint(1, 3)
    return closed if closed <= last and _keeps(year, closed, due, course.pace) else None


def _keeps(year: Year, closed: int, due: date, pace: Punctuality) -> bool:
    on = year.days[closed]
    return {Punctuality.EARLY: on < due, Punctuality.LAST_DAY: on == due, Punctuality.LATE: on > due}[pace]
