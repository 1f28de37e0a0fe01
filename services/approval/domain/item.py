"""The item as an accepted matter remembers it: limits, route, where it is decided."""

from dataclasses import dataclass

from law.terms import Unit
from services.approval.domain.words import ClosesOn, ItemKind, LimitUnit, Line, StepKind, StepPost


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
        return Unit.WORKING if self.unit is LimitUnit.WORKING_DAYS else Unit.CALENDAR


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the route, taken by one desk."""

    code: str
    name: str
    kind: StepKind
    post: StepPost
    staff: int = 1
    """How many different staff must give an opinion. (行政许可法 34)"""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One version of one item, as it stood at acceptance; a running case keeps it."""

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
    """Destination of a referral, for instance housing; empty when nothing leaves the office's own desks."""
    result_name: str = ""

    def whole_route(self) -> tuple[Step, ...]:
        """The route up to the step that ends it: without one in the catalogue, the head decides."""
        if self.route and self.route[-1].kind is not StepKind.REVIEW:
            return self.route
        return (*self.route, HEAD_DECIDES)


HEAD_DECIDES = Step("DECISION", "负责人决定", StepKind.DECIDE, StepPost.HEAD)
"""What an item without a deciding step ends with: an instant one that time accepted, a leg at the district's desks."""
