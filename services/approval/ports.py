"""What the use cases need of the world, as they see it."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from chassis.event_store import FileKey, Scope
from law.workdays import Calendar
from services.approval.domain.case import Case
from services.approval.domain.words import Leg, StepPost


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose worklist it is: a post, or several, at a place, for some lines or all."""

    scope: Scope
    posts: tuple[StepPost, ...]
    lines: tuple[int, ...]
    """Empty for every line."""
    holder: str
    """Only what this member of staff has taken; empty for all that waits."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: so many rows, after a row."""

    size: int
    after_due_on: date
    after_case: UUID


@dataclass(frozen=True, slots=True)
class Waiting:
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


@dataclass(frozen=True, slots=True)
class AtDistrict:
    """How the hand-off of a leg stands."""

    waiting_since: date | None
    """The day since which the district has it not; None once it has."""
    district_number: str


class CaseList(Protocol):
    """Finds cases; sees no more than the scope it is given."""

    async def worklist(self, desk: Desk, page: Page) -> tuple[list[Waiting], int]:
        """One page, nearest due day first, and the exact count of all that matches."""

    async def locate(self, scope: Scope, case_id: UUID) -> FileKey | None:
        """Where a case lives, if the scope reaches it."""

    async def by_number(self, scope: Scope, number: str, leg: Leg) -> FileKey | None:
        """The newest leg of a number, of this level where there is one."""

    async def at_district(self, scope: Scope, leg_id: UUID) -> AtDistrict | None:
        """The hand-off of the district's leg; None when none was needed."""


class Calendars(Protocol):
    """The calendar as published."""

    async def current(self) -> Calendar:
        """Working days by every notice that was heard."""


class Digests(Protocol):
    """Proves a typed text without saying it."""

    def keyed_digest(self, text: str | bytes) -> bytes:
        """Keyed digest of a text."""


class Passes(Protocol):
    """Gives passes to the applicant's details."""

    def for_desk(self, key: FileKey, case: Case, bearer: str) -> str:
        """A short-lived pass for the member of staff who took a step."""
