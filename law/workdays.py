"""Working days of the office, and their counting. (行政许可法 82; 全国年节及纪念日放假办法; holiday notices)

Three layers, the upper holding over the lower: the week (Monday to Friday worked), the statutory holidays of the
Regulation, the notices. No notice takes a statutory holiday away. A day is provisional while a notice that may still
order it is not published: every day of a year without one, and the last days of December before such a year, since
the next notice may order them. An amendment may change any day; the dates of open cases are then computed anew.
Days before the first notice are refused, since nothing says how they were worked.

Example: no notice of 2027 is published. Friday 1 January 2027 is a holiday (元旦) all the same, and the 4th is the
working day after 31 December 2026. The notice may give rest on the 31st or the 4th: both are provisional until then.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Self

from law import notices
from law.not_allowed import NotAllowed
from law.notices import Notice, NoticeFault, WrongNotice, days_within_reach, statutory_days
from law.notices.statutory import FIRST_DECEMBER_DAY, LAST_YEAR

_DECEMBER = 12
_WEEK, _WORKED = 7, 5
"""Days of a week, and those of Monday to Friday: day numbers are `date.toordinal`, and day 1 was a Monday."""
_ONE_DAY = timedelta(days=1)
_FIRST_STATUTORY_YEAR = 2007
_YEARS_AHEAD = 45
"""Years for which the most rest is computed: longer than any term, of 10,000 days at most."""


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
    """Number of the notice that ordered the day; empty where it follows the week or the Regulation."""
    provisional: bool = False
    """True while a notice that may still order it is not published."""

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
    _widest: "list[Calendar]" = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        _check_row(self.notices)
        own = {notice.year: notice.number for notice in self.notices if not notice.amends}
        ordered: dict[int, Day] = {}
        for notice in self.notices:
            ordered.update(_ordered_days(notice))
        first_day, last_day = date(min(own), 1, 1), date(max(own), 12, 31)
        self._keep("first_day", first_day)
        self._keep("_own", own)
        self._keep("_rank", {notice.number: place for place, notice in enumerate(self.notices)})
        self._keep("_ordered", ordered)
        self._keep("_ordered_on", tuple(sorted(ordered)))
        self._keep("_working", tuple(_working_ordinals(first_day.year, last_day.year, ordered)))
        self._keep("_table_end", last_day.toordinal())

    def day(self, on: date) -> Day:
        """The day as the calendar sees it; raises BeforeFirstNotice."""
        self.require(on)
        if ordered := self._ordered.get(on.toordinal()):
            return ordered
        if holiday := statutory_days(on.year).get(on):
            return Day(on, DayKind.HOLIDAY, holiday, provisional=not self.knows(on, on))
        return Day(on, _kind_by_week(on), provisional=not self.knows(on, on))

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
        return date.fromordinal(_nth_unordered(max(start, self._table_end), beyond))

    def working_days(self, after: date, until: date) -> int:
        """Number of working days after the first day up to and with the second; raises BeforeFirstNotice."""
        self.require(after + _ONE_DAY)
        return max(0, self._working_until(until.toordinal()) - self._working_until(after.toordinal()))

    def require(self, on: date) -> None:
        """That the calendar reaches back to the day; raises BeforeFirstNotice."""
        if on < self.first_day:
            raise BeforeFirstNotice("from", first=self.first_day)

    def knows(self, first: date, last: date) -> bool:
        """True when every notice that may order a day from the first to the last is published."""
        last_year = last.year + ((last.month, last.day) >= (_DECEMBER, FIRST_DECEMBER_DAY))
        return all(year in self._own for year in range(first.year, last_year + 1))

    def rests_on(self, first: date, last: date) -> tuple[str, ...]:
        """Numbers of the notices that decide these days: each year's own, and any that orders one of the days."""
        begin, end = first.toordinal(), last.toordinal()
        within = self._ordered_on[bisect_left(self._ordered_on, begin) : bisect_right(self._ordered_on, end)]
        numbers = {self._ordered[ordinal].notice for ordinal in within}
        numbers.update(self._own[year] for year in range(first.year, last.year + 1) if year in self._own)
        return tuple(sorted(numbers, key=self._rank.__getitem__))

    @property
    def widest(self) -> "Calendar":
        """The same calendar with the most rest that notices still to come can give: a bound for every last day.

        In each year without a notice all days rest that its notice could order off, and none is made up. So no notice
        that is taken later gives a term in working days, or one that is moved off a rest day, a later last day.
        An amendment of a published year is beyond any bound.
        """
        if not self._widest:
            first, last = min(self._own), min(max(self._own) + _YEARS_AHEAD, LAST_YEAR)
            years = [year for year in range(first, last + 1) if year not in self._own]
            off = [Notice.read_back(year, f"{year}", sorted(days_within_reach(year)), ()) for year in years]
            self._widest.append(Calendar(self.version, (*self.notices, *off)))
        return self._widest[0]

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
        return len(self._working) + _unordered_until(ordinal) - _unordered_until(self._table_end)

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
            sentence = f"所修改的通知{notice.amends}不在日历之中，或不是{notice.year}年的安排"
            raise WrongNotice.of(NoticeFault("amends", "amends", sentence))
        if notice.number in years:
            raise WrongNotice.of(NoticeFault("number", "number", f"文号{notice.number}重复"))
        years[notice.number] = notice.year
    whole = [notice.year for notice in row if not notice.amends]
    if len(whole) != len(set(whole)):
        twice = next(year for year in whole if whole.count(year) > 1)
        raise WrongNotice.of(NoticeFault("year", "year", f"{twice}年有两份放假通知"))
    if not whole:
        raise WrongNotice.of(NoticeFault("notices", "notices", "至少要有一个年度的放假通知，现在一份也没有"))


