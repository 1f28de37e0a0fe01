"""The clock of a term, from the day of an act to the last day. (行政许可法 45, 82; 民法典 201, 203)

Day one is the day after the act. Both days of a pause and all between do not count; overlapping pauses count once.
A term in working days ends on its n-th working day. A term in calendar days ends on its n-th day; when that is a rest
day, on the next working day, and a last day cannot lie inside a pause either. Days of an extension in another unit
follow on the n-th day of the term, before it is moved off a rest day.

Example: an application is accepted on Wednesday 14 September 2016 with a limit of five working days. 15 to
17 September are the Mid-Autumn holiday and Sunday 18 September is worked instead, so the five days are 18,
19, 20, 21 and 22 September, and the last day is Thursday the 22nd. With a pause on the 19th and 20th the
days are 18, 21, 22, 23 and 26 September. Three calendar days from the 14th end on the 17th, a holiday, and
therefore on the 18th.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple, Self

from law.not_allowed import Malformed
from law.terms import StatutoryLimit, Unit
from law.workdays import Calendar

MOST_DAYS = 10_000
"""The longest term that is computed; a longer one is taken for a typing mistake."""
LATEST = date(2200, 12, 31)
"""The latest day that a term may name."""
_ONE_DAY = timedelta(days=1)


class DaysOutOfRange(Malformed):
    """A term has at least one day, and at most 10,000."""

    sentence = "天数应为1至{most}之间的整数。"


class PauseBackwards(Malformed):
    """A pause ends on or after the day on which it begins."""

    sentence = "中止的结束日不能早于开始日。"


class TooFarAhead(Malformed):
    """A term names no day later than the year 2200."""

    sentence = "日期不能晚于{latest}。"


@dataclass(frozen=True, slots=True)
class Pause:
    """A special procedure in which the term stands still, from its first day to its last. (行政许可法 45)"""

    first_on: date
    last_on: date

    def __post_init__(self) -> None:
        if self.last_on < self.first_on:
            raise PauseBackwards("pauses")
        if self.last_on > LATEST:
            raise TooFarAhead("pauses", latest=LATEST)

    def __contains__(self, on: date) -> bool:
        return self.first_on <= on <= self.last_on


@dataclass(frozen=True, slots=True)
class TermClock:
    """Days allowed from the day of an act; the day is taken as it stands, also when it is a rest day."""

    from_on: date
    days: int
    unit: Unit = Unit.WORKING
    pauses: tuple[Pause, ...] = ()
    further_days: int = 0
    """Days of an extension in the other unit, counted after the days of the term."""

    def __post_init__(self) -> None:
        if not 1 <= self.days + self.further_days <= MOST_DAYS or self.days < 1 or self.further_days < 0:
            raise DaysOutOfRange("days", most=MOST_DAYS)
        if self.from_on > LATEST:
            raise TooFarAhead("from", latest=LATEST)

    @classmethod
    def of(cls, limit: StatutoryLimit, from_on: date) -> Self:
        """The term that a limit of the law gives from the day of the act."""
        return cls(from_on, limit.days, limit.unit)

    @property
    def ending_unit(self) -> Unit:
        """The unit of its last day: that of the extension where it has one of its own."""
        if not self.further_days:
            return self.unit
        return Unit.CALENDAR if self.unit is Unit.WORKING else Unit.WORKING

    @property
    def unextended(self) -> Self:
        """The term without the days of an extension in the other unit."""
        return replace(self, further_days=0)

    def extended(self, days: int, unit: Unit | None = None) -> Self:
        """The term with so many days more, in its own unit or in that of the extension. (行政许可法 42)"""
        if unit is None or unit is self.unit:
            return replace(self, days=self.days + days)
        return replace(self, further_days=self.further_days + days)

    def paused(self, pause: Pause) -> Self:
        """The term with one more pause. (行政许可法 45)"""
        return replace(self, pauses=(*self.pauses, pause))


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a term, and what the answer rests on."""

    due_on: date
    provisional: bool
    """True while the notice of a year whose days were counted is not published."""
    notices: tuple[str, ...]
    """Numbers of the notices that decided the days counted."""


