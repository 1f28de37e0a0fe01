"""Due dates of an application: its day at the office, and the days that the law counts from it.

Receipt after the hall's closing or on a rest day counts from its next day of hours (law/hall_hours.py). From that day
the office has five working days to answer (行政许可法 32); from acceptance the limits of the item run, in working days
(行政许可法 82) or in calendar days (民法典 201, 203).

Example: handed in on Wednesday 14 September 2016 at 10:00, before the Mid-Autumn holiday: received on the 14th, to be
answered by Thursday the 22nd; handed in at 18:00: by Friday the 23rd.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from law import hall_hours, term_clock, terms, two_clocks
from law.hall_hours import HallHours
from law.term_clock import Due, TermClock
from law.terms import Unit
from law.two_clocks import TermDates, TwoClocks
from law.workdays import Calendar
from services.intake.domain.catalogue.item import Limit

_MOST_REMEMBERED = 4096
_ALL_DAY = HallHours().or_until(time.max)


class DueDates:
    """Last days of limits by one calendar; each is computed once, since the matters of a day have the same ones."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._computed: dict[tuple[date, int, Unit], Due] = {}
        self._matters: dict[tuple[date, Limit, Limit], TermDates] = {}

    def due(self, from_on: date, days: int, unit: Unit = Unit.WORKING) -> Due:
        """The last of so many days after a day; a matter done on the spot (0 days) is due on the day itself."""
        limit = (from_on, days, unit)
        due = self._computed.get(limit)
        if due is None:
            if len(self._computed) >= _MOST_REMEMBERED:
                self._computed.clear()
            due = term_clock.due(TermClock(from_on, days, unit), self.calendar) if days else Due(from_on, False, ())
            self._computed[limit] = due
        return due

    def of_matter(self, accepted_on: date, promised: Limit, legal: Limit) -> TermDates:
        """The dates of a matter accepted on a day, by both limits; approval computes the same ones."""
        matter = (accepted_on, promised, legal)
        dates = self._matters.get(matter)
        if dates is None:
            if len(self._matters) >= _MOST_REMEMBERED:
                self._matters.clear()
            dates = self._matters[matter] = self._dates(*matter)
        return dates

    def _dates(self, accepted_on: date, promised: Limit, legal: Limit) -> TermDates:
        if not promised.days:
            return two_clocks.dates_on_the_spot(accepted_on, legal.in_law, self.calendar)
        return two_clocks.term_dates(TwoClocks.of(accepted_on, promised.in_law, legal.in_law), self.calendar)


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """A day at the office, from which acts count."""

    on: date
    due_dates: DueDates
    at: time = time.min
    """Time of the day at which the office acts."""
    hours: HallHours = _ALL_DAY
    """Hours of the hall, which say when its day ends."""
    supply_days: int = field(default=30, kw_only=True)
    """Calendar days that a correction notice leaves the applicant."""

    @property
    def received_on(self) -> date:
        """Day from which receipt counts: after closing or on a day without hours, the hall's next day."""
        return hall_hours.received_on(datetime.combine(self.on, self.at), self.hours, self.due_dates.calendar)

    @property
    def calendar_version(self) -> str:
        """Version of the calendar from which every date of this day is computed."""
        return self.due_dates.calendar.version

    def answer_due(self) -> Due:
        """Last of the five days in which the office must answer an application that it receives now. (行政许可法 32)"""
        return self.due_dates.due(self.received_on, terms.ANSWER.days)

    def supply_due(self) -> Due:
        """Last day on which a correction demanded now can be supplied."""
        return self.due_dates.due(self.on, self.supply_days, Unit.CALENDAR)

    @property
    def calendar(self) -> Calendar:
        """Calendar of the day."""
        return self.due_dates.calendar
