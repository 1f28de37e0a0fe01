"""The lamp day by day: over a long holiday, with pauses and extensions, and in limits of either unit."""

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
ONE_DAY = timedelta(days=1)
ACCEPTED = date(2016, 9, 23)
"""A Friday before 国庆节: ten working days end on 12 October, twenty on 26 October."""
PROMISED, LEGAL = TermClock(ACCEPTED, 10), TermClock(ACCEPTED, 20)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2016, 9, 23), Lamp.NORMAL),
        (date(2016, 9, 30), Lamp.NORMAL),
        (date(2016, 10, 1), Lamp.NORMAL),
        (date(2016, 10, 7), Lamp.NORMAL),
        (date(2016, 10, 9), Lamp.NORMAL),
        (date(2016, 10, 10), Lamp.WARNING),
        (date(2016, 10, 12), Lamp.WARNING),
        (date(2016, 10, 13), Lamp.YELLOW),
        (date(2016, 10, 15), Lamp.YELLOW),
        (date(2016, 10, 26), Lamp.YELLOW),
        (date(2016, 10, 27), Lamp.RED),
        (date(2017, 10, 27), Lamp.RED),
    ],
)
def test_a_case_over_the_national_holiday_has_the_lamp_of_its_day(on: date, expected: Lamp) -> None:
    assert lamp(lamp_dates(PROMISED, LEGAL, CALENDAR), on) is expected


def test_a_long_holiday_before_the_warning_changes_no_lamp() -> None:
    dates = lamp_dates(PROMISED, LEGAL, CALENDAR)
    holiday = [date(2016, 10, day) for day in range(1, 8)]
    assert {lamp(dates, on) for on in holiday} == {Lamp.NORMAL}


@pytest.mark.parametrize(
    ("days", "left"),
    [(3, 1), (4, 1), (5, 1), (6, 2), (9, 2), (10, 2), (11, 3), (15, 3), (16, 4), (20, 4), (21, 5), (30, 6), (60, 12)],
)
def test_a_fifth_of_the_limit_rounded_up_is_left_when_the_warning_comes(days: int, left: int) -> None:
    promised = TermClock(date(2016, 5, 3), days)
    warn_on = lamp_dates(promised, promised, CALENDAR).warn_on
    assert days - term_clock.used(promised, warn_on, CALENDAR) == left


@pytest.mark.parametrize("days", [1, 2])
@pytest.mark.parametrize("unit", Unit)
def test_a_short_limit_warns_on_its_last_day(days: int, unit: Unit) -> None:
    promised = TermClock(ACCEPTED, days, unit)
    assert lamp_dates(promised, LEGAL, CALENDAR).warn_on == term_clock.due_on(promised, CALENDAR)


@pytest.mark.parametrize(
    ("days", "warn_on"),
    [
        pytest.param(3, date(2016, 9, 26), id="rolls to Monday, which is its first working day as well"),
        pytest.param(7, date(2016, 9, 28), id="ends on 30 September, two working days left"),
        pytest.param(15, date(2016, 9, 28), id="ends on 8 October, a worked Saturday, three working days left"),
        pytest.param(20, date(2016, 10, 9), id="ends on 13 October, four working days left"),
        pytest.param(30, date(2016, 10, 14), id="ends on a Sunday, rolls to 24 October, six working days left"),
    ],
)
def test_a_promise_in_calendar_days_warns_by_the_working_days_left(days: int, warn_on: date) -> None:
    promised = TermClock(ACCEPTED, days, Unit.CALENDAR)
    assert lamp_dates(promised, TermClock(ACCEPTED, 60), CALENDAR).warn_on == warn_on


def test_an_extension_of_the_promise_moves_warning_and_yellow_and_leaves_red() -> None:
    before = lamp_dates(PROMISED, LEGAL, CALENDAR)
    after = lamp_dates(PROMISED.extended(5), LEGAL, CALENDAR)
    assert before == LampDates(date(2016, 10, 10), date(2016, 10, 13), date(2016, 10, 27))
    assert after == LampDates(date(2016, 10, 14), date(2016, 10, 20), date(2016, 10, 27))


@pytest.mark.parametrize(
    ("pause", "yellow_on", "red_on"),
    [
        pytest.param(
            Pause(date(2016, 10, 1), date(2016, 10, 7)), date(2016, 10, 13), date(2016, 10, 27), id="the holiday itself"
        ),
        pytest.param(Pause(date(2016, 9, 26), date(2016, 9, 26)), date(2016, 10, 14), date(2016, 10, 28), id="day one"),
        pytest.param(
            Pause(date(2016, 10, 10), date(2016, 10, 10)), date(2016, 10, 14), date(2016, 10, 28), id="its warning"
        ),
        pytest.param(
            Pause(date(2016, 9, 30), date(2016, 10, 8)), date(2016, 10, 15), date(2016, 10, 29), id="round the holiday"
        ),
        pytest.param(
            Pause(date(2016, 9, 10), date(2016, 9, 23)), date(2016, 10, 13), date(2016, 10, 27), id="before day one"
        ),
    ],
)
def test_a_pause_moves_both_last_days_by_the_working_days_it_takes_out(
    pause: Pause, yellow_on: date, red_on: date
) -> None:
    paused = lamp_dates(PROMISED.paused(pause), LEGAL.paused(pause), CALENDAR)
    assert (paused.yellow_on, paused.red_on) == (yellow_on, red_on)


