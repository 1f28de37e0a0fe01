"""Special procedures of a case: ordered by a reviewer, approved by the head, ended by their true days. (行政许可法 45)

Neither the first day of a procedure nor its last counts, whenever the two are entered: the clock runs while an order
waits, and stands from the true first day once the head has approved it. The applicant is notified of both in writing.

Example: an appraisal begins on Monday 19 September and its report comes on the 20th. A reviewer orders it on the 21st
with both days, the head approves it on the 22nd: the 19th and the 20th do not count, as if it had been entered in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from law.desk import Actor, Post
from law.not_allowed import NotAllowed
from law.procedures import ExpectedEnd, ProcedureBounds, expected_end, require_end
from law.two_clocks import Standstill, StandstillCause
from law.workdays import Calendar
from services.approval.domain.case import due_dates
from services.approval.domain.case.due_dates import with_void_cards
from services.approval.domain.case.facts import (
    ProcedureDeclined,
    ProcedureOrdered,
    ProcedureOverdue,
    SpecialProcedure,
    TermPaused,
    TermResumed,
    VaultText,
)
from services.approval.domain.case.stages import CaseAct, allow, kind_of, known_kind, legacy_procedure, require_post
from services.approval.domain.case.state import Case, fold


@dataclass(frozen=True, slots=True)
class PauseTerm:
    """Order of a special procedure by a desk; the reason for the applicant by its keyed digest."""

    actor: Actor
    procedure: SpecialProcedure | None
    expected_days: int
    reason: str
    kind: str = ""
    """Code of the kind; empty where `procedure` says it."""
    first_on: date | None = None
    """None for today."""
    expected_end_on: date | None = None
    """None where `expected_days` say it."""
    last_on: date | None = None
    """None while the procedure goes on."""


class ProcedureWaits(NotAllowed):
    """One order of a special procedure waits for the head at a time."""

    sentence = "已有特别程序（{name}）待负责人批准，请先批准或者不予批准。"
    article = "行政许可法 45"


class NoProcedureWaits(NotAllowed):
    """The head approves or declines an order that waits."""

    sentence = "没有待批准的特别程序。"
    article = "行政许可法 45"


def pause(
    case: Case, command: PauseTerm, today: date, calendar: Calendar
) -> Sequence[ProcedureOrdered | TermPaused | TermResumed]:
    """The order of a reviewer, or the pause that a head orders and approves in one act.

    A pause whose last day is known ends in the same act. Raises ProcedureWaits, ProcedureNotOfItem, ExpectedEndMissing,
    ExpectedBeforeBeginning, and what ProcedureBounds refuses.
    """
    allow(case, CaseAct.PAUSE)
    require_post(case, command.actor, Post.REVIEWER, Post.HEAD)
    waiting = case.procedures.waiting
    if waiting is not None:
        raise ProcedureWaits(name=waiting.kind.name)
    kind = known_kind(case, command.kind, command.procedure)
    first_on = command.first_on or today
    bounds_of(case, calendar).require(first_on, command.last_on, today)
    ordered = ProcedureOrdered(
        today,
        case.application_id,
        kind=kind,
        first_on=first_on,
        last_on=command.last_on,
        expected=_expected(command, first_on, calendar),
        reason=VaultText(f"pause.{case.procedures.ordered + 1}.reason", command.reason),
        ordered_by=command.actor.staff_no,
    )
    if not command.actor.holds(Post.HEAD):
        return [ordered]
    return _ended_where_over(case, _stopped(ordered, command.actor, today), ordered.last_on, calendar)


def approve_pause(case: Case, actor: Actor, today: date, calendar: Calendar) -> Sequence[TermPaused | TermResumed]:
    """The pause by the order that waits, from its first day on, and its end where that is known already.

    Raises NoProcedureWaits, and PausesOverlap where a span has been taken out since it was ordered.
    """
    ordered = _waiting(case, actor, CaseAct.APPROVE_PAUSE)
    bounds_of(case, calendar).require(ordered.first_on, ordered.last_on, today)
    return _ended_where_over(case, _stopped(ordered, actor, today), ordered.last_on, calendar)


def decline_pause(case: Case, actor: Actor, reason: str, today: date) -> ProcedureDeclined:
    """The refusal of the order that waits, with the reason for the reviewer; raises NoProcedureWaits."""
    ordered = _waiting(case, actor, CaseAct.DECLINE_PAUSE)
    text = VaultText(f"pause.{case.procedures.ordered}.declined", reason)
    return ProcedureDeclined(today, case.application_id, ordered.first_on, text, actor.staff_no)


@dataclass(frozen=True, slots=True)
class ResumeTerm:
    """Report of a desk that a special procedure has ended; None for a last day of today."""

    actor: Actor
    last_on: date | None = None


def resume(case: Case, command: ResumeTerm, today: date, calendar: Calendar) -> TermResumed:
    """The resumption, with the dates from now on, after the true last day of the procedure, today where none is named.

    A procedure of the district's own system ends by its report: such a leg is referred, and no desk ends it.
    Raises NotAtThisStage, EndsAhead, EndsBeforeBeginning.
    """
    allow(case, CaseAct.RESUME)
    require_post(case, command.actor, Post.REVIEWER, Post.HEAD)
    last_on = command.last_on or today
    running = case.procedures.running
    assert running is not None  # else the stage would not be PAUSED, and the act would not be allowed
    require_end(running.paused_on, last_on, today)
    return _resumed(case, last_on, today, calendar)


def overdue_procedure(case: Case, today: date) -> list[ProcedureOverdue]:
    """The reminder of a procedure that should have ended; none when it is on file, and before it is certain."""
    running, overdue_on = case.procedures.running, case.procedures.overdue_on
    if running is None or running.expected is None or overdue_on is None or today < overdue_on:
        return []
    return [ProcedureOverdue(today, case.application_id, running.paused_on, running.expected.on)]


def bounds_of(case: Case, calendar: Calendar) -> ProcedureBounds:
    """Bounds of a special procedure of the case: its term, and the spans that are out of it."""
    referred_on = case.referral.referred_on if case.handed_over else None
    from_on = max(case.term.starts_on, referred_on or case.term.starts_on)
    return ProcedureBounds(from_on, due_dates.last_legal_day(case, calendar), case.ledger.standstills)


def _expected(command: PauseTerm, first_on: date, calendar: Calendar) -> ExpectedEnd:
    """The expected end; that of a procedure that is over is its last day where nothing was expected of it."""
    over_without_one = command.expected_end_on is None and command.expected_days < 1
    stated = command.last_on if over_without_one else command.expected_end_on
    return expected_end(first_on, command.expected_days, stated, calendar)


def _waiting(case: Case, actor: Actor, act: CaseAct) -> ProcedureOrdered:
    allow(case, act)
    require_post(case, actor, Post.HEAD)
    if case.procedures.waiting is None:
        raise NoProcedureWaits
    return case.procedures.waiting


def _stopped(ordered: ProcedureOrdered, head: Actor, today: date) -> TermPaused:
    return TermPaused(
        today,
        ordered.application_id,
        procedure=legacy_procedure(ordered.kind),
        paused_on=ordered.first_on,
        expected_days=ordered.expected.days,
        reason=ordered.reason,
        kind=ordered.kind,
        expected=ordered.expected,
        ordered_by=ordered.ordered_by,
        approved_by=head.staff_no,
    )


def _ended_where_over(
    case: Case, paused: TermPaused, last_on: date | None, calendar: Calendar
) -> Sequence[TermPaused | TermResumed]:
    if last_on is None:
        return [paused]
    return [paused, _resumed(fold(case, paused), last_on, paused.occurred_on, calendar)]


def _resumed(case: Case, last_on: date, today: date, calendar: Calendar) -> TermResumed:
    """The resumption of the case, whose clock stands."""
    running = case.procedures.running
    assert running is not None  # by the stage, or by the fact before
    span = Standstill(running.paused_on, last_on, StandstillCause.SPECIAL_PROCEDURE, kind_of(running).code)
    term = due_dates.recomputed_term(case, calendar, case.ledger.with_standstill(span))
    fact = TermResumed(today, case.application_id, running.paused_on, last_on, term, running.kind)
    return with_void_cards(case, [fact])[0]
