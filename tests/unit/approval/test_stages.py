"""办件环节: the acts that work at each stage, and the desks that may do them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from law.desk import Actor, Place, Post
from law.not_allowed import NotAllowed, WrongDesk
from services.approval.domain.case.decide import Decide, StepsNotFinished, decide
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import Opinion, Outcome, SpecialProcedure
from services.approval.domain.case.pause import PauseTerm, ResumeTerm, approve_pause, decline_pause, pause, resume
from services.approval.domain.case.refer import Refer, ReviewNotFinished, refer
from services.approval.domain.case.stages import (
    POSSIBLE,
    AlreadyWithdrawn,
    CaseAct,
    ClaimedByAnother,
    NotAtThisStage,
    NotWithDistrict,
    allow,
    not_of_another,
    open_step,
    require_handed_over,
    require_post,
)
from services.approval.domain.case.state import Case, CaseStage
from services.approval.domain.case.steps import CompleteStep, claim, complete_step, release
from services.approval.domain.case.withdraw import withdraw
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from tests.unit.approval.matters import (
    CALENDAR,
    FORWARDED,
    HEAD,
    OTHER,
    PROMISED,
    REVIEWER,
    after,
    leg,
    opened,
    received,
    referred,
    reviewed,
    staff,
)

ON = date(2016, 3, 9)


def paused() -> Case:
    """A street's leg whose clock stands."""
    order = PauseTerm(HEAD, SpecialProcedure.HEARING, 5, "0f")
    return after(opened(), pause(opened(), order, ON, CALENDAR))


def returned() -> Case:
    """A street's leg whose referral came back."""
    (back,) = return_case(received(), ReturnReport("r-1", "0f"), ON)
    return after(referred(), return_on_street_leg(referred(), back, CALENDAR))


def closed() -> Case:
    """A street's leg that is decided."""
    return after(reviewed(), [decide(reviewed(), Decide(HEAD, Outcome.GRANTED, "", "决1号"), ON)])


def withdrawn() -> Case:
    """A street's leg that the applicant withdrew."""
    return after(opened(), withdraw(opened(), ON))


AT: dict[CaseStage, Callable[[], Case]] = {
    CaseStage.REVIEW: opened,
    CaseStage.DECISION: reviewed,
    CaseStage.REFERRED: leg,
    CaseStage.PAUSED: paused,
    CaseStage.RETURNED: returned,
    CaseStage.CLOSED: closed,
}

ACTS: dict[CaseAct, Callable[[Case, Actor], object]] = {
    CaseAct.CLAIM: lambda case, actor: claim(case, actor, ON),
    CaseAct.RELEASE: lambda case, actor: release(case, actor, ON),
    CaseAct.COMPLETE_STEP: lambda case, actor: complete_step(case, CompleteStep(actor, Opinion.AGREE), ON),
    CaseAct.REFER: lambda case, actor: refer(case, Refer(actor, "0f"), ON),
    CaseAct.DECIDE: lambda case, actor: decide(case, Decide(actor, Outcome.REFUSED, "0f", "决1号"), ON),
    CaseAct.EXTEND: lambda case, actor: extend(case, Extend(actor, 5, "0f"), ON, CALENDAR),
    CaseAct.PAUSE: lambda case, actor: pause(
        case, PauseTerm(actor, SpecialProcedure.INSPECTION, 5, "0f"), ON, CALENDAR
    ),
    CaseAct.APPROVE_PAUSE: lambda case, actor: approve_pause(case, actor, ON, CALENDAR),
    CaseAct.DECLINE_PAUSE: lambda case, actor: decline_pause(case, actor, "0f", ON),
    CaseAct.RESUME: lambda case, actor: resume(case, ResumeTerm(actor), ON, CALENDAR),
}
"""The acts of desks."""


@pytest.mark.parametrize("stage", CaseStage)
def test_every_stage_is_reached_by_real_acts(stage: CaseStage) -> None:
    assert AT[stage]().stage is stage


@pytest.mark.parametrize("stage", CaseStage)
@pytest.mark.parametrize("act", CaseAct)
def test_an_act_works_at_its_stages_and_at_no_other(stage: CaseStage, act: CaseAct) -> None:
    case = AT[stage]()
    if act in POSSIBLE[stage]:
        allow(case, act)
        return
    with pytest.raises(NotAtThisStage) as refused:
        allow(case, act)
    assert act.value in refused.value.sentence
    for possible in POSSIBLE[stage]:
        assert possible.value in refused.value.sentence, "the sentence names the acts that work"


def test_a_closed_case_can_only_be_looked_up() -> None:
    with pytest.raises(NotAtThisStage) as refused:
        allow(closed(), CaseAct.CLAIM)
    assert refused.value.sentence == "办件当前处于“已办结”，不能领办；现在可以：查询。"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("stage", [CaseStage.REFERRED, CaseStage.CLOSED])
def test_no_desk_acts_on_a_case_at_the_district_or_closed(stage: CaseStage, act: CaseAct) -> None:
    case = AT[stage]()
    actor = staff("NH900", Post.REVIEWER, Post.HEAD)
    with pytest.raises(NotAtThisStage):
        ACTS[act](case, actor)


