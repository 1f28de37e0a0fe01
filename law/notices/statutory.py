"""Statutory holidays of a year: rest days below every notice. (全国年节及纪念日放假办法 2)

The notice of the State Council arranges days around them; it cannot take one away, and they are rest days before it
comes. The Regulation was amended for 2008, 2014 and 2025, so the days depend on the year. Lunar days and 清明 are a
table that a library computed (tools/law/lunar_days.py).

Example: 2026 has the 16th to the 19th of February (春节, with the eve). The longest holiday that was ever granted had
ten days, so a notice could have given rest from the 10th to the 25th at most, and never beyond.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import zip_longest
from typing import TypeVar

Value = TypeVar("Value")
LAST_YEAR = 2200
"""The last year whose lunar days are tabulated; of later years the fixed days alone are known."""
LONGEST_HOLIDAY = 10
"""Days in a row of the longest holiday that was ever granted: 春节 of 2020 with its amendment. Notices of a whole year
gave nine at most (2026)."""
FIRST_DECEMBER_DAY = 26
"""A notice may give rest from this day of the December before its year; none has given it before the 30th."""
_DECEMBER = 12
_EVE, _FIRST, _SECOND, _THIRD = -1, 0, 1, 2
"""Days of the Spring Festival, counted from the first day of the first month."""
_SPRING: Mapping[int, tuple[int, ...]] = {
    2007: (_FIRST, _SECOND, _THIRD),
    2008: (_EVE, _FIRST, _SECOND),
    2014: (_FIRST, _SECOND, _THIRD),
    2025: (_EVE, _FIRST, _SECOND, _THIRD),
}
_MAY: Mapping[int, int] = {2007: 3, 2008: 1, 2025: 2}
_TRADITIONAL_FROM = 2008
"""Since then 清明节, 端午节 and 中秋节 are statutory holidays."""


@cache
def statutory_days(year: int) -> Mapping[date, str]:
    """Each statutory day of a year with the holiday's name, in order; lunar days and 清明 up to 2200."""
    return dict(sorted(_days(year)))


@cache
def days_within_reach(year: int) -> frozenset[date]:
    """Every day to which the notice of a year could give rest: as far around a statutory holiday as the longest went.

    A holiday contains its statutory days, so it begins at most nine days before their last and ends at most nine days
    after their first. Days of the December before are within reach from the 26th on.
    """
    reach = timedelta(days=LONGEST_HOLIDAY - 1)
    begin = date(year - 1, _DECEMBER, FIRST_DECEMBER_DAY)
    around = (
        last - reach + timedelta(days=step)
        for first, last in _stretches(tuple(statutory_days(year)))
        for step in range((first - last + 2 * reach).days + 1)
    )
    return frozenset(day for day in around if begin <= day <= date(year, _DECEMBER, 31))


def _stretches(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """First and last day of each stretch of days in a row."""
    first = days[0]
    for day, next_day in zip_longest(days, days[1:]):
        if next_day is None or next_day - day > timedelta(days=1):
            yield first, day
            first = next_day


def _days(year: int) -> Iterator[tuple[date, str]]:
    yield date(year, 1, 1), "元旦"
    for day in range(1, _in_force(_MAY, year) + 1):
        yield date(year, 5, day), "劳动节"
    for day in (1, 2, 3):
        yield date(year, 10, day), "国庆节"
    yield from _lunar(year)


def _lunar(year: int) -> Iterator[tuple[date, str]]:
    if str(year) not in _festivals():
        return
    spring, clear, dragon_boat, mid_autumn = (date.fromisoformat(f"{year}-{day}") for day in _festivals()[str(year)])
    for step in _in_force(_SPRING, year):
        yield spring + timedelta(days=step), "春节"
    if year >= _TRADITIONAL_FROM:
        yield clear, "清明节"
        yield dragon_boat, "端午节"
        yield mid_autumn, "中秋节"


def _in_force(amendments: Mapping[int, Value], year: int) -> Value:
    return amendments[max((since for since in amendments if since <= year), default=min(amendments))]


@cache
def _festivals() -> Mapping[str, list[str]]:
    written = resources.files(__package__).joinpath("lunar_festivals.toml").read_text("utf-8")
    return tomllib.loads(written)
