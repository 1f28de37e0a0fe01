"""Calendars after one more notice: the year that changes, the years that do not, and the dates that rest on them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import term_clock
from law.notices import Holiday, Notice, WrongNotice, statutory_days
from law.term_clock import TermClock
from law.workdays import Calendar, DayKind, state_council

CALENDAR = state_council()
NOTICE_2026 = "国办发明电〔2025〕7号"


def days_of(year: int) -> Iterator[date]:
    """Every day of the year."""
    first = date(year, 1, 1)
    return (first + timedelta(days=step) for step in range((date(year + 1, 1, 1) - first).days))


def notice(year: int, *off: date, amends: str = "", number: str = "") -> Notice:
    """A notice that takes weekdays off, whatever the rules of publication say."""
    return Notice(year, number or f"试〔{year - 1}〕1号", (Holiday("试行假", off),), amends, stored=True)


def test_a_calendar_starts_with_new_year_of_its_first_notice() -> None:
    assert CALENDAR.first_day == date(2007, 1, 1)
    assert Calendar("x", (notice(2027),)).first_day == date(2027, 1, 1)
    assert Calendar("x", (notice(2028), notice(2027))).first_day == date(2027, 1, 1)


def test_a_notice_of_an_earlier_year_makes_the_calendar_begin_earlier() -> None:
    earlier = CALENDAR.with_notice(notice(2006), "x")
    assert earlier.first_day == date(2006, 1, 1)
    assert earlier.works(date(2006, 6, 1))


@pytest.mark.parametrize("year", [2007, 2016, 2025, 2026])
def test_a_new_year_leaves_every_day_of_the_other_years_alone(year: int) -> None:
    published = CALENDAR.with_notice(notice(2027, date(2027, 1, 1)), "x")
    for day in days_of(year):
        firm = replace(CALENDAR.day(day), provisional=False)  # the last days of December were still open
        assert published.day(day) == firm, day


def test_an_amendment_changes_the_days_it_names_and_no_other() -> None:
    amended = CALENDAR.with_notice(notice(2026, date(2026, 3, 2), date(2026, 3, 3), amends=NOTICE_2026), "x")
    changed = [day for day in days_of(2026) if amended.day(day) != CALENDAR.day(day)]
    assert changed == [date(2026, 3, 2), date(2026, 3, 3)]
    assert [amended.day(day).kind for day in changed] == [DayKind.HOLIDAY] * 2
    assert [amended.day(day).holiday for day in changed] == ["试行假"] * 2


def test_an_amendment_moves_the_last_days_that_lie_behind_it_and_no_other() -> None:
    amended = CALENDAR.with_notice(notice(2026, date(2026, 3, 4), amends=NOTICE_2026), "x")
    for days, moved in [(2, False), (3, True), (10, True)]:
        term = TermClock(date(2026, 3, 1), days)
        assert (term_clock.due_on(term, amended) != term_clock.due_on(term, CALENDAR)) is moved, days
    assert term_clock.due_on(TermClock(date(2026, 3, 1), 3), amended) == date(2026, 3, 5)


def test_a_moved_date_cites_the_amendment_beside_the_notice_of_the_year() -> None:
    amendment = notice(2026, date(2026, 3, 4), amends=NOTICE_2026)
    due = term_clock.due(TermClock(date(2026, 3, 1), 3), CALENDAR.with_notice(amendment, "x"))
    assert due.notices == (NOTICE_2026, amendment.number)
    assert not due.provisional


def test_a_second_amendment_of_the_same_day_holds_over_the_first() -> None:
    first = notice(2026, date(2026, 3, 4), amends=NOTICE_2026, number="一号")
    back = Notice(2026, "二号", (Holiday("", ordinary=(date(2026, 3, 4),)),), NOTICE_2026, stored=True)
    both = CALENDAR.with_notice(first, "x").with_notice(back, "y")
    assert both.works(date(2026, 3, 4))
    assert both.day(date(2026, 3, 4)).notice == "二号"


def test_a_corrected_amendment_keeps_its_place_before_later_ones() -> None:
    first = notice(2026, date(2026, 3, 4), amends=NOTICE_2026, number="一号")
    back = Notice(2026, "二号", (Holiday("", ordinary=(date(2026, 3, 4),)),), NOTICE_2026, stored=True)
    corrected = notice(2026, date(2026, 3, 4), date(2026, 3, 5), amends=NOTICE_2026, number="一号")
    calendar = CALENDAR.with_notice(first, "x").with_notice(back, "y").with_notice(corrected, "z")
    assert [each.number for each in calendar.notices][-2:] == ["一号", "二号"]
    assert (calendar.works(date(2026, 3, 4)), calendar.works(date(2026, 3, 5))) == (True, False)


def test_an_amendment_of_a_notice_that_is_not_held_is_refused() -> None:
    with pytest.raises(WrongNotice) as refused:
        CALENDAR.with_notice(notice(2026, date(2026, 3, 4), amends="没有的"), "x")
    assert refused.value.field == "amends"
    assert refused.value.sentence == "放假通知内容有误：所修改的通知没有的不在日历之中，或不是2026年的安排。"


def test_an_amendment_of_another_year_is_refused() -> None:
    with pytest.raises(WrongNotice) as refused:
        CALENDAR.with_notice(notice(2025, date(2025, 3, 4), amends=NOTICE_2026), "x")
    assert refused.value.field == "amends"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ((notice(2027), notice(2027, number="二号")), "放假通知内容有误：2027年有两份放假通知。"),
        ((notice(2027), notice(2028, number="试〔2026〕1号")), "放假通知内容有误：文号试〔2026〕1号重复。"),
        ((), "放假通知内容有误：至少要有一个年度的放假通知，现在一份也没有。"),
    ],
)
def test_a_refused_row_of_notices_says_which_rule_it_breaks(row: tuple[Notice, ...], sentence: str) -> None:
    with pytest.raises(WrongNotice) as refused:
        Calendar("x", row)
    assert refused.value.sentence == sentence


def test_only_the_version_and_the_notices_make_two_calendars_equal() -> None:
    again = Calendar(CALENDAR.version, CALENDAR.notices)
    assert again == CALENDAR
    assert again != Calendar("other", CALENDAR.notices)


WEEKDAYS_2027 = [day for day in days_of(2027) if day.weekday() < 5 and day not in statutory_days(2027)]
TAKEN_OFF = st.lists(st.sampled_from(WEEKDAYS_2027), unique=True, max_size=12).map(tuple)


@given(TAKEN_OFF)
def test_each_weekday_taken_off_is_one_working_day_less_in_the_year(off: tuple[date, ...]) -> None:
    year = CALENDAR.with_notice(notice(2027, *off), "x")
    assert year.working_days(date(2026, 12, 31), date(2027, 12, 31)) == len(WEEKDAYS_2027) - len(off)


@given(TAKEN_OFF, st.sampled_from(WEEKDAYS_2027), st.integers(1, 30))
def test_a_day_off_never_makes_a_date_earlier(off: tuple[date, ...], from_on: date, days: int) -> None:
    provisional = term_clock.due_on(TermClock(from_on, days), CALENDAR)
    assert term_clock.due_on(TermClock(from_on, days), CALENDAR.with_notice(notice(2027, *off), "x")) >= provisional


@given(TAKEN_OFF)
def test_publishing_the_same_notice_twice_changes_nothing(off: tuple[date, ...]) -> None:
    once = CALENDAR.with_notice(notice(2027, *off), "x")
    assert once.with_notice(notice(2027, *off), "x") == once


@given(TAKEN_OFF, st.sampled_from(WEEKDAYS_2027))
def test_the_nth_working_day_has_n_working_days_up_to_it(off: tuple[date, ...], after: date) -> None:
    calendar = CALENDAR.with_notice(notice(2027, *off), "x")
    for count in (1, 5, 20, 300):
        found = calendar.nth(after, count)
        assert calendar.works(found)
        assert calendar.working_days(after, found) == count


def test_a_notice_under_the_number_of_another_year_leaves_that_year_alone() -> None:
    """An earlier release published such notices; their facts are still counted by."""
    number = next(each.number for each in CALENDAR.notices if each.year == 2017)
    published = CALENDAR.with_notice(notice(2027, date(2027, 1, 4), number=number), "x")
    assert [published.day(day) for day in days_of(2017)] == [CALENDAR.day(day) for day in days_of(2017)]
    assert not published.works(date(2027, 1, 4))
    again = published.with_notice(notice(2027, number=number), "y")
    assert again.works(date(2027, 1, 4))
    assert len(again.notices) == len(CALENDAR.notices) + 1
