"""The bare week, Monday to Friday: days of years without a published notice, against the standard library."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.workdays import DayKind, state_council

CALENDAR = state_council()
UNKNOWN = st.dates(date(2027, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("on", "worked"),
    [
        (date(2027, 1, 1), True),  # New Year, a Friday
        (date(2027, 1, 2), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
        (date(2027, 1, 5), True),
        (date(2027, 1, 6), True),
        (date(2027, 1, 7), True),
        (date(2027, 1, 8), True),
        (date(2027, 1, 9), False),
        (date(2027, 10, 1), True),  # 国庆节, but no notice says so yet
    ],
    ids=lambda each: f"{each:%A %d}" if isinstance(each, date) else "",
)
def test_monday_to_friday_are_worked_and_the_weekend_is_not(on: date, worked: bool) -> None:
    assert CALENDAR.works(on) is worked
    day = CALENDAR.day(on)
    assert (day.kind, day.holiday, day.notice) == (DayKind.WORKING if worked else DayKind.REST, "", "")


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
        (date(2028, 2, 25), 3, date(2028, 3, 1)),  # over 29 February
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # from the last day that is known
        (date(2026, 12, 30), 2, date(2027, 1, 1)),  # one day known, one not
    ],
)
def test_the_nth_working_day_after_a_day(after: date, count: int, expected: date) -> None:
    assert CALENDAR.nth(after, count) == expected


@given(UNKNOWN)
def test_a_working_day_is_a_weekday_for_the_standard_library_too(on: date) -> None:
    assert CALENDAR.works(on) is (on.weekday() < 5)
    assert CALENDAR.day(on).provisional


@given(UNKNOWN, st.integers(0, 400))
def test_working_days_between_two_days_are_the_weekdays_between_them(first: date, length: int) -> None:
    days = [first + timedelta(days=step) for step in range(1, length + 1)]
    counted = CALENDAR.working_days(first, first + timedelta(days=length))
    assert counted == sum(day.weekday() < 5 for day in days)


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
