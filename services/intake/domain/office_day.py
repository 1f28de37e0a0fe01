"""The day on which an act happens, and the days the law counts from it. (行政许可法 32, 42, 82; 民法典 201, 203)"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from law import term_clock, terms
from law.term_clock import Due, Term
from law.terms import Unit
from law.workdays import Calendar
from services.intake.domain.item import Limit

_MOST_REMEMBERED = 4096


class DueDays:
    """Last days of limits by one calendar. On a given day all matters of an item end alike: each is computed once."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._known: dict[tuple[date, int, Unit], Due] = {}

    def due(self, from_on: date, days: int, unit: Unit = Unit.WORKING) -> Due:
        """The last of so many days after a day; what is done on the spot (0 days) is due on the day itself."""
        asked = (from_on, days, unit)
        known = self._known.get(asked)
        if known is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[asked] = self._computed(Term(from_on, days, unit)) if days else Due(from_on, False, ())
        return known

    def _computed(self, term: Term) -> Due:
        return term_clock.due(term, self.calendar)


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """A day at the office, as acts see it."""

    on: date
    dues: DueDays
    after_hours: bool = False
    """Whether the hall has closed for the day."""
    supply_days: int = field(default=30, kw_only=True)
    """Calendar days that a correction notice leaves the applicant."""

    @property
    def received_on(self) -> date:
        """The day from which receipt counts: after closing time or on a rest day, the next working day."""
        calendar = self.dues.calendar
        if self.after_hours:
            return calendar.nth(self.on, 1)
        return calendar.nth(self.on - timedelta(days=1), 1)

    @property
    def calendar_version(self) -> str:
        """The version of the calendar that every date of this day is computed from."""
        return self.dues.calendar.version

    def answer_due(self) -> Due:
        """The last day of the five in which the office must answer what it receives now. (行政许可法 32)"""
        return self.dues.due(self.received_on, terms.ANSWER.days)

    def supply_by(self) -> date:
        """The last day on which a correction demanded now can be supplied."""
        return self.dues.due(self.on, self.supply_days, Unit.CALENDAR).due_on

    def limit_due(self, limit: Limit, accepted_on: date) -> Due:
        """The last day of an item's limit, from the day of acceptance."""
        return self.dues.due(accepted_on, limit.days, limit.counted_in)