def test_a_pause_after_the_warning_leaves_the_warning_where_it_was() -> None:
    pause = Pause(date(2016, 10, 11), date(2016, 10, 14))
    paused = lamp_dates(PROMISED.paused(pause), LEGAL.paused(pause), CALENDAR)
    assert paused == LampDates(date(2016, 10, 10), date(2016, 10, 19), date(2016, 11, 2))


@pytest.mark.parametrize(
    ("pause", "warn_on"),
    [
        pytest.param(Pause(date(2016, 9, 30), date(2016, 9, 30)), date(2016, 9, 29), id="absorbed by the holiday"),
        pytest.param(Pause(date(2016, 9, 29), date(2016, 9, 29)), date(2016, 9, 30), id="the warning itself"),
        pytest.param(Pause(date(2016, 9, 24), date(2016, 9, 25)), date(2016, 10, 8), id="a weekend before it"),
        pytest.param(Pause(date(2016, 9, 28), date(2016, 10, 9)), date(2016, 10, 11), id="over the whole holiday"),
    ],
)
def test_a_pause_moves_the_warning_of_calendar_days_by_the_days_it_takes_out_before_it(
    pause: Pause, warn_on: date
) -> None:
    """Eight days from 23 September end on 1 October, so on the 8th; the warning is the sixth, 29 September."""
    promised = TermClock(ACCEPTED, 8, Unit.CALENDAR)
    assert lamp_dates(promised, LEGAL, CALENDAR).warn_on == date(2016, 9, 29)
    assert lamp_dates(promised.paused(pause), LEGAL.paused(pause), CALENDAR).warn_on == warn_on


spans = st.lists(
    st.tuples(st.integers(-3, 50), st.integers(0, 25)).map(
        lambda drawn: Pause(ACCEPTED + timedelta(days=drawn[0]), ACCEPTED + timedelta(days=drawn[0] + drawn[1]))
    ),
    max_size=3,
).map(tuple)
limits = st.tuples(st.integers(1, 45), st.sampled_from(Unit), st.integers(0, 15))


@given(limits, limits, spans, spans, spans.filter(bool))
def test_a_pause_never_makes_a_day_of_the_lamp_earlier(
    promised: tuple[int, Unit, int],
    legal: tuple[int, Unit, int],
    both: tuple[Pause, ...],
    of_law: tuple[Pause, ...],
    more: tuple[Pause, ...],
) -> None:
    clocks = [
        TermClock(ACCEPTED, days, unit, pauses, further)
        for (days, unit, further), pauses in ((promised, both), (legal, both + of_law))
    ]
    before = lamp_dates(clocks[0], clocks[1], CALENDAR)
    for pause in more:
        of_law_alone = lamp_dates(clocks[0], clocks[1].paused(pause), CALENDAR)
        after = lamp_dates(clocks[0].paused(pause), clocks[1].paused(pause), CALENDAR)
        for moved in (of_law_alone, after):
            assert moved.warn_on >= before.warn_on
            assert moved.yellow_on >= before.yellow_on
            assert moved.red_on >= before.red_on
            assert moved.warn_on < moved.yellow_on <= moved.red_on


dates_in_order = st.lists(st.dates(date(2016, 1, 1), date(2017, 12, 31)), min_size=3, max_size=3).map(
    lambda drawn: LampDates(*sorted(drawn))
)


@given(dates_in_order, st.dates(date(2016, 1, 1), date(2018, 12, 31)), st.integers(0, 60))
def test_a_lamp_never_goes_back_as_days_pass(dates: LampDates, on: date, later: int) -> None:
    assert lamp(dates, on) <= lamp(dates, on + timedelta(days=later))


@given(dates_in_order)
def test_each_level_begins_on_its_day_and_not_the_day_before(dates: LampDates) -> None:
    for begins_on, level in ((dates.warn_on, Lamp.WARNING), (dates.yellow_on, Lamp.YELLOW), (dates.red_on, Lamp.RED)):
        assert lamp(dates, begins_on) >= level
        assert lamp(dates, begins_on - ONE_DAY) < level


@given(st.dates(date(2016, 1, 1), date(2026, 6, 30)), st.integers(1, 45), st.integers(0, 20))
def test_a_promise_kept_on_its_last_day_never_showed_yellow(accepted: date, days: int, more: int) -> None:
    promised, legal = TermClock(accepted, days), TermClock(accepted, days + more)
    dates = lamp_dates(promised, legal, CALENDAR)
    last = term_clock.due_on(promised, CALENDAR)
    assert lamp(dates, last) is Lamp.WARNING
    assert lamp(dates, last + ONE_DAY) is (Lamp.RED if more == 0 else Lamp.YELLOW)