@lru_cache(maxsize=1024)
def _ordered_days(notice: Notice) -> Mapping[int, Day]:
    """The days that a notice orders, by ordinal; without those by which it would take a statutory holiday away."""
    days = []
    for holiday in notice.holidays:
        days += [Day(on, DayKind.HOLIDAY, holiday.name, notice.number) for on in holiday.off]
        days += [Day(on, DayKind.MAKEUP, holiday.name, notice.number) for on in holiday.makeup]
        days += [Day(on, _kind_by_week(on), holiday.name, notice.number) for on in holiday.ordinary]
    lawful = (day for day in days if day.kind is DayKind.HOLIDAY or day.on not in statutory_days(day.on.year))
    return {day.on.toordinal(): day for day in lawful}


def _working_ordinals(first_year: int, last_year: int, ordered: Mapping[int, Day]) -> Iterator[int]:
    by_year: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for ordinal, day in ordered.items():
        by_year[day.on.year][day.works].append(ordinal)
    for year in range(first_year, last_year + 1):
        rested, worked = by_year[year]
        yield from _working_year(year, frozenset(worked), frozenset(rested))


@lru_cache(maxsize=1024)
def _working_year(year: int, worked: frozenset[int], rested: frozenset[int]) -> tuple[int, ...]:
    """Working days of a year with the orders of its notices: the same for every calendar in which they are the same."""
    first, after_last = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    holidays = {day.toordinal() for day in statutory_days(year)} | rested
    weekdays = {ordinal for ordinal in range(first, after_last) if _is_weekday(ordinal)}
    return tuple(sorted(weekdays - holidays | worked))


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


@cache
def _statutory_weekdays() -> tuple[int, ...]:
    """Statutory holidays of every year that fall on Monday to Friday, in order, as far as their dates are known."""
    days = (day.toordinal() for year in range(_FIRST_STATUTORY_YEAR, LAST_YEAR + 1) for day in statutory_days(year))
    return tuple(sorted(filter(_is_weekday, days)))


def _unordered_until(ordinal: int) -> int:
    """Number of working days to the day by week and Regulation alone; only differences of it mean something."""
    return _weekdays_until(ordinal) - bisect_right(_statutory_weekdays(), ordinal)


def _nth_unordered(after: int, count: int) -> int:
    """The `count`-th working day after the day by week and Regulation alone.

    As many weekdays are taken as days are wanted; for each holiday that was passed on the way one more, until none is.
    """
    holidays = _statutory_weekdays()
    passed, found = bisect_right(holidays, after), _nth_weekday(after, count)
    while (more := bisect_right(holidays, found) - passed) > 0:
        passed, found = passed + more, _nth_weekday(found, more)
    return found
