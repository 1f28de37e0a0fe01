"""对账结果: which differences a person must settle, and what each side's record says of a leg."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.approval.domain.case.facts import Outcome
from services.approval.domain.case.state import Case, CaseClosing
from services.approval.domain.case.values import DistrictAnswer
from services.approval.domain.case.withdraw import withdraw
from services.approval.handoff.domain.district_decide import DecisionReport, district_decide
from services.approval.handoff.domain.reconciliation import (
    Advice,
    Comparison,
    Difference,
    HandoffState,
    LegEnding,
    LegRecord,
    Reconciliation,
    Verdict,
    compare,
    our_record,
)
from tests.support.examples import examples
from tests.unit.approval.matters import after, leg, received

ON = date(2016, 3, 10)
DONE = HandoffState("done", "", "Q-1")
STATES = ["", "waiting", "sending", "done", "blocked", "withdrawn"]
ENDINGS = [None, CaseClosing.GRANTED, CaseClosing.REFUSED, CaseClosing.RETURNED, CaseClosing.WITHDRAWN]


def difference(verdict: Verdict, number: str = "1") -> Difference:
    """A difference with this verdict."""
    return Difference("key", number, "440105008", Comparison(verdict), None, None)


def test_a_leg_of_ours_is_recorded_with_number_days_and_ending() -> None:
    case = after(received(), district_decide(received(), DecisionReport("r-1", Outcome.REFUSED, ON, "0f"), ON))
    assert our_record(case, DONE) == LegRecord("Q-1", "2016-03-09", LegEnding.REFUSED, "2016-03-10")


def test_before_its_receipt_a_leg_has_the_number_of_the_queue() -> None:
    assert our_record(leg(), HandoffState("sending", "", "Q-7")) == LegRecord("Q-7", "", LegEnding.OPEN, "")


def test_the_number_on_file_counts_before_that_of_the_queue() -> None:
    assert our_record(received(), HandoffState("done", "", "Q-7")).district_number == "Q-1"


@pytest.mark.parametrize(
    ("verdict", "unmatched"),
    [
        (Verdict.UNDER_WAY, False),
        (Verdict.CROSSED, False),
        (Verdict.ONLY_HERE, True),
        (Verdict.ONLY_THERE, True),
        (Verdict.DIFFERS, True),
    ],
)
def test_a_person_settles_what_will_not_settle_itself(verdict: Verdict, unmatched: bool) -> None:
    one = difference(verdict)
    assert (one in Reconciliation(1, 0, (one,)).unmatched) is unmatched


def test_matched_are_our_legs_without_a_difference() -> None:
    differences = tuple(map(difference, (Verdict.UNDER_WAY, Verdict.DIFFERS, Verdict.ONLY_THERE)))
    result = Reconciliation(compared=10, read_in=2, differences=differences)
    assert result.matched == 8, "a case that only the district has is none of ours"
    assert result.with_verdict(Verdict.UNDER_WAY, Verdict.ONLY_THERE) == (differences[0], differences[2])


def test_every_advice_is_a_sentence_of_its_own() -> None:
    sentences = [advice.value for advice in Advice if advice is not Advice.NONE]
    assert len(set(sentences)) == len(sentences)
    assert all(sentence and not sentence.endswith("。") for sentence in sentences)


def test_fields_of_a_record_are_those_that_can_differ() -> None:
    assert [field.name for field in fields(LegRecord)] == [
        *("district_number", "received_on", "ending", "decided_on", "returned_on")
    ]


def with_closing(closing: CaseClosing | None) -> Case:
    """A received leg that ended in that way."""
    decided = closing in (CaseClosing.GRANTED, CaseClosing.REFUSED)
    answer = DistrictAnswer(ON, Outcome[closing.name]) if decided and closing is not None else None
    return replace(received(), closing=closing, closed_on=ON if closing else None, answer=answer)


HANDOFFS = st.builds(HandoffState, st.sampled_from(STATES), st.sampled_from(STATES), st.just("Q-1"), st.just(""))


@settings(max_examples=examples(150))
@given(closing=st.sampled_from(ENDINGS), handoff=HANDOFFS)
def test_a_leg_that_both_sides_have_alike_always_matches(closing: CaseClosing | None, handoff: HandoffState) -> None:
    case = with_closing(closing)
    assert compare(case, handoff, our_record(case, handoff)) == Comparison(Verdict.MATCHED)


RECORDS = st.builds(
    LegRecord,
    st.sampled_from(["", "Q-1", "Q-2"]),
    st.sampled_from(["", "2016-03-01", "2016-03-09", "nonsense"]),
    st.sampled_from(LegEnding),
    st.sampled_from(["", "2016-03-10", "2016-03-11"]),
)


@settings(max_examples=examples(300))
@given(closing=st.sampled_from(ENDINGS), handoff=HANDOFFS, theirs=st.none() | RECORDS)
def test_what_differs_has_advice_and_what_does_not_has_none(
    closing: CaseClosing | None, handoff: HandoffState, theirs: LegRecord | None
) -> None:
    comparison = compare(with_closing(closing), handoff, theirs)
    assert bool(comparison.advice) == (comparison.verdict in (Verdict.DIFFERS, Verdict.ONLY_HERE))
    assert bool(comparison.differing) == (comparison.verdict in (Verdict.DIFFERS, Verdict.CROSSED))
    assert (comparison.verdict is Verdict.ONLY_HERE) <= (theirs is None)


@settings(max_examples=examples(100))
@given(handoff=HANDOFFS, theirs=RECORDS)
def test_only_a_withdrawal_can_cross_with_the_district(handoff: HandoffState, theirs: LegRecord) -> None:
    withdrawn = after(received(), withdraw(received(), ON))
    assert compare(received(), handoff, theirs).verdict is not Verdict.CROSSED
    crossed = compare(withdrawn, handoff, theirs).verdict is Verdict.CROSSED
    decided = theirs.ending in (LegEnding.GRANTED, LegEnding.REFUSED) and theirs.decided_on <= ON.isoformat()
    assert crossed == (decided or theirs.ending is LegEnding.RETURNED)
