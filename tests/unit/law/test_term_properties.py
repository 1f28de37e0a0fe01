"""Whatever the term: equal to a walk day by day, never earlier by a pause, proven by its own proof."""

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

DAYS = st.dates(date(2007, 1, 1), date(2028, 12, 31))
PAUSES = st.builds(
    lambda first, length: Pause(first, first + timedelta(days=length)), DAYS, st.integers(min_value=0, max_value=40)
)


@st.composite
def terms(draw: st.DrawFn, units: tuple[Unit, ...] = tuple(Unit)) -> TermClock:
    """A term with up to three pauses, most of them near its beginning."""
    from_on = draw(DAYS)
    near = st.builds(
        lambda start, length: Pause(from_on + timedelta(days=start), from_on + timedelta(days=start + length)),
        st.integers(min_value=-5, max_value=90),
        st.integers(min_value=0, max_value=30),
    )
    return TermClock(
        from_on,
        draw(st.integers(1, 60)),
        draw(st.sampled_from(units)),
        tuple(draw(st.lists(near | PAUSES, max_size=3))),
    )


def walked(term: TermClock) -> date:
    """The last day, found by walking day by day."""
    day, left = term.from_on, term.days
    while left:
        day += ONE_DAY
        if any(day in pause for pause in term.pauses):
            continue
        left -= term.unit is Unit.CALENDAR or CALENDAR.day(day).works
    while any(day in pause for pause in term.pauses) or not CALENDAR.day(day).works:
        day += ONE_DAY
    return day


@settings(max_examples=examples(400))
@given(terms())
def test_the_last_day_equals_a_walk_day_by_day(term: TermClock) -> None:
    assert term_clock.due_on(term, CALENDAR) == walked(term)


@given(terms())
def test_the_last_day_is_a_working_day_outside_every_pause(term: TermClock) -> None:
    last = term_clock.due_on(term, CALENDAR)
    assert CALENDAR.works(last)
    assert not any(last in pause for pause in term.pauses)


@given(terms(), PAUSES)
def test_a_pause_never_makes_a_date_earlier(term: TermClock, pause: Pause) -> None:
    assert term_clock.due_on(term.paused(pause), CALENDAR) >= term_clock.due_on(term, CALENDAR)


@given(terms(), st.integers(1, 60))
def test_a_pause_after_the_last_day_changes_nothing(term: TermClock, later: int) -> None:
    last = term_clock.due_on(term, CALENDAR)
    pause = Pause(last + timedelta(days=later), last + timedelta(days=later + 10))
    assert term_clock.due(term.paused(pause), CALENDAR) == term_clock.due(term, CALENDAR)


@given(terms())
def test_the_order_of_pauses_does_not_matter_and_a_repeated_pause_counts_once(term: TermClock) -> None:
    turned = TermClock(term.from_on, term.days, term.unit, term.pauses[::-1] + term.pauses)
    assert term_clock.due(turned, CALENDAR) == term_clock.due(term, CALENDAR)


@given(terms(units=(Unit.WORKING,)))
def test_on_the_last_working_day_all_days_are_used_and_the_day_before_one_is_left(term: TermClock) -> None:
    last = term_clock.due_on(term, CALENDAR)
    assert term_clock.used(term, last, CALENDAR) == term.days
    assert term_clock.used(term, last - ONE_DAY, CALENDAR) == term.days - 1


@given(terms(), st.integers(1, 15))
def test_an_extension_never_makes_a_date_earlier(term: TermClock, days: int) -> None:
    assert term_clock.due_on(term.extended(days), CALENDAR) >= term_clock.due_on(term, CALENDAR)


@given(terms())
def test_a_date_is_provisional_when_its_last_day_is_one_that_a_coming_notice_may_order(term: TermClock) -> None:
    answer = term_clock.due(term, CALENDAR)
    assert answer.provisional is (answer.due_on >= date(2026, 12, 26))


@settings(max_examples=examples(50))
@given(terms())
def test_the_proof_counts_every_day_of_the_term_and_ends_on_its_last_day(term: TermClock) -> None:
    proven = proof(term, CALENDAR)
    assert [each.number for each in proven if each.counts] == list(range(1, term.days + 1))
    assert [each.day.on for each in proven] == [term.from_on + timedelta(days=step + 1) for step in range(len(proven))]
    assert proven[-1].day.on == term_clock.due_on(term, CALENDAR)
    assert proven[-1].standing in (Standing.COUNTED, Standing.ENDED)
