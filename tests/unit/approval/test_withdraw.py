"""申请人撤回: the applicant stops the matter after acceptance."""

from datetime import date

import pytest

from chassis.event_store import Changed, FileKey
from services.approval.adapters.case.answers import case_message
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.facts import CaseWithdrawn, Leg, Outcome, WithdrawalTooLate
from services.approval.domain.case.item import AcceptedItem
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.domain.case.withdraw import unanswered_withdrawal, withdraw, withdrawal_on_street_leg
from services.approval.handoff.domain.district_decide import DecisionReport, decision_on_street_leg, district_decide
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from tests.unit.approval.matters import (
    CALENDAR,
    FORWARDED,
    HEAD,
    RESIDENCE,
    after,
    leg,
    opened,
    received,
    referred,
    reviewed,
)

ON = date(2016, 3, 10)


@pytest.mark.parametrize(
    "case", [opened(), reviewed(), leg(RESIDENCE), leg()], ids=["review", "decision", "residence", "district"]
)
def test_an_open_leg_ends(case: Case) -> None:
    ended = after(case, withdraw(case, ON))
    assert (ended.stage, ended.closing, ended.closed_on) == (CaseStage.CLOSED, CaseClosing.WITHDRAWN, ON)


def test_a_withdrawal_is_neither_on_time_nor_late() -> None:
    assert after(opened(), withdraw(opened(), ON)).on_time is None


DECIDED_ON = date(2016, 3, 9)


def granted() -> Case:
    """The street's leg that its head has granted."""
    return after(reviewed(), [decide(reviewed(), Decide(HEAD, Outcome.GRANTED, "", "1"), DECIDED_ON)])


def refused_by_district(item: AcceptedItem) -> Case:
    """The street's leg on which the district's refusal is on file."""
    report = DecisionReport("r-1", Outcome.REFUSED, DECIDED_ON, "0f")
    (reported,) = district_decide(received(item), report, ON)
    return after(referred(item), decision_on_street_leg(referred(item), reported))


@pytest.mark.parametrize(
    ("case", "outcome", "decided_by"),
    [
        (granted(), Outcome.GRANTED, Leg.STREET),
        (refused_by_district(RESIDENCE), Outcome.REFUSED, Leg.DISTRICT),
        (refused_by_district(FORWARDED), Outcome.REFUSED, Leg.DISTRICT),
    ],
    ids=["decided here", "decided at the district", "closed by the referral, decided at the district"],
)
def test_a_withdrawal_that_met_a_decision_is_answered_once_and_ends_nothing(
    case: Case, outcome: Outcome, decided_by: Leg
) -> None:
    (fact,) = withdraw(case, date(2016, 3, 8))
    expected = WithdrawalTooLate(
        DECIDED_ON, case.application_id, date(2016, 3, 8), outcome, DECIDED_ON, decided_by, Leg.STREET
    )
    assert fact == expected
    answered = after(case, [fact])
    assert (answered.closing, answered.closed_on) == (case.closing, case.closed_on)
    assert (answered.on_time, answered.early) == (case.on_time, case.early)
    assert withdraw(answered, ON) == []


@pytest.mark.parametrize("item", [FORWARDED, RESIDENCE], ids=["closed by the referral", "waiting for the decision"])
def test_a_matter_at_the_district_is_withdrawn_by_the_districts_leg(item: AcceptedItem) -> None:
    street = referred(item)
    assert withdraw(street, ON) == []
    (ended,) = withdraw(received(item), ON)
    assert isinstance(ended, CaseWithdrawn)
    (told,) = withdrawal_on_street_leg(street, ended)
    assert told == CaseWithdrawn(ON, street.application_id, Leg.STREET)
    street = after(street, [told])
    assert (street.closing, street.closed_on) == (CaseClosing.WITHDRAWN, ON)
    assert (street.on_time, street.early) == (None, None)
    assert withdrawal_on_street_leg(street, ended) == []


def test_a_matter_that_came_back_is_withdrawn_at_the_street() -> None:
    (back,) = return_case(received(), ReturnReport("r-1", "0f"), DECIDED_ON)
    street = after(referred(), return_on_street_leg(referred(), back, CALENDAR))
    assert after(street, withdraw(street, ON)).closing is CaseClosing.WITHDRAWN


def test_the_fact_says_which_leg_ends() -> None:
    assert withdraw(leg(), ON)[0].leg is Leg.DISTRICT


@pytest.mark.parametrize(
    ("case", "district", "too_late"),
    [
        (opened(), "", ""),
        (granted(), "", ""),
        (refused_by_district(FORWARDED), "refused", ""),
        (after(refused_by_district(FORWARDED), withdraw(refused_by_district(FORWARDED), ON)), "refused", "2016-03-10"),
    ],
)
def test_a_case_is_read_with_the_districts_decision_and_a_withdrawal_that_met_it(
    case: Case, district: str, too_late: str
) -> None:
    key = FileKey("440105", "440105008", case.application_id)
    message = case_message(Changed(key, case, 1, ""), None, ON)
    assert (message.district_outcome, message.withdrawal_too_late_on) == (district, too_late)


def test_an_answer_that_an_earlier_release_left_out_is_given_once() -> None:
    at_district = referred(FORWARDED)
    assert unanswered_withdrawal(at_district, ON, ended_at_district=False) == [], "the district has yet to say it"
    ended = after(at_district, unanswered_withdrawal(at_district, ON, ended_at_district=True))
    assert (ended.closing, ended.closed_on) == (CaseClosing.WITHDRAWN, ON)
    late = after(granted(), unanswered_withdrawal(granted(), ON, ended_at_district=False))
    assert late.decision.withdrawal_too_late_on == ON
    for case in (ended, late):
        assert unanswered_withdrawal(case, ON, ended_at_district=case is ended) == []
