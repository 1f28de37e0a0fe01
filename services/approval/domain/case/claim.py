"""Claim and release: a desk takes the open step, or gives it back. (领办 退领)"""

from datetime import date

from law.desk import Actor
from law.not_allowed import NotAllowed
from services.approval.domain.case.facts import StepClaimed, StepReleased
from services.approval.domain.case.stages import CaseAct, not_of_another, open_step
from services.approval.domain.case.state import Case


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