class Stretch(NamedTuple):
    """Days in a row on which the clock runs."""

    first: date
    last: date


def due_on(term: TermClock, calendar: Calendar) -> date:
    """The last day of the term; raises BeforeFirstNotice."""
    counted = last_counted(term, calendar)
    return counted if term.ending_unit is Unit.WORKING else _rolled(counted, term, calendar)


def latest_due_on(term: TermClock, calendar: Calendar) -> date:
    """The latest last day that the term can get by notices that are still to come; raises BeforeFirstNotice.

    Until it has passed, an act against somebody who missed a provisional last day would be too early. It is the last
    day itself where every notice is published.
    """
    return due_on(term, calendar.widest)


def due(term: TermClock, calendar: Calendar) -> Due:
    """The last day of the term with what it rests on; raises BeforeFirstNotice."""
    last = due_on(term, calendar)
    decided = tuple(_decided(term, last, calendar))
    cited = dict.fromkeys(number for stretch in decided for number in calendar.rests_on(*stretch))
    return Due(last, not all(calendar.knows(*stretch) for stretch in decided), tuple(cited))


def used(term: TermClock, until: date, calendar: Calendar) -> int:
    """Days of the term used up at the end of a day, in its unit; raises BeforeFirstNotice.

    Do not compare this number with the days allowed: a last calendar day that is a rest day moves to a later day, so it
    can be larger although the term was met. Compare dates with `due_on`.
    """
    return sum(_held(stretch, term.unit, calendar) for stretch in running(term, until))


def last_counted(term: TermClock, calendar: Calendar) -> date:
    """The n-th day that counts, before a last calendar day is moved off a rest day; raises BeforeFirstNotice."""
    calendar.require(term.from_on + _ONE_DAY)
    counted = _nth_running(term, term.from_on, (term.days, term.unit), calendar)
    if term.further_days:
        counted = _nth_running(term, counted, (term.further_days, term.ending_unit), calendar)
    return counted


def _nth_running(term: TermClock, after: date, portion: tuple[int, Unit], calendar: Calendar) -> date:
    """The last of so many days on which the term runs, after a day."""
    left, unit = portion
    for stretch in running(replace(term, from_on=after), date.max):  # the last stretch has no end
        held = _held(stretch, unit, calendar)
        if held >= left:
            break
        left -= held
    before = stretch.first - _ONE_DAY
    return calendar.nth(before, left) if unit is Unit.WORKING else before + timedelta(days=left)


def _decided(term: TermClock, last: date, calendar: Calendar) -> Iterator[Stretch]:
    """The days of the term that a notice can move: those in working days, and a last calendar day with its move."""
    counted = last_counted(term.unextended, calendar)
    if term.unit is Unit.WORKING:
        yield from running(term, counted if term.further_days else last)
    elif term.further_days:
        yield from running(replace(term, from_on=counted), last)
    if term.ending_unit is Unit.CALENDAR:  # only whether its end is a rest day depends on a notice
        yield Stretch(last_counted(term, calendar), last)


def running(term: TermClock, until: date) -> Iterator[Stretch]:
    """The stretches in which the term runs, from day one to the given day, in order; pauses lie between them."""
    first = term.from_on + _ONE_DAY
    for pause in sorted(term.pauses, key=lambda each: each.first_on):
        if pause.first_on > until:
            break
        if first < pause.first_on:
            yield Stretch(first, pause.first_on - _ONE_DAY)
        first = max(first, pause.last_on + _ONE_DAY)
    if first <= until:
        yield Stretch(first, until)


def _held(stretch: Stretch, unit: Unit, calendar: Calendar) -> int:
    if unit is Unit.CALENDAR:
        return (stretch.last - stretch.first).days + 1
    return calendar.working_days(stretch.first - _ONE_DAY, stretch.last)


def _rolled(last: date, term: TermClock, calendar: Calendar) -> date:
    while True:
        last = calendar.nth(last - _ONE_DAY, 1)
        pause = next((each for each in term.pauses if last in each), None)
        if pause is None:
            return last
        last = pause.last_on + _ONE_DAY
