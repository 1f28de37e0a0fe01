"""Pause and resumption of the term for a hearing, an inspection or an appraisal. (行政许可法 45)

The applicant is notified of a pause in writing.

Example: an expert appraisal begins on Monday 19 September and its report comes on the 20th. Pausing on
the 19th makes the 19th the first day that does not count, resuming on the 20th makes the 20th the last
one. A second pause may not begin on a day that the first has taken already.
"""

from dataclasses import dataclass, replace
from datetime import date

from law.desk import Actor, Post
from law.procedures import require_apart
from law.two_clocks import Standstill, StandstillCause
from law.workdays import Calendar
from services.approval.domain.case import due_dates
from services.approval.domain.case.facts import SpecialProcedure, TermPaused, TermResumed, VaultText
from services.approval.domain.case.stages import CaseAct, allow, require_post
from services.approval.domain.case.state import Case


@dataclass(frozen=True, slots=True)
class PauseTerm:
    """Order of a desk to stop the clock; the reason for the applicant by its keyed digest."""

    actor: Actor
    procedure: SpecialProcedure
    expected_days: int
    reason: str


def pause(case: Case, command: PauseTerm, today: date) -> TermPaused:
    """The pause; today is the first day that does not count. Raises PausesOverlap."""
    allow(case, CaseAct.PAUSE)
    require_post(case, command.actor, Post.REVIEWER, Post.HEAD)
    require_apart(today, None, case.pauses)
    return TermPaused(
        today,
        case.application_id,
        procedure=command.procedure,
        paused_on=today,
        expected_days=command.expected_days,
        reason=VaultText(f"pause.{len(case.pauses) + 1}.reason", command.reason),
    )


def resume(case: Case, actor: Actor, today: date, calendar: Calendar) -> TermResumed:
    """The resumption, with the dates from now on; today is the last day that does not count."""
    allow(case, CaseAct.RESUME)
    require_post(case, actor, Post.REVIEWER, Post.HEAD)
    paused_on = case.paused_on
    assert paused_on is not None  # else the stage would not be PAUSED, and the act would not be allowed
    stops_promise = paused_on <= case.term.promised_due_on  # a promise that was broken before stays broken
    pause = Standstill(paused_on, today, StandstillCause.SPECIAL_PROCEDURE, case.paused_for, stops_promise)
    ledger = replace(case.ledger, standstills=(*case.ledger.standstills, pause))
    return TermResumed(today, case.application_id, paused_on, today, due_dates.recomputed_term(case, calendar, ledger))
