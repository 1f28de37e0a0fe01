"""The district publishes a version of an item; the catalogue counts versions, and an equal one is not published."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from law.not_allowed import Malformed, NotAllowed
from services.intake.domain.catalogue import Entry
from services.intake.domain.facts import ItemPublished
from services.intake.domain.item import Item, ItemKind, StepKind


class VersionNotNext(NotAllowed):
    """Versions of an item are counted by the catalogue, one after the other."""

    sentence = "版本号由目录编排，应填0或{expected}。"


class WrongItem(Malformed):
    """An item contradicts itself."""

    sentence = "事项内容有误：{rule}。"


def publish_item(entry: Entry, item: Item, today: date) -> list[ItemPublished]:
    """The next version; nothing when it equals the latest one. Raises VersionNotNext, WrongItem."""
    for field, rule in _contradictions(item):
        raise WrongItem(f"item.{field}", rule=rule)
    latest = entry.latest
    current = latest.version if latest else 0
    if latest is not None and item.version in (0, current) and replace(item, version=current) == latest:
        return []
    if item.version not in (0, current + 1):
        raise VersionNotNext("item.version", expected=current + 1)
    return [ItemPublished(today, replace(item, version=current + 1))]


def _contradictions(item: Item) -> Iterator[tuple[str, str]]:
    yield from _twice("materials", [material.code for material in item.materials])
    yield from _twice("route", [step.code for step in item.route])
    yield from _route(item)
    if item.effective_to is not None and item.effective_to < item.effective_from:
        yield "effective_to", "失效日期早于生效日期"
    for index, season in enumerate(item.seasons):
        if season.open_to < season.open_from:
            yield f"seasons[{index}].open_to", "结束日期早于开始日期"
    if item.promised_limit.unit is item.legal_limit.unit and item.promised_limit.days > item.legal_limit.days:
        yield "promised_limit.days", "承诺时限长于法定时限"


def _route(item: Item) -> Iterator[tuple[str, str]]:
    if item.kind is ItemKind.INSTANT:
        if item.route:
            yield "route", "即办件在窗口当场办结，不设办理环节"
        return
    for name, limit in (("legal_limit", item.legal_limit), ("promised_limit", item.promised_limit)):
        if not limit.days:
            yield f"{name}.days", "只有即办件的时限可以为0"
    if not item.route:
        yield "route", "承诺件和上报件应有办理环节"
        return
    last = StepKind.REFER if item.kind is ItemKind.FORWARDED else StepKind.DECIDE
    if item.route[-1].kind is not last:
        yield "route", "上报件的最后环节应为转报，承诺件的最后环节应为决定"
    for index, step in enumerate(item.route[:-1]):
        if step.kind is not StepKind.REVIEW:
            yield f"route[{index}].kind", "决定或转报只能是最后一个环节"
    if item.kind is ItemKind.FORWARDED and not item.refers_to:
        yield "refers_to", "上报件应写明上报去向"


def _twice(field: str, codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if code in seen:
            yield f"{field}[{index}].code", f"代码{code}重复"
        seen.add(code)
