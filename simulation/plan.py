"""The plan of a hall's year: the matters and their endings, checked before anything is played."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_KEYS = frozenset({"year", "seed", "volume", "items", "instant", "late", "last_day", "dissatisfied", "among", "beside"})
_TOTALS = ("volume", "instant", "late", "last_day", "dissatisfied")
_MOST = 1_000_000
_YEARS = range(2008, 2027)  # a year whose own notice and whose neighbours' are known to the calendar


class PlanRefused(Exception):
    """The plan contradicts itself or the catalogue; carries the field and the rule it breaks."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


@dataclass(frozen=True, slots=True)
class NamedItem:
    """An item that the plan counts by name."""

    applied: int
    """Applied for, and accepted."""
    refused: int
    """Refused by the street with reasons."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The matters of a year, by counts."""

    year: int
    seed: int
    volume: int
    """Accepted matters."""
    items: Mapping[str, NamedItem]
    """Named items by name; the rest of the volume goes to the others."""
    instant: int
    """Completed at the window at once."""
    late: int
    """Closed after the last day of the promise."""
    last_day: int
    """Closed exactly on the last day of the promise."""
    dissatisfied: int
    """Rated 不满意."""
    corrected: int
    """Inside the volume: accepted after a correction was supplied."""
    deemed: int
    """Inside the volume: deemed accepted, without an answer within five days."""
    withdrawn: int
    """Outside the volume: withdrawn before acceptance."""
    not_corrected: int
    """Outside the volume: a correction that never came."""

    @property
    def named(self) -> int:
        """Matters of the named items."""
        return sum(item.applied for item in self.items.values())


class _UniqueKeyLoader(yaml.SafeLoader):
    """Reads plain values, and refuses a field that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The fields of a mapping; raises PlanRefused."""
        names = [str(name.value) for name, _ in node.value]
        for twice in (name for name in names if names.count(name) > 1):
            raise PlanRefused(twice, "字段重复")
        return super().construct_mapping(node, deep=deep)


def load_plan(path: Path) -> Plan:
    """Reads a plan; raises PlanRefused with field and rule."""
    try:
        written = yaml.load(path.read_text(encoding="utf-8"), _UniqueKeyLoader)
    except OSError as error:
        raise PlanRefused("plan", "读不到这个文件，请核对路径和权限") from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise PlanRefused("plan", "须为UTF-8编码的YAML文件") from error
    return plan_of(written)


def plan_of(written: object) -> Plan:
    """The plan in a parsed document; raises PlanRefused."""
    document = _mapping("plan", written)
    for unknown in sorted(set(map(str, document)) - _KEYS):
        raise PlanRefused(unknown, "没有这个字段")
    for missing in sorted(_KEYS - {"among", "beside", "seed"} - set(document)):
        raise PlanRefused(missing, "缺少此字段")
    among, outside = _mapping("among", document.get("among", {})), _mapping("beside", document.get("beside", {}))
    _only("among", among, {"corrected", "deemed"})
    _only("beside", outside, {"withdrawn", "not_corrected"})
    items = _mapping("items", document["items"])
    plan = Plan(
        year=_count("year", document["year"]),
        seed=_count("seed", document.get("seed", 1)),
        items={str(name): _named(f"items.{name}", each) for name, each in items.items()},
        **{field: _count(field, document[field]) for field in _TOTALS},
        **{field: _count(f"among.{field}", among.get(field, 0)) for field in ("corrected", "deemed")},
        **{field: _count(f"beside.{field}", outside.get(field, 0)) for field in ("withdrawn", "not_corrected")},
    )
    _check(plan)
    return plan


def _check(plan: Plan) -> None:
    if plan.year not in _YEARS:
        raise PlanRefused("year", f"须在{_YEARS.start}年至{_YEARS.stop - 1}年之间")
    if not 1 <= plan.volume <= _MOST:
        raise PlanRefused("volume", f"业务量须为1至{_MOST}件")
    if plan.withdrawn + plan.not_corrected > _MOST:
        raise PlanRefused("beside", f"业务量之外合计不得超过{_MOST}件")
    if plan.named > plan.volume:
        raise PlanRefused("items", f"各事项申请数合计{plan.named}件,超过业务量{plan.volume}件")
    if plan.instant > plan.volume:
        raise PlanRefused("instant", f"即办件{plan.instant}件,超过业务量{plan.volume}件")
    if plan.dissatisfied > plan.volume:
        raise PlanRefused("dissatisfied", f"不满意{plan.dissatisfied}件,超过业务量{plan.volume}件")


def _named(field: str, written: object) -> NamedItem:
    item = _mapping(field, written)
    _only(field, item, {"applied", "refused"})
    if "applied" not in item:
        raise PlanRefused(f"{field}.applied", "缺少此字段")
    applied, refused = _count(f"{field}.applied", item["applied"]), _count(f"{field}.refused", item.get("refused", 0))
    if refused > applied:
        raise PlanRefused(f"{field}.refused", f"不同意{refused}件,超过申请{applied}件")
    return NamedItem(applied, refused)


def _only(field: str, written: Mapping[Any, object], known: set[str]) -> None:
    for unknown in sorted(set(map(str, written)) - known):
        raise PlanRefused(f"{field}.{unknown}", "没有这个字段")


def _mapping(field: str, written: object) -> Mapping[Any, object]:
    if not isinstance(written, dict):
        raise PlanRefused(field, "须为键值对")
    return written


def _count(field: str, written: object) -> int:
    if isinstance(written, bool) or not isinstance(written, int) or written < 0:
        raise PlanRefused(field, "须为非负整数")
    return written
