"""申请人撤回: the applicant stops the matter after acceptance."""

from datetime import date

import pytest

from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.facts import Leg, Outcome
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.domain.case.withdraw import withdraw
from tests.unit.approval.matters import HEAD, RESIDENCE, after, leg, opened, referred, reviewed

ON = date(2016, 3, 10)


@pytest.mark.parametrize(
    "case", [opened(), reviewed(), referred(RESIDENCE), leg()], ids=["review", "decision", "referred", "district"]
)
def test_an_open_leg_ends(case: Case) -> None:
    ended = after(case, withdraw(case, ON))
    assert (ended.stage, ended.closing, ended.closed_on) == (CaseStage.CLOSED, CaseClosing.WITHDRAWN, ON)


def test_a_withdrawal_is_neither_on_time_nor_late() -> None:
    assert after(opened(), withdraw(opened(), ON)).on_time is None


def test_what_is_closed_stays_as_it_was_closed() -> None:
    case = after(reviewed(), [decide(reviewed(), Decide(HEAD, Outcome.GRANTED, "", "1"), ON)])
    assert withdraw(case, ON) == []
    assert withdraw(referred(), ON) == []


def test_the_fact_says_which_leg_ends() -> None:
    assert withdraw(leg(), ON)[0].leg is Leg.DISTRICT
