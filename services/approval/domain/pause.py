"""The clock stops for a hearing, an inspection or an appraisal, told to the applicant in writing. (行政许可法 45)"""

from dataclasses import dataclass
from datetime import date

from law.desk import Actor, Post
from law.not_allowed import NotAllowed
from services.approval.domain.case import Case
from services.approval.domain.facts import TermPaused, VaultText
from services.approval.domain.stages import Act, allow, require_post
from services.approval.domain.words import SpecialProcedure


@dataclass(frozen=True, slots=True)
class Pause:
    """What a desk orders; the reason by its keyed digest, as told to the applicant."""

    actor: Actor
    procedure: SpecialProcedure
    expected_days: int
    reason: str


class PausesOverlap(NotAllowed):
    """A day that one special procedure has taken out of the term cannot begin another."""

    sentence = "当日已计入前一次特别程序，请自次日起再办理。"
    article = "行政许可法 45"


def pause(case: Case, command: Pause, today: date) -> TermPaused:
    """The pause; today is the first day that does not count."""
    allow(case, Act.PAUSE)
    require_post(case, command.actor, Post.REVIEWER, Post.HEAD)
    if any(today in earlier for earlier in case.pauses):
        raise PausesOverlap
    return TermPaused(
        today,
        case.application_id,
        procedure=command.procedure,
        paused_on=today,
        expected_days=command.expected_days,
        reason=VaultText(f"pause.{len(case.pauses) + 1}.reason", command.reason),
    )
