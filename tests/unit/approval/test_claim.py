"""领办 and 退领: a desk takes a step, and gives it back."""

from dataclasses import replace

import pytest

from law.desk import Post
from law.not_allowed import WrongDesk
from services.approval.domain.case.facts import Opinion, StepClaimed, StepReleased
from services.approval.domain.case.stages import ClaimedByAnother, NotAtThisStage
from services.approval.domain.case.steps import (
    CompleteStep,
    NothingToRelease,
    SameStaffTwice,
    claim,
    complete_step,
    release,
)
from tests.unit.approval.matters import (
    ACCEPTED_ON,
    APPLICATION,
    FIELD_CHECK,
    HEAD,
    OTHER,
    PROMISED,
    REVIEWER,
    after,
    leg,
    opened,
    referred,
    reviewed,
    staff,
)

TODAY = ACCEPTED_ON


def test_a_reviewer_takes_the_open_step() -> None:
    fact = claim(opened(), REVIEWER, TODAY)
    assert fact == StepClaimed(TODAY, APPLICATION, "S1", "NH001")
    assert after(opened(), [fact]).claimed_by == "NH001"


def test_who_holds_a_step_may_take_it_again_for_a_new_pass() -> None:
    case = after(opened(), [claim(opened(), REVIEWER, TODAY)])
    assert claim(case, REVIEWER, TODAY).staff_no == "NH001"


def test_a_step_that_another_has_taken_is_not_to_be_had() -> None:
    case = after(opened(), [claim(opened(), REVIEWER, TODAY)])
    with pytest.raises(ClaimedByAnother) as refused:
        claim(case, OTHER, TODAY)
    assert "NH001" in refused.value.sentence


def test_a_head_does_not_take_a_reviewers_step() -> None:
    with pytest.raises(WrongDesk):
        claim(opened(), HEAD, TODAY)


def test_a_reviewer_of_another_line_does_not_take_it() -> None:
    with pytest.raises(WrongDesk):
        claim(opened(), staff("NH003", Post.REVIEWER, lines=["LABOUR"]), TODAY)


def test_a_reviewer_of_the_line_does() -> None:
    assert claim(opened(), staff("NH003", Post.REVIEWER, lines=["FAMILY_PLANNING"]), TODAY).staff_no == "NH003"


def test_a_step_of_two_needs_two_different_staff() -> None:
    case = opened(replace(PROMISED, route=(FIELD_CHECK,)))
    case = after(case, [claim(case, REVIEWER, TODAY)])
    case = after(case, [complete_step(case, CompleteStep(REVIEWER, Opinion.AGREE), TODAY)])
    with pytest.raises(SameStaffTwice) as refused:
        claim(case, REVIEWER, TODAY)
    assert refused.value.article == "行政许可法 34"
    assert claim(case, OTHER, TODAY).step == "S2"


@pytest.mark.parametrize("case", [referred(), leg()], ids=["referred and closed", "at the district's system"])
def test_nothing_is_taken_while_the_district_has_it(case: object) -> None:
    with pytest.raises(NotAtThisStage):
        claim(case, HEAD, TODAY)  # type: ignore[arg-type] # cases, listed as parameters


def test_who_has_taken_a_step_gives_it_back() -> None:
    case = after(opened(), [claim(opened(), REVIEWER, TODAY)])
    fact = release(case, REVIEWER, TODAY)
    assert fact == StepReleased(TODAY, APPLICATION, "S1", "NH001")
    assert after(case, [fact]).claimed_by == ""


def test_what_nobody_has_taken_is_not_given_back() -> None:
    with pytest.raises(NothingToRelease):
        release(reviewed(), HEAD, TODAY)


def test_nobody_gives_back_what_another_has_taken() -> None:
    case = after(opened(), [claim(opened(), REVIEWER, TODAY)])
    with pytest.raises(ClaimedByAnother):
        release(case, OTHER, TODAY)
