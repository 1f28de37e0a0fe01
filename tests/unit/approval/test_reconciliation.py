"""One leg held against the district's record of it: every way in which they part, and whose turn it is. (对账)"""

from dataclasses import replace
from datetime import date

import pytest

from services.approval.domain.case.facts import Outcome
from services.approval.domain.case.state import Case
from services.approval.domain.case.withdraw import withdraw
from services.approval.handoff.domain.district_decide import DecisionReport, district_decide
from services.approval.handoff.domain.reconciliation import (
    Advice,
    HandoffState,
    LegEnding,
    LegRecord,
    Verdict,
    compare,
    our_record,
)
from services.approval.handoff.domain.return_case import ReturnReport, return_case
from tests.unit.approval.matters import after, leg, received

ON = date(2016, 3, 9)
DONE = HandoffState("done", "", "Q-1")
OPEN = LegRecord("Q-1", "2016-03-09", LegEnding.OPEN, "")
GRANTED = replace(OPEN, ending=LegEnding.GRANTED, decided_on="2016-03-10")


def decided(case: Case, outcome: Outcome = Outcome.GRANTED, on: date = date(2016, 3, 10)) -> Case:
    """The leg with the district's decision on it."""
    return after(case, district_decide(case, DecisionReport("report-1", outcome, on, "ab" * 32), on))


def ended(case: Case) -> dict[LegEnding, Case]:
    """The leg in each of its ends."""
    return {
        LegEnding.OPEN: case,
        LegEnding.GRANTED: decided(case),
        LegEnding.REFUSED: decided(case, Outcome.REFUSED),
        LegEnding.RETURNED: after(case, return_case(case, ReturnReport("report-1", "ab" * 32), ON)),
        LegEnding.WITHDRAWN: after(case, withdraw(case, ON)),
    }


@pytest.mark.parametrize("ending", list(ended(received())))
def test_a_leg_that_the_district_has_alike_matches(ending: LegEnding) -> None:
    case = ended(received())[ending]
    assert compare(case, DONE, our_record(case, DONE)).verdict is Verdict.MATCHED


@pytest.mark.parametrize(
    ("here", "there", "advice"),
    [
        (LegEnding.OPEN, LegEnding.GRANTED, Advice.REPORT_AGAIN),
        (LegEnding.OPEN, LegEnding.RETURNED, Advice.REPORT_AGAIN),
        (LegEnding.OPEN, LegEnding.UNSTATED, Advice.REPORT_AGAIN),
        (LegEnding.OPEN, LegEnding.WITHDRAWN, Advice.WITHDRAW_HERE),
        (LegEnding.GRANTED, LegEnding.OPEN, Advice.END_THERE),
        (LegEnding.GRANTED, LegEnding.REFUSED, Advice.SETTLE),
        (LegEnding.REFUSED, LegEnding.WITHDRAWN, Advice.SETTLE),
        (LegEnding.RETURNED, LegEnding.OPEN, Advice.END_THERE),
        (LegEnding.RETURNED, LegEnding.GRANTED, Advice.SETTLE),
        (LegEnding.WITHDRAWN, LegEnding.OPEN, Advice.WITHDRAW_THERE),
        (LegEnding.WITHDRAWN, LegEnding.GRANTED, Advice.SETTLE),
    ],
)
def test_two_ends_that_differ_are_told_with_what_is_to_be_done(
    here: LegEnding, there: LegEnding, advice: Advice
) -> None:
    told = replace(OPEN, ending=there, decided_on="2016-03-10" if there is LegEnding.GRANTED else "")
    comparison = compare(ended(received())[here], DONE, told)
    assert (comparison.verdict, comparison.differing[0], comparison.advice) == (Verdict.DIFFERS, "ending", advice)


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"district_number": "Q-2"}, "district_number"),
        ({"received_on": "2016-03-10"}, "received_on"),
        ({"received_on": ""}, "received_on"),
        ({"received_on": "yesterday"}, "received_on"),
        ({"decided_on": "2016-03-11"}, "decided_on"),
    ],
)
def test_a_number_or_a_day_that_differs_is_named(changed: dict[str, str], part: str) -> None:
    there = replace(GRANTED, **changed)  # type: ignore[arg-type] # texts by name
    comparison = compare(decided(received()), DONE, there)
    assert (comparison.verdict, comparison.differing) == (Verdict.DIFFERS, (part,))


def test_a_receipt_before_the_referral_counts_from_the_referral() -> None:
    early = received(on=date(2016, 3, 8))
    assert compare(early, DONE, replace(OPEN, received_on="2016-03-01")).verdict is Verdict.MATCHED


def test_a_decision_that_came_before_the_receipt_leaves_no_day_to_compare() -> None:
    hasty = decided(leg())
    assert compare(hasty, DONE, GRANTED).verdict is Verdict.MATCHED


@pytest.mark.parametrize("ending", [LegEnding.RETURNED, LegEnding.GRANTED])
def test_an_end_that_crossed_the_withdrawal_needs_nobody(ending: LegEnding) -> None:
    there = replace(OPEN, ending=ending, decided_on="2016-03-09" if ending is LegEnding.GRANTED else "")
    assert compare(ended(received())[LegEnding.WITHDRAWN], DONE, there).verdict is Verdict.CROSSED


@pytest.mark.parametrize("state", ["waiting", "sending"])
def test_what_the_queue_has_in_hand_is_under_way(state: str) -> None:
    on_its_way = HandoffState(state)
    assert compare(leg(), on_its_way, None).verdict is Verdict.UNDER_WAY
    assert compare(leg(), on_its_way, OPEN).verdict is Verdict.UNDER_WAY
    withdrawn = ended(received())[LegEnding.WITHDRAWN]
    assert compare(withdrawn, HandoffState("done", state, "Q-1"), OPEN).verdict is Verdict.UNDER_WAY


def test_a_known_leg_that_the_district_is_handed_once_more_still_has_to_agree_with_it() -> None:
    there = replace(OPEN, ending=LegEnding.WITHDRAWN)
    assert compare(received(), HandoffState("waiting", "", "Q-1"), there).verdict is Verdict.DIFFERS


def test_what_the_district_does_not_know_is_told_by_what_it_was() -> None:
    legs = ended(received())
    assert compare(legs[LegEnding.OPEN], DONE, None).advice is Advice.HAND_OVER_AGAIN
    assert compare(legs[LegEnding.GRANTED], DONE, None).advice is Advice.ENTER_THERE
    assert compare(legs[LegEnding.WITHDRAWN], DONE, None).verdict is Verdict.MATCHED
    assert compare(leg(), HandoffState("blocked", refusal="no"), None).advice is Advice.REFUSED_THERE
