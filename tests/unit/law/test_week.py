"""The bare week on day numbers, held against the dates of the standard library."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import week

ORDINALS = st.integers(1, date.max.toordinal())
FIRST_MONDAY = date(2007, 1, 1)


@pytest.mark.parametrize(
    ("on", "worked"),
    [
        (date(2007, 1, 1), True),
        (date(2007, 1, 2), True),
        (date(2007, 1, 3), True),
        (date(2007, 1, 4), True),
        (date(2007, 1, 5), True),
        (date(2007, 1, 6), False),
        (date(2007, 1, 7), False),
        (date(2007, 1, 8), True),
    ],
    ids=lambda each: f"{each:%A %d}" if isinstance(each, date) else "",
)
def test_monday_to_friday_are_worked_and_the_weekend_is_not(on: date, worked: bool) -> None:
    assert week.is_weekday(on.toordinal()) is worked


def test_the_first_day_of_all_is_a_monday() -> None:
    assert date.fromordinal(1).weekday() == 0
    assert week.weekdays_until(1) == 1
    assert week.weekdays_until(0) == 0


@pytest.mark.parametrize(
    ("days", "count"),
    [(1, 1), (2, 2), (4, 4), (5, 5), (6, 5), (7, 5), (8, 6), (12, 10), (13, 10), (14, 10), (15, 11)],
)
def test_weekdays_are_counted_up_to_and_with_the_day(days: int, count: int) -> None:
    assert week.weekdays_until(days) == count


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
    ],
)
def test_the_nth_weekday_after_a_day(after: date, count: int, expected: date) -> None:
    assert date.fromordinal(week.nth_weekday(after.toordinal(), count)) == expected


@given(ORDINALS)
def test_a_weekday_is_one_for_the_standard_library_too(ordinal: int) -> None:
    assert week.is_weekday(ordinal) is (date.fromordinal(ordinal).weekday() < 5)


@given(st.dates(FIRST_MONDAY, date(2100, 1, 1)), st.integers(0, 400))
def test_the_difference_of_two_counts_is_the_number_of_weekdays_between(first: date, length: int) -> None:
    days = [first + timedelta(days=step) for step in range(1, length + 1)]
    counted = week.weekdays_until(first.toordinal() + length) - week.weekdays_until(first.toordinal())
    assert counted == sum(day.weekday() < 5 for day in days)


@given(st.integers(0, 1_000_000), st.integers(1, 10_000))
def test_up_to_the_nth_weekday_there_are_exactly_n(after: int, count: int) -> None:
    found = week.nth_weekday(after, count)
    assert week.is_weekday(found)
    assert week.weekdays_until(found) - week.weekdays_until(after) == count
