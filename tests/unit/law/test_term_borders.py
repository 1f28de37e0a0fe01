"""Terms at the borders of years, months and holidays, counted by hand from the notices of the State Council."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from law import term_clock
from law.term_clock import Pause, TermClock
from law.terms import Unit
from law.workdays import state_council

CALENDAR = state_council()
ONE_DAY = timedelta(days=1)

FIRST_OF_THE_YEAR = [  # the first working day of each year, by its notice
    (2008, date(2008, 1, 2)),
    (2009, date(2009, 1, 4)),  # a Sunday worked instead
    (2010, date(2010, 1, 4)),
    (2011, date(2011, 1, 4)),
    (2012, date(2012, 1, 4)),
    (2013, date(2013, 1, 4)),
    (2014, date(2014, 1, 2)),
    (2015, date(2015, 1, 4)),  # a Sunday worked instead
    (2016, date(2016, 1, 4)),
    (2017, date(2017, 1, 3)),
    (2018, date(2018, 1, 2)),
    (2019, date(2019, 1, 2)),
    (2020, date(2020, 1, 2)),
    (2021, date(2021, 1, 4)),
    (2022, date(2022, 1, 4)),
    (2023, date(2023, 1, 3)),
    (2024, date(2024, 1, 2)),
    (2025, date(2025, 1, 2)),
    (2026, date(2026, 1, 4)),  # a Sunday worked instead
]


@pytest.mark.parametrize(("year", "first"), FIRST_OF_THE_YEAR)
def test_a_term_of_one_day_from_new_years_eve_ends_on_the_first_working_day_of_the_year(year: int, first: date) -> None:
    assert term_clock.due_on(TermClock(date(year - 1, 12, 31), 1), CALENDAR) == first


@pytest.mark.parametrize("year", range(2008, 2027))
def test_a_term_over_the_new_year_agrees_with_a_walk_by_an_independent_calendar(year: int) -> None:
    for days in (1, 5, 10, 20):
        day, left = date(year - 1, 12, 15), days
        while left:
            day += ONE_DAY
            left -= bool(chinese_calendar.is_workday(day))
        assert term_clock.due_on(TermClock(date(year - 1, 12, 15), days), CALENDAR) == day


@pytest.mark.parametrize(
    ("accepted", "days", "unit", "last"),
    [
        pytest.param(date(2016, 2, 26), 2, Unit.WORKING, date(2016, 3, 1), id="leap year, 29 February is a Monday"),
        pytest.param(date(2016, 2, 26), 1, Unit.WORKING, date(2016, 2, 29), id="ends on 29 February"),
        pytest.param(date(2017, 2, 27), 1, Unit.WORKING, date(2017, 2, 28), id="no leap year, 28 February is worked"),
        pytest.param(date(2017, 2, 28), 1, Unit.WORKING, date(2017, 3, 1), id="no leap year, the next day is March"),
        pytest.param(date(2020, 2, 28), 1, Unit.WORKING, date(2020, 3, 2), id="29 February 2020 is a Saturday"),
        pytest.param(date(2020, 2, 28), 1, Unit.CALENDAR, date(2020, 3, 2), id="in calendar days it rolls to Monday"),
        pytest.param(date(2024, 2, 28), 1, Unit.CALENDAR, date(2024, 2, 29), id="29 February 2024 is a Thursday"),
        pytest.param(date(2024, 2, 28), 366, Unit.CALENDAR, date(2025, 2, 28), id="366 days over a leap day"),
        pytest.param(date(2023, 2, 28), 365, Unit.CALENDAR, date(2024, 2, 28), id="365 days before a leap day"),
        pytest.param(date(2016, 2, 29), 366, Unit.CALENDAR, date(2017, 3, 1), id="from a leap day, over a year"),
    ],
)
def test_a_leap_day_is_a_day_like_any_other(accepted: date, days: int, unit: Unit, last: date) -> None:
    assert term_clock.due_on(TermClock(accepted, days, unit), CALENDAR) == last


@pytest.mark.parametrize(
    ("ends_on", "last"),
    [
        pytest.param(date(2016, 9, 14), date(2016, 9, 14), id="the Wednesday before 中秋节 stays"),
        pytest.param(
            date(2016, 9, 15), date(2016, 9, 18), id="中秋节 itself rolls over the weekend to a worked Sunday"
        ),
        pytest.param(date(2016, 9, 16), date(2016, 9, 18), id="its second day too"),
        pytest.param(date(2016, 9, 17), date(2016, 9, 18), id="its third day too"),
        pytest.param(date(2016, 9, 18), date(2016, 9, 18), id="the worked Sunday stays"),
        pytest.param(date(2016, 9, 24), date(2016, 9, 26), id="an ordinary Saturday rolls to Monday"),
        pytest.param(date(2016, 9, 25), date(2016, 9, 26), id="an ordinary Sunday rolls to Monday"),
        pytest.param(date(2016, 9, 30), date(2016, 9, 30), id="the day before 国庆节 stays"),
        pytest.param(date(2016, 10, 1), date(2016, 10, 8), id="the first of seven days off rolls to a worked Saturday"),
        pytest.param(date(2016, 10, 7), date(2016, 10, 8), id="the last of seven days off"),
        pytest.param(date(2016, 10, 8), date(2016, 10, 8), id="a worked Saturday stays"),
        pytest.param(date(2016, 10, 9), date(2016, 10, 9), id="a worked Sunday stays"),
        pytest.param(date(2016, 12, 31), date(2017, 1, 3), id="rolls over the new year"),
        pytest.param(date(2020, 1, 31), date(2020, 2, 3), id="春节 as it was prolonged in 2020"),
        pytest.param(date(2020, 2, 1), date(2020, 2, 3), id="a Saturday that the prolongation took back"),
    ],
)
def test_a_last_calendar_day_moves_off_rest_days_only(ends_on: date, last: date) -> None:
    assert term_clock.due_on(TermClock(ends_on - timedelta(days=7), 7, Unit.CALENDAR), CALENDAR) == last


GOLDEN_WEEK = Pause(date(2016, 10, 1), date(2016, 10, 7))


@pytest.mark.parametrize(
    ("pause", "last"),
    [
        pytest.param(GOLDEN_WEEK, date(2016, 10, 11), id="exactly the holiday: nothing is lost"),
        pytest.param(Pause(date(2016, 9, 30), date(2016, 10, 7)), date(2016, 10, 12), id="one working day before"),
        pytest.param(Pause(date(2016, 10, 1), date(2016, 10, 8)), date(2016, 10, 12), id="the worked Saturday after"),
        pytest.param(Pause(date(2016, 9, 30), date(2016, 10, 8)), date(2016, 10, 13), id="one day on either side"),
        pytest.param(Pause(date(2016, 10, 3), date(2016, 10, 3)), date(2016, 10, 11), id="one day inside"),
        pytest.param(Pause(date(2016, 10, 11), date(2016, 10, 11)), date(2016, 10, 12), id="the last day alone"),
        pytest.param(Pause(date(2016, 10, 12), date(2016, 10, 20)), date(2016, 10, 11), id="from the day after"),
        pytest.param(Pause(date(2016, 9, 1), date(2016, 9, 28)), date(2016, 10, 11), id="up to the day of the act"),
        pytest.param(Pause(date(2016, 9, 1), date(2016, 9, 29)), date(2016, 10, 12), id="up to day one"),
    ],
)
def test_a_pause_at_a_holiday_takes_out_the_working_days_that_it_covers(pause: Pause, last: date) -> None:
    from_on = date(2016, 9, 28)  # a Wednesday: 29, 30 September, 8, 9, 10, 11 October
    assert term_clock.due_on(TermClock(from_on, 5), CALENDAR) == date(2016, 10, 10)
    assert term_clock.due_on(TermClock(from_on, 6), CALENDAR) == date(2016, 10, 11)
    assert term_clock.due_on(TermClock(from_on, 6, pauses=(pause,)), CALENDAR) == last


@pytest.mark.parametrize(
    ("pauses", "days"),
    [
        ((), 5),
        ((Pause(date(2016, 3, 2), date(2016, 3, 2)),), 4),
        ((Pause(date(2016, 3, 2), date(2016, 3, 3)), Pause(date(2016, 3, 3), date(2016, 3, 4))), 2),
        ((Pause(date(2016, 3, 2), date(2016, 3, 3)), Pause(date(2016, 3, 4), date(2016, 3, 4))), 2),
        ((Pause(date(2016, 3, 2), date(2016, 3, 8)), Pause(date(2016, 3, 3), date(2016, 3, 4))), 0),
        ((Pause(date(2016, 3, 8), date(2016, 3, 8)),), 4),
        ((Pause(date(2016, 3, 9), date(2016, 3, 9)),), 5),
        ((Pause(date(2016, 3, 5), date(2016, 3, 6)),), 5),
    ],
    ids=[
        "none",
        "day one",
        "two that touch in a day",
        "two side by side",
        "one inside another",
        "last",
        "next",
        "weekend",
    ],
)
def test_days_used_up_by_a_day_leave_out_each_paused_day_once(pauses: tuple[Pause, ...], days: int) -> None:
    assert term_clock.used(TermClock(date(2016, 3, 1), 20, pauses=pauses), date(2016, 3, 8), CALENDAR) == days


@pytest.mark.parametrize("until", [date(2016, 2, 1), date(2016, 2, 29), date(2016, 3, 1)])
@pytest.mark.parametrize("unit", Unit)
def test_nothing_is_used_up_before_day_one(unit: Unit, until: date) -> None:
    assert term_clock.used(TermClock(date(2016, 3, 1), 20, unit), until, CALENDAR) == 0


def test_the_stretches_in_which_a_term_runs_lie_between_its_pauses() -> None:
    term = TermClock(
        date(2016, 3, 1),
        20,
        pauses=(Pause(date(2016, 3, 15), date(2016, 3, 16)), Pause(date(2016, 3, 4), date(2016, 3, 8))),
    )
    assert list(term_clock.running(term, date(2016, 3, 20))) == [
        (date(2016, 3, 2), date(2016, 3, 3)),
        (date(2016, 3, 9), date(2016, 3, 14)),
        (date(2016, 3, 17), date(2016, 3, 20)),
    ]
    assert list(term_clock.running(term, date(2016, 3, 16)))[-1] == (date(2016, 3, 9), date(2016, 3, 14))
    assert list(term_clock.running(term, date(2016, 3, 1))) == []
