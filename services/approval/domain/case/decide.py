"""Decision of the head: grant, or refusal with reasons; either ends the term. (行政许可法 37, 38)

Example: a street cannot grant what the district decides; it refers the matter, or refuses it with
reasons. A refusal without reasons is not allowed, whoever decides: the applicant needs them for
reconsideration and suit. Judged on time and early is the day of the decision against the promised last
day, pauses and the extension included.
"""

from dataclasses import dataclass
from datetime import date

from law.desk import Actor, Post
from law.not_allowed import NotAllowed
from services.approval.domain.case.facts import CaseDecided, Outcome, VaultText
from services.approval.domain.case.item import StepKind
from services.approval.domain.case.stages import CaseAct, allow, not_of_another, require_post
from services.approval.domain.case.state import Case, CaseStage


@dataclass(frozen=True, slots=True)
class Decide:
    """Decision of the head; the reasons by their keyed digest, empty without any."""

    actor: Actor
    outcome: Outcome
    reasons: str
    decision_number: str


class StepsNotFinished(NotAllowed):
    """A case is decided when every step of its review has its opinions."""

    sentence = "审查环节尚未全部完成，不能作出决定。"
    article = "行政许可法 34"


class ReasonsMissing(NotAllowed):
    """A refusal gives its reasons."""

    sentence = "作出不予许可的决定，应当说明理由。"
    article = "行政许可法 38"


class DecidedByDistrict(NotAllowed):
    """The street may refuse a matter that the district decides, or refer it; it cannot grant it."""

    sentence = "本事项由上级机关决定，街道只能转报或者依法不予许可。"
    article = "行政许可法 35"


def decide(case: Case, command: Decide, today: date) -> CaseDecided:
    """The decision; the head needs no claim, unless another head has taken the step."""
    # Before the general refusal of the stage: the head has to know that the review is what is missing.
    if case.stage is CaseStage.REVIEW:
        raise StepsNotFinished
    allow(case, CaseAct.DECIDE)
    require_post(case, command.actor, Post.HEAD)
    not_of_another(case, command.actor)
    if command.outcome is Outcome.REFUSED and not command.reasons:
        raise ReasonsMissing("reasons")
    if command.outcome is Outcome.GRANTED and case.route[case.step_index].kind is StepKind.REFER:
        raise DecidedByDistrict("outcome")
    on_time, early = case.punctuality(today)
    return CaseDecided(
        today,
        case.application_id,
        outcome=command.outcome,
        reasons=VaultText("decision.reasons", command.reasons) if command.reasons else None,
        on_time=on_time,
        early=early,
        decision_number=command.decision_number,
        leg=case.leg,
    )
