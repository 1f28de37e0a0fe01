"""The state of an application: the fold of its facts, and how its matter closed as far as intake has heard."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from typing import assert_never

from services.intake.domain.facts import (
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
    HandedIn,
    MaterialUploaded,
    ServiceRated,
)


class Stage(IntEnum):
    """Where an application stands."""

    UNKNOWN = 0  # nothing is on file
    SUBMITTED = 1  # 已收件: the five days run
    CORRECTION = 2  # 待补正
    ACCEPTED = 3  # 已受理: with approval
    DECLINED = 4  # 不予受理
    WITHDRAWN = 5  # 已撤回
    LAPSED = 6  # 补正不来办结
    CLOSED = 7  # 已办结


@dataclass(frozen=True, slots=True)
class Closing:
    """How the matter ended at the desks, as approval told it."""

    closed_on: date
    outcome: str
    """granted, refused, referred or withdrawn."""
    on_time: bool | None = None
    early: bool | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """What is on file."""

    stage: Stage = Stage.UNKNOWN
    submission: ApplicationSubmitted | None = None
    materials: tuple[HandedIn, ...] = ()
    missing: tuple[str, ...] = ()
    """Required, not deferrable papers that are not there."""
    whole_since: date | None = None
    """The day on which the office received what it must answer: receipt, or the last paper of a correction."""
    answer_due_on: date | None = None
    correction: CorrectionRequested | None = None
    still_missing: tuple[str, ...] = ()
    """Codes of the correction notice that are not supplied."""
    acceptance: ApplicationAccepted | None = None
    declined: ApplicationDeclined | None = None
    closing: Closing | None = None
    grade: int = 0

    @property
    def received_on(self) -> date:
        """The day of receipt; an office that answers, or is told to stop, before that day has received by then."""
        assert self.submission is not None
        accepted = self.acceptance.received_on if self.acceptance else date.max
        ended = self.closing.closed_on if self.closing else date.max
        return min(self.submission.received_on, accepted, ended)

    def closed_by(self, heard: Closing | None) -> "Application":
        """The state with what approval told: the desks have the last word on how an accepted matter ended."""
        if heard is None:
            return self
        stage = Stage.WITHDRAWN if heard.outcome == "withdrawn" else Stage.CLOSED
        return replace(self, stage=stage, closing=heard)


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
            return replace(state, stage=Stage.ACCEPTED, acceptance=fact, answer_due_on=None)
        case CorrectionLapsed() | ApplicationDeclined() | CompletedOnTheSpot() | ApplicationWithdrawn():
            return _ended(state, fact)
        case ServiceRated():
            return replace(state, grade=fact.grade)
        case ApplicantRead():
            return state
    assert_never(fact)


def merged(materials: Iterable[HandedIn], more: Iterable[HandedIn]) -> tuple[HandedIn, ...]:
    """The papers on file with some more: the same paper in the same form takes the place of the earlier one."""
    on_file = {(paper.material_code, paper.form): paper for paper in materials}
    on_file.update({(paper.material_code, paper.form): paper for paper in more})
    return tuple(on_file.values())


def _submitted(fact: ApplicationSubmitted) -> Application:
    return Application(
        Stage.SUBMITTED,
        fact,
        materials=fact.materials,
        missing=fact.missing,
        whole_since=fact.received_on,
        answer_due_on=fact.answer_due_on,
    )


def _with_materials(state: Application, fact: MaterialUploaded | CorrectedOnTheSpot) -> Application:
    more = (fact.material,) if isinstance(fact, MaterialUploaded) else fact.materials
    return replace(state, materials=merged(state.materials, more), missing=_without(state.missing, more))


def _corrected(state: Application, fact: CorrectionRequested | CorrectionSupplied) -> Application:
    if isinstance(fact, CorrectionRequested):
        demanded = tuple(shortfall.material_code for shortfall in fact.shortfalls)
        return replace(state, stage=Stage.CORRECTION, correction=fact, still_missing=demanded, answer_due_on=None)
    supplied = replace(
        state,
        materials=merged(state.materials, fact.materials),
        missing=_without(state.missing, fact.materials),
        still_missing=fact.still_missing,
    )
    if fact.answer_due_on is None:
        return supplied
    return replace(supplied, stage=Stage.SUBMITTED, whole_since=fact.occurred_on, answer_due_on=fact.answer_due_on)


def _ended(
    state: Application, fact: CorrectionLapsed | ApplicationDeclined | CompletedOnTheSpot | ApplicationWithdrawn
) -> Application:
    on = fact.occurred_on
    match fact:
        case CorrectionLapsed():
            ended = replace(state, stage=Stage.LAPSED, closing=Closing(on, "lapsed"))
        case ApplicationDeclined():
            ended = replace(state, stage=Stage.DECLINED, closing=Closing(on, "declined"), declined=fact)
        case CompletedOnTheSpot():  # 即办 counts as early
            ended = replace(state, stage=Stage.CLOSED, closing=Closing(on, "completed", on_time=True, early=True))
        case ApplicationWithdrawn():
            ended = replace(state, stage=Stage.WITHDRAWN, closing=Closing(on, "withdrawn"))
    return replace(ended, answer_due_on=None)


def _without(codes: tuple[str, ...], handed_in: Iterable[HandedIn]) -> tuple[str, ...]:
    there = {paper.material_code for paper in handed_in}
    return tuple(code for code in codes if code not in there)
