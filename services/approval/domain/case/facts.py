"""Facts of a case, in the past tense: one class per member of the contract's oneof, with the same fields.

A fact holds no text that a person typed, only the keyed digest of it. Dates are civil dates of Asia/Shanghai.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from uuid import UUID

from law.desk import Place
from law.procedures import ExpectedEnd, ProcedureKind
from law.recount import MovedDate, RecountCause
from services.approval.domain.case.item import AcceptedItem, Term


class Leg(IntEnum):
    """Part of one matter that a file is."""

    STREET = 1  # 街道
    DISTRICT = 2  # 区


class Opinion(IntEnum):
    """Opinion of a reviewer."""

    AGREE = 1  # 同意
    DISAGREE = 2  # 不同意


class Outcome(IntEnum):
    """Outcome of a decision. (行政许可法 38)"""

    GRANTED = 1  # 准予
    REFUSED = 2  # 不予


class SpecialProcedure(IntEnum):
    """Special procedure for which the clock stops. (行政许可法 45)"""

    HEARING = 1  # 听证
    INSPECTION = 2  # 检验, 检测, 检疫
    APPRAISAL = 3  # 鉴定
    EXPERT_REVIEW = 4  # 专家评审
    OTHER = 5  # the kind says which


class CardLevel(IntEnum):
    """Level of a card, issued once per case and level; the numbers are those of the lamp."""

    WARNING = 1  # 预警
    YELLOW = 2  # 黄牌
    RED = 3  # 红牌


@dataclass(frozen=True, slots=True)
class VaultText:
    """Reference to a typed text, stored in the service's vault under this name in the file."""

    name: str
    digest: str
    """Keyed digest, hex."""


@dataclass(frozen=True, slots=True)
class CaseMaterial:
    """A paper of the case, as the list of the package names it."""

    material_code: str
    copies: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Fields of every fact of a case: the day it happened, and the application it belongs to."""

    occurred_on: date
    application_id: UUID


@dataclass(frozen=True, slots=True)
class CaseOpened(Fact):
    """立案: a leg begins."""

    leg: Leg
    number: str
    item: AcceptedItem
    term: Term
    received_on: date
    window: str = ""
    materials: tuple[CaseMaterial, ...] = ()
    linked_case_id: UUID | None = None
    linked_place: Place | None = None
    destination: str = ""
    attempt: int = 0
    package_digest: str = ""


@dataclass(frozen=True, slots=True)
class StepClaimed(Fact):
    """领办: a desk takes a step."""

    step: str
    staff_no: str


@dataclass(frozen=True, slots=True)
class StepReleased(Fact):
    """退领: a desk gives a step back."""

    step: str
    staff_no: str


@dataclass(frozen=True, slots=True)
class StepCompleted(Fact):
    """审查意见: an opinion is on file. (行政许可法 34)"""

    step: str
    staff_no: str
    opinion: Opinion
    remark: VaultText | None
    finished: bool
    """True when the step has all the opinions it needs."""


@dataclass(frozen=True, slots=True)
class CaseReferred(Fact):
    """转报: opinion and all materials go to the district. (行政许可法 35)"""

    linked_case_id: UUID
    linked_place: Place
    destination: str
    opinion: VaultText
    closes: bool
    """True when the street's matter closes by it (转报办结)."""
    attempt: int
    package_digest: str
    number: str
    item: AcceptedItem
    on_time: bool
    early: bool
    term: Term
    received_on: date
    materials: tuple[CaseMaterial, ...]


@dataclass(frozen=True, slots=True)
class HandoffAcknowledged(Fact):
    """区已接收: the district's system has the package."""

    district_number: str
    received_on: date
    term: Term
    void_cards: tuple[CardLevel, ...] = ()
    """Cards on file that by these days, or after this end, were never due."""


@dataclass(frozen=True, slots=True)
class DistrictProgressed(Fact):
    """区办理进度: the district reports how far it is."""

    report_key: str
    stage: str


@dataclass(frozen=True, slots=True)
class DistrictDecided(Fact):
    """区办理结果: the district decided; on both legs."""

    report_key: str
    outcome: Outcome
    decided_on: date
    reasons: VaultText | None
    closes: bool
    """True when this file closes by it."""
    on_time: bool
    early: bool
    leg: Leg
    closed_on: date | None = None
    """The day of the decision, where this file closes by it; releases up to 0.2.0 named none, and closed on the day
    of recording."""
    void_cards: tuple[CardLevel, ...] = ()
    """Cards on file that by these days, or after this end, were never due."""


