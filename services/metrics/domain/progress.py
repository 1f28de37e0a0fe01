"""Progress of a matter as a resident reads it: stages reached with their days, without any name."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

MatterRow: TypeAlias = Mapping[str, object]
"""A row of `matter`, by column."""


_DISCREET = "事项"
_DEEMED = 3  # the ground of the contract: 逾期不告知 (行政许可法 32(4))
_DECIDED = {"granted": "已准予", "refused": "已决定不予"}
_CLOSED = {
    "granted": "准予，已办结",
    "refused": "不予，已办结",
    "completed": "已当场办结",
    "withdrawn": "已撤回",
    "declined": "不予受理",
    "lapsed": "逾期未补正，已终止",
}
"""A matter closed by its referral has that stage already."""
_UNITS: Mapping[object, str] = {1: "个工作日", 2: "日"}
"""Units of an extension's days, by their numbers in the contract."""
_SEVERAL: Mapping[str, Mapping[str, str]] = {
    "corrections": {
        "correction": "需补正，已一次性告知",
        "supplement": "补交材料仍不符合要求，已补充告知",
        "supplied": "补正材料已收齐",
    },
    "referrals": {"referred": "已转报区级部门", "returned": "区级部门退回街道"},
}
"""Stages that a matter can reach more than once, by the column that has them all."""


@dataclass(frozen=True, slots=True)
class ProgressStage:
    """A stage the matter reached, and the day."""

    name: str
    on: date


def item_name(matter: MatterRow) -> str:
    """Name of the item; a sensitive one is 事项 outside the office, as in messages. (个人信息保护法 28)"""
    return _DISCREET if matter["sensitive"] else str(matter["item_name"])


def stages(matter: MatterRow) -> list[ProgressStage]:
    """The stages in the order of their days; on one day in the order of the procedure."""
    reached: list[ProgressStage] = []
    for column, name in _names(matter):
        if column in _SEVERAL:
            reached += _several(matter, column)
        elif column == "procedures":
            reached += _procedures(matter)
        elif name and isinstance(on := matter[column], date):
            reached.append(ProgressStage(name, on))
    return sorted(reached, key=lambda stage: stage.on)


def outcome(matter: MatterRow) -> str:
    """The end for the applicant; empty while the matter runs. A referred one ends with the district's decision."""
    decided_at_district = matter["outcome"] == "referred" and matter["district_outcome"]
    return str(decided_at_district or matter["outcome"] or "")


def withdrawal_too_late(matter: MatterRow) -> bool:
    """True for an accepted matter that the applicant withdrew after it was decided: the decision stands."""
    withdrawn = matter["window_outcome"] == "withdrawn" and matter["accepted_on"] is not None
    return withdrawn and outcome(matter) in _DECIDED


def _names(matter: MatterRow) -> list[tuple[str, str]]:
    """The column of each stage's day, and the stage in words; empty where the stage is not shown."""
    deemed = matter["ground"] == _DEEMED
    return [
        ("submitted_on", "已收件"),
        ("corrections", ""),
        ("accepted_on", "已受理（逾期未答复，视为受理）" if deemed else "已受理"),
        ("extended_on", f"已延长办理期限{_extension(matter)}"),
        ("procedures", ""),
        ("referrals", ""),
        ("district_decided_on", f"区级部门{_DECIDED.get(str(matter['district_outcome']), '已作出决定')}"),
        ("closed_on", _CLOSED.get(str(matter["outcome"]), "")),
        ("window_closed_on", "申请撤回，因已作出决定未生效" if withdrawal_too_late(matter) else ""),
        ("delivery_opened_on", "结果待领取"),
        ("delivered_on", "已送达"),
    ]


def _several(matter: MatterRow, column: str) -> Iterator[ProgressStage]:
    """Every one of these stages in their order; before them what a release up to 0.2 kept: the last day of each."""
    names = _SEVERAL[column]
    listed: dict[str, tuple[str, str]] = json.loads(str(matter[column] or "{}"))
    happened = [listed[revision] for revision in sorted(listed, key=int)]
    known = [ProgressStage(names[what], date.fromisoformat(on)) for what, on in happened]
    for what, name in names.items():
        last = matter.get(f"{what}_on")
        if isinstance(last, date) and ProgressStage(name, last) not in known:
            yield ProgressStage(name, last)
    yield from known


def _procedures(matter: MatterRow) -> Iterator[ProgressStage]:
    """Beginnings and ends of special procedures, or the last of each that a release up to 0.2 kept. (行政许可法 45)"""
    listed: dict[str, tuple[str, str, dict[str, object]]] = json.loads(str(matter["procedures"] or "{}"))
    for revision in sorted(listed, key=int):
        happened, on, procedure = listed[revision]
        yield ProgressStage(_procedure(happened, procedure), date.fromisoformat(on))
    if not listed:
        for what in ("paused", "resumed"):
            last = matter[f"{what}_on"]
            if isinstance(last, date) and not (what == "resumed" and matter["paused"]):
                yield ProgressStage(_procedure(what, {}), last)


def _procedure(what: str, procedure: Mapping[str, object]) -> str:
    name = f"（{procedure['name']}）" if procedure.get("name") else ""
    if what == "resumed":
        return f"特别程序{name}结束，恢复计时"
    expected = str(procedure.get("expected_on") or "")
    until = f"，预计{_in_words(date.fromisoformat(expected))}结束" if expected else ""
    return f"进入特别程序{name}，暂停计时{until}{'（暂定）' if procedure.get('provisional') else ''}"


def _extension(matter: MatterRow) -> str:
    days, unit = matter["extension_days"], _UNITS.get(matter["extension_unit"])
    return f"{days}{unit}" if days and unit else ""


def _in_words(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
