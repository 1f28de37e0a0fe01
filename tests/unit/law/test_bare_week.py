"""Years without a notice: Monday to Friday but the statutory holidays, by lists of others and a walk day by day."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.workdays import DayKind, state_council

CALENDAR = state_council()
ONE_DAY = timedelta(days=1)
OTHERS = set(holidays.country_holidays("CN", years=range(2027, 2100), observed=False))
"""Holidays by another library, whose lunar days reach to 2099."""
UNKNOWN = st.dates(date(2027, 1, 1), date(2098, 12, 31))


def works(on: date) -> bool:
    """By the week and the other library's list."""
    return on.weekday() < 5 and on not in OTHERS and (on.month, on.day) != (5, 2)


def walked(after: date, count: int) -> date:
    """The `count`-th working day after a day, found one day after the other."""
    day = after
    while count:
        day += ONE_DAY
        count -= works(day)
    return day


@pytest.mark.parametrize(
    ("on", "worked"),
    [
        (date(2027, 1, 1), False),  # New Year, a Friday
        (date(2027, 1, 2), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
        (date(2027, 1, 5), True),
        (date(2027, 1, 6), True),
        (date(2027, 1, 7), True),
        (date(2027, 1, 8), True),
        (date(2027, 1, 9), False),
        (date(2027, 4, 5), False),  # 清明节, a Monday
        (date(2027, 5, 3), True),  # instead of two holidays at the weekend, but no notice says so yet
        (date(2027, 6, 9), False),  # 端午节, a Wednesday
        (date(2027, 9, 15), False),  # 中秋节, a Wednesday
        (date(2027, 10, 1), False),  # 国庆节, a Friday
        (date(2027, 10, 4), True),
    ],
    ids=lambda each: f"{each:%A %d}" if isinstance(each, date) else "",
)
def test_monday_to_friday_are_worked_but_the_statutory_holidays(on: date, worked: bool) -> None:
    assert CALENDAR.works(on) is worked
    day = CALENDAR.day(on)
    rest = DayKind.HOLIDAY if day.holiday else DayKind.REST
    assert (day.kind, day.notice, day.provisional) == (DayKind.WORKING if worked else rest, "", True)


@pytest.mark.parametrize(
    ("after", "count", "expected"),
    [
        (date(2027, 1, 1), 1, date(2027, 1, 4)),  # from a Friday
        (date(2027, 1, 2), 1, date(2027, 1, 4)),  # from a Saturday
        (date(2027, 1, 3), 1, date(2027, 1, 4)),  # from a Sunday
        (date(2027, 1, 4), 1, date(2027, 1, 5)),
        (date(2027, 1, 4), 4, date(2027, 1, 8)),
        (date(2027, 1, 4), 5, date(2027, 1, 11)),
        (date(2027, 1, 4), 20, date(2027, 2, 1)),
        (date(2027, 2, 3), 1, date(2027, 2, 4)),
        (date(2027, 2, 4), 1, date(2027, 2, 9)),  # the eve of 春节 is a Friday, its third day a Monday
        (date(2027, 9, 30), 1, date(2027, 10, 4)),
        (date(2028, 2, 25), 3, date(2028, 3, 1)),  # over 29 February
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # from the last day of the last year with a notice
        (date(2026, 12, 30), 2, date(2027, 1, 4)),  # one day of that year, one of the next
    ],
)
def test_the_nth_working_day_after_a_day(after: date, count: int, expected: date) -> None:
    assert CALENDAR.nth(after, count) == expected


@given(UNKNOWN)
def test_a_day_is_worked_as_the_lists_of_others_have_it(on: date) -> None:
    assert CALENDAR.works(on) is CALENDAR.day(on).works is works(on)
    assert CALENDAR.day(on).provisional


@given(UNKNOWN, st.integers(0, 400))
def test_working_days_between_two_days_are_those_counted_one_by_one(first: date, length: int) -> None:
    days = [first + timedelta(days=step) for step in range(1, length + 1)]
    assert CALENDAR.working_days(first, first + timedelta(days=length)) == sum(works(day) for day in days)


@given(st.one_of(UNKNOWN, st.just(date(2027, 1, 30)), st.just(date(2031, 9, 30))), st.integers(1, 300))
def test_the_nth_working_day_is_the_one_found_by_a_walk(after: date, count: int) -> None:
    assert CALENDAR.nth(after, count) == walked(after, count)


@pytest.mark.parametrize("year", [2150, 2199])
def test_lunar_days_are_rest_days_as_far_as_dates_are_computed(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=step) for step in range(365))
    holidays_of_the_year = {CALENDAR.day(day).holiday for day in days if CALENDAR.day(day).kind is DayKind.HOLIDAY}
    assert {"春节", "清明节", "端午节", "中秋节"} < holidays_of_the_year


@given(st.dates(date(2026, 11, 1), date(2027, 2, 28)), st.dates(date(2026, 11, 1), date(2027, 2, 28)))
def test_counting_over_the_end_of_what_is_known_counts_each_side_once(first: date, last: date) -> None:
    border = date(2026, 12, 31)
    if not first <= border <= last:
        return
    assert CALENDAR.working_days(first, last) == CALENDAR.working_days(first, border) + CALENDAR.working_days(
        border, last
    )


@given(st.dates(date(2026, 6, 1), date(2190, 12, 31)), st.integers(1, 2_000))
def test_up_to_the_nth_working_day_there_are_exactly_n(after: date, count: int) -> None:
    found = CALENDAR.nth(after, count)
    assert CALENDAR.works(found)
    assert CALENDAR.working_days(after, found) == count
