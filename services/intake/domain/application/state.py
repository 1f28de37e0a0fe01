"""State of an application: the fold of its facts, and the end of its matter as far as intake has received it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from typing import assert_never

from services.intake.domain.application.facts import (
    ApplicantRead,
    ApplicationAccepted,
    ApplicationDeclined,
    ApplicationFact,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CompletedOnTheSpot,
    CorrectedOnTheSpot,
    CorrectionLapsed,
    CorrectionRequested,
    CorrectionSupplied,
    DatesRecounted,
    HandedIn,
    MaterialUploaded,
    ServiceRated,
)


class ApplicationStage(IntEnum):
    """Stage of an application."""

    UNKNOWN = 0  # nothing is on file
    SUBMITTED = 1  # 已收件: the five days run
    CORRECTION = 2  # 待补正
    ACCEPTED = 3  # 已受理: with approval
    DECLINED = 4  # 不予受理
    WITHDRAWN = 5  # 已撤回
    LAPSED = 6  # 补正不来办结
    CLOSED = 7  # 已办结


class WithdrawalState(IntEnum):
    """What became of a withdrawal; the numbers are those of the contract."""

    PENDING = 1  # 待确认: approval has not answered
    EFFECTIVE = 2  # 已撤回
    TOO_LATE = 3  # 撤回不生效: the decision came first


_DECIDED = ("granted", "refused")


@dataclass(frozen=True, slots=True)
class ApplicationClosing:
    """End of a matter: at the window by the application's own facts, at the desks by those of approval."""

    closed_on: date
    outcome: str
    """At the desks granted, refused, referred or withdrawn; here lapsed, declined, completed or withdrawn."""
    on_time: bool | None = None
    early: bool | None = None
    district_outcome: str = ""
    """Decision of the district on a matter that the referral closed at the street: granted or refused; else empty."""
    district_decided_on: date | None = None

    @property
    def decision(self) -> str:
        """The decision on the matter, granted or refused, whether street or district made it; empty without one."""
        if self.outcome in _DECIDED:
            return self.outcome
        return self.district_outcome if self.outcome == "referred" else ""

    @property
    def decided_on(self) -> date | None:
        """The day of that decision."""
        return (self.district_decided_on or self.closed_on) if self.decision else None


@dataclass(frozen=True, slots=True)
class ComputedDay:
    """A last day as the file has it, with the calendar by which it was computed; it stays when the day is past."""

    due_on: date
    provisional: bool
    calendar_version: str


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it is on file."""

    stage: ApplicationStage = ApplicationStage.UNKNOWN
    submission: ApplicationSubmitted | None = None
    materials: tuple[HandedIn, ...] = ()
    missing: tuple[str, ...] = ()
    """Codes of the required, not deferrable papers that are missing."""
    whole_since: date | None = None
    """Day on which the office had everything that it must answer: receipt, or the last paper of a correction.

    By the hall's hours: what came after closing time or on a rest day was there on the next working day.
    """
    answer_due_on: date | None = None
    provisional: bool = False
    """True while the open day, of the answer or of the correction, rests on a year without a notice."""
    calendar_version: str = ""
    """Calendar by which the open day stands; empty where a release up to 0.2 did not say it."""
    answer_day: ComputedDay | None = None
    """The last day to answer as it was computed last, also after the answer."""
    supply_day: ComputedDay | None = None
    """The same of the last day to supply the correction."""
    correction: CorrectionRequested | None = None
    still_missing: tuple[str, ...] = ()
    """Codes of the correction notice that are not supplied."""
    acceptance: ApplicationAccepted | None = None
    declined: ApplicationDeclined | None = None
    closing: ApplicationClosing | None = None
    grade: int = 0
    rated_end: tuple[str, date] | None = None
    """Outcome and day of the end that the grade was given for; None without one, and where the fact does not say."""

    @property
    def is_rated(self) -> bool:
        """True when the end that stands was rated; one that a return undid was another."""
        standing = (self.closing.outcome, self.closing.closed_on) if self.closing else None
        return bool(self.grade) and self.rated_end in (None, standing)

    @property
    def remark_name(self) -> str:
        """Name of the remark of the next rating: a text on file is never replaced."""
        rated = self.rated_end
        return "rating.remark" if rated is None else f"rating.remark.after.{rated[0]}.{rated[1]}"

    @property
    def received_on(self) -> date:
        """Day of the first receipt, which no correction moves: the same in all services, lists and documents.

        An office that answers, or is asked to stop, before that day has received by then.
        """
        assert self.submission is not None
        accepted = self.acceptance.received_on if self.acceptance else date.max
        ended = self.closing.closed_on if self.closing else date.max
        return min(self.submission.received_on, accepted, ended)

    @property
    def with_district(self) -> bool:
        """True for a matter that the referral closed at the street and that the district has not decided."""
        closing = self.closing
        return closing is not None and closing.outcome == "referred" and not closing.decision

    def closed_by(self, closing: ApplicationClosing | None) -> "Application":
        """The state with the end that approval reported: the desks have the last word on an accepted matter.

        A closing by the referral ended the street's part alone: a withdrawal waits for the district's answer.
        """
        if closing is None or withdrawal_state(self, closing) is WithdrawalState.PENDING:
            return self
        stage = ApplicationStage.WITHDRAWN if closing.outcome == "withdrawn" else ApplicationStage.CLOSED
        return replace(self, stage=stage, closing=closing)


BLANK = Application()


def fold(state: Application, fact: ApplicationFact) -> Application:
    """The state after one more fact."""
    match fact:
        case ApplicationSubmitted():
            return _submitted(fact)
        case MaterialUploaded() | CorrectedOnTheSpot():
            return _with_materials(state, fact)
        case CorrectionRequested() | CorrectionSupplied():
            return _corrected(state, fact)
        case ApplicationAccepted():
            return replace(state, stage=ApplicationStage.ACCEPTED, acceptance=fact, answer_due_on=None)
        case CorrectionLapsed() | ApplicationDeclined() | CompletedOnTheSpot() | ApplicationWithdrawn():
            return _ended(state, fact)
        case ServiceRated():
            rated_end = (fact.outcome, fact.closed_on) if fact.closed_on else None
            return replace(state, grade=fact.grade, rated_end=rated_end)
        case ApplicantRead():
            return state
        case DatesRecounted():
            return _recounted(state, fact)
    assert_never(fact)


def withdrawal_state(application: Application, closing: ApplicationClosing | None) -> WithdrawalState | None:
    """The state of the application's own withdrawal, by the end that approval reported; None without a withdrawal."""
    if application.stage is not ApplicationStage.WITHDRAWN:
        return None
    if application.acceptance is None:
        return WithdrawalState.EFFECTIVE
    return accepted_withdrawal_state(closing)


