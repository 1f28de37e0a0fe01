"""Working days of the office, and their counting. (行政许可法 82; State Council holiday notices)

A year is known from its first to its last day when its own notice is published. Days of a later year count by the
week alone (Monday to Friday worked) and are marked provisional. The last days of December are known with their year;
the next year's notice may still order some of them, as any notice may amend an earlier one, and the dates of open
cases are then computed anew. Days before the first notice are refused, since nothing says how they were worked.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Self

from law import notices
from law.not_allowed import NotAllowed
from law.notices import Notice, WrongNotice

_WEEK, _WORKED = 7, 5
"""Days of a week, and those of Monday to Friday: day numbers are `date.toordinal`, and day 1 was a Monday."""
_ONE_DAY = timedelta(days=1)


class BeforeFirstNotice(NotAllowed):
    """The calendar begins with its first notice; how earlier days were worked is not known to it."""

    sentence = "日历自{first}起，更早的日期不能推算。"


class DayKind(StrEnum):
    """Kinds of days: worked, rest day, holiday, made up."""

    WORKING = "工作日"
    MAKEUP = "调休上班"
    REST = "休息日"
    HOLIDAY = "法定节假日"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar, with the notice that it rests on."""

    on: date
    kind: DayKind
    holiday: str = ""
    """Name of the holiday for which the day was ordered, if any."""
    notice: str = ""
    """Number of the notice that ordered the day; empty where it follows the week."""
    provisional: bool = False
    """True while the notice of its year is not published."""

    @property
    def works(self) -> bool:
        """True for a working day."""
        return self.kind in (DayKind.WORKING, DayKind.MAKEUP)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days by a row of notices, the later holding over the earlier; every stored date names its version."""

    version: str
    notices: tuple[Notice, ...]
    first_day: date = field(init=False, compare=False)
    """The first day it knows: New Year of the first year with a notice."""
    _own: Mapping[int, str] = field(init=False, repr=False, compare=False)
    _rank: Mapping[str, int] = field(init=False, repr=False, compare=False)
    _ordered: Mapping[int, Day] = field(init=False, repr=False, compare=False)
    _ordered_on: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _working: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _table_end: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_row(self.notices)
        own = {notice.year: notice.number for notice in self.notices if not notice.amends}
        ordered = {day.on.toordinal(): day for notice in self.notices for day in _ordered_days(notice)}
        first_day, last_day = date(min(own), 1, 1), date(max(own), 12, 31)
        self._keep("first_day", first_day)
        self._keep("_own", own)
        self._keep("_rank", {notice.number: place for place, notice in enumerate(self.notices)})
        self._keep("_ordered", ordered)
        self._keep("_ordered_on", tuple(sorted(ordered)))
        self._keep("_working", tuple(_working_ordinals(first_day, last_day, ordered)))
        self._keep("_table_end", last_day.toordinal())

    def day(self, on: date) -> Day:
        """The day as the calendar sees it; raises BeforeFirstNotice."""
        self.require(on)
        by_week = Day(on, _kind_by_week(on), provisional=on.year not in self._own)
        return self._ordered.get(on.toordinal(), by_week)

    def works(self, on: date) -> bool:
        """True for a working day, provisionally where its year is not known; raises BeforeFirstNotice."""
        return self.working_days(on - _ONE_DAY, on) == 1

    def nth(self, after: date, count: int) -> date:
        """The `count`-th working day after the day, which itself is never counted; raises BeforeFirstNotice."""
        self.require(after + _ONE_DAY)
        start = after.toordinal()
        index = bisect_right(self._working, start) + count - 1
        if index < len(self._working):
            return date.fromordinal(self._working[index])
        beyond = index - len(self._working) + 1
        return date.fromordinal(_nth_weekday(max(start, self._table_end), beyond))

    def working_days(self, after: date, until: date) -> int:
        """Number of working days after the first day up to and with the second; raises BeforeFirstNotice."""
        self.require(after + _ONE_DAY)
        return max(0, self._working_until(until.toordinal()) - self._working_until(after.toordinal()))

    def require(self, on: date) -> None:
        """That the calendar reaches back to the day; raises BeforeFirstNotice."""
        if on < self.first_day:
            raise BeforeFirstNotice("from", first=self.first_day)

    def knows(self, first: date, last: date) -> bool:
        """True when the notices of all years from the first day to the last are published."""
        return all(year in self._own for year in range(first.year, last.year + 1))

    def rests_on(self, first: date, last: date) -> tuple[str, ...]:
        """Numbers of the notices that decide these days: each year's own, and any that orders one of the days."""
        begin, end = first.toordinal(), last.toordinal()
        within = self._ordered_on[bisect_left(self._ordered_on, begin) : bisect_right(self._ordered_on, end)]
        numbers = {self._ordered[ordinal].notice for ordinal in within}
        numbers.update(self._own[year] for year in range(first.year, last.year + 1) if year in self._own)
        return tuple(sorted(numbers, key=self._rank.__getitem__))

    def with_notice(self, notice: Notice, version: str) -> Self:
        """The calendar after one more publication.

        A notice that orders a whole year replaces that year's, with what amended it; the same number replaces itself.
        A number belongs to one year: a notice that an earlier release published under the number of another year's
        leaves that year alone and is cited with its own year, 国办发明电〔2016〕17号〔2027年〕.
        Raises WrongNotice when it amends a notice that the calendar does not hold.
        """
        row = list(self.notices)
        if any(each.number == notice.number and each.year != notice.year for each in row):
            notice = replace(notice, number=f"{notice.number}（{notice.year}年）")
        replaced = [index for index, each in enumerate(row) if _replaces(notice, each)]
        for index in reversed(replaced):
            del row[index]
        row.insert(min(replaced, default=len(row)), notice)
        numbers = {each.number for each in row}
        return type(self)(version, tuple(each for each in row if each is notice or each.amends in numbers | {""}))

    def _working_until(self, ordinal: int) -> int:
        if ordinal <= self._table_end:
            return bisect_right(self._working, ordinal)
        return len(self._working) + _weekdays_until(ordinal) - _weekdays_until(self._table_end)

    def _keep(self, name: str, found: object) -> None:
        object.__setattr__(self, name, found)  # computed once; the calendar is frozen for everybody else