@dataclass(frozen=True, slots=True)
class CaseReturned(Fact):
    """退回: the district sends it back with reasons, on both legs."""

    report_key: str
    reasons: VaultText | None
    attempt: int
    leg: Leg
    returned_on: date | None = None
    """The day that counts; None in facts of releases up to 0.2.0, in which that of recording does."""
    term: Term | None = None
    """The street's dates from now on; None on the district's leg, and in facts of releases up to 0.2.0."""
    void_cards: tuple[CardLevel, ...] = ()
    """Cards on file that by these days, or after this end, were never due."""


@dataclass(frozen=True, slots=True)
class TermExtended(Fact):
    """延期: the head extends the term once. (行政许可法 42)"""

    days: int
    reason: VaultText | None
    """None on the street's leg for what the district's leg was extended by."""
    term: Term
    void_cards: tuple[CardLevel, ...] = ()
    """Cards on file that by these days, or after this end, were never due."""


@dataclass(frozen=True, slots=True)
class ProcedureOrdered(Fact):
    """特别程序待批准: a reviewer orders it; the clock runs until the head approves it. (行政许可法 45)"""

    kind: ProcedureKind
    first_on: date
    last_on: date | None
    """The last day of one that was over when it was ordered."""
    expected: ExpectedEnd
    reason: VaultText
    ordered_by: str


@dataclass(frozen=True, slots=True)
class ProcedureDeclined(Fact):
    """特别程序不予批准: the head takes no day of it out of the term."""

    first_on: date
    reason: VaultText
    declined_by: str


@dataclass(frozen=True, slots=True)
class ProcedureOverdue(Fact):
    """特别程序逾期: it should have ended and has not; once for each."""

    paused_on: date
    expected_end_on: date


@dataclass(frozen=True, slots=True)
class TermPaused(Fact):
    """特别程序: the head approves it, and the clock stops from its first day on. (行政许可法 45)"""

    procedure: SpecialProcedure
    paused_on: date
    """First day that does not count."""
    expected_days: int
    reason: VaultText | None
    """None on the street's leg for a procedure of the district."""
    kind: ProcedureKind | None = None
    """None in facts of releases up to 0.2.0, with the three fields that follow it."""
    expected: ExpectedEnd | None = None
    ordered_by: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class TermResumed(Fact):
    """恢复计时: the clock runs again."""

    paused_on: date
    resumed_on: date
    """Last day that does not count."""
    term: Term
    kind: ProcedureKind | None = None
    """None in facts of releases up to 0.2.0."""
    void_cards: tuple[CardLevel, ...] = ()
    """Cards on file that by these days, or after this end, were never due."""


@dataclass(frozen=True, slots=True)
class CaseDecided(Fact):
    """准予 or 不予: the term ends. (行政许可法 38)"""

    outcome: Outcome
    reasons: VaultText | None
    on_time: bool
    early: bool
    decision_number: str
    leg: Leg


@dataclass(frozen=True, slots=True)
class CaseWithdrawn(Fact):
    """申请人撤回: the applicant stopped it."""

    leg: Leg
    void_cards: tuple[CardLevel, ...] = ()
    """Cards on file that by these days, or after this end, were never due."""


@dataclass(frozen=True, slots=True)
class WithdrawalTooLate(Fact):
    """撤回不生效: the withdrawal met a decision on file, which stands; on the street's leg."""

    withdrawn_on: date
    outcome: Outcome
    decided_on: date
    decided_by: Leg
    leg: Leg


@dataclass(frozen=True, slots=True)
class CardIssued(Fact):
    """预警, 黄牌 or 红牌, once per case and level."""

    level: CardLevel
    due_on: date
    """The date that made it due."""


@dataclass(frozen=True, slots=True)
class SupervisionOrdered(Fact):
    """督办: the district demands attention to a case."""

    order_key: str
    content: VaultText
    due_on: date


@dataclass(frozen=True, slots=True)
class TermRecounted(Fact):
    """期限重算: a publication of holidays moves or confirms the days of an open leg."""

    cause: RecountCause
    moved: tuple[MovedDate, ...]
    """Dates that moved; none where they only became firm."""
    term: Term
    was_provisional: bool
    void_cards: tuple[CardLevel, ...]
    """Cards that were issued and that the new days do not give."""
    number: str
    leg: Leg
