"""两个时限, day by day: every date of a matter against a walk that shares no code with the product."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from law.terms import StatutoryLimit, Unit
from law.two_clocks import (
    Ledger,
    Standstill,
    StandstillCause,
    TermDates,
    TwoClocks,
    judged,
    on_time_and_early,
    term_dates,
)
from law.workdays import state_council
from tests.simulate.walk import works
from tests.support.examples import examples

CALENDAR = state_council()
ONE_DAY = timedelta(days=1)
Portion = tuple[int, Unit]


def walked(start: date, portions: Sequence[Portion], pauses: Sequence[Standstill]) -> tuple[date, date]:
    """The n-th counted day, and the last day: one day after the other, with a finger on a calendar of paper."""
    on, unit = start, Unit.WORKING
    for days, unit in portions:
        left = days
        while left:
            on += ONE_DAY
            if not paused(on, pauses) and (unit is Unit.CALENDAR or works(on)):
                left -= 1
    last = on
    while unit is Unit.CALENDAR and (paused(last, pauses) or not works(last)):
        last += ONE_DAY
    return on, last


def paused(on: date, pauses: Sequence[Standstill]) -> bool:
    """True for a day on which the clock stands still."""
    return any(still.first_on <= on <= still.last_on for still in pauses)


def portions(limit: StatutoryLimit, days: int, unit: Unit | None) -> list[Portion]:
    """The limit, and behind it the extension where there is one."""
    return [(limit.days, limit.unit), *([(days, unit or limit.unit)] if days else [])]


STARTS = st.dates(date(2015, 11, 1), date(2025, 6, 30))
UNITS = st.sampled_from(Unit)
LIMITS = st.builds(StatutoryLimit, st.integers(1, 45), UNITS, st.just(""))


@st.composite
def histories(draw: st.DrawFn) -> tuple[date, StatutoryLimit, StatutoryLimit, Ledger]:
    """A start, two limits, and what moved them: an extension, and spans near the new year and elsewhere."""
    start = draw(STARTS)
    stills = []
    for _ in range(draw(st.integers(0, 3))):
        first = start + timedelta(days=draw(st.integers(0, 70)))
        last = first + timedelta(days=draw(st.integers(0, 25)))
        cause = draw(st.sampled_from(StandstillCause))
        stills.append(Standstill(first, last, cause, stops_promise=draw(st.booleans())))
    days, unit = draw(st.integers(0, 15)), draw(st.sampled_from([None, *Unit]))
    ledger = Ledger(days, unit, draw(st.sampled_from([0, days])), tuple(stills))
    return start, draw(LIMITS), draw(LIMITS), ledger


def dates(start: date, promised: StatutoryLimit, legal: StatutoryLimit, ledger: Ledger) -> TermDates:
    """The dates as the product computes them."""
    return term_dates(TwoClocks.of(start, promised, legal, ledger), CALENDAR)


@settings(max_examples=examples(400))
@given(histories())
def test_every_date_is_that_of_a_walk_day_by_day(
    history: tuple[date, StatutoryLimit, StatutoryLimit, Ledger],
) -> None:
    start, promised, legal, ledger = history
    term = dates(*history)
    for_promise = [still for still in ledger.standstills if still.stops_promise]
    unit = ledger.extension_unit
    promise_counted, promise_last = walked(start, portions(promised, ledger.promise_extension_days, unit), for_promise)
    law_counted, law_last = walked(start, portions(legal, ledger.extension_days, unit), ledger.standstills)
    assert term.legal_due_on == law_last
    assert term.promised_due_on == min(promise_last, law_last)
    assert term.early_before == min(promise_counted, law_counted)
    assert (term.yellow_on, term.red_on) == (term.promised_due_on + ONE_DAY, law_last + ONE_DAY)


@settings(max_examples=examples(300))
@given(histories())
def test_promise_lamp_and_last_days_keep_their_order(
    history: tuple[date, StatutoryLimit, StatutoryLimit, Ledger],
) -> None:
    term = dates(*history)
    assert history[0] < term.promised_due_on <= term.legal_due_on
    assert term.warn_on <= term.promised_due_on < term.yellow_on <= term.red_on
    assert term.early_before <= term.promised_due_on
    assert works(term.promised_due_on) and works(term.legal_due_on), "no last day is a rest day"
    assert not paused(term.legal_due_on, history[3].standstills)
    early = on_time_and_early(term.early_before - ONE_DAY, term)
    assert early == (True, True)
    assert on_time_and_early(term.promised_due_on, term) == (True, False)
    assert on_time_and_early(term.promised_due_on + ONE_DAY, term) == (False, False)


@settings(max_examples=examples(300))
@given(histories(), st.integers(0, 60), st.integers(0, 20), st.booleans())
def test_a_standstill_never_makes_a_date_earlier(
    history: tuple[date, StatutoryLimit, StatutoryLimit, Ledger], gap: int, length: int, stops_promise: bool
) -> None:
    start, promised, legal, ledger = history
    first = start + timedelta(days=gap)
    still = Standstill(first, first + timedelta(days=length), StandstillCause.SPECIAL_PROCEDURE, "", stops_promise)
    before, after = (
        dates(*history),
        dates(start, promised, legal, replace(ledger, standstills=(*ledger.standstills, still))),
    )
    for name in ("promised_due_on", "legal_due_on", "yellow_on", "red_on", "early_before"):
        assert getattr(after, name) >= getattr(before, name)


@settings(max_examples=examples(300))
@given(histories(), st.integers(1, 15), st.sampled_from([None, *Unit]))
def test_an_extension_of_the_law_alone_leaves_a_broken_promise_where_it_was(
    history: tuple[date, StatutoryLimit, StatutoryLimit, Ledger], days: int, unit: Unit | None
) -> None:
    start, promised, legal, ledger = history
    bare = replace(ledger, extension_days=0, promise_extension_days=0, extension_unit=unit)
    before = dates(start, promised, legal, bare)
    assume(before.promised_due_on < before.legal_due_on)  # else the day after the promise is over in law as well
    after = dates(start, promised, legal, replace(bare, extension_days=days))
    assert after.promised_due_on == before.promised_due_on
    assert after.legal_due_on > before.legal_due_on or unit is Unit.CALENDAR or legal.unit is Unit.CALENDAR


@st.composite
def ledgers_by_day(draw: st.DrawFn) -> tuple[date, StatutoryLimit, StatutoryLimit, Ledger]:
    """A history of which nothing is judged yet: spans apart from each other, one of them with the district."""
    start, promised, legal, ledger = draw(histories())
    stills, on = [], start
    for _ in range(draw(st.integers(0, 4))):
        first = on + timedelta(days=draw(st.integers(1, 15)))
        on = first + timedelta(days=draw(st.integers(0, 12)))
        cause = draw(st.sampled_from(StandstillCause))
        ran = cause is StandstillCause.WITH_DISTRICT and draw(st.booleans())
        stills.append(Standstill(first, on, cause, stops_promise=draw(st.booleans()), promise_ran=ran))
    extended_on = start + timedelta(days=draw(st.integers(0, 70)))
    entered = tuple(draw(st.permutations(stills)))
    return start, promised, legal, replace(ledger, standstills=entered, extended_on=extended_on)


def day_of(still: Standstill) -> date:
    """The day by which a span is judged."""
    return still.last_on if still.cause is StandstillCause.WITH_DISTRICT else still.first_on


@settings(max_examples=examples(300))
@given(ledgers_by_day())
def test_every_act_is_judged_by_the_promise_of_its_own_day(
    history: tuple[date, StatutoryLimit, StatutoryLimit, Ledger],
) -> None:
    start, promised, legal, ledger = history

    def promised_by(part: Ledger) -> date:
        return dates(start, promised, legal, part).promised_due_on

    found = judged(ledger, promised_by)
    unit, extended_on = ledger.extension_unit, ledger.extended_on
    assert extended_on is not None

    def promised_before(day: date, *, with_extension: bool) -> date:
        return promised_with([still for still in found.standstills if day_of(still) < day], extended=with_extension)

    def promised_with(earlier: list[Standstill], *, extended: bool) -> date:
        days = (found.extension_days, found.promise_extension_days) if extended else (0, 0)
        for_promise = [still for still in earlier if still.stops_promise]
        promise = walked(start, portions(promised, days[1], unit), for_promise)[1]
        return min(promise, walked(start, portions(legal, days[0], unit), earlier)[1])

    for still, entered in zip(found.standstills, ledger.standstills, strict=True):
        assert (still.first_on, still.last_on) == (entered.first_on, entered.last_on)
        day = day_of(still)
        last_on = promised_before(day, with_extension=extended_on < day)
        assert still.stops_promise == (still.first_on <= last_on)
    if ledger.extension_days:
        counted = replace(found, standstills=tuple(s for s in found.standstills if day_of(s) <= extended_on))
        before = promised_by(replace(counted, extension_days=0, promise_extension_days=0))
        assert found.promise_extension_days == (ledger.extension_days if extended_on <= before else 0)
    broken = [
        still.promise_ran
        and still.first_on - ONE_DAY
        <= promised_before(still.last_on, with_extension=extended_on < still.last_on)
        < still.last_on
        for still in found.standstills
    ]
    if ledger.extension_days and not found.promise_extension_days:
        stood = [still for still in found.standstills if day_of(still) <= extended_on]
        last_on = promised_with(stood, extended=False)
        broken.append(last_on < extended_on and promised_with(stood, extended=True) > last_on)
    assert found.promise_broken == any(broken)
    shuffled = judged(replace(ledger, standstills=ledger.standstills[::-1]), promised_by)
    assert shuffled == replace(found, standstills=found.standstills[::-1])
    assert judged(found, promised_by) == found
