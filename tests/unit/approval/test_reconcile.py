"""One leg held against the district's record of it: every way in which they part, and whose turn it is. (对账)"""

from dataclasses import replace
from datetime import date

import pytest

from services.approval.domain.case import Case
from services.approval.domain.district_decide import Report, district_decide
from services.approval.domain.reconcile import Advice, Ending, Found, HandedOver, Standing, compare, standing
from services.approval.domain.return_case import return_case
from services.approval.domain.withdraw import withdraw
from services.approval.domain.words import Outcome
from tests.unit.approval.matters import after, leg, received

ON = date(2016, 3, 9)
DONE = HandedOver("done", "", "Q-1")
OPEN = Standing("Q-1", "2016-03-09", Ending.OPEN, "")
GRANTED = replace(OPEN, ending=Ending.GRANTED, decided_on="2016-03-10")


def decided(case: Case, outcome: Outcome = Outcome.GRANTED, on: date = date(2016, 3, 10)) -> Case:
    """The leg with the district's decision on it."""
    return after(case, district_decide(case, Report("report-1", outcome, on, "ab" * 32), on))


def ended(case: Case) -> dict[Ending, Case]:
    """The leg in each of its ends."""
    return {
        Ending.OPEN: case,
        Ending.GRANTED: decided(case),
        Ending.REFUSED: decided(case, Outcome.REFUSED),
        Ending.RETURNED: after(case, return_case(case, "report-1", "ab" * 32, ON)),
        Ending.WITHDRAWN: after(case, withdraw(case, ON)),
    }


@pytest.mark.parametrize("ending", list(ended(received())))
def test_a_leg_that_the_district_has_alike_matches(ending: Ending) -> None:
    case = ended(received())[ending]
    assert compare(case, DONE, standing(case, DONE)).found is Found.MATCHED


@pytest.mark.parametrize(
    ("here", "there", "advice"),
    [
        (Ending.OPEN, Ending.GRANTED, Advice.REPORT_AGAIN),
        (Ending.OPEN, Ending.RETURNED, Advice.REPORT_AGAIN),
        (Ending.OPEN, Ending.UNSTATED, Advice.REPORT_AGAIN),
        (Ending.OPEN, Ending.WITHDRAWN, Advice.WITHDRAW_HERE),
        (Ending.GRANTED, Ending.OPEN, Advice.END_THERE),
        (Ending.GRANTED, Ending.REFUSED, Advice.SETTLE),
        (Ending.REFUSED, Ending.WITHDRAWN, Advice.SETTLE),
        (Ending.RETURNED, Ending.OPEN, Advice.END_THERE),
        (Ending.RETURNED, Ending.GRANTED, Advice.SETTLE),
        (Ending.WITHDRAWN, Ending.OPEN, Advice.WITHDRAW_THERE),
        (Ending.WITHDRAWN, Ending.GRANTED, Advice.SETTLE),
    ],
)
def test_two_ends_that_differ_are_told_with_what_is_to_be_done(here: Ending, there: Ending, advice: Advice) -> None:
    told = replace(OPEN, ending=there, decided_on="2016-03-10" if there is Ending.GRANTED else "")
    comparison = compare(ended(received())[here], DONE, told)
    assert (comparison.found, comparison.parts[0], comparison.advice) == (Found.DIFFERS, "ending", advice)


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
    assert (comparison.found, comparison.parts) == (Found.DIFFERS, (part,))


def test_a_receipt_before_the_referral_counts_from_the_referral() -> None:
    early = received(on=date(2016, 3, 8))
    assert compare(early, DONE, replace(OPEN, received_on="2016-03-01")).found is Found.MATCHED


def test_a_decision_that_came_before_the_receipt_leaves_no_day_to_compare() -> None:
    hasty = decided(leg())
    assert compare(hasty, DONE, GRANTED).found is Found.MATCHED


@pytest.mark.parametrize("ending", [Ending.RETURNED, Ending.GRANTED])
def test_an_end_that_crossed_the_withdrawal_needs_nobody(ending: Ending) -> None:
    there = replace(OPEN, ending=ending, decided_on="2016-03-09" if ending is Ending.GRANTED else "")
    assert compare(ended(received())[Ending.WITHDRAWN], DONE, there).found is Found.CROSSED


@pytest.mark.parametrize("state", ["waiting", "sending"])
def test_what_the_queue_has_in_hand_is_under_way(state: str) -> None:
    on_its_way = HandedOver(state)
    assert compare(leg(), on_its_way, None).found is Found.UNDER_WAY
    assert compare(leg(), on_its_way, OPEN).found is Found.UNDER_WAY
    withdrawn = ended(received())[Ending.WITHDRAWN]
    assert compare(withdrawn, HandedOver("done", state, "Q-1"), OPEN).found is Found.UNDER_WAY


def test_a_known_leg_that_the_district_is_handed_once_more_still_has_to_agree_with_it() -> None:
    there = replace(OPEN, ending=Ending.WITHDRAWN)
    assert compare(received(), HandedOver("waiting", "", "Q-1"), there).found is Found.DIFFERS


def test_what_the_district_does_not_know_is_told_by_what_it_was() -> None:
    legs = ended(received())
    assert compare(legs[Ending.OPEN], DONE, None).advice is Advice.HAND_OVER_AGAIN
    assert compare(legs[Ending.GRANTED], DONE, None).advice is Advice.ENTER_THERE
    assert compare(legs[Ending.WITHDRAWN], DONE, None).found is Found.MATCHED
    assert compare(leg(), HandedOver("blocked", refusal="no"), None).advice is Advice.REFUSED_THERE
