"""Special procedures and the extension that the district reports of its leg, by their own days. (行政许可法 42, 45)

They move the dates of the leg, and those of a matter that closes by the district's decision: the applicant was promised
one day. A report counts on the days that it names, whenever it comes on file.

Example: the district has a matter since 8 March, begins an appraisal on the 10th and has its result on the 14th. The
reports come on the 20th: five days are out of both clocks all the same.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from law.not_allowed import Malformed, NotAllowed
from law.procedures import ProcedureBounds, require_apart, require_end
from law.two_clocks import Standstill, StandstillCause
from law.workdays import Calendar
from services.approval.domain.case import due_dates
from services.approval.domain.case.due_dates import with_void_cards
from services.approval.domain.case.facts import SpecialProcedure, TermExtended, TermPaused, TermResumed, VaultText
from services.approval.domain.case.item import GovernmentApproval
from services.approval.domain.case.stages import (
    AlreadyExtended,
    CaseAct,
    TermIsOver,
    allow,
    extended_ledger,
    known_kind,
    legacy_procedure,
    reportable_days,
    require_handed_over,
)
from services.approval.domain.case.state import Case

ClockFact: TypeAlias = TermPaused | TermResumed | TermExtended


class ExtensionDateImpossible(Malformed):
    """The district extends on or after the day of the referral, and not on a day to come."""

    sentence = "区批准延期的日期应在{first}至{last}之间。"


class NoProcedureBegun(NotAllowed):
    """The end of a special procedure of the district follows the report of its beginning."""

    sentence = "没有已登记、尚未结束的区特别程序。"
    article = "行政许可法 45"


@dataclass(frozen=True, slots=True)
class PauseReport:
    """Report of a special procedure by the district's system; the reason by its keyed digest, empty without any."""

    procedure: SpecialProcedure | None
    """As systems name it that know no kinds; None where `kind` says it."""
    first_on: date
    reason: str = ""
    kind: str = ""
    """Code of the kind, one that the item knows."""


@dataclass(frozen=True, slots=True)
class ExtensionReport:
    """Report of an extension by the district's system; the reason by its keyed digest, empty without any."""

    days: int
    decided_on: date
    reason: str = ""
    approval: GovernmentApproval | None = None


def district_pause(case: Case, report: PauseReport, today: date, calendar: Calendar) -> list[TermPaused]:
    """The special procedure on the district's leg; none when one from the same day is on file.

    It may come late, after one that followed it: its last day, which is reported later, then lies before that one.
    Raises NotWithDistrict, NotAtThisStage, AlreadyWithdrawn, ProcedureNotOfItem, and what ProcedureBounds refuses.
    """
    require_handed_over(case)
    if report.first_on in (case.paused_on, *(ended.first_on for ended in case.pauses)):
        return []
    _require_open(case, CaseAct.PAUSE)
    kind = known_kind(case, report.kind, report.procedure)
    running = () if case.paused_on is None else (_span(case, case.paused_on, today),)
    first, last = reportable_days(case, today)
    bounds = ProcedureBounds(first, due_dates.last_legal_day(case, calendar), (*case.pauses, *running))
    bounds.require(report.first_on, None if running else report.first_on, last)
    text = VaultText(f"district.pause.{len(case.pauses) + 1}.reason", report.reason) if report.reason else None
    return [TermPaused(today, case.application_id, legacy_procedure(kind), report.first_on, 0, text, kind)]


def district_resume(case: Case, last_on: date, today: date, calendar: Calendar) -> list[TermResumed]:
    """The end of the special procedure on the district's leg; none when the same one is on file.

    Raises NotWithDistrict, NoProcedureBegun, EndsAhead, EndsBeforeBeginning, PausesOverlap, NotAtThisStage,
    AlreadyWithdrawn.
    """
    require_handed_over(case)
    if case.paused_on is None and last_on in (ended.last_on for ended in case.pauses):
        return []
    _require_open(case, CaseAct.RESUME)
    paused_on = case.paused_on
    if paused_on is None:
        raise NoProcedureBegun
    require_end(paused_on, last_on, today)
    require_apart(paused_on, last_on, case.pauses)
    ledger = case.ledger.with_standstill(_span(case, paused_on, last_on))
    term = due_dates.recomputed_term(case, calendar, ledger)
    running = case.procedures.running
    fact = TermResumed(today, case.application_id, paused_on, last_on, term, running.kind if running else None)
    return with_void_cards(case, [fact])


def district_extend(case: Case, report: ExtensionReport, today: date, calendar: Calendar) -> list[TermExtended]:
    """The extension on the district's leg, once for its term; none when one by as many days is on file there.

    Raises NotWithDistrict, ExtensionDateImpossible, NoExtension, ExtensionTooLong, TermIsOver, AlreadyExtended,
    NotAtThisStage, AlreadyWithdrawn, and what `require_approval` refuses.
    """
    require_handed_over(case)
    first, last = reportable_days(case, today)
    if not first <= report.decided_on <= last:
        raise ExtensionDateImpossible("decided_on", first=first, last=last)
    if case.extended_by == report.days:
        return []
    _require_open(case, CaseAct.EXTEND)
    if case.extended_by:
        raise AlreadyExtended("days")
    last_on = due_dates.last_legal_day(case, calendar)
    if report.decided_on > last_on:
        raise TermIsOver("decided_on", due_on=last_on)
    ledger = extended_ledger(case, report.days, report.decided_on, report.approval)
    term = due_dates.recomputed_term(case, calendar, ledger)
    text = VaultText("district.extension.reason", report.reason) if report.reason else None
    return with_void_cards(case, [TermExtended(today, case.application_id, report.days, text, term)])


def clock_on_street_leg(case: Case, fact: ClockFact) -> list[ClockFact]:
    """What moved the district's leg, on the street's leg of a matter that closes by the district's decision.

    None elsewhere, and none of a leg that a release up to 0.2.0 opened with a term of its own. The reason stays in the
    file of the district's leg.
    """
    if case.closed or not case.at_district or not case.item.closes_at_district:
        return []
    if isinstance(fact, TermPaused):
        return [replace(fact, application_id=case.application_id, reason=None)]
    if not _same_term(case, fact):
        return []
    # The reason of an extension stays in the file of the district's leg, and so do its cards.
    moved = fact if isinstance(fact, TermResumed) else replace(fact, reason=None)
    return [*with_void_cards(case, [replace(moved, application_id=case.application_id)])]


def _same_term(case: Case, fact: TermResumed | TermExtended) -> bool:
    return fact.term.starts_on == case.term.starts_on


def _span(case: Case, first_on: date, last_on: date) -> Standstill:
    return Standstill(first_on, last_on, StandstillCause.SPECIAL_PROCEDURE, case.paused_for)


def _require_open(case: Case, act: CaseAct) -> None:
    """Pass for a leg that the district works on, also while its clock stands; else the refusal of the act."""
    if case.closed:
        allow(case, act)
