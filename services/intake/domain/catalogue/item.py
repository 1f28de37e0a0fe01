"""Contents of the catalogue: items with their materials, limits and routes, holiday notices, windows of halls.

Names and numbers are those of the contract (onewindow.catalogue.v1), so that a fact means the same in both.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from law.desk import WindowService
from law.hall_hours import HallClosure, HallHours, OpeningHours
from law.items import PublicMaterial, PublicPeriod
from law.procedures import ProcedureKind
from law.terms import StatutoryLimit, Unit


class Line(IntEnum):
    """Business line of the hall."""

    CIVIL_AFFAIRS = 1  # 民政
    FLOATING_POPULATION = 2  # 来穗人员管理
    LABOUR = 3  # 劳动保障
    RETIREES = 4  # 社会化退休管理
    FAMILY_PLANNING = 5  # 计生


class ItemKind(IntEnum):
    """End of a matter of the item: at the window, at the desks, or at the district."""

    INSTANT = 1  # 即办件
    PROMISED = 2  # 承诺件
    FORWARDED = 3  # 上报件 (行政许可法 35, 43)


class ClosesOn(IntEnum):
    """Event that closes the street's matter."""

    DECISION = 1
    REFERRAL = 2  # 转报
    DISTRICT_DECISION = 3


class LimitUnit(IntEnum):
    """Unit of a limit."""

    WORKING_DAYS = 1  # 工作日 (行政许可法 82)
    CALENDAR_DAYS = 2  # 自然日 (民法典 203)

    @property
    def in_law(self) -> Unit:
        """Unit as the law's clock counts it."""
        return Unit.WORKING if self is LimitUnit.WORKING_DAYS else Unit.CALENDAR


class Channel(IntEnum):
    """Channel through which an application reaches the office; the rules are the same for every channel."""

    WINDOW = 1
    ONLINE = 2
    APP = 3
    MINI_PROGRAM = 4
    KIOSK = 5
    COMMUNITY = 6
    HOME_VISIT = 7


class AcceptPoint(IntEnum):
    """Place at which an application for the item may be handed in."""

    WINDOW = 1
    COMMUNITY = 2
    ONLINE = 3
    KIOSK = 4
    HOME_VISIT = 5


class ItemStatus(IntEnum):
    """Publication status of an item; only an active one takes applications."""

    ACTIVE = 1  # 在用
    SUSPENDED = 2  # 暂停
    CANCELLED = 3  # 取消: history only


class StepPost(IntEnum):
    """Desk that takes a step of the route."""

    REVIEWER = 1
    HEAD = 2


class StepKind(IntEnum):
    """Purpose of a step of the route."""

    REVIEW = 1  # 审查 (行政许可法 34)
    DECIDE = 2  # 决定 (行政许可法 37, 38)
    REFER = 3  # 转报 (行政许可法 35)


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of days with its unit and its article; 0 days only for what is done on the spot."""

    days: int
    unit: LimitUnit = LimitUnit.WORKING_DAYS
    article: str = ""
    assumed: bool = False

    @property
    def in_law(self) -> StatutoryLimit:
        """Limit as the law's clock takes it."""
        return StatutoryLimit(self.days, self.unit.in_law, self.article)


@dataclass(frozen=True, slots=True)
class PartLimits:
    """Limits of one part of a matter, or of the whole; None where the law names none, or nobody promises one."""

    legal: Limit | None = None
    promised: Limit | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """The one extension of a limit that a law knows. (行政许可法 42)"""

    days: int
    """The most days; 0 where the law knows none."""
    unit: LimitUnit = LimitUnit.WORKING_DAYS
    article: str = ""
    joint: bool = False
    """True where organs act together, so that the head of the government of that level approves it."""


@dataclass(frozen=True, slots=True)
class Material(PublicMaterial):
    """A paper that the item demands; a deferrable one may come later under a pledge (容缺)."""

    required: bool = False
    deferrable: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the route, taken by one desk."""

    code: str
    name: str
    kind: StepKind
    post: StepPost
    staff: int = 1
    days: int = 0


class Season(PublicPeriod):
    """Period in which a seasonal item takes applications, both days included."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One version of one item."""

    code: str
    name: str
    version: int
    line: Line
    kind: ItemKind
    nature: str
    decided_by: str
    closes_on: ClosesOn
    legal_limit: Limit
    promised_limit: Limit
    materials: tuple[Material, ...]
    accept_points: tuple[AcceptPoint, ...]
    route: tuple[Step, ...]
    seasons: tuple[Season, ...]
    effective_from: date
    effective_to: date | None
    status: ItemStatus
    receipt: bool
    sms: bool
    sensitive: bool
    result_name: str
    refers_to: str
    street_part: PartLimits | None = None
    """Limits up to the referral, of a matter that closes on the district's decision."""
    district_part: PartLimits | None = None
    """Limits of the destination, from its receipt to its decision. (行政许可法 42)"""
    whole: PartLimits | None = None
    """Limits of both levels together, of a matter that closes on the referral."""
    procedures: tuple[ProcedureKind, ...] = ()
    """Special procedures that its law knows; empty for all of 行政许可法 45."""
    extension: Extension | None = None
    """Extension that its law knows; None for that of 行政许可法 42 where it is a licence, else for none."""

    @property
    def informs_applicant(self) -> bool:
        """True when a receipt or messages go to the applicant, for which notify needs the person's details."""
        return self.receipt or self.sms

    def material(self, code: str) -> Material | None:
        """The material with that code; None where the item demands no such paper."""
        return next((material for material in self.materials if material.code == code), None)


@dataclass(frozen=True, slots=True)
class AcceptedItem:
    """The item as it stood at acceptance; a running matter keeps it."""

    code: str
    name: str
    version: int
    line: Line
    kind: ItemKind
    closes_on: ClosesOn
    legal_limit: Limit
    promised_limit: Limit
    route: tuple[Step, ...]
    receipt: bool
    sms: bool
    sensitive: bool
    decided_by: str
    refers_to: str
    result_name: str
    street_part: PartLimits | None = None
    district_part: PartLimits | None = None
    whole: PartLimits | None = None
    procedures: tuple[ProcedureKind, ...] = ()
    extension: Extension | None = None


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """Holiday arrangement of the State Council for one year, as published to the services."""

    year: int
    number: str
    days_off: tuple[date, ...]
    makeup_days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Street:
    """A street of the district, which exists because the district published it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Destination:
    """A department of the district to which streets refer matters. (行政许可法 35)"""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a hall: 综合窗 takes any line, 专窗 its own."""

    code: str
    name: str
    street: str
    general: bool
    lines: tuple[Line, ...]
    open_from: date
    open_to: date | None

    @property
    def service(self) -> WindowService:
        """Its days and lines, as the law of windows asks for them."""
        return WindowService(self.general, frozenset(line.name for line in self.lines), self.open_from, self.open_to)


@dataclass(frozen=True, slots=True)
class Hall:
    """The hall of a street with its hours and closures, past and coming ones included."""

    street: str
    hours: tuple[OpeningHours, ...]
    closures: tuple[HallClosure, ...]

    @property
    def hall_hours(self) -> HallHours:
        """Its hours and closures, as the law of receipts asks for them."""
        return HallHours(self.hours, self.closures)
