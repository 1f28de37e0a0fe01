"""Periods of reports: 日监测, 周监察, 月通报, 季小结, 年度考核."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from law.not_allowed import Malformed


class PeriodKind(IntEnum):
    """Length of a period; the numbers are those of the contract."""

    DAY = 1
    WEEK = 2
    MONTH = 3
    QUARTER = 4
    YEAR = 5


@dataclass(frozen=True, slots=True)
class Period:
    """Civil days, both included."""

    first: date
    last: date


_FIRST_YEAR, _LAST_YEAR = 2000, 2200
"""Years of periods: the oldest papers that a district may bring in, and the last year of a calendar."""


class NotAPeriod(Malformed):
    """A period is written in the form of its kind and names days that exist, from 2000 to 2200."""

    sentence = "“{period}”不是有效的{kind}，应写作{example}，在2000年至2200年之间。"


def _day(year: int, month: int, day: int) -> Period:
    only = date(year, month, day)
    return Period(only, only)


def _week(year: int, week: int) -> Period:
    monday = date.fromisocalendar(year, week, 1)
    return Period(monday, monday + timedelta(days=6))


def _months(year: int, first: int, last: int) -> Period:
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write a period of one kind, and its days from the numbers in it."""

    name: str
    example: str
    pattern: str
    days: Callable[..., Period]


_FORMS: dict[PeriodKind, _Form] = {
    PeriodKind.DAY: _Form("日期", "2016-03-01", r"(\d{4})-(\d{2})-(\d{2})", _day),
    PeriodKind.WEEK: _Form("周", "2016-W09", r"(\d{4})-W(\d{2})", _week),
    PeriodKind.MONTH: _Form("月份", "2016-03", r"(\d{4})-(\d{2})", lambda year, month: _months(year, month, month)),
    PeriodKind.QUARTER: _Form(
        "季度", "2016-Q1", r"(\d{4})-Q([1-4])", lambda year, quarter: _months(year, 3 * quarter - 2, 3 * quarter)
    ),
    PeriodKind.YEAR: _Form("年份", "2016", r"(\d{4})", lambda year: _months(year, 1, 12)),
}


def read_period(kind: PeriodKind, text: str) -> Period:
    """The period written as 2016-03-01, 2016-W09 (ISO 8601), 2016-03, 2016-Q1 or 2016. Raises NotAPeriod."""
    form = _FORMS[kind]
    parts = re.fullmatch(form.pattern, text)
    try:
        numbers = [int(part) for part in parts.groups()] if parts is not None and text.isascii() else []
        if numbers and _FIRST_YEAR <= numbers[0] <= _LAST_YEAR:
            return form.days(*numbers)
    except (ValueError, OverflowError):
        pass
    raise NotAPeriod("period", period=text, kind=form.name, example=form.example)
