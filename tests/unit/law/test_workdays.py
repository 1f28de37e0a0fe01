"""The calendar: each day of twenty years, the years that are not known yet, and what a new notice changes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import term_clock
from law.notices import Holiday, Notice, WrongNotice, statutory_days
from law.term_clock import TermClock
from law.terms import Unit
from law.workdays import BeforeFirstNotice, Calendar, DayKind, state_council

CALENDAR = state_council()
EVERY_DAY = [date(2007, 1, 1) + timedelta(days=step) for step in range((date(2027, 1, 1) - date(2007, 1, 1)).days)]
NEW_YEAR_2027 = Notice(
    2027,
    "甲〔2026〕1号",
    (Holiday("元旦", (date(2026, 12, 31), date(2027, 1, 1)), (date(2026, 12, 27),)),),
    stored=True,
)


@pytest.mark.parametrize("year", range(2007, 2027))
def test_each_day_of_the_year_agrees_with_an_independent_calendar(year: int) -> None:
    differing = [
        day
        for day in EVERY_DAY
        if day.year == year and CALENDAR.works(day) is not bool(chinese_calendar.is_workday(day))
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("year", "count"),
    {
        2016: 250,
        2017: 249,
        2018: 250,
        2019: 250,
        2020: 249,
        2021: 250,
        2022: 249,
        2023: 249,
        2024: 251,
        2025: 248,
        2026: 248,
    }.items(),
)
def test_a_year_has_so_many_working_days(year: int, count: int) -> None:
    assert CALENDAR.working_days(date(year - 1, 12, 31), date(year, 12, 31)) == count


def test_counting_by_tables_equals_counting_day_by_day() -> None:
    by_day = Counter(day.year for day in EVERY_DAY if CALENDAR.day(day).works)
    by_table = {year: CALENDAR.working_days(date(year - 1, 12, 31), date(year, 12, 31)) for year in range(2007, 2027)}
    assert dict(by_day) == by_table


@pytest.mark.parametrize(
    ("on", "kind", "notice"),
    [
        (date(2016, 2, 6), DayKind.MAKEUP, "国办发明电〔2015〕18号"),
        (date(2016, 2, 8), DayKind.HOLIDAY, "国办发明电〔2015〕18号"),
        (date(2016, 3, 5), DayKind.REST, ""),
        (date(2016, 3, 7), DayKind.WORKING, ""),
        (date(2015, 9, 3), DayKind.HOLIDAY, "国发明电〔2015〕1号"),
        (date(2018, 12, 31), DayKind.HOLIDAY, "国办发明电〔2018〕15号"),
        (date(2020, 2, 1), DayKind.HOLIDAY, "国办发明电〔2020〕1号"),
        (date(2024, 2, 9), DayKind.WORKING, ""),
    ],
)
def test_a_day_stands_on_the_word_of_the_notice_that_ordered_it_last(on: date, kind: DayKind, notice: str) -> None:
    day = CALENDAR.day(on)
    assert (day.kind, day.notice, day.provisional) == (kind, notice, False)


def test_a_year_without_a_notice_follows_the_regulation_and_the_week_and_says_so() -> None:
    new_year, monday = CALENDAR.day(date(2027, 1, 1)), CALENDAR.day(date(2027, 1, 4))
    assert (new_year.kind, new_year.holiday, new_year.notice) == (DayKind.HOLIDAY, "元旦", "")
    assert (monday.kind, monday.holiday) == (DayKind.WORKING, "")
    assert new_year.provisional and monday.provisional
    assert not CALENDAR.knows(date(2026, 12, 1), date(2027, 1, 1))


@pytest.mark.parametrize(("last", "known"), [(25, True), (26, False), (31, False)])
def test_the_last_days_of_a_year_are_known_with_the_notice_of_the_next_one(last: int, known: bool) -> None:
    assert CALENDAR.knows(date(2026, 12, 1), date(2026, 12, last)) is known
    assert CALENDAR.day(date(2026, 12, last)).provisional is not known


@pytest.mark.parametrize("year", range(2007, 2026))
def test_the_days_of_a_year_between_two_notices_are_certain(year: int) -> None:
    assert CALENDAR.knows(date(year, 1, 1), date(year, 12, 31))
    assert not any(CALENDAR.day(day).provisional for day in EVERY_DAY if day.year == year)


@pytest.mark.parametrize("ask", ["day", "works", "nth", "working_days"])
def test_days_before_the_first_notice_are_refused(ask: str) -> None:
    before = date(2006, 12, 30)
    asked: dict[str, Callable[[], object]] = {
        "day": partial(CALENDAR.day, before),
        "works": partial(CALENDAR.works, before),
        "nth": partial(CALENDAR.nth, before, 1),
        "working_days": partial(CALENDAR.working_days, before, date(2007, 2, 1)),
    }
    with pytest.raises(BeforeFirstNotice) as refused:
        asked[ask]()
    assert (refused.value.field, refused.value.reason) == ("from", "BEFORE_FIRST_NOTICE")
    assert "2007-01-01" in refused.value.sentence


def test_counting_backwards_finds_no_days() -> None:
    assert CALENDAR.working_days(date(2016, 3, 8), date(2016, 3, 1)) == 0


def test_an_answer_rests_on_the_notices_of_its_years_and_on_those_that_order_its_days() -> None:
    assert CALENDAR.rests_on(date(2018, 12, 3), date(2018, 12, 28)) == ("国办发明电〔2017〕12号",)
    assert CALENDAR.rests_on(date(2018, 12, 3), date(2018, 12, 29)) == (
        "国办发明电〔2017〕12号",
        "国办发明电〔2018〕15号",
    )
    assert CALENDAR.rests_on(date(2020, 1, 20), date(2020, 2, 5)) == ("国办发明电〔2019〕16号", "国办发明电〔2020〕1号")
    assert CALENDAR.rests_on(date(2027, 3, 1), date(2027, 3, 5)) == ()


def test_the_notices_of_an_answer_stand_in_the_order_of_the_calendar() -> None:
    first = Notice(2027, "甲〔2026〕1号", (Holiday("", tuple(sorted(statutory_days(2027)))),))
    second = Notice(2028, "乙〔2027〕1号", (Holiday("", tuple(sorted(statutory_days(2028)))),))
    both = CALENDAR.with_notice(first, "one").with_notice(second, "two")
    assert both.rests_on(date(2027, 12, 1), date(2028, 1, 3)) == (first.number, second.number)


def test_a_published_notice_makes_its_year_known_and_may_order_the_december_before() -> None:
    published = CALENDAR.with_notice(NEW_YEAR_2027, "district-2")
    assert published.version == "district-2"
    assert published.knows(date(2026, 1, 1), date(2027, 12, 25))
    assert not published.works(date(2026, 12, 31))
    assert published.works(date(2026, 12, 27))
    assert published.rests_on(date(2026, 12, 21), date(2026, 12, 31))[-1] == NEW_YEAR_2027.number


def test_publishing_leaves_the_calendar_in_force_as_it_was() -> None:
    CALENDAR.with_notice(NEW_YEAR_2027, "district-2")
    assert CALENDAR.works(date(2026, 12, 31))


def test_a_corrected_notice_of_the_same_number_keeps_its_place_and_its_amendments() -> None:
    of_2019 = next(each for each in CALENDAR.notices if each.number == "国办发明电〔2018〕15号")
    longer = replace(of_2019, stored=True, holidays=(*of_2019.holidays, Holiday("街道日", off=(date(2019, 3, 1),))))
    corrected = CALENDAR.with_notice(longer, "corrected")
    assert [each.number for each in corrected.notices] == [each.number for each in CALENDAR.notices]
    assert not corrected.works(date(2019, 3, 1))
    assert not corrected.works(date(2019, 5, 2))


def test_another_notice_for_the_same_year_replaces_it_with_what_amended_it() -> None:
    replaced = CALENDAR.with_notice(Notice(2020, "乙〔2026〕2号", (), stored=True), "district-3")
    assert [each.number for each in replaced.notices if each.year == 2020] == ["乙〔2026〕2号"]
    assert replaced.works(date(2020, 1, 24))
    assert not replaced.works(date(2019, 10, 1))


def test_an_amendment_can_give_days_back_to_the_week() -> None:
    back = Notice(
        2026,
        "丙〔2026〕3号",
        (Holiday("国庆节", ordinary=(date(2026, 10, 7), date(2026, 10, 10))),),
        "国办发明电〔2025〕7号",
    )
    amended = CALENDAR.with_notice(back, "district-4")
    assert amended.works(date(2026, 10, 7))
    assert not amended.works(date(2026, 10, 10))


@pytest.mark.parametrize(
    ("notices", "field"),
    [
        ((), "notices"),
        ((Notice(2027, "丁", (), amends="没有的", stored=True),), "amends"),
        ((Notice(2027, "丁", (), stored=True), Notice(2028, "戊", (), amends="丁", stored=True)), "amends"),
        ((Notice(2027, "丁", (), stored=True), Notice(2028, "丁", (), stored=True)), "number"),
        ((Notice(2027, "丁", (), stored=True), Notice(2027, "戊", (), stored=True)), "year"),
    ],
)
def test_a_row_of_notices_that_contradicts_itself_makes_no_calendar(notices: tuple[Notice, ...], field: str) -> None:
    with pytest.raises(WrongNotice) as refused:
        Calendar("wrong", notices)
    assert refused.value.field == field


def test_a_year_missing_between_two_notices_is_provisional() -> None:
    gap = CALENDAR.with_notice(Notice(2028, "己〔2027〕1号", (), stored=True), "gap")
    assert gap.day(date(2027, 6, 1)).provisional
    assert not gap.day(date(2028, 6, 1)).provisional
    assert gap.nth(date(2026, 12, 31), 254) == date(2027, 12, 31)


def holidays_of(year: int) -> list[tuple[date, date]]:
    """First and last statutory day of each stretch of a year, found by a walk of its own."""
    stretches: list[tuple[date, date]] = []
    for day in statutory_days(year):
        if stretches and day - stretches[-1][1] == timedelta(days=1):
            stretches[-1] = (stretches[-1][0], day)
        else:
            stretches.append((day, day))
    return stretches


@st.composite
def coming_notices(draw: st.DrawFn) -> Notice:
    """Notices of 2027 that the type takes: holidays of at most ten days, some days made up."""
    off: set[date] = set()
    for first, last in holidays_of(2027):
        before = draw(st.integers(0, 9 - (last - first).days))
        after = draw(st.integers(0, 9 - (last - first).days - before))
        off |= {first + timedelta(days=step) for step in range(-before, (last - first).days + after + 1)}
    off = {day for day in off if day >= date(2026, 12, 26)}
    moved = [day for day in off if day.weekday() < 5 and day not in statutory_days(2027)]
    weekend = [
        day
        for step in range(-30, 365)
        if (day := date(2027, 1, 1) + timedelta(days=step)).weekday() > 4
        and day not in off
        and any(abs((day - each).days) <= 21 for each in moved)
        and not any(abs((day - each).days) <= 2 for each in off)
    ]
    makeup = draw(st.lists(st.sampled_from(weekend), unique=True, max_size=min(6, len(moved)))) if weekend else []
    return Notice(2027, "国办发明电〔2026〕9号", (Holiday("", tuple(sorted(off)), tuple(sorted(makeup))),))


@given(
    coming_notices(),
    st.dates(date(2026, 11, 20), date(2027, 11, 30)),
    st.integers(1, 30),
    st.sampled_from(Unit),
)
def test_no_notice_to_come_gives_a_later_last_day_than_the_bound(
    notice: Notice, from_on: date, days: int, unit: Unit
) -> None:
    term = TermClock(from_on, days, unit)
    latest = term_clock.latest_due_on(term, CALENDAR)
    assert term_clock.due_on(term, CALENDAR) <= latest
    assert term_clock.due_on(term, CALENDAR.with_notice(notice, "x")) <= latest


@given(st.dates(date(2026, 11, 20), date(2027, 11, 30)), st.integers(1, 30))
def test_the_bound_is_found_by_a_walk_that_leaves_out_every_day_within_ten_of_a_holiday(after: date, days: int) -> None:
    wide: set[date] = set()
    for first, last in [*holidays_of(2027), *holidays_of(2028)]:
        begin, end = last - timedelta(days=9), first + timedelta(days=9)
        wide |= {begin + timedelta(days=step) for step in range((end - begin).days + 1)}
    day, left = after, days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and (day not in wide or (day.month == 12 and day.day < 26))
    assert term_clock.latest_due_on(TermClock(after, days), CALENDAR) == day


@pytest.mark.parametrize("year", range(2007, 2026))
def test_the_bound_of_a_published_year_is_the_last_day_itself(year: int) -> None:
    for after in (date(year, 2, 1), date(year, 6, 1), date(year, 9, 20), date(year, 12, 1)):
        term = TermClock(after, 20)
        assert term_clock.latest_due_on(term, CALENDAR) == term_clock.due_on(term, CALENDAR)


@pytest.mark.parametrize("notice", [each for each in state_council().notices if not each.amends], ids=lambda n: n.year)
def test_the_bound_held_for_every_year_before_its_notice_came(notice: Notice) -> None:
    """2008 to 2026 as they were: the calendar without the year's notice bounds every term that ran into it."""
    if notice.year == 2007:
        return
    before = Calendar("before", tuple(each for each in CALENDAR.notices if each.year < notice.year))
    for step in range(40):
        term = TermClock(date(notice.year - 1, 11, 20) + timedelta(days=9 * step), 5 + step % 20)
        with_it = before.with_notice(notice, "x")
        assert term_clock.due_on(term, with_it) <= term_clock.latest_due_on(term, before), term
