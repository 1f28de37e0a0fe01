"""Legal dates counted day by day, from another source of holidays than the product's, and by none of its code."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import chinese_calendar

_ONE_DAY = timedelta(days=1)
Pauses = Sequence[tuple[date, date]]
"""First and last day of each pause."""


@cache
def works(on: date) -> bool:
    """True for a working day of the State Council's notices."""
    return bool(chinese_calendar.is_workday(on))


def working(from_on: date, days: int, pauses: Pauses = ()) -> date:
    """The n-th working day after a day, without the days of pauses."""
    on = from_on
    while days:
        on += _ONE_DAY
        if works(on) and not _paused(on, pauses):
            days -= 1
    return on


def counted(from_on: date, days: int, pauses: Pauses = ()) -> date:
    """The n-th calendar day after a day, without the days of pauses."""
    on = from_on
    while days:
        on += _ONE_DAY
        if not _paused(on, pauses):
            days -= 1
    return on


def calendar(from_on: date, days: int, pauses: Pauses = ()) -> date:
    """The n-th calendar day after a day, without the days of pauses; on a rest day, the next working day."""
    on = counted(from_on, days, pauses)
    while not works(on) or _paused(on, pauses):
        on += _ONE_DAY
    return on


def next_working(on: date) -> date:
    """The day itself, or the next one that is worked."""
    while not works(on):
        on += _ONE_DAY
    return on


def term(from_on: date, limit: tuple[int, bool], extended_by: int = 0, pauses: Pauses = ()) -> date:
    """The last day of a limit of so many days, in working days or not, with an extension in working days."""
    days, in_working_days = max(1, limit[0]), limit[1]
    if in_working_days:
        return working(from_on, days + extended_by, pauses)
    return (
        working(counted(from_on, days, pauses), extended_by, pauses) if extended_by else calendar(from_on, days, pauses)
    )


def _paused(on: date, pauses: Pauses) -> bool:
    return any(first <= on <= last for first, last in pauses)
