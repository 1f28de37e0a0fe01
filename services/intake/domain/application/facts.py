"""Facts of an application, in the past tense; the file of an application is a sequence of these.

Names and numbers are those of the contract (onewindow.intake.v1). Nothing that a person typed is in a fact.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import TypeAlias

from law.recount import MovedDate, RecountCause
from services.intake.domain.catalogue.item import AcceptedItem, AcceptPoint, Channel, ItemKind, Line


class MaterialForm(IntEnum):
    """Form in which a paper was handed in."""

    ORIGINAL = 1
    COPY = 2
    ELECTRONIC = 3


class ApplicantKind(IntEnum):
    """Kind of the applicant."""

    PERSON = 1
    ENTERPRISE = 2
    OTHER = 3


class AcceptanceGround(IntEnum):
    """Ground of acceptance."""

    COMPLETE = 1  # 行政许可法 32(5)
    CORRECTED = 2  # 行政许可法 32(5)
    DEEMED = 3  # 行政许可法 32(4)


class DeclineGround(IntEnum):
    """Ground of non-acceptance."""

    NOT_NEEDED = 1  # 行政许可法 32(1)
    NOT_OURS = 2  # 行政许可法 32(2)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A paper in the hands of the office; an electronic one by its SHA-256."""

    material_code: str
    form: MaterialForm
    copies: int = 1
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class VaultText:
    """Text typed by a person: its name in the file's vault, and its keyed digest."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted:
    """收件: the five days begin. (行政许可法 32)"""

    occurred_on: date
    serial_number: str
    item_code: str
    item_version: int
    item_name: str
    line: Line
    item_kind: ItemKind
    channel: Channel
    accept_point: AcceptPoint
    window: str
    ticket_id: str
    applicant_kind: ApplicantKind
    applicant_index: str
    materials: tuple[HandedIn, ...]
    missing: tuple[str, ...]
    answer_due_on: date
    provisional: bool
    query_code_digest: str
    calendar_version: str
    received_on: date
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class MaterialUploaded:
    """电子材料已上传."""

    occurred_on: date
    material: HandedIn
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class CorrectedOnTheSpot:
    """当场更正. (行政许可法 32(3))"""

    occurred_on: date
    materials: tuple[HandedIn, ...]
    change: VaultText


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One demand of a correction notice."""

    material_code: str
    material_name: str
    defect: VaultText


@dataclass(frozen=True, slots=True)
class CorrectionRequested:
    """一次性告知: the one notice of all that is missing, or a supplement to it. (行政许可法 32(4), 72(4))"""

    occurred_on: date
    letter_number: str
    shortfalls: tuple[Shortfall, ...]
    supply_by: date
    supplement: int = 0
    """0 for the notice; n for its n-th supplement, which repeats demands that were not met."""
    supply_days: int = 0
    """Calendar days that the notice gives; 0 in facts of releases up to 0.2, which all had those of the setting."""
    provisional: bool = False
    calendar_version: str = ""
    """Calendar by which the last day was computed; empty in facts of releases up to 0.2."""


@dataclass(frozen=True, slots=True)
class CorrectionSupplied:
    """补正材料已交; `answer_due_on` is set when nothing is missing any more."""

    occurred_on: date
    materials: tuple[HandedIn, ...]
    still_missing: tuple[str, ...]
    answer_due_on: date | None
    received_on: date | None = None
    """Day from which the supply counts as received; None in facts of releases up to 0.2: the day of the fact."""
    provisional: bool = False
    calendar_version: str = ""
    """Calendar by which the day of the answer was computed; empty in facts of releases up to 0.2."""


@dataclass(frozen=True, slots=True)
class CorrectionLapsed:
    """补正不来: the application ends (close code 5)."""

    occurred_on: date
    supply_by: date


@dataclass(frozen=True, slots=True)
class ApplicationAccepted:
    """受理, or 视为受理. (行政许可法 32)"""

    occurred_on: date
    number: str
    serial_number: str
    ground: AcceptanceGround
    item: AcceptedItem
    received_on: date
    accepted_on: date
    promised_due_on: date
    legal_due_on: date
    provisional: bool
    calendar_version: str
    window: str
    channel: Channel
    materials: tuple[HandedIn, ...]
    query_code_digest: str
    applicant_index: str
    early_before: date | None = None
    """Closing before this day is early; None in facts of releases up to 0.2.0, which took the promised day."""


@dataclass(frozen=True, slots=True)
class ApplicationDeclined:
    """不予受理, or 不受理. (行政许可法 32(1), 32(2))"""

    occurred_on: date
    ground: DeclineGround
    reason: VaultText
    proper_organ: VaultText | None
    """Organ to which the applicant should go, as the clerk wrote it."""
    letter_number: str


@dataclass(frozen=True, slots=True)
class CompletedOnTheSpot:
    """即办办结."""

    occurred_on: date
    result_name: str
    window: str


@dataclass(frozen=True, slots=True)
class ApplicationWithdrawn:
    """撤回; `after_acceptance` when the matter lay with the desks already."""

    occurred_on: date
    reason: VaultText | None
    after_acceptance: bool


@dataclass(frozen=True, slots=True)
class ServiceRated:
    """好差评: 1 非常满意 to 5 非常不满意. (GB/T 39735)"""

    occurred_on: date
    grade: int
    window: str
    remark: VaultText | None
    outcome: str = ""
    """The end that was rated, with its day; empty before it was on file."""
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ApplicantRead:
    """The applicant's details were read against a read pass. (个人信息保护法 6)"""

    occurred_on: date
    bearer: str
    case_id: str


@dataclass(frozen=True, slots=True)
class DatesRecounted:
    """期限重算: a publication of holidays moves or confirms the days of an open application."""

    occurred_on: date
    cause: RecountCause
    moved: tuple[MovedDate, ...]
    """Dates that moved; none where they only became firm."""
    answer_due_on: date | None
    supply_by: date | None
    provisional: bool
    was_provisional: bool
    number: str
    """Number of the receipt."""


ApplicationFact: TypeAlias = (
    ApplicationSubmitted
    | MaterialUploaded
    | CorrectedOnTheSpot
    | CorrectionRequested
    | CorrectionSupplied
    | CorrectionLapsed
    | ApplicationAccepted
    | ApplicationDeclined
    | CompletedOnTheSpot
    | ApplicationWithdrawn
    | ServiceRated
    | ApplicantRead
    | DatesRecounted
)
