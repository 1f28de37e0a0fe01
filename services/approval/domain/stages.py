"""What still works at each stage, and which desk it belongs to: the one table that every act asks first."""

from enum import StrEnum

from law.desk import Actor, Post
from law.not_allowed import NotAllowed, WrongDesk
from services.approval.domain.case import Case, Closing, Stage
from services.approval.domain.item import Step
from services.approval.domain.words import StepPost


class Act(StrEnum):
    """What a desk, the applicant or the district can ask of a case; the value is what staff call it."""

    CLAIM = "领办"
    RELEASE = "退领"
    COMPLETE_STEP = "提交审查意见"
    REFER = "转报"
    DECIDE = "作出决定"
    EXTEND = "延期"
    PAUSE = "启动特别程序"
    RESUME = "恢复计时"
    WITHDRAW = "撤回"
    ACKNOWLEDGE = "登记区已接收"
    DISTRICT_DECIDE = "登记区办理结果"
    RETURN = "退回"


class NotAtThisStage(NotAllowed):
    """The case stands where this act has no place; the sentence says what can be done now."""

    sentence = "办件当前处于“{stage}”，不能{act}；现在可以：{possible}。"


class ClaimedByAnother(NotAllowed):
    """Another member of staff has taken the open step."""

    sentence = "该环节已由工号{staff_no}领办。"


class NotWithDistrict(NotAllowed):
    """Only a leg that was handed to the district's own system is reported on by it."""

    sentence = "该件不由区审批系统办理。"


class AlreadyWithdrawn(NotAllowed):
    """The applicant stopped the matter; what is reported of it later contradicts that."""

    sentence = "申请人已撤回申请，不能再登记办理情况。"


_DESK = frozenset({Act.CLAIM, Act.RELEASE, Act.EXTEND, Act.PAUSE, Act.WITHDRAW})
_DECIDING = _DESK | {Act.DECIDE, Act.REFER}
_DISTRICT = frozenset({Act.ACKNOWLEDGE, Act.DISTRICT_DECIDE, Act.RETURN, Act.WITHDRAW})

POSSIBLE: dict[Stage, frozenset[Act]] = {
    Stage.REVIEW: _DESK | {Act.COMPLETE_STEP},
    Stage.DECISION: _DECIDING,
    Stage.REFERRED: _DISTRICT,
    Stage.PAUSED: frozenset({Act.RESUME, Act.WITHDRAW}),
    Stage.RETURNED: _DECIDING,
    Stage.CLOSED: frozenset(),
}
"""The acts that work at each stage."""

_NAMES = {
    Stage.REVIEW: "审查中",
    Stage.DECISION: "待决定",
    Stage.REFERRED: "已转报，待区办理",
    Stage.PAUSED: "特别程序",
    Stage.RETURNED: "已退回街道",
    Stage.CLOSED: "已办结",
}


def allow(case: Case, act: Act) -> None:
    """Pass when the act works at the case's stage; raises NotAtThisStage."""
    possible = POSSIBLE[case.stage]
    if act not in possible:
        told = "、".join(each for each in Act if each in possible) or "查询"
        raise NotAtThisStage(stage=_NAMES[case.stage], act=act, possible=told)


def open_step(case: Case, actor: Actor, act: Act) -> Step:
    """The open step, when the act works and the step is the actor's; raises NotAtThisStage or WrongDesk."""
    allow(case, act)
    step = case.step
    if step is None or not actor.holds(_POSTS[step.post]) or not actor.serves(case.item.line.name):
        raise WrongDesk
    return step


def not_of_another(case: Case, actor: Actor) -> None:
    """Pass when nobody else has taken the open step; raises ClaimedByAnother."""
    if case.claimed_by not in ("", actor.staff_no):
        raise ClaimedByAnother(staff_no=case.claimed_by)


def require_post(case: Case, actor: Actor, *posts: Post) -> None:
    """Pass when the actor holds one of the posts and serves the line of the case; raises WrongDesk."""
    if not actor.holds(*posts) or not actor.serves(case.item.line.name):
        raise WrongDesk


def require_handed_over(case: Case) -> None:
    """Pass when the district's own system has the leg; raises NotWithDistrict."""
    if not case.handed_over:
        raise NotWithDistrict


def allow_report(case: Case, act: Act) -> None:
    """Pass when what the district reports fits the leg; raises AlreadyWithdrawn or NotAtThisStage."""
    if case.closing is Closing.WITHDRAWN:
        raise AlreadyWithdrawn
    allow(case, act)


_POSTS = {StepPost.REVIEWER: Post.REVIEWER, StepPost.HEAD: Post.HEAD}
