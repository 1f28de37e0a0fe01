"""Ports of the use cases: lists of cases, the calendar, keyed digests, read passes."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from chassis.event_store import FileKey, Scope
from law.desk import Actor
from law.workdays import Calendar
from services.approval.domain.case.facts import Leg
from services.approval.domain.case.item import StepPost
from services.approval.domain.case.state import Case


@dataclass(frozen=True, slots=True)
class WorklistDesk:
    """Desk of a worklist: one post or several, at a place, for some lines or all."""

    scope: Scope
    posts: tuple[int, ...]
    """Numbers of posts; 0 is none."""
    lines: tuple[int, ...]
    """Numbers of lines, 0 is none; empty for every line."""
    holder: str
    """Staff number, for the steps that this member of staff has taken; empty for all that wait."""


@dataclass(frozen=True, slots=True)
class WorklistPage:
    """Page of a worklist: the number of rows, and the row after which it begins."""

    size: int
    after_due_on: date
    after_case: UUID


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A step that waits for a desk."""

    case_id: UUID
    revision: int
    number: str
    item_name: str
    step: str
    step_name: str
    step_post: StepPost
    claimed_by: str
    promised_due_on: date
    legal_due_on: date
    warn_on: date
    yellow_on: date
    red_on: date
    procedure: str
    """Name of the special procedure that waits for the head or is overdue; empty without one."""
    procedure_first_on: date | None
    procedure_ends_on: date | None
    """Last day that is expected of it."""
    approving_post: int | None
    """The post that approves it; None where nothing waits."""
    procedure_overdue: bool
    provisional: bool
    """True while a last day rests on a year without a notice."""

    @property
    def stands_on(self) -> date | None:
        """The day on which the clock stands; None while it runs."""
        return self.procedure_first_on if self.procedure_overdue else None


@dataclass(frozen=True, slots=True)
class DistrictStatus:
    """State of the hand-off of a leg."""

    waiting_since: date | None
    """The day since which the package waits; None once the district has it."""
    district_number: str


class CaseList(Protocol):
    """Finds cases within a scope."""

    async def worklist(self, desk: WorklistDesk, page: WorklistPage) -> tuple[list[WaitingStep], int]:
        """One page, nearest due day first, and the exact count of all that matches."""

    async def locate(self, scope: Scope, case_id: UUID) -> FileKey | None:
        """The key of a case by its id; None outside the scope."""

    async def by_number(self, scope: Scope, number: str, leg: Leg) -> FileKey | None:
        """The newest leg of a number, of the given level where there is one."""

    async def district_status(self, scope: Scope, leg_id: UUID) -> DistrictStatus | None:
        """The hand-off of the district's leg; None when none was needed."""


class CurrentCalendar(Protocol):
    """The working-day calendar as published."""

    async def current(self) -> Calendar:
        """The calendar by every notice received so far."""

    async def at_version(self, version: str) -> Calendar | None:
        """The calendar of that version; None where it is not known any more."""


class TextDigests(Protocol):
    """Keyed digests of typed texts."""

    def keyed_digest(self, text: str | bytes) -> bytes:
        """Keyed digest of a text."""


class ReadPasses(Protocol):
    """Signed passes to the applicant's details at intake."""

    def for_desk(self, key: FileKey, case: Case, bearer: Actor) -> str:
        """A short-lived pass for the member of staff who takes a step with the next fact of the case."""

    def for_package(self, key: FileKey, case: Case, bearer: str) -> str:
        """A pass for the district's system, in the package it receives."""
