"""Recount of the dates of open matters by a later calendar: who has to be looked at, and which dates moved.

The State Council publishes or corrects the holidays of a year; the last days of open matters are then counted anew,
those of closed ones never. (行政许可法 82, 国务院关于全国年节及纪念日放假办法)

A version of a calendar names the shipped notices and, for each year that the district published, the number of its
publications: `state-council-2026+2027.1`. One version supersedes another when it holds every publication of it.

Example: a case stands with the days of `state-council-2026` when 2027 is published, so that 2 January and 4 to
8 February become days of rest. Only a case whose days run into 2027 can move, or lose its 暂定: one that ends
in December 2026 is not looked at.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

from law.workdays import Calendar

_YEAR_SEPARATOR = "+"
_NUMBER_SEPARATOR = "."
_MARGIN_MONTH = 12
"""A notice may order the last days of the December before its year."""


class DateKind(IntEnum):
    """Kind of a date that a recount moves; the numbers are those of the contract."""

    ANSWER = 1  # 答复期限: the last of the five days
    SUPPLY = 2  # 补正期限
    PROMISED = 3  # 承诺期限
    LEGAL = 4  # 法定期限
    WARN = 5  # 预警日
    YELLOW = 6  # 黄牌日
    RED = 7  # 红牌日
    EARLY = 8  # 提前办结日: closing before it is early
    DELIVER = 9  # 送达期限


@dataclass(frozen=True, slots=True)
class MovedDate:
    """One date of a file before and after a recount."""

    kind: DateKind
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class RecountCause:
    """The notices that made a recount necessary, and the calendar from then on."""

    notices: tuple[str, ...]
    calendar_version: str


class Span(NamedTuple):
    """Days from the first to the last that a later calendar counts otherwise, or knows for sure."""

    first: date
    last: date


EVERYTHING = Span(date.min, date.max)
"""The span where the earlier calendar is not known any more."""


def moved_dates(pairs: Iterable[tuple[DateKind, date | None, date | None]]) -> tuple[MovedDate, ...]:
    """The dates that differ before and after; a date that a file does not have moves nowhere."""
    return tuple(
        MovedDate(kind, before, after)
        for kind, before, after in pairs
        if before is not None and after is not None and before != after
    )


def publications(version: str) -> tuple[str, Mapping[int, int]]:
    """The shipped part of a version, and the number of publications of each year that the district published."""
    shipped, *years = version.split(_YEAR_SEPARATOR)
    counted: dict[int, int] = {}
    for each in years:
        year, _, number = each.partition(_NUMBER_SEPARATOR)
        if year.isdecimal() and number.isdecimal():
            counted[int(year)] = int(number)
    return shipped, counted


def supersedes(version: str, earlier: str) -> bool:
    """True for another version that holds every publication of the earlier one.

    False means equal, or that another service has received a notice that this one has not: what was computed by it is
    left alone until it is here. Releases up to 0.2 did not always store a version (empty): what they computed is
    superseded by whatever the district has published since.
    """
    if version == earlier:
        return False
    if not earlier:
        return bool(publications(version)[1])
    (shipped, years), (shipped_before, years_before) = publications(version), publications(earlier)
    return shipped_before <= shipped and all(years.get(year, 0) >= number for year, number in years_before.items())


def published_since(earlier: str, calendar: Calendar) -> tuple[str, ...]:
    """Numbers of the notices that the calendar has beyond an earlier version; none where only shipped ones differ."""
    (_, years), (_, years_before) = publications(calendar.version), publications(earlier)
    since = {year for year, number in years.items() if number > years_before.get(year, 0)}
    return tuple(notice.number for notice in calendar.notices if notice.year in since)


def changed_span(before: Calendar | None, after: Calendar) -> Span | None:
    """The days that the two calendars see differently, also where only 暂定 is gone; None when there are none."""
    if before is None:
        return EVERYTHING
    notices = [{year: _notices_of(calendar, year) for year in _years(calendar)} for calendar in (before, after)]
    first = max(before.first_day, after.first_day)
    changed = [
        day
        for year in sorted(notices[0].keys() | notices[1].keys())
        if notices[0].get(year) != notices[1].get(year)
        for day in _days_of_notice(year, first)
        if _seen(before, day) != _seen(after, day)
    ]
    return Span(min(changed), max(changed)) if changed else None


def _years(calendar: Calendar) -> set[int]:
    return {notice.year for notice in calendar.notices}


def _notices_of(calendar: Calendar, year: int) -> list[object]:
    return [notice for notice in calendar.notices if notice.year == year]


def _days_of_notice(year: int, first: date) -> Iterator[date]:
    """Every day that a notice of the year may order: its own, and those of the December before."""
    day, last = max(first, date(year - 1, _MARGIN_MONTH, 1)), date(year, 12, 31)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _seen(calendar: Calendar, on: date) -> tuple[bool, bool]:
    day = calendar.day(on)
    return day.works, day.provisional
