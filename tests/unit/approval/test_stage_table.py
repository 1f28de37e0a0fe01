"""Each act of a desk at each stage of a street's leg: the fact it gives, or the refusal that names what works."""

from datetime import timedelta

import pytest

from law.not_allowed import NotAllowed
from law.procedures import PausesOverlap
from services.approval.domain.case.decide import StepsNotFinished
from services.approval.domain.case.facts import (
    CaseDecided,
    CaseReferred,
    CaseWithdrawn,
    Fact,
    ProcedureOrdered,
    StepClaimed,
    StepCompleted,
    StepReleased,
    TermExtended,
    TermPaused,
    TermResumed,
    WithdrawalTooLate,
)
from services.approval.domain.case.pause import NoProcedureWaits
from services.approval.domain.case.refer import ReviewNotFinished
from services.approval.domain.case.stages import POSSIBLE, CaseAct, NotAtThisStage
from services.approval.domain.case.state import CaseStage
from tests.unit.approval.acts import REPORTS, TODAY, by, claimed, resumed, street_legs
from tests.unit.approval.matters import HEAD, RESIDENCE, REVIEWER, leg

REVIEW, DECISION, REFERRED = CaseStage.REVIEW, CaseStage.DECISION, CaseStage.REFERRED
PAUSED, RETURNED, CLOSED = CaseStage.PAUSED, CaseStage.RETURNED, CaseStage.CLOSED
NO = NotAtThisStage

# One row for each act, one column for each stage: the fact, or the refusal.
TABLE: dict[CaseAct, dict[CaseStage, type[Fact] | type[NotAllowed]]] = {
    CaseAct.CLAIM: {
        REVIEW: StepClaimed,
        DECISION: StepClaimed,
        REFERRED: NO,
        PAUSED: NO,
        RETURNED: StepClaimed,
        CLOSED: NO,
    },
    CaseAct.RELEASE: {
        REVIEW: StepReleased,
        DECISION: StepReleased,
        REFERRED: NO,
        PAUSED: NO,
        RETURNED: StepReleased,
        CLOSED: NO,
    },
    CaseAct.COMPLETE_STEP: {
        REVIEW: StepCompleted,
        DECISION: NO,
        REFERRED: NO,
        PAUSED: NO,
        RETURNED: NO,
        CLOSED: NO,
    },
    CaseAct.REFER: {
        REVIEW: ReviewNotFinished,
        DECISION: CaseReferred,
        REFERRED: NO,
        PAUSED: NO,
        RETURNED: CaseReferred,
        CLOSED: NO,
    },
    CaseAct.DECIDE: {
        REVIEW: StepsNotFinished,
        DECISION: CaseDecided,
        REFERRED: NO,
        PAUSED: NO,
        RETURNED: CaseDecided,
        CLOSED: NO,
    },
    CaseAct.EXTEND: {
        REVIEW: TermExtended,
        DECISION: TermExtended,
        REFERRED: NO,
        PAUSED: NO,
        RETURNED: TermExtended,
        CLOSED: NO,
    },
    CaseAct.PAUSE: {
        REVIEW: ProcedureOrdered,
        DECISION: TermPaused,
        REFERRED: NO,
        PAUSED: NO,
        RETURNED: PausesOverlap,  # the day of the return is out of the term already
        CLOSED: NO,
    },
    CaseAct.APPROVE_PAUSE: {
        REVIEW: NoProcedureWaits,
        DECISION: NoProcedureWaits,
        REFERRED: NO,
        PAUSED: NO,
        RETURNED: NoProcedureWaits,
        CLOSED: NO,
    },
    CaseAct.DECLINE_PAUSE: {
        REVIEW: NoProcedureWaits,
        DECISION: NoProcedureWaits,
        REFERRED: NO,
        PAUSED: NO,
        RETURNED: NoProcedureWaits,
        CLOSED: NO,
    },
    CaseAct.RESUME: {
        REVIEW: NO,
        DECISION: NO,
        REFERRED: NO,
        PAUSED: TermResumed,
        RETURNED: NO,
        CLOSED: NO,
    },
}
OF_THE_HEAD = (CaseAct.EXTEND, CaseAct.DECIDE, CaseAct.REFER, CaseAct.APPROVE_PAUSE, CaseAct.DECLINE_PAUSE)
ROWS = [
    pytest.param(act, stage, expected, id=f"{act.name} at {stage}")
    for act, row in TABLE.items()
    for stage, expected in row.items()
]


