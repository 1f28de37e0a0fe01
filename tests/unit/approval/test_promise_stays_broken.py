"""Any order of acts that move a term: dates by a walk of the days, and a promise that was broken once is never kept."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from law.terms import Unit
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.item import AcceptedItem, Extension, Limit, LimitUnit
from services.approval.domain.case.state import Case
from tests.support.examples import examples
from tests.unit.approval.acts import DIGEST, paused, resumed
from tests.unit.approval.matters import CALENDAR, HEAD, PROMISED, after
from tests.unit.approval.test_term_dates import accepted_on
from tests.unit.law.test_two_clocks_walk import portions, walked

LIMITS = st.builds(Limit, st.integers(1, 30), st.sampled_from(LimitUnit), st.just("某某条例 9"))
EXTENSIONS = st.sampled_from(
    [
        None,
        Extension(15, LimitUnit.WORKING_DAYS, "某某条例 8"),
        Extension(30, LimitUnit.CALENDAR_DAYS, "某某条例 9"),
    ]
)


@st.composite
def items(draw: st.DrawFn) -> AcceptedItem:
    """An item with any two limits and any extension."""
    return replace(PROMISED, legal_limit=draw(LIMITS), promised_limit=draw(LIMITS), extension=draw(EXTENSIONS))


@settings(max_examples=examples(300))
@given(st.dates(date(2015, 12, 1), date(2025, 6, 1)), items(), st.data())
def test_whatever_moves_a_term_its_dates_are_those_of_a_walk_and_a_broken_promise_stays_broken(
    start: date, item: AcceptedItem, drawn: st.DataObject
) -> None:
    case, on, broken = accepted_on(start, item), start, False
    for _ in range(drawn.draw(st.integers(0, 5))):
        on += timedelta(days=drawn.draw(st.integers(1, 9)))
        if on > case.term.legal_due_on:
            break
        broken = broken or on > case.term.promised_due_on
        before = case.term
        if drawn.draw(st.booleans()) and not case.extended_by:
            case = after(case, [extend(case, Extend(HEAD, drawn.draw(st.integers(1, 10)), DIGEST), on, CALENDAR)])
        elif not any(on in each for each in case.pauses):
            last = on + timedelta(days=drawn.draw(st.integers(0, 12)))
            case, on = resumed(paused(case, on), last), last
        assert case.term.promised_due_on >= before.promised_due_on
        assert case.term.legal_due_on >= before.legal_due_on
        assert case.term.promised_due_on == before.promised_due_on or not broken
        assert_walked(case)
        if broken:
            assert case.punctuality(on) == (False, False)


def assert_walked(case: Case) -> None:
    """Both last days, the early day and the order of the lamp, by a walk of the days."""
    term, ledger = case.term, case.ledger
    unit = ledger.extension_unit.in_law if ledger.extension_unit else Unit.WORKING
    for_promise = [still for still in ledger.standstills if still.stops_promise]
    promised, legal = term.promised_limit.in_law, term.legal_limit.in_law
    promise = walked(term.starts_on, portions(promised, ledger.promise_extension_days, unit), for_promise)
    law = walked(term.starts_on, portions(legal, ledger.extension_days, unit), ledger.standstills)
    assert (term.promised_due_on, term.legal_due_on) == (min(promise[1], law[1]), law[1])
    assert term.early_before == min(promise[0], law[0])
    assert term.warn_on <= term.yellow_on <= term.red_on
