"""An item as its file states it, once the schema has passed: what the rules read and the publisher publishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from law.items import PublicExtension, PublicItem, PublicLimit, PublicMaterial, PublicPart, PublicPeriod, PublicStep
from law.procedures import ProcedureKind, statutory_procedures
from law.terms import Unit

Answer = Literal["accepted", "tolerance", "correction_notice", "not_open"]


@dataclass(frozen=True, slots=True)
class StatedMaterial(PublicMaterial):
    """A paper that the item demands, with what a guide says of it."""

    form: str
    """Number of the blank sheet that the hall hands out; empty when there is none."""
    substitutes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecidingOffice:
    """A department of the district that receives referrals."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class RouteStep(PublicStep):
    """One step of the route, with the department that a referral goes to."""

    to: DecidingOffice | None


@dataclass(frozen=True, slots=True)
class OwnTest:
    """A test case of the item: either dates of the clocks, or what the window answers to papers handed in."""

    says: str
    accepted_on: date | None
    promised_due_on: date | None
    legal_due_on: date | None
    received_on: date | None
    materials_missing: tuple[str, ...]
    answer: Answer | None
    notice_due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDocument(PublicItem):
    """One version of one item of the district's catalogue, with its guide and its own tests, checked."""

    path: Path
    sample: bool
    version: int
    line: str
    applicants: tuple[str, ...]
    conditions: str
    materials: tuple[StatedMaterial, ...]
    accept_points: tuple[str, ...]
    route: tuple[RouteStep, ...]
    sensitive: bool
    fee: int
    retention_years: int
    source: str
    tests: tuple[OwnTest, ...]

    def open_on(self, day: date) -> bool:
        """True when the item takes applications on the day: in force, active and in season."""
        in_force = self.effective_from <= day <= (self.effective_to or date.max)
        return in_force and self.status == "active" and self._in_season(day)

    def _in_season(self, day: date) -> bool:
        return not self.seasons or any(day in season for season in self.seasons)


def item_of(path: Path, written: Mapping[str, Any]) -> ItemDocument:
    """The item of a document that has passed its schema."""
    plain = {key: written[key] for key in _PLAIN}
    return ItemDocument(
        path=path,
        **plain,
        effective_from=date.fromisoformat(written["effective_from"]),
        effective_to=_day(written, "effective_to"),
        applicants=tuple(written["applicants"]),
        legal_limit=_limit(written.get("legal_limit")),
        promised_limit=_limit(written.get("promised_limit")),
        street_part=_part(written.get("street_part")),
        district_part=_part(written.get("district_part")),
        whole=_part(written.get("whole")),
        materials=tuple(map(_material, written["materials"])),
        accept_points=tuple(written["accept_points"]),
        route=(route := tuple(map(_step, written["route"]))),
        refers_to=next((step.to.code for step in route if step.to), ""),
        seasons=() if written["season"] == "none" else tuple(map(_season, written["season"])),
        tests=tuple(map(_test, written["tests"])),
        procedures=tuple(map(_procedure, written.get("procedures", ()))),
        extension=_extension(written["extension"]) if "extension" in written else None,
    )


_PLAIN = (
    *("sample", "code", "name", "version", "status", "line", "nature", "kind", "decided_by", "closes_on"),
    *("conditions", "receipt", "sms", "sensitive", "fee", "result_name", "retention_years", "source"),
)


def _limit(written: Mapping[str, Any] | None) -> PublicLimit | None:
    if written is None:
        return None
    return PublicLimit(
        written["days"], Unit(written["unit"]), written.get("article", ""), written.get("assumed", False)
    )


def _part(written: Mapping[str, Any] | None) -> PublicPart | None:
    return None if written is None else PublicPart(_limit(written.get("legal")), _limit(written.get("promised")))


def _material(written: Mapping[str, Any]) -> StatedMaterial:
    return StatedMaterial(
        code=written["code"],
        name=written["name"],
        required=written["required"],
        deferrable=written["deferrable"],
        form=written.get("form", ""),
        substitutes=tuple(written.get("substitutes", ())),
    )


def _step(written: Mapping[str, Any]) -> RouteStep:
    to = written.get("to")
    office = DecidingOffice(to["code"], to["name"]) if to else None
    return RouteStep(to=office, **{key: written[key] for key in ("code", "name", "kind", "post", "staff", "days")})


def _procedure(written: Mapping[str, str]) -> ProcedureKind:
    """The kind of a procedure; one of the law needs its code alone."""
    code = written["code"]
    statutory = next((kind for kind in statutory_procedures() if kind.code == code), ProcedureKind(code, "", ""))
    return ProcedureKind(code, written.get("name", statutory.name), written.get("article", statutory.article))


def _extension(written: Mapping[str, Any] | str) -> PublicExtension:
    """The extension of the item's law; the word none where it knows none."""
    if isinstance(written, str):
        return PublicExtension(0)
    return PublicExtension(written["days"], Unit(written["unit"]), written["article"], written.get("joint", False))


def _season(written: Mapping[str, str]) -> PublicPeriod:
    return PublicPeriod(date.fromisoformat(written["open_from"]), date.fromisoformat(written["open_to"]))


def _test(written: Mapping[str, Any]) -> OwnTest:
    return OwnTest(
        says=written["says"],
        accepted_on=_day(written, "accepted_on"),
        promised_due_on=_day(written, "promised_due_on"),
        legal_due_on=_day(written, "legal_due_on"),
        received_on=_day(written, "received_on"),
        materials_missing=tuple(written.get("materials_missing", ())),
        answer=written.get("answer"),
        notice_due_on=_day(written, "notice_due_on"),
    )


def _day(written: Mapping[str, Any], key: str) -> date | None:
    return date.fromisoformat(written[key]) if key in written else None
