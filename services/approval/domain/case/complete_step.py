"""Completion of a step by opinions; two members of staff check facts where the route says so. (行政许可法 34)"""

from dataclasses import dataclass
from datetime import date

from law.desk import Actor
from law.not_allowed import NotAllowed
from services.approval.domain.case.facts import Opinion, StepCompleted, VaultText
from services.approval.domain.case.stages import CaseAct, not_of_another, open_step
from services.approval.domain.case.state import Case


@dataclass(frozen=True, slots=True)
class CompleteStep:
    """Opinion of a reviewer; the remark by its keyed digest, empty without one."""

    actor: Actor
    opinion: Opinion
    remark: str = ""


class NotClaimed(NotAllowed):
    """An opinion needs a claim of the step first."""

    sentence = "请先领办该环节，再提交审查意见。"


class RemarkMissing(NotAllowed):
    """Disagreement needs a written reason."""

    sentence = "审查意见为不同意的，应当写明理由。"


def complete_step(case: Case, command: CompleteStep, today: date) -> StepCompleted:
    """The opinion, which completes the step when it is the last that the route demands."""
    actor = command.actor
    step = open_step(case, actor, CaseAct.COMPLETE_STEP)
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
