"""A desk takes the open step, and may then read the applicant's details. (领办)"""

from datetime import date

from law.desk import Actor
from law.not_allowed import NotAllowed
from services.approval.domain.case import Case
from services.approval.domain.facts import StepClaimed
from services.approval.domain.stages import Act, not_of_another, open_step


class SameStaffTwice(NotAllowed):
    """A step that two must take needs two different members of staff."""

    sentence = "该环节须由两名以上工作人员办理，您已提交过意见，请由另一名工作人员办理。"
    article = "行政许可法 34"


def claim(case: Case, actor: Actor, today: date) -> StepClaimed:
    """The step is the actor's; taking it once more gives a new pass, on file like the first."""
    step = open_step(case, actor, Act.CLAIM)
    not_of_another(case, actor)
    if any(opinion.staff_no == actor.staff_no for opinion in case.opinions_on(step)):
        raise SameStaffTwice
    return StepClaimed(today, case.application_id, step.code, actor.staff_no)
