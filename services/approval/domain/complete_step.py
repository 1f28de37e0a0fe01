"""An opinion is put on file; facts are checked by two where the route says so. (行政许可法 34)"""

from dataclasses import dataclass
from datetime import date

from law.desk import Actor
from law.not_allowed import NotAllowed
from services.approval.domain.case import Case
from services.approval.domain.facts import StepCompleted, VaultText
from services.approval.domain.stages import Act, not_of_another, open_step
from services.approval.domain.words import Opinion


@dataclass(frozen=True, slots=True)
class CompleteStep:
    """What a reviewer gives; the remark by its keyed digest, empty without one."""

    actor: Actor
    opinion: Opinion
    remark: str = ""


class NotClaimed(NotAllowed):
    """Who gives an opinion has taken the step first."""

    sentence = "请先领办该环节，再提交审查意见。"


class RemarkMissing(NotAllowed):
    """Who disagrees writes why."""

    sentence = "审查意见为不同意的，应当写明理由。"


def complete_step(case: Case, command: CompleteStep, today: date) -> StepCompleted:
    """The opinion, which completes the step when it has as many as the route demands."""
    actor = command.actor
    step = open_step(case, actor, Act.COMPLETE_STEP)
    not_of_another(case, actor)
    if not case.claimed_by:
        raise NotClaimed
    if command.opinion is Opinion.DISAGREE and not command.remark:
        raise RemarkMissing("remark")
    number = len(case.opinions_on(step)) + 1
    return StepCompleted(
        today,
        case.application_id,
        step=step.code,
        staff_no=actor.staff_no,
        opinion=command.opinion,
        remark=VaultText(f"step.{step.code}.{number}", command.remark) if command.remark else None,
        finished=number >= step.staff,
    )
