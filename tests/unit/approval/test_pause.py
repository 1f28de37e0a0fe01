"""特别程序: the clock stops and runs again. (行政许可法 45)"""

from datetime import date

import pytest

from law.desk import Post
from law.not_allowed import WrongDesk
from law.procedures import PausesOverlap
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.facts import Outcome, SpecialProcedure
from services.approval.domain.case.pause import PauseTerm, pause, resume
from services.approval.domain.case.stages import NotAtThisStage
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.domain.case.steps import claim
from services.approval.domain.case.withdraw import withdraw
from tests.unit.approval.matters import CALENDAR, HEAD, REVIEWER, after, opened, reviewed, staff

FROM, UNTIL = date(2016, 3, 8), date(2016, 3, 22)
HEARING = PauseTerm(REVIEWER, SpecialProcedure.HEARING, 10, "0f")


def paused(case: Case, on: date = FROM) -> Case:
    return after(case, [pause(case, HEARING, on)])


def resumed(case: Case, on: date = UNTIL) -> Case:
    return after(case, [resume(case, REVIEWER, on, CALENDAR)])


def test_neither_the_first_nor_the_last_day_of_a_pause_counts() -> None:
    term = resumed(paused(opened())).term
    assert (term.promised_due_on, term.legal_due_on) == (date(2016, 3, 30), date(2016, 4, 14))


def test_a_pause_of_one_day_takes_one_day_out() -> None:
    assert resumed(paused(opened()), FROM).term.promised_due_on == date(2016, 3, 16)


def test_a_pause_after_the_last_day_changes_nothing() -> None:
    case = resumed(paused(opened(), date(2016, 4, 1)), date(2016, 4, 8))
    assert case.term.promised_due_on == date(2016, 3, 15)


@pytest.mark.parametrize("case", [opened(), reviewed()], ids=["in review", "before the decision"])
def test_the_case_goes_on_where_it_stood(case: Case) -> None:
    assert paused(case).stage is CaseStage.PAUSED
    assert resumed(paused(case)).stage is case.stage


def test_while_the_clock_stands_nothing_else_is_done() -> None:
    case = paused(reviewed())
    with pytest.raises(NotAtThisStage) as refused:
        decide(case, Decide(HEAD, Outcome.GRANTED, "", ""), UNTIL)
    assert "恢复计时" in refused.value.sentence
    with pytest.raises(NotAtThisStage):
        claim(case, HEAD, UNTIL)
    with pytest.raises(NotAtThisStage):
        pause(case, HEARING, UNTIL)


def test_no_card_falls_due_while_the_clock_stands() -> None:
    assert paused(opened()).next_card is None
    assert resumed(paused(opened())).next_card is not None


def test_a_clock_that_runs_is_not_resumed() -> None:
    with pytest.raises(NotAtThisStage):
        resume(opened(), REVIEWER, UNTIL, CALENDAR)


def test_a_second_pause_begins_after_the_last_day_of_the_first() -> None:
    case = resumed(paused(opened()))
    with pytest.raises(PausesOverlap):
        pause(case, HEARING, UNTIL)
    again = resumed(paused(case, date(2016, 3, 23)), date(2016, 3, 24))
    assert again.term.promised_due_on == date(2016, 4, 1)


def test_a_clerk_does_not_stop_the_clock() -> None:
    with pytest.raises(WrongDesk):
        pause(opened(), PauseTerm(staff("NH300", Post.CLERK), SpecialProcedure.HEARING, 10, "0f"), FROM)


def test_the_applicant_may_withdraw_while_the_clock_stands() -> None:
    case = after(paused(opened()), withdraw(paused(opened()), UNTIL))
    assert (case.stage, case.closing) == (CaseStage.CLOSED, CaseClosing.WITHDRAWN)


def test_the_fact_says_for_what_and_for_how_long() -> None:
    fact = pause(opened(), HEARING, FROM)
    assert (fact.procedure, fact.expected_days, fact.paused_on) == (SpecialProcedure.HEARING, 10, FROM)
    assert fact.reason.name == "pause.1.reason"
