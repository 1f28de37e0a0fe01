"""Steps of a route, 领办 and 退领: claim, release, opinions of one or two members of staff. (行政许可法 34)"""

from dataclasses import dataclass
from datetime import date

from law.desk import Actor
from law.not_allowed import NotAllowed
from services.approval.domain.case.facts import Opinion, StepClaimed, StepCompleted, StepReleased, VaultText
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


class SameStaffTwice(NotAllowed):
    """A step that two must take needs two different members of staff."""

    sentence = "该环节须由两名以上工作人员办理，您已提交过意见，请由另一名工作人员办理。"
    article = "行政许可法 34"


class NothingToRelease(NotAllowed):
    """The open step has not been taken."""

    sentence = "该环节尚未领办，无需退领。"


def claim(case: Case, actor: Actor, today: date) -> StepClaimed:
    """The claim, with which the actor may read the applicant's details; a second one is on file like the first.

    Raises ClaimedByAnother, SameStaffTwice.
    """
    step = open_step(case, actor, CaseAct.CLAIM)
    not_of_another(case, actor)
    if any(opinion.staff_no == actor.staff_no for opinion in case.opinions_on(step)):
        raise SameStaffTwice
    return StepClaimed(today, case.application_id, step.code, actor.staff_no)


def release(case: Case, actor: Actor, today: date) -> StepReleased:
    """The release, after which the step waits again. Raises ClaimedByAnother, NothingToRelease."""
    step = open_step(case, actor, CaseAct.RELEASE)
    not_of_another(case, actor)
    if not case.claimed_by:
        raise NothingToRelease
    return StepReleased(today, case.application_id, step.code, actor.staff_no)
