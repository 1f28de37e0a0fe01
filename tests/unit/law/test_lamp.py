"""The lamp of a case: when it changes, and what it is on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import term_clock
from law.lamp import Lamp, LampDates, lamp, lamp_dates
from law.term_clock import Pause, TermClock
from law.terms import Unit
from law.workdays import state_council

CALENDAR = state_council()
ACCEPTED = date(2016, 5, 3)
LEGAL = TermClock(ACCEPTED, 20)


@pytest.mark.parametrize(
    ("promised", "warn_on"),
    [
        pytest.param(1, date(2016, 5, 4), id="1 day: on the last day"),
        pytest.param(2, date(2016, 5, 5), id="2 days: on the last day"),
        pytest.param(3, date(2016, 5, 5), id="3 days: 1 left"),
        pytest.param(5, date(2016, 5, 9), id="5 days: 1 left"),
        pytest.param(6, date(2016, 5, 9), id="6 days: 2 left"),
        pytest.param(10, date(2016, 5, 13), id="10 days: 2 left"),
        pytest.param(11, date(2016, 5, 13), id="11 days: 3 left"),
        pytest.param(20, date(2016, 5, 25), id="20 days: 4 left"),
    ],
)
def test_a_warning_comes_with_a_fifth_of_the_promised_days_left(promised: int, warn_on: date) -> None:
    assert lamp_dates(TermClock(ACCEPTED, promised), LEGAL, CALENDAR).warn_on == warn_on


def test_yellow_is_the_day_after_the_promised_last_day_and_red_the_day_after_the_laws() -> None:
    dates = lamp_dates(TermClock(ACCEPTED, 10), LEGAL, CALENDAR)
    assert dates == LampDates(date(2016, 5, 13), date(2016, 5, 18), date(2016, 6, 1))


def test_a_pause_moves_all_three_days() -> None:
    pause = Pause(date(2016, 5, 9), date(2016, 5, 13))
    moved = lamp_dates(TermClock(ACCEPTED, 10).paused(pause), LEGAL.paused(pause), CALENDAR)
    assert moved == LampDates(date(2016, 5, 20), date(2016, 5, 25), date(2016, 6, 8))


def test_a_limit_in_calendar_days_warns_by_the_working_days_left() -> None:
    promised = TermClock(ACCEPTED, 15, Unit.CALENDAR)
    assert term_clock.due_on(promised, CALENDAR) == date(2016, 5, 18)
    assert lamp_dates(promised, LEGAL, CALENDAR).warn_on == date(2016, 5, 13)


def test_a_limit_that_falls_into_a_holiday_warns_no_earlier_than_its_first_working_day() -> None:
    promised = TermClock(date(2016, 9, 30), 5, Unit.CALENDAR)
    assert lamp_dates(promised, TermClock(date(2016, 9, 30), 20), CALENDAR).warn_on == date(2016, 10, 8)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2016, 5, 3), Lamp.NORMAL),
        (date(2016, 5, 12), Lamp.NORMAL),
        (date(2016, 5, 13), Lamp.WARNING),
        (date(2016, 5, 17), Lamp.WARNING),
        (date(2016, 5, 18), Lamp.YELLOW),
        (date(2016, 5, 31), Lamp.YELLOW),
        (date(2016, 6, 1), Lamp.RED),
        (date(2017, 6, 1), Lamp.RED),
    ],
)
def test_the_lamp_is_a_function_of_its_dates_and_today(today: date, expected: Lamp) -> None:
    assert lamp(lamp_dates(TermClock(ACCEPTED, 10), LEGAL, CALENDAR), today) is expected


def test_where_the_promise_is_the_law_itself_the_lamp_goes_from_warning_to_red() -> None:
    dates = lamp_dates(LEGAL, LEGAL, CALENDAR)
    assert [lamp(dates, date(2016, 5, 31)), lamp(dates, date(2016, 6, 1))] == [Lamp.WARNING, Lamp.RED]


def test_the_levels_are_those_of_the_provinces_supervision() -> None:
    assert [int(level) for level in (Lamp.WARNING, Lamp.YELLOW, Lamp.RED)] == [1, 2, 3]


@given(
    st.dates(date(2016, 1, 1), date(2027, 12, 31)),
    st.integers(1, 45),
    st.integers(0, 30),
    st.sampled_from(Unit),
    st.lists(st.tuples(st.integers(-3, 40), st.integers(0, 20)), max_size=2),
)
def test_lamps_change_in_their_order_and_never_before_the_first_day(
    accepted: date, days: int, more: int, unit: Unit, paused: list[tuple[int, int]]
) -> None:
    starts = [(accepted + timedelta(days=start), length) for start, length in paused]
    pauses = tuple(Pause(first, first + timedelta(days=length)) for first, length in starts)
    dates = lamp_dates(
        TermClock(accepted, days, unit, pauses), TermClock(accepted, days + more, unit, pauses), CALENDAR
    )
    assert accepted < dates.warn_on < dates.yellow_on <= dates.red_on
    assert CALENDAR.works(dates.warn_on)
