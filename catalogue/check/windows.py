"""A hall as its file states it: windows with their periods, and who sits there by number. (一窗办)"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from law import hall_hours, public_places
from law.hall_hours import HallClosure, HallHours, OpeningHours, ServiceDay
from law.items import Breach
from law.public_places import PublicWindow, window_serves_real_days

_DISTRICT_DIGITS = 6
"""A street's code begins with its district's. (GB/T 10114)"""
_CLOSURE_FIELDS: Mapping[str | int, str] = {"begins_at": "opens_at", "ends_at": "closes_at"}
"""Names of a closure's times in the file, by those of the contract."""


@dataclass(frozen=True, slots=True)
class AssignedPeriod:
    """Days in a row, both included; without a last day the end is open."""

    first: date
    last: date

    @classmethod
    def of(cls, written: Mapping[str, str], first: str, last: str) -> "AssignedPeriod":
        """The period between two fields, of which the second may be absent."""
        return cls(date.fromisoformat(written[first]), date.fromisoformat(written.get(last, date.max.isoformat())))

    def __str__(self) -> str:
        return f"{self.first}起" if self.last == date.max else f"{self.first}至{self.last}"

    def meets(self, other: "AssignedPeriod") -> bool:
        """True when the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def holds(self, other: "AssignedPeriod") -> bool:
        """True when every day of the other lies in it."""
        return self.first <= other.first and other.last <= self.last


@dataclass(frozen=True, slots=True)
class WindowDocument:
    """A window of the hall, serving or former."""

    code: str
    name: str
    general: bool
    lines: tuple[str, ...]
    served: AssignedPeriod


@dataclass(frozen=True, slots=True)
class Assignment:
    """A member of staff at a window, by number and never by name, with the colleague who stands in."""

    staff_no: str
    window: str
    posts: tuple[str, ...]
    lines: tuple[str, ...]
    held: AssignedPeriod
    substitute: str


@dataclass(frozen=True, slots=True)
class HallDocument:
    """One hall, checked; `hall` keeps its name and hotlines as written."""

    path: Path
    street: str
    hall: Mapping[str, Any]
    windows: tuple[WindowDocument, ...]
    staff: tuple[Assignment, ...]
    served: HallHours
    """Hours and closures, in the order of the file."""


@dataclass(frozen=True, slots=True)
class StreetsDocument:
    """The streets of a district, checked: code and name of each."""

    path: Path
    district: str
    streets: Mapping[str, str]


def streets_of(path: Path, written: Mapping[str, Any]) -> StreetsDocument:
    """The streets of a document that has passed its schema."""
    return StreetsDocument(path, written["district"], {each["code"]: each["name"] for each in written["streets"]})


def street_breaches(written: Mapping[str, Any]) -> Iterator[Breach]:
    """Breaches in the codes and names of streets."""
    codes = [each["code"] for each in written["streets"]]
    for position, street in enumerate(written["streets"]):
        for breach in public_places.street_breaches(street["code"], street["name"], written["district"]):
            yield Breach(("streets", position, *breach.field), breach.rule, breach.sentence)
        if street["code"] in codes[:position]:
            yield Breach(("streets", position, "code"), "duplicate_code", f"街道代码 {street['code']} 重复。")


def hall_of(path: Path, written: Mapping[str, Any]) -> HallDocument:
    """The hall of a document that has passed its schema."""
    return HallDocument(
        path=path,
        street=written["hall"]["street"],
        hall=written["hall"],
        windows=tuple(map(_window, written["windows"])),
        staff=tuple(map(_assignment, written["staff"])),
        served=HallHours(
            tuple(map(_opening_hours, written["hall"]["hours"])), tuple(map(_closure, written["hall"]["closures"]))
        ),
    )


def unlisted_streets(
    halls: Iterable[HallDocument], streets: Iterable[StreetsDocument]
) -> Iterator[tuple[HallDocument, Breach]]:
    """Halls whose street no list of these files has; without a list nothing is known about streets."""
    listed = {code for each in streets for code in each.streets}
    for hall in halls:
        if listed and hall.street not in listed:
            sentence = f"街道文件里没有街道 {hall.street}；请核对代码，新街道先写进街道文件。"
            yield hall, Breach(("hall", "street"), "unknown_street", sentence)


def hall_breaches(hall: HallDocument) -> Iterator[Breach]:
    """Breaches in windows, hours and assignments."""
    district = hall.street[:_DISTRICT_DIGITS]
    for breach in public_places.street_is_of_the_district(hall.street, district, "street"):
        yield Breach(("hall", "street"), breach.rule, breach.sentence)
    yield from _windows(hall)
    yield from _hours(hall)
    for position, assignment in enumerate(hall.staff):
        for breach in _assigned(hall, assignment, hall.staff[:position]):
            yield Breach(("staff", position, *breach.field), breach.rule, breach.sentence)


def _windows(hall: HallDocument) -> Iterator[Breach]:
    for position, window in enumerate(hall.windows):
        last = None if window.served.last == date.max else window.served.last
        public = PublicWindow(hall.street, window.name, window.served.first, last)
        for breach in (*public_places.name_is_plain_text(window.name), *window_serves_real_days(public)):
            yield Breach(("windows", position, *breach.field), breach.rule, breach.sentence)
        if any(window.code == other.code for other in hall.windows[:position]):
            yield Breach(("windows", position, "code"), "duplicate_code", f"窗口编号 {window.code} 重复。")


def _hours(hall: HallDocument) -> Iterator[Breach]:
    for breach in hall_hours.hall_breaches(hall.served):
        field = tuple(_CLOSURE_FIELDS.get(part, part) for part in breach.field)
        yield Breach(("hall", *field), breach.rule, breach.sentence)


def _assigned(hall: HallDocument, assignment: Assignment, earlier: tuple[Assignment, ...]) -> Iterator[Breach]:
    window = next((each for each in hall.windows if each.code == assignment.window), None)
    if assignment.held.last < assignment.held.first:
        sentence = f"离岗日{assignment.held.last}早于上岗日{assignment.held.first}。"
        yield Breach(("to",), "assignment_dates", sentence)
    if any(each.staff_no == assignment.staff_no and each.held.meets(assignment.held) for each in earlier):
        sentence = f"工号 {assignment.staff_no} 在同一时期（{assignment.held}）已有岗位。"
        yield Breach(("from",), "assignment_dates", sentence)
    if window is None:
        yield Breach(("window",), "unknown_window", f"没有编号为 {assignment.window} 的窗口。")
    elif not window.served.holds(assignment.held):
        sentence = f"上岗期（{assignment.held}）超出窗口 {window.code} 的启用期（{window.served}）。"
        yield Breach(("from",), "assignment_dates", sentence)
    if assignment.substitute not in {each.staff_no for each in hall.staff} - {assignment.staff_no}:
        sentence = f"替岗人应是另一名在册人员（A/B 岗），现为 {assignment.substitute}。"
        yield Breach(("substitute",), "substitute", sentence)


def _opening_hours(written: Mapping[str, str]) -> OpeningHours:
    return OpeningHours(
        day=ServiceDay[written.get("day", "working_day").upper()],
        opens_at=time.fromisoformat(written["opens_at"]),
        closes_at=time.fromisoformat(written["closes_at"]),
        effective_from=_day(written.get("effective_from")),
        effective_to=_day(written.get("effective_to")),
    )


def _closure(written: Mapping[str, Any]) -> HallClosure:
    return HallClosure(
        says=written["says"],
        weekday=written.get("weekday", 0),
        begins_at=_time(written.get("opens_at")),
        ends_at=_time(written.get("closes_at")),
        effective_from=date.fromisoformat(written["effective_from"]),
        effective_to=_day(written.get("effective_to")),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _time(written: str | None) -> time | None:
    return time.fromisoformat(written) if written else None


def _window(written: Mapping[str, Any]) -> WindowDocument:
    served = AssignedPeriod.of(written, "open_from", "open_to")
    return WindowDocument(written["code"], written["name"], written["general"], tuple(written["lines"]), served)


def _assignment(written: Mapping[str, Any]) -> Assignment:
    return Assignment(
        staff_no=written["staff_no"],
        window=written["window"],
        posts=tuple(written["posts"]),
        lines=tuple(written["lines"]),
        held=AssignedPeriod.of(written, "from", "to"),
        substitute=written["substitute"],
    )
