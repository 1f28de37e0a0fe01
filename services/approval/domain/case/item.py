"""Items as an accepted matter remembers them: limits, route, the authority that decides; and the term by the limits."""

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from law.procedures import ProcedureKind
from law.terms import StatutoryLimit, Unit
from law.two_clocks import Ledger, Standstill


class Line(IntEnum):
    """Business line of the hall."""

    CIVIL_AFFAIRS = 1  # 民政
    FLOATING_POPULATION = 2  # 来穗人员管理
    LABOUR = 3  # 劳动保障
    RETIREES = 4  # 社会化退休管理
    FAMILY_PLANNING = 5  # 计生


class ItemKind(IntEnum):
    """Kind of an item, by the way its matters end."""

    INSTANT = 1  # 即办件
    PROMISED = 2  # 承诺件
    FORWARDED = 3  # 上报件


class ClosesOn(IntEnum):
    """Event by which the street's matter counts as closed."""

    DECISION = 1  # the street's own decision
    REFERRAL = 2  # 转报办结
    DISTRICT_DECISION = 3  # the district's decision on file


class LimitUnit(IntEnum):
    """Unit of the days of a limit."""

    WORKING_DAYS = 1
    CALENDAR_DAYS = 2

    @property
    def in_law(self) -> Unit:
        """The unit as the clock of the law counts it."""
        return Unit.WORKING if self is LimitUnit.WORKING_DAYS else Unit.CALENDAR


class StepKind(IntEnum):
    """Purpose of a step of the route."""

    REVIEW = 1  # 审查 (行政许可法 34)
    DECIDE = 2  # 决定 (行政许可法 37, 38)
    REFER = 3  # 转报 (行政许可法 35)


class StepPost(IntEnum):
    """Post that takes a step."""

    REVIEWER = 1
    HEAD = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of days with its unit and its article."""

    days: int
    unit: LimitUnit
    article: str
    assumed: bool = False
    """True when no source names the limit and the district assumed one."""

    @property
    def law_unit(self) -> Unit:
        """The unit as the clock of the law counts it."""
        return self.unit.in_law

    @property
    def in_law(self) -> StatutoryLimit:
        """The limit as the clock of the law takes it. No days count as one: an instant item accepted by time has it."""
        return StatutoryLimit(max(1, self.days), self.unit.in_law, self.article)


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
class Step:
    """One step of the route, taken by one desk."""

    code: str
    name: str
    kind: StepKind
    post: StepPost
    staff: int = 1
    """Number of different members of staff who must give an opinion. (行政许可法 34)"""
    days: int = 0


HEAD_DECIDES = Step("DECISION", "负责人决定", StepKind.DECIDE, StepPost.HEAD)
"""Last step of a route without a deciding one: an instant item accepted by time, a leg at the district's desks."""


@dataclass(frozen=True, slots=True)
class AcceptedItem:
    """One version of one item as it stood at acceptance; a running case keeps it."""

    code: str
    name: str
    version: int
    line: Line
    kind: ItemKind
    closes_on: ClosesOn
    legal_limit: Limit
    promised_limit: Limit
    route: tuple[Step, ...]
    receipt: bool = False
    sms: bool = False
    sensitive: bool = False
    decided_by: str = ""
    refers_to: str = ""
    """Destination of a referral, for instance housing; empty when the office's own desks do all of it."""
    result_name: str = ""
    street_part: PartLimits | None = None
    """Limits up to the referral, of a matter that closes on the district's decision."""
    district_part: PartLimits | None = None
    """Limits of the destination, from its receipt to its decision. (行政许可法 42)"""
    whole: PartLimits | None = None
    """Limits of both levels together, of a matter that closes on the referral."""
    procedures: tuple[ProcedureKind, ...] = ()
    """Special procedures that its law knows; empty for all of 行政许可法 45."""

    @property
    def closes_at_district(self) -> bool:
        """True when the district's decision closes the matter, so that the district's leg has the matter's own end."""
        return self.closes_on is ClosesOn.DISTRICT_DECISION

    extension: Extension | None = None
    """Extension that its law knows; None for ten working days by the head, as releases up to 0.2.0 accepted it."""

    def whole_route(self) -> tuple[Step, ...]:
        """The route up to the step that ends it; without a deciding step in the catalogue, the head decides."""
        if self.route and self.route[-1].kind is not StepKind.REVIEW:
            return self.route
        return (*self.route, HEAD_DECIDES)


@dataclass(frozen=True, slots=True)
class GovernmentApproval:
    """Approval of an extension by the government of that level, where organs act together. (行政许可法 42)"""

    number: str
    """Number of its document."""
    approved_on: date
    approved_by: str
    """The government whose head approved; no person is named."""


@dataclass(frozen=True, slots=True)
class TermLedger:
    """What moved the days of a term since its day zero."""

    extension_days: int = 0
    """Days by which the limit in law is extended; 0 without an extension."""
    extension_unit: LimitUnit | None = None
    """Their unit; None for each limit's own, as releases up to 0.2.0 counted them."""
    promise_extension_days: int = 0
    """Days by which the promise moved with it; 0 where it was broken before."""
    standstills: tuple[Standstill, ...] = ()
    promise_broken: bool = False
    """True when the promised day passed and the dates do not show it, see `law.two_clocks.Ledger`."""
    extended_on: date | None = None
    """The day of the extension; None without one, and for one of releases up to 0.2.0."""
    extension_approval: GovernmentApproval | None = None
    """None where the head of the office approves the extension alone."""

    @property
    def in_law(self) -> Ledger:
        """The ledger as the clocks of the law take it."""
        unit = self.extension_unit.in_law if self.extension_unit else None
        return Ledger(
            self.extension_days,
            unit,
            self.promise_extension_days,
            self.standstills,
            extended_on=self.extended_on,
            promise_broken=self.promise_broken,
        )

    def as_judged(self, found: Ledger) -> "TermLedger":
        """The ledger with what the law says of its acts, or of the part of them that it was asked about."""
        return replace(
            self,
            extension_days=found.extension_days,
            promise_extension_days=found.promise_extension_days,
            standstills=found.standstills,
            promise_broken=found.promise_broken,
        )

    def with_standstill(self, span: Standstill) -> "TermLedger":
        """The ledger with one more span; the promise is judged when the dates are counted."""
        return replace(self, standstills=(*self.standstills, span))


@dataclass(frozen=True, slots=True)
class WholeTerm:
    """The limits of both levels together, which bound a leg of the district with limits of its own."""

    starts_on: date
    """Day zero: acceptance at the street."""
    legal_limit: Limit | None
    promised_limit: Limit | None
    ledger: TermLedger
    """What moved them up to the referral."""


@dataclass(frozen=True, slots=True)
class Term:
    """The days of a leg. (行政许可法 42, 43)"""

    starts_on: date
    """Day zero: acceptance; on a leg of the district with limits of its own, its receipt there."""
    legal_limit: Limit
    promised_limit: Limit
    promised_due_on: date
    legal_due_on: date
    warn_on: date
    yellow_on: date
    red_on: date
    provisional: bool
    """True while next year's holidays are not published."""
    calendar_version: str
    early_before: date | None = None
    """Closing before this day is early; None in facts of releases up to 0.2.0, which took the promised day."""
    ledger: TermLedger | None = None
    """What moved the dates; None in facts of releases up to 0.2.0, where the fold tells it."""
    whole: WholeTerm | None = None
    """None where no limit is given to both levels together, or the dates are those of the whole."""
