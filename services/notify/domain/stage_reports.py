"""Stages of a matter as intake and approval report them, and the items that the catalogue publishes.

Streams come in any order relative to each other. A stage therefore carries its rank in the matter: every stage of
intake comes before every stage of approval, and inside a phase the revision of the fact counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import TypeAlias
from uuid import UUID

from law.desk import Place
from law.recount import DateKind, MovedDate
from law.terms import Unit


class Phase(IntEnum):
    """The service that reports a stage; the numbers are stored."""

    INTAKE = 0
    APPROVAL = 1


@dataclass(frozen=True, slots=True, order=True)
class StageRank:
    """The rank of a stage in its matter: phase, then the revision of the fact in its own file."""

    phase: Phase
    revision: int


@dataclass(frozen=True, slots=True)
class SubmissionStage:
    """An application was submitted. (收件)"""

    item_code: str
    item_version: int


@dataclass(frozen=True, slots=True)
class CorrectionStage:
    """Everything missing was named in one letter. (一次性告知)"""

    shortfalls: int
    supply_by: date
    letter_number: str
    supplement: int = 0
    """0 for the letter; n for its n-th supplement, which names what is still defective."""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class AcceptanceStage:
    """The application was accepted, with the item as it was in force on that day. (受理)"""

    item_code: str
    item_version: int
    item_name: str
    sensitive: bool
    sms: bool
    """True when the catalogue wants messages for the item."""
    instant: bool
    """True for an item that is decided at the window at once. (即办件)"""
    receipt: bool
    """True when the item has a receipt."""
    number: str
    """办件编号."""
    applicant_index: str
    """Blind index of the applicant's identity number, hex."""
    promised_due_on: date
    provisional: bool = False
    """True while a holiday notice may still move the promised day."""


@dataclass(frozen=True, slots=True)
class NonAcceptanceStage:
    """The application was not accepted. (不予受理)"""

    letter_number: str


@dataclass(frozen=True, slots=True)
class ReferralStage:
    """The street's review is done and the district decides. (转报)"""

    decided_by: str


@dataclass(frozen=True, slots=True)
class ReturnStage:
    """The district sent the matter back, and the street goes on with it. (退回)"""

    due_on: date
    """The promised day from now on, that of the law where the promised one had passed before the return."""
    provisional: bool
    promise_broken: bool


@dataclass(frozen=True, slots=True)
class PauseStage:
    """A special procedure stops the clock. (特别程序)"""

    procedure: str
    expected_days: int
    """0 where the district told none."""
    expected_end_on: date | None = None
    """None in facts of releases up to 0.2.0, and of procedures of the district."""
    provisional: bool = False
    """True while the notice of a year that the expected end was counted by is not published."""


@dataclass(frozen=True, slots=True)
class ResumptionStage:
    """A special procedure has ended, with the last day from now on. (恢复计时)"""

    procedure: str
    promised_due_on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class ExtensionStage:
    """The term was extended. (延期)"""

    days: int
    promised_due_on: date
    provisional: bool = False
    unit: Unit = Unit.WORKING
    legal_due_on: date | None = None
    """The law's new last day where the promise was broken before and stays; None where the promise moved."""
    approved_by: str = ""
    """The government that approved the extension of organs that act together; empty for the head of the office."""
    approval_number: str = ""
    """Number of its document."""


@dataclass(frozen=True, slots=True)
class RecountStage:
    """A publication of holidays moved a day that the applicant was told. (期限重算)"""

    supply: bool
    """True for the last day of a correction, false for the promised day."""
    day: date
    """The day from now on."""


def moved_day(moved: Iterable[MovedDate], kind: DateKind) -> RecountStage | None:
    """The stage of a recount that moves the promised day, or that of a correction; None for other days."""
    found = next((each for each in moved if each.kind == kind), None)
    return RecountStage(kind is DateKind.SUPPLY, found.to_on) if found else None


@dataclass(frozen=True, slots=True)
class DecisionStage:
    """The matter was decided. (准予, 不予)"""

    outcome: str
    """granted or refused."""
    decided_on: date


@dataclass(frozen=True, slots=True)
class WithdrawalStage:
    """The matter ended by the applicant's withdrawal. (撤回)

    Before acceptance intake says so; afterwards approval, since a decision may have come first.
    """

    withdrawn_on: date | None = None
    """The day of the withdrawal of an accepted matter; None before acceptance."""


@dataclass(frozen=True, slots=True)
class LateWithdrawalStage:
    """The applicant's withdrawal met a decision, which stands. (撤回不生效)"""

    withdrawn_on: date


Stage: TypeAlias = (
    SubmissionStage
    | CorrectionStage
    | AcceptanceStage
    | NonAcceptanceStage
    | ReferralStage
    | ReturnStage
    | PauseStage
    | ResumptionStage
    | ExtensionStage
    | RecountStage
    | DecisionStage
    | WithdrawalStage
    | LateWithdrawalStage
)


@dataclass(frozen=True, slots=True)
class StageReport:
    """One stage of one matter with its rank, its day and the instant at which it was recorded."""

    application_id: UUID
    place: Place
    rank: StageRank
    occurred_on: date
    recorded_at: datetime
    stage: Stage


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """A version of an item in the catalogue: the part of it that messages and receipts need."""

    code: str
    version: int
    name: str
    sensitive: bool
    sms: bool
    instant: bool = False
    materials: Mapping[str, str] = field(default_factory=dict)
    """Names of its materials by their codes."""
