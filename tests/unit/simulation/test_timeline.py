"""Days of a single matter: the office's answer, the closing by its pace, and the collection, within the year."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.term_clock import TermClock, due_on
from law.terms import StatutoryLimit, Unit
from law.two_clocks import TwoClocks
from law.workdays import state_council
from simulation.timeline import (
    DISTRICT_DAYS,
    Course,
    MatterEnding,
    Punctuality,
    Timeline,
    WindowAnswer,
    Year,
    timeline,
)
from tests.support.examples import examples

CALENDAR = state_council()
YEAR = Year.of(CALENDAR, 2016)
MAY, LAW = date(2016, 5, 3), date(2016, 5, 13)
SEEDS = range(40)

courses = st.builds(Course, st.sampled_from(WindowAnswer), st.sampled_from(Punctuality), st.sampled_from(MatterEnding))


def clocks(on: date, days: int, unit: Unit = Unit.WORKING) -> TwoClocks:
    """The clocks of a promise in its unit, within a law that is never the earlier one."""
    return TwoClocks.of(on, StatutoryLimit(days, unit, ""), StatutoryLimit(60, Unit.WORKING, ""))


def drawn(course: Course, days: int = 10, on: date = MAY) -> list[Timeline]:
    """The timelines that forty seeds give, where they fit."""
    lines = [timeline(YEAR, clocks(on, days), course, random.Random(seed)) for seed in SEEDS]
    return [line for line in lines if line is not None]


def promised_last(line: Timeline, answer: WindowAnswer, days: int = 10, unit: Unit = Unit.WORKING) -> date:
    """The promised last day of a matter."""
    starts_on = line.received_on if answer is WindowAnswer.DEEMED else line.supplied_on or line.answered_on
    return due_on(TermClock(starts_on, days, unit), CALENDAR)


def test_a_year_has_its_working_days_in_order() -> None:
    assert len(YEAR.days) == 250
    assert list(YEAR.days) == sorted(set(YEAR.days))
    assert (YEAR.days[0], YEAR.days[-1]) == (date(2016, 1, 4), date(2016, 12, 30))
    assert all(CALENDAR.works(on) for on in YEAR.days)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2016, 5, 3), date(2016, 5, 3), 1),
        (date(2016, 5, 3), date(2016, 5, 6), 4),
        (date(2016, 5, 6), date(2016, 5, 9), 2),
        (date(2016, 5, 7), date(2016, 5, 8), 0),
        (date(2016, 10, 1), date(2016, 10, 9), 2),
        (date(2016, 5, 9), date(2016, 5, 6), 0),
        (date(2015, 1, 1), date(2017, 1, 1), 250),
    ],
)
def test_the_working_days_between_two_days_include_both(first: date, last: date, count: int) -> None:
    between = YEAR.between(first, last)
    assert len(between) == count
    assert all(first <= on <= last for on in between)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2016, 5, 6), date(2016, 5, 6)),
        (date(2016, 5, 7), date(2016, 5, 9)),
        (date(2016, 10, 3), date(2016, 10, 8)),
    ],
)
def test_the_place_of_a_rest_day_is_that_of_the_next_working_day(on: date, found: date) -> None:
    assert YEAR.days[YEAR.place(on)] == found


@pytest.mark.parametrize("answer", [WindowAnswer.AT_ONCE, WindowAnswer.CORRECTED])
@pytest.mark.parametrize("pace", Punctuality)
def test_a_matter_closes_before_on_or_after_its_promised_last_day(pace: Punctuality, answer: WindowAnswer) -> None:
    lines = drawn(Course(answer, pace, MatterEnding.DECISION))
    assert len(lines) == len(SEEDS)
    for line in lines:
        last = promised_last(line, answer)
        assert {
            Punctuality.EARLY: line.closed_on < last,
            Punctuality.LAST_DAY: line.closed_on == last,
            Punctuality.LATE: line.closed_on > last,
        }[pace]


def test_a_late_matter_is_at_most_three_working_days_late() -> None:
    for line in drawn(Course(WindowAnswer.AT_ONCE, Punctuality.LATE, MatterEnding.DECISION)):
        assert CALENDAR.working_days(promised_last(line, WindowAnswer.AT_ONCE), line.closed_on) in (1, 2, 3)


def test_an_answer_at_once_comes_within_two_working_days() -> None:
    lines = drawn(Course(WindowAnswer.AT_ONCE, Punctuality.EARLY, MatterEnding.DECISION))
    waits = {CALENDAR.working_days(line.received_on, line.answered_on) for line in lines}
    assert waits <= {0, 1, 2}
    assert {(line.requested_on, line.supplied_on) for line in lines} == {(None, None)}


def test_a_correction_is_demanded_within_two_days_and_supplied_before_the_answer() -> None:
    for line in drawn(Course(WindowAnswer.CORRECTED, Punctuality.EARLY, MatterEnding.DECISION)):
        assert line.requested_on is not None and line.supplied_on is not None
        assert line.received_on <= line.requested_on < line.supplied_on <= line.answered_on
        assert CALENDAR.working_days(line.received_on, line.requested_on) <= 2
        assert CALENDAR.working_days(line.supplied_on, line.answered_on) <= 1


def test_a_deemed_acceptance_comes_on_the_day_after_the_five_days() -> None:
    for line in drawn(Course(WindowAnswer.DEEMED, Punctuality.EARLY, MatterEnding.DECISION)):
        assert CALENDAR.working_days(line.received_on, line.answered_on) == 6
        assert line.reviewed_on > line.answered_on


def test_a_referral_is_handed_out_on_the_day_it_closes() -> None:
    for line in drawn(Course(WindowAnswer.AT_ONCE, Punctuality.EARLY, MatterEnding.REFERRAL)):
        assert line.collected_on == line.closed_on


def test_a_matter_that_waits_for_the_district_is_collected_after_its_decision() -> None:
    lines = drawn(Course(WindowAnswer.AT_ONCE, Punctuality.EARLY, MatterEnding.DISTRICT_DECISION))
    assert lines
    for line in lines:
        assert CALENDAR.working_days(line.closed_on, line.collected_on) > DISTRICT_DAYS


@pytest.mark.parametrize(
    ("course", "on", "days"),
    [
        pytest.param(
            Course(WindowAnswer.CORRECTED, Punctuality.EARLY, MatterEnding.DECISION),
            date(2016, 12, 30),
            10,
            id="the answer would come next year",
        ),
        pytest.param(
            Course(WindowAnswer.AT_ONCE, Punctuality.LAST_DAY, MatterEnding.DECISION),
            date(2016, 12, 28),
            20,
            id="the last day lies in the next year",
        ),
        pytest.param(
            Course(WindowAnswer.AT_ONCE, Punctuality.EARLY, MatterEnding.DISTRICT_DECISION),
            MAY,
            3,
            id="the district needs longer than the promise",
        ),
        pytest.param(
            Course(WindowAnswer.DEEMED, Punctuality.EARLY, MatterEnding.DECISION),
            MAY,
            3,
            id="the promise ends before time accepts",
        ),
    ],
)
def test_a_matter_that_does_not_fit_has_no_timeline(course: Course, on: date, days: int) -> None:
    assert drawn(course, days, on) == []


@settings(max_examples=examples(200), deadline=None)
@given(
    courses,
    st.dates(date(2016, 1, 4), date(2016, 12, 30)),
    st.integers(1, 30),
    st.sampled_from(Unit),
    st.integers(0, 99),
)
def test_any_matter_acts_on_working_days_in_their_order(
    course: Course, on: date, days: int, unit: Unit, seed: int
) -> None:
    on = YEAR.days[min(YEAR.place(on), len(YEAR.days) - 1)]
    line = timeline(YEAR, clocks(on, days, unit), course, random.Random(seed))
    if line is None:
        return
    acts = [line.requested_on, line.supplied_on, line.answered_on, line.reviewed_on, line.closed_on, line.collected_on]
    acted = [act for act in acts if act is not None]
    assert acted == sorted(acted)
    assert set(acted) <= set(YEAR.days)
    assert line.received_on == on


@pytest.mark.parametrize("pace", [Punctuality.EARLY, Punctuality.LAST_DAY, Punctuality.LATE])
def test_a_matter_is_planned_by_the_law_where_that_ends_earlier(pace: Punctuality) -> None:
    ten_days = StatutoryLimit(10, Unit.CALENDAR, "")  # until Friday the 13th; the promise would end on the 31st
    term = TwoClocks.of(MAY, StatutoryLimit(20, Unit.WORKING, ""), ten_days)
    course = Course(WindowAnswer.DEEMED, pace, MatterEnding.DECISION)
    lines = [timeline(YEAR, term, course, random.Random(seed)) for seed in SEEDS]
    closed = {line.closed_on for line in lines if line is not None}
    assert closed
    for on in closed:
        assert {Punctuality.EARLY: on < LAW, Punctuality.LAST_DAY: on == LAW, Punctuality.LATE: on > LAW}[pace]


@given(courses, st.integers(0, 9))
def test_the_same_seed_gives_the_same_days(course: Course, seed: int) -> None:
    first, second = (timeline(YEAR, clocks(MAY, 15), course, random.Random(seed)) for _ in range(2))
    assert first == second


def test_the_days_of_a_matter_cover_every_answer_and_more_than_one_window_of_time() -> None:
    lines = drawn(Course(WindowAnswer.AT_ONCE, Punctuality.EARLY, MatterEnding.DECISION), days=20)
    assert len({line.closed_on for line in lines}) > 5
    assert max(line.closed_on for line in lines) - min(line.closed_on for line in lines) > timedelta(days=7)