@cache
def state_council() -> Calendar:
    """The calendar of the notices that come with the product, 2007 to 2026."""
    return Calendar(*notices.state_council())


def _replaces(notice: Notice, earlier: Notice) -> bool:
    both_whole = not notice.amends and not earlier.amends
    return notice.year == earlier.year and (both_whole or notice.number == earlier.number)


def _check_row(row: tuple[Notice, ...]) -> None:
    years: dict[str, int] = {}
    for notice in row:
        if notice.amends and years.get(notice.amends) != notice.year:
            raise WrongNotice("amends", rule="所修改的通知不在日历之中，或不是同一年度的安排")
        if notice.number in years:
            raise WrongNotice("number", rule="文号重复")
        years[notice.number] = notice.year
    whole = [notice.year for notice in row if not notice.amends]
    if len(whole) != len(set(whole)):
        raise WrongNotice("year", rule="同一年度有两份放假通知")
    if not whole:
        raise WrongNotice("notices", rule="至少要有一个年度的放假通知")


def _ordered_days(notice: Notice) -> Iterator[Day]:
    for holiday in notice.holidays:
        yield from (Day(on, DayKind.HOLIDAY, holiday.name, notice.number) for on in holiday.off)
        yield from (Day(on, DayKind.MAKEUP, holiday.name, notice.number) for on in holiday.makeup)
        yield from (Day(on, _kind_by_week(on), holiday.name, notice.number) for on in holiday.ordinary)


def _working_ordinals(first: date, last: date, ordered: Mapping[int, Day]) -> Iterator[int]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = ordered.get(ordinal)
        if day.works if day else _is_weekday(ordinal):
            yield ordinal


def _kind_by_week(on: date) -> DayKind:
    return DayKind.WORKING if _is_weekday(on.toordinal()) else DayKind.REST


def _is_weekday(ordinal: int) -> bool:
    """True for a Monday to Friday."""
    return 1 <= ordinal % _WEEK <= _WORKED


def _weekdays_until(ordinal: int) -> int:
    """Number of Mondays to Fridays from day 1 to the day, both included."""
    weeks, days = divmod(ordinal, _WEEK)
    return weeks * _WORKED + min(days, _WORKED)


def _nth_weekday(after: int, count: int) -> int:
    """The `count`-th Monday to Friday after the day."""
    weeks, days = divmod(_weekdays_until(after) + count - 1, _WORKED)
    return weeks * _WEEK + days + 1
