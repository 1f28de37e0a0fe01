"""Statutory holidays of a year: what every notice of that year must grant. (全国年节及纪念日放假办法 2)

The notice of the State Council arranges days around them; it cannot take one away. The Regulation was amended for
2008, 2014 and 2025, so the days depend on the year.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import TypeVar

Value = TypeVar("Value")
LAST_YEAR = 2100
"""The last year whose lunar festivals are tabulated; of later years the days of the sun alone are known."""
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
    """Each statutory day of a year with the holiday's name, in order; without lunar days where they are not known."""
    return dict(sorted(_days(year)))


def _days(year: int) -> Iterator[tuple[date, str]]:
    yield date(year, 1, 1), "元旦"
    for day in range(1, _in_force(_MAY, year) + 1):
        yield date(year, 5, day), "劳动节"
    for day in (1, 2, 3):
        yield date(year, 10, day), "国庆节"
    if _TRADITIONAL_FROM <= year <= LAST_YEAR:
        yield date(year, 4, _clear_brightness(year)), "清明节"
    yield from _lunar(year)


def _lunar(year: int) -> Iterator[tuple[date, str]]:
    if str(year) not in _festivals():
        return
    spring, dragon_boat, mid_autumn = (date.fromisoformat(f"{year}-{day}") for day in _festivals()[str(year)])
    for step in _in_force(_SPRING, year):
        yield spring + timedelta(days=step), "春节"
    if year >= _TRADITIONAL_FROM:
        yield dragon_boat, "端午节"
        yield mid_autumn, "中秋节"


def _in_force(amendments: Mapping[int, Value], year: int) -> Value:
    return amendments[max((since for since in amendments if since <= year), default=min(amendments))]


def _clear_brightness(year: int) -> int:
    """Day of April on which 清明 falls: 4 or 5 in this century, by the mean tropical year."""
    within = year - 2000
    return int(within * 0.2422 + 4.81) - within // 4


@cache
def _festivals() -> Mapping[str, list[str]]:
    written = resources.files(__package__).joinpath("lunar_festivals.toml").read_text("utf-8")
    return tomllib.loads(written)