@pytest.mark.parametrize(("act", "stage", "expected"), ROWS)
def test_an_act_works_at_its_stages_and_is_refused_at_the_others(
    act: CaseAct, stage: CaseStage, expected: type[Fact] | type[NotAllowed]
) -> None:
    case = street_legs()[stage]
    actor = REVIEWER if case.stage is REVIEW and act not in OF_THE_HEAD else HEAD
    if act in (CaseAct.RELEASE, CaseAct.COMPLETE_STEP) and CaseAct.CLAIM in POSSIBLE[stage]:
        case = claimed(case, actor)
    deed = by(actor)[act]
    if issubclass(expected, Fact):
        (fact,) = deed(case, TODAY)
        assert type(fact) is expected
        assert (fact.occurred_on, fact.application_id) == (TODAY, case.application_id)
        return
    with pytest.raises(NotAllowed) as refused:
        deed(case, TODAY)
    assert type(refused.value) is expected


PAUSING_ACTS = "启动特别程序、批准特别程序、不予批准特别程序"
DECIDING_ACTS = f"领办、退领、转报、作出决定、延期、{PAUSING_ACTS}、撤回。"
SENTENCES = {
    REVIEW: f"办件当前处于“审查中”，不能恢复计时；现在可以：领办、退领、提交审查意见、延期、{PAUSING_ACTS}、撤回。",
    DECISION: "办件当前处于“待决定”，不能恢复计时；现在可以：" + DECIDING_ACTS,
    REFERRED: "办件当前处于“已转报，待区办理”，不能恢复计时；现在可以：撤回、登记区已接收、登记区办理结果、退回。",
    RETURNED: "办件当前处于“已退回街道”，不能恢复计时；现在可以：" + DECIDING_ACTS,
    CLOSED: "办件当前处于“已办结”，不能恢复计时；现在可以：查询。",
}


@pytest.mark.parametrize(("stage", "sentence"), SENTENCES.items())
def test_the_refusal_names_the_stage_the_act_and_the_acts_that_work(stage: CaseStage, sentence: str) -> None:
    with pytest.raises(NotAtThisStage) as refused:
        by(HEAD)[CaseAct.RESUME](street_legs()[stage], TODAY)
    assert refused.value.sentence == sentence


def test_while_the_clock_stands_still_the_refusal_names_the_two_acts_that_work() -> None:
    with pytest.raises(NotAtThisStage) as refused:
        by(HEAD)[CaseAct.EXTEND](street_legs()[PAUSED], TODAY)
    assert refused.value.sentence == "办件当前处于“特别程序”，不能延期；现在可以：恢复计时、撤回。"


@pytest.mark.parametrize("stage", [REVIEW, DECISION, PAUSED, RETURNED])
def test_an_applicant_withdraws_at_every_stage_of_the_street(stage: CaseStage) -> None:
    (fact,) = REPORTS[CaseAct.WITHDRAW](street_legs()[stage], TODAY)
    assert type(fact) is CaseWithdrawn


def test_a_withdrawal_at_the_district_is_decided_by_the_districts_leg() -> None:
    assert REPORTS[CaseAct.WITHDRAW](street_legs()[REFERRED], TODAY) == []
    (fact,) = REPORTS[CaseAct.WITHDRAW](leg(RESIDENCE), TODAY)
    assert type(fact) is CaseWithdrawn


def test_a_withdrawal_of_a_decided_case_is_answered_that_it_came_too_late() -> None:
    (fact,) = REPORTS[CaseAct.WITHDRAW](street_legs()[CLOSED], TODAY)
    assert type(fact) is WithdrawalTooLate


def test_every_act_works_at_some_stage() -> None:
    assert frozenset().union(*POSSIBLE.values()) == frozenset(CaseAct)
    assert set(POSSIBLE) == set(CaseStage)


def test_the_words_of_the_acts_are_all_different() -> None:
    assert len({act.value for act in CaseAct}) == len(CaseAct)


@pytest.mark.parametrize("act", [CaseAct.CLAIM, CaseAct.DECIDE, CaseAct.EXTEND, CaseAct.REFER])
def test_a_case_that_was_resumed_goes_on_with_the_acts_of_its_stage(act: CaseAct) -> None:
    later = TODAY + timedelta(days=4)
    case = resumed(street_legs()[PAUSED], later)
    assert by(HEAD)[act](case, later)
