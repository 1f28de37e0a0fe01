"""A desk gives the open step back. (退领)"""

from datetime import date

from law.desk import Actor
from law.not_allowed import NotAllowed
from services.approval.domain.case import Case
from services.approval.domain.facts import StepReleased
from services.approval.domain.stages import Act, not_of_another, open_step


class NothingToRelease(NotAllowed):
    """Nobody has taken the open step."""

    sentence = "该环节尚未领办，无需退领。"


def release(case: Case, actor: Actor, today: date) -> StepReleased:
    """The step waits again; raises ClaimedByAnother when it is not the actor's to give back."""
    step = open_step(case, actor, Act.RELEASE)
    not_of_another(case, actor)
    if not case.claimed_by:
        raise NothingToRelease
    return StepReleased(today, case.application_id, step.code, actor.staff_no)