@pytest.mark.parametrize("act", [act for act in ACTS if act is not CaseAct.RESUME])
def test_nothing_but_resuming_is_done_in_a_pause(act: CaseAct) -> None:
    with pytest.raises(NotAtThisStage) as refused:
        ACTS[act](paused(), staff("NH900", Post.REVIEWER, Post.HEAD))
    assert CaseAct.RESUME.value in refused.value.sentence


@pytest.mark.parametrize(("act", "refusal"), [(CaseAct.DECIDE, StepsNotFinished), (CaseAct.REFER, ReviewNotFinished)])
def test_before_the_end_of_the_review_the_reason_is_the_review(act: CaseAct, refusal: type[NotAllowed]) -> None:
    with pytest.raises(refusal):
        ACTS[act](opened(FORWARDED), HEAD)


@pytest.mark.parametrize(
    ("stage", "act", "posts"),
    [
        (CaseStage.REVIEW, CaseAct.CLAIM, {Post.REVIEWER}),
        (CaseStage.REVIEW, CaseAct.RELEASE, {Post.REVIEWER}),
        (CaseStage.REVIEW, CaseAct.COMPLETE_STEP, {Post.REVIEWER}),
        (CaseStage.REVIEW, CaseAct.EXTEND, {Post.HEAD}),
        (CaseStage.REVIEW, CaseAct.PAUSE, {Post.REVIEWER, Post.HEAD}),
        (CaseStage.PAUSED, CaseAct.RESUME, {Post.REVIEWER, Post.HEAD}),
        (CaseStage.DECISION, CaseAct.CLAIM, {Post.HEAD}),
        (CaseStage.DECISION, CaseAct.DECIDE, {Post.HEAD}),
        (CaseStage.RETURNED, CaseAct.REFER, {Post.HEAD}),
        (CaseStage.RETURNED, CaseAct.DECIDE, {Post.HEAD}),
    ],
)
def test_an_act_belongs_to_its_posts(stage: CaseStage, act: CaseAct, posts: set[Post]) -> None:
    for post in Post:
        case = AT[stage]()
        if act in (CaseAct.RELEASE, CaseAct.COMPLETE_STEP):
            case = replace(case, claimed_by="NH777")
        actor = staff("NH777", post)
        if post in posts:
            ACTS[act](case, actor)
        else:
            with pytest.raises(WrongDesk):
                ACTS[act](case, actor)


@pytest.mark.parametrize(
    ("stage", "act"),
    [
        (CaseStage.REVIEW, CaseAct.CLAIM),
        (CaseStage.REVIEW, CaseAct.EXTEND),
        (CaseStage.REVIEW, CaseAct.PAUSE),
        (CaseStage.PAUSED, CaseAct.RESUME),
        (CaseStage.DECISION, CaseAct.DECIDE),
        (CaseStage.RETURNED, CaseAct.REFER),
    ],
)
def test_an_act_belongs_to_the_line_of_the_case(stage: CaseStage, act: CaseAct) -> None:
    other = staff("NH777", Post.REVIEWER, Post.HEAD, lines=["LABOUR"])
    with pytest.raises(WrongDesk):
        ACTS[act](AT[stage](), other)
    line = AT[stage]().item.line.name
    ACTS[act](AT[stage](), staff("NH777", Post.REVIEWER, Post.HEAD, lines=["LABOUR", line]))


def test_a_step_that_another_has_taken_is_named_with_its_holder() -> None:
    case = after(opened(), [claim(opened(), REVIEWER, ON)])
    not_of_another(case, REVIEWER)
    with pytest.raises(ClaimedByAnother) as refused:
        not_of_another(case, OTHER)
    assert REVIEWER.staff_no in refused.value.sentence


def test_the_open_step_is_that_of_the_route() -> None:
    assert open_step(opened(), REVIEWER, CaseAct.CLAIM) == PROMISED.route[0]
    assert open_step(reviewed(), HEAD, CaseAct.CLAIM) == PROMISED.route[1]


def test_a_post_is_required_whatever_the_place() -> None:
    require_post(opened(), HEAD, Post.HEAD)
    with pytest.raises(WrongDesk):
        require_post(opened(), staff("NH001", Post.CLERK, place=Place("440105", "440105009")), Post.HEAD)


def test_only_a_leg_at_the_districts_system_is_reported_on() -> None:
    require_handed_over(received())
    for case in (opened(), referred(), leg(replace(FORWARDED, refers_to=""))):
        with pytest.raises(NotWithDistrict):
            require_handed_over(case)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_of_a_desk_that_the_withdrawal_has_beaten_is_refused_by_that_name(act: CaseAct) -> None:
    with pytest.raises(AlreadyWithdrawn) as refused:
        ACTS[act](withdrawn(), staff("NH900", Post.REVIEWER, Post.HEAD))
    assert refused.value.sentence == f"申请人已于2016-03-09撤回申请，不能再{act}。"


def test_a_report_on_a_withdrawn_leg_contradicts_the_applicant() -> None:
    allow(received(), CaseAct.DISTRICT_DECIDE)
    with pytest.raises(AlreadyWithdrawn):
        allow(after(received(), withdraw(received(), ON)), CaseAct.DISTRICT_DECIDE)
