"""审查意见: an opinion is put on file. (行政许可法 34)"""

from dataclasses import replace

import pytest

from services.approval.domain.case.facts import Opinion
from services.approval.domain.case.stages import ClaimedByAnother, NotAtThisStage
from services.approval.domain.case.state import CaseStage
from services.approval.domain.case.steps import CompleteStep, NotClaimed, RemarkMissing, claim, complete_step
from tests.unit.approval.matters import (
    ACCEPTED_ON,
    DECISION,
    FIELD_CHECK,
    HEAD,
    OTHER,
    PROMISED,
    REVIEW,
    REVIEWER,
    after,
    opened,
    reviewed,
)

TODAY = ACCEPTED_ON
AGREED = CompleteStep(REVIEWER, Opinion.AGREE)


def test_the_last_opinion_of_a_step_opens_the_next_one() -> None:
    case = after(opened(), [claim(opened(), REVIEWER, TODAY)])
    fact = complete_step(case, AGREED, TODAY)
    case = after(case, [fact])
    assert (fact.finished, case.step, case.stage, case.claimed_by) == (True, DECISION, CaseStage.DECISION, "")


def test_a_step_of_two_waits_for_the_second_opinion() -> None:
    case = opened(replace(PROMISED, route=(REVIEW, FIELD_CHECK, DECISION)))
    for reviewer, step in [(REVIEWER, "S2"), (REVIEWER, "S2"), (OTHER, "S9")]:
        case = after(case, [claim(case, reviewer, TODAY)])
        case = after(case, [complete_step(case, CompleteStep(reviewer, Opinion.AGREE), TODAY)])
        assert case.step is not None and case.step.code == step


def test_who_gives_an_opinion_has_taken_the_step() -> None:
    with pytest.raises(NotClaimed):
        complete_step(opened(), AGREED, TODAY)


def test_a_step_that_another_has_taken_is_not_completed() -> None:
    case = after(opened(), [claim(opened(), OTHER, TODAY)])
    with pytest.raises(ClaimedByAnother):
        complete_step(case, AGREED, TODAY)


def test_who_disagrees_writes_why() -> None:
    case = after(opened(), [claim(opened(), REVIEWER, TODAY)])
    with pytest.raises(RemarkMissing) as refused:
        complete_step(case, CompleteStep(REVIEWER, Opinion.DISAGREE), TODAY)
    assert refused.value.field == "remark"


def test_the_fact_has_the_digest_of_the_remark_and_the_name_under_which_it_is_kept() -> None:
    case = after(opened(), [claim(opened(), REVIEWER, TODAY)])
    remark = complete_step(case, CompleteStep(REVIEWER, Opinion.DISAGREE, "ab"), TODAY).remark
    assert remark is not None and (remark.name, remark.digest) == ("step.S1.1", "ab")


def test_the_deciding_step_is_not_completed_but_decided() -> None:
    with pytest.raises(NotAtThisStage) as refused:
        complete_step(reviewed(), CompleteStep(HEAD, Opinion.AGREE), TODAY)
    assert "作出决定" in refused.value.sentence
