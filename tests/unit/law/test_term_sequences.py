"""Properties of terms that grow, pause and move: the order of the days never turns, and no day counts twice."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from law import term_clock
from law.term_clock import Pause, TermClock
from law.term_proof import Standing, proof
from law.terms import Unit
from law.workdays import state_council
from tests.support.examples import examples

CALENDAR = state_council()
ONE_DAY = timedelta(days=1)

STARTS = st.dates(date(2007, 1, 1), date(2027, 12, 31))
LENGTHS = st.integers(1, 60)
UNITS = st.sampled_from(Unit)


@st.composite
def pauses_after(draw: st.DrawFn, from_on: date) -> tuple[Pause, ...]:
    """Pauses one after the other, as an office orders them, none of them touching another."""
    drawn, day = [], from_on
    for gap, length in draw(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 30)), max_size=4)):
        first = day + timedelta(days=gap)
        day = first + timedelta(days=length)
        drawn.append(Pause(first, day))
    return tuple(drawn)


@st.composite
def paused_terms(draw: st.DrawFn, units: st.SearchStrategy[Unit] = UNITS) -> TermClock:
    """A term with the pauses of an office."""
    from_on = draw(STARTS)
    return TermClock(from_on, draw(LENGTHS), draw(units), draw(pauses_after(from_on)))


WORKING_TERMS = paused_terms(st.just(Unit.WORKING))


@given(paused_terms())
def test_one_day_more_never_ends_earlier(term: TermClock) -> None:
    assert term_clock.due_on(term.extended(1), CALENDAR) >= term_clock.due_on(term, CALENDAR)


@given(WORKING_TERMS)
def test_one_working_day_more_ends_on_the_next_day_that_counts(term: TermClock) -> None:
    last = term_clock.due_on(term, CALENDAR)
    later = term_clock.due_on(term.extended(1), CALENDAR)
    between = [last + timedelta(days=step) for step in range(1, (later - last).days)]
    assert later > last
    assert not [day for day in between if CALENDAR.works(day) and not any(day in pause for pause in term.pauses)]


@given(paused_terms(), st.integers(1, 10), st.integers(1, 10))
def test_two_extensions_end_where_one_of_both_ends(term: TermClock, first: int, second: int) -> None:
    assert term.extended(first).extended(second) == term.extended(first + second)


@given(STARTS, LENGTHS, UNITS)
def test_a_later_act_never_ends_earlier(from_on: date, days: int, unit: Unit) -> None:
    ends = [term_clock.due_on(TermClock(from_on + timedelta(days=step), days, unit), CALENDAR) for step in range(8)]
    assert ends == sorted(ends)


@given(STARTS, LENGTHS, LENGTHS)
def test_a_term_cut_in_two_ends_on_the_same_day(from_on: date, first: int, second: int) -> None:
    middle = term_clock.due_on(TermClock(from_on, first), CALENDAR)
    assert term_clock.due_on(TermClock(middle, second), CALENDAR) == term_clock.due_on(
        TermClock(from_on, first + second), CALENDAR
    )


@given(WORKING_TERMS)
def test_a_pause_moves_the_last_day_by_the_working_days_it_takes_out(term: TermClock) -> None:
    bare = TermClock(term.from_on, term.days)
    last = term_clock.due_on(term, CALENDAR)
    taken_out = sum(
        CALENDAR.working_days(pause.first_on - ONE_DAY, min(pause.last_on, last))
        for pause in term.pauses
        if pause.first_on <= last
    )
    assert term_clock.due_on(bare.extended(taken_out) if taken_out else bare, CALENDAR) == last


@given(STARTS, LENGTHS, UNITS, st.integers(1, 20), st.integers(0, 15), st.integers(0, 15))
def test_two_pauses_side_by_side_count_as_one(
    from_on: date, days: int, unit: Unit, gap: int, first: int, second: int
) -> None:
    begin = from_on + timedelta(days=gap)
    middle = begin + timedelta(days=first)
    end = middle + timedelta(days=second + 1)
    two = TermClock(from_on, days, unit, (Pause(begin, middle), Pause(middle + ONE_DAY, end)))
    one = TermClock(from_on, days, unit, (Pause(begin, end),))
    assert term_clock.due_on(two, CALENDAR) == term_clock.due_on(one, CALENDAR)
    assert term_clock.used(two, end, CALENDAR) == term_clock.used(one, end, CALENDAR)


@given(STARTS, LENGTHS, st.integers(1, 30))
def test_a_pause_of_rest_days_alone_changes_nothing(from_on: date, days: int, gap: int) -> None:
    day = from_on + timedelta(days=gap)
    while CALENDAR.works(day):
        day += ONE_DAY
    term = TermClock(from_on, days)
    assert term_clock.due_on(term.paused(Pause(day, day)), CALENDAR) == term_clock.due_on(term, CALENDAR)


@given(paused_terms(), st.integers(0, 90))
def test_used_days_never_grow_less_and_grow_by_at_most_one_a_day(term: TermClock, step: int) -> None:
    day = term.from_on + timedelta(days=step)
    today, tomorrow = (term_clock.used(term, on, CALENDAR) for on in (day, day + ONE_DAY))
    assert today <= tomorrow <= today + 1


@given(paused_terms())
def test_the_limit_is_used_up_on_the_last_day_that_counts_and_not_before(term: TermClock) -> None:
    counted = term_clock.last_counted(term, CALENDAR)
    assert term_clock.used(term, counted, CALENDAR) == term.days
    assert term_clock.used(term, counted - ONE_DAY, CALENDAR) == term.days - 1


@given(paused_terms())
def test_no_stretch_touches_a_pause_and_together_they_hold_every_other_day(term: TermClock) -> None:
    until = term.from_on + timedelta(days=120)
    days = [
        first + timedelta(days=step)
        for first, last in term_clock.running(term, until)
        for step in range((last - first).days + 1)
    ]
    every = [term.from_on + timedelta(days=step) for step in range(1, 121)]
    assert days == [day for day in every if not any(day in pause for pause in term.pauses)]


@settings(max_examples=examples(40))
@given(paused_terms())
def test_the_proof_marks_exactly_the_paused_days_as_paused(term: TermClock) -> None:
    proven = proof(term, CALENDAR)
    marked = [each.day.on for each in proven if each.standing is Standing.PAUSED]
    assert marked == [each.day.on for each in proven if any(each.day.on in pause for pause in term.pauses)]


@settings(max_examples=examples(40))
@given(WORKING_TERMS)
def test_the_proof_of_a_term_in_working_days_never_rolls(term: TermClock) -> None:
    standings = {each.standing for each in proof(term, CALENDAR)}
    assert standings <= {Standing.COUNTED, Standing.RESTED, Standing.PAUSED}


@given(paused_terms())
def test_a_term_rests_on_notices_that_the_calendar_holds_in_their_order(term: TermClock) -> None:
    numbers = [notice.number for notice in CALENDAR.notices]
    cited = term_clock.due(term, CALENDAR).notices
    assert set(cited) <= set(numbers)
    assert len(cited) == len(set(cited))
    if not term.pauses:
        assert list(cited) == sorted(cited, key=numbers.index)
