"""The lamp of a running case (预警, 黄牌, 红牌): a function of three dates and today, never stored or published.

Example: promised until Thursday 22 September, by law until Friday 30 September. The lamp is yellow from the
23rd, the day after the promise, and red from 1 October, the day after the law's last day. The warning
begins earlier, when a fifth of the promised days (at least one) is left.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum

from law import term_clock
from law.term_clock import TermClock
from law.terms import Unit
from law.workdays import Calendar

_SHORT_DAYS = 2
"""A limit of so many days or fewer warns on its last day only."""
_WARNED_PART = 5
"""A warning comes with a fifth of the limit left."""
_ONE_DAY = timedelta(days=1)


class Lamp(IntEnum):
    """Lamp of a running case; the numbers are the levels of the province's supervision."""

    NORMAL = 0  # 正常
    WARNING = 1  # 预警: little is left of the promised limit
    YELLOW = 2  # 黄牌: over the promised limit
    RED = 3  # 红牌: over the limit of the law


@dataclass(frozen=True, slots=True)
class LampDates:
    """The days on which the lamp of a case changes."""

    warn_on: date
    yellow_on: date
    red_on: date


def lamp_dates(promised: TermClock, legal: TermClock, calendar: Calendar) -> LampDates:
    """The days on which the lamp changes, by the two terms with their extensions and pauses; raises BeforeFirstNotice.

    Yellow is the day after the promised last day, red the day after the law's. Where the law's last day is the earlier
    one, it is promised, and the warning counts by the law's days. A pause moves the warning as it moves a last day, by
    the days that it takes out of the term before it, and therefore never to an earlier day.
    """
    promised_due_on, legal_due_on = (term_clock.due_on(term, calendar) for term in (promised, legal))
    promised_due_on = min(promised_due_on, legal_due_on)
    without_pauses = [(term_clock.due_on(replace(term, pauses=()), calendar), term) for term in (promised, legal)]
    last, governing = min(without_pauses, key=lambda each: each[0])  # of equal days the promise governs
    return LampDates(
        warn_on=min(_warn_on(governing, last, calendar), promised_due_on),
        yellow_on=promised_due_on + _ONE_DAY,
        red_on=legal_due_on + _ONE_DAY,
    )


def lamp(dates: LampDates, today: date) -> Lamp:
    """The lamp of a case that is not closed, on a day."""
    if today >= dates.red_on:
        return Lamp.RED
    if today >= dates.yellow_on:
        return Lamp.YELLOW
    return Lamp.WARNING if today >= dates.warn_on else Lamp.NORMAL


def _warn_on(term: TermClock, last: date, calendar: Calendar) -> date:
    """The day of the warning, by the last day that the term has without its pauses.

    Without pauses that is the day with max(1, a fifth of the limit, rounded up) working days left, at the earliest the
    first one. It keeps its place among the days of the term: the ninth of ten stays the ninth that runs.
    """
    days = term.days + term.further_days
    if days <= _SHORT_DAYS:
        return term_clock.due_on(term, calendar)
    in_working = TermClock(term.from_on, days, Unit.WORKING)
    left = -(-days // _WARNED_PART)
    before_warning = term_clock.used(in_working, last, calendar) - left
    warned = term_clock.due_on(replace(in_working, days=max(1, before_warning)), calendar)
    place = term_clock.used(replace(term, pauses=()), warned, calendar)
    return term_clock.due_on(replace(term, days=place, further_days=0), calendar)