def accepted_withdrawal_state(closing: ApplicationClosing | None) -> WithdrawalState:
    """The state of the withdrawal of an accepted matter: a decision that was heard can only have come first."""
    if closing is None:
        return WithdrawalState.PENDING
    if closing.outcome == "withdrawn":
        return WithdrawalState.EFFECTIVE
    return WithdrawalState.TOO_LATE if closing.decision else WithdrawalState.PENDING


def merged(materials: Iterable[HandedIn], more: Iterable[HandedIn]) -> tuple[HandedIn, ...]:
    """The papers on file with some more; a paper replaces an earlier one of the same code and form."""
    on_file = {(paper.material_code, paper.form): paper for paper in materials}
    on_file.update({(paper.material_code, paper.form): paper for paper in more})
    return tuple(on_file.values())


def _submitted(fact: ApplicationSubmitted) -> Application:
    return Application(
        ApplicationStage.SUBMITTED,
        fact,
        materials=fact.materials,
        missing=fact.missing,
        whole_since=fact.received_on,
        answer_due_on=fact.answer_due_on,
        provisional=fact.provisional,
        calendar_version=fact.calendar_version,
        answer_day=ComputedDay(fact.answer_due_on, fact.provisional, fact.calendar_version),
    )


def _recounted(state: Application, fact: DatesRecounted) -> Application:
    correction, version = state.correction, fact.cause.calendar_version
    answer_day, supply_day = state.answer_day, state.supply_day
    if correction is not None and fact.supply_by is not None:
        correction = replace(correction, supply_by=fact.supply_by)
        supply_day = ComputedDay(fact.supply_by, fact.provisional, version)
    if fact.answer_due_on is not None:
        answer_day = ComputedDay(fact.answer_due_on, fact.provisional, version)
    return replace(
        state,
        answer_due_on=fact.answer_due_on,
        answer_day=answer_day,
        supply_day=supply_day,
        correction=correction,
        provisional=fact.provisional,
        calendar_version=version,
    )


def _with_materials(state: Application, fact: MaterialUploaded | CorrectedOnTheSpot) -> Application:
    more = (fact.material,) if isinstance(fact, MaterialUploaded) else fact.materials
    return replace(state, materials=merged(state.materials, more), missing=_without(state.missing, more))


def _corrected(state: Application, fact: CorrectionRequested | CorrectionSupplied) -> Application:
    if isinstance(fact, CorrectionRequested):
        demanded = tuple(shortfall.material_code for shortfall in fact.shortfalls)
        stage = ApplicationStage.CORRECTION
        requested = replace(state, stage=stage, correction=fact, still_missing=demanded, answer_due_on=None)
        requested = replace(requested, supply_day=ComputedDay(fact.supply_by, fact.provisional, fact.calendar_version))
        return replace(requested, provisional=fact.provisional, calendar_version=fact.calendar_version)
    supplied = replace(
        state,
        materials=merged(state.materials, fact.materials),
        missing=_without(state.missing, fact.materials),
        still_missing=fact.still_missing,
    )
    if fact.answer_due_on is None:
        return supplied
    stage = ApplicationStage.SUBMITTED
    whole_since = fact.received_on or fact.occurred_on
    whole = replace(supplied, stage=stage, whole_since=whole_since, answer_due_on=fact.answer_due_on)
    whole = replace(whole, answer_day=ComputedDay(fact.answer_due_on, fact.provisional, fact.calendar_version))
    return replace(whole, provisional=fact.provisional, calendar_version=fact.calendar_version)


def _ended(
    state: Application, fact: CorrectionLapsed | ApplicationDeclined | CompletedOnTheSpot | ApplicationWithdrawn
) -> Application:
    on, declined = fact.occurred_on, state.declined
    match fact:
        case CorrectionLapsed():
            stage, closing = ApplicationStage.LAPSED, ApplicationClosing(on, "lapsed")
        case ApplicationDeclined():
            stage, closing, declined = ApplicationStage.DECLINED, ApplicationClosing(on, "declined"), fact
        case CompletedOnTheSpot():  # 即办 counts as early
            stage = ApplicationStage.CLOSED
            closing = ApplicationClosing(on, "completed", on_time=True, early=True)
        case ApplicationWithdrawn():
            stage, closing = ApplicationStage.WITHDRAWN, ApplicationClosing(on, "withdrawn")
    return replace(state, stage=stage, closing=closing, declined=declined, answer_due_on=None)


def _without(codes: tuple[str, ...], handed_in: Iterable[HandedIn]) -> tuple[str, ...]:
    present = {paper.material_code for paper in handed_in}
    return tuple(code for code in codes if code not in present)
