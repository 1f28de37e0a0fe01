"""An item as the public is promised it: what a file of the catalogue, a publication and shipped data have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from law.procedures import ProcedureKind
from law.terms import StatutoryLimit, Unit

FieldPath = tuple[str | int, ...]
"""The way from the top of an item to one field: names and, inside a list, positions from 0."""
Kind = Literal["instant", "promised", "forwarded"]
ClosesOn = Literal["decision", "referral", "district_decision"]
Offering = Literal["active", "suspended", "cancelled"]
StepKind = Literal["review", "decide", "refer"]
StepPost = Literal["REVIEWER", "HEAD"]
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2200, 12, 31)
"""Days that a publication may name; any other is a typing mistake."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a field breaks; the sentence is Chinese and ends with its full stop."""

    field: FieldPath
    rule: str
    sentence: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """A remark on an item that is published all the same; the sentence is Chinese and ends with its full stop."""

    field: FieldPath
    rule: str
    sentence: str
    days: tuple[date, ...] = ()
    """Acceptance days that it is about; empty when it is about all."""


def dotted(field: FieldPath) -> str:
    """The field as a request and an editor write it, for instance route[1].days; empty for the whole."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in field)
    return text.removeprefix(".")


@dataclass(frozen=True, slots=True)
class PublicLimit:
    """Days that an item allows, and on whose word: an article, or the district's own assumption."""

    days: int
    unit: Unit
    article: str = ""
    """Empty where the number is assumed."""
    assumed: bool = False

    @property
    def limit(self) -> StatutoryLimit:
        """The limit as the clocks of the law take it."""
        return StatutoryLimit(self.days, self.unit, self.article)

    @property
    def calendar_days(self) -> int:
        """Its length in calendar days over ordinary weeks."""
        weeks, rest = divmod(self.days, 5)
        return self.days if self.unit is Unit.CALENDAR else weeks * 7 + rest

    def __str__(self) -> str:
        return f"{self.days} {'个工作日' if self.unit is Unit.WORKING else '日'}"


@dataclass(frozen=True, slots=True)
class PublicPart:
    """Limits of one part of a matter, or of the whole; None where none is named."""

    legal: PublicLimit | None = None
    promised: PublicLimit | None = None

    def __str__(self) -> str:
        named = [f"{title} {limit}" for title, limit in (("法定", self.legal), ("承诺", self.promised)) if limit]
        return "、".join(named) or "空"


@dataclass(frozen=True, slots=True)
class PublicExtension:
    """The one extension of a limit that a law knows, of 0 days where it knows none. (行政许可法 42)"""

    days: int
    unit: Unit = Unit.WORKING
    article: str = ""
    joint: bool = False

    def __str__(self) -> str:
        return str(PublicLimit(self.days, self.unit))


@dataclass(frozen=True, slots=True)
class NamedPart:
    """Limits of one part with the fields at which a publication names them, and the part's name in a sentence."""

    name: Literal["street", "district", "whole"]
    title: str
    """Empty for the matter as it closes at the street."""
    legal: PublicLimit | None
    promised: PublicLimit | None
    legal_field: FieldPath
    promised_field: FieldPath


_TITLES: Mapping[str, str] = {"street": "街道", "district": "区级", "whole": "全程"}


@dataclass(frozen=True, slots=True)
class PublicMaterial:
    """A paper that the item demands; a deferrable one may come later under a pledge (容缺)."""

    code: str
    name: str
    required: bool
    deferrable: bool


@dataclass(frozen=True, slots=True)
class PublicStep:
    """One step of the route, taken by one desk; `days` are working days inside the promise, 0 for no limit."""

    code: str
    name: str
    kind: StepKind
    post: StepPost
    staff: int
    days: int


@dataclass(frozen=True, slots=True)
class PublicPeriod:
    """An opening period of a time-sensitive item, both days included."""

    open_from: date
    open_to: date

    def __contains__(self, day: date) -> bool:
        return self.open_from <= day <= self.open_to

    def __str__(self) -> str:
        return f"{self.open_from}至{self.open_to}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicItem:
    """One version of one item."""

    code: str
    name: str
    status: Offering
    effective_from: date
    effective_to: date | None
    nature: str
    kind: Kind
    decided_by: str
    """The word street, or the name of the district's department that decides."""
    closes_on: ClosesOn
    legal_limit: PublicLimit | None
    """None where the law names no limit."""
    promised_limit: PublicLimit | None
    """None for what is done on the spot."""
    materials: tuple[PublicMaterial, ...]
    route: tuple[PublicStep, ...]
    seasons: tuple[PublicPeriod, ...]
    """Empty when the item is open all year."""
    receipt: bool
    sms: bool
    result_name: str
    refers_to: str
    """Code of the department that the route ends at; empty when the street decides."""
    street_part: PublicPart | None = None
    """From acceptance to the referral, where the matter closes on the district's decision."""
    district_part: PublicPart | None = None
    """From the department's receipt to its decision."""
    whole: PublicPart | None = None
    """From acceptance to the district's decision, where the matter closes on the referral."""
    procedures: tuple[ProcedureKind, ...] = ()
    """Special procedures that its law knows; empty for all of 行政许可法 45."""
    extension: PublicExtension | None = None
    """Extension that its law knows; None for that of 行政许可法 42 where it is a licence, else for none."""

    def parts(self) -> tuple[NamedPart, NamedPart, NamedPart]:
        """Limits of the street's part, the district's part and the whole.

        `legal_limit` and `promised_limit` are the street's where its referral closes the matter, else the whole's.
        """
        closing = PublicPart(self.legal_limit, self.promised_limit)
        own = "street" if self.closes_on == "referral" else "whole"
        return (
            self._part("street", closing if own == "street" else self.street_part, own),
            self._part("district", self.district_part, own),
            self._part("whole", closing if own == "whole" else self.whole, own),
        )

    def _part(self, name: Literal["street", "district", "whole"], part: PublicPart | None, own: str) -> NamedPart:
        part = part or PublicPart()
        if name == own:
            return NamedPart(name, "", part.legal, part.promised, ("legal_limit",), ("promised_limit",))
        key = "whole" if name == "whole" else f"{name}_part"
        return NamedPart(name, _TITLES[name], part.legal, part.promised, (key, "legal"), (key, "promised"))
