"""Rules of an item's file: those of the law, which every publication is asked, and those of its guide and its tests.

The order of the rules is the order of the report.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from catalogue.check.items import ItemDocument, RouteStep
from catalogue.check.own_tests import own_test_breaches
from law import items as law_items
from law.items import Breach, ItemFinding

_WRITTEN_AS = {"seasons": "season"}
"""Fields that a file writes by another name than a publication."""
_SAID_BY_FILE = "refers_to"
"""A file has it at the step that refers, where its own rule finds more."""


def item_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Every rule that the item breaks by itself, in the order of the report."""
    for breach in law_items.item_breaches(item):
        first, *rest = breach.field
        if first != _SAID_BY_FILE:
            yield replace(breach, field=(_WRITTEN_AS.get(str(first), first), *rest))
    yield from substitute_breaches(item)
    for position, step in enumerate(item.route):
        yield from (Breach(("route", position, *each.field), each.rule, each.sentence) for each in _step(item, step))
    yield from own_test_breaches(item)


def item_remarks(item: ItemDocument) -> Iterator[ItemFinding]:
    """Remarks on the item, as its publication is answered."""
    yield from law_items.item_findings(item)


def breaches_across(items: Iterable[ItemDocument]) -> Iterator[tuple[ItemDocument, Breach]]:
    """Contradictions between two items, named at the later one: code, name, name of a department."""
    listed = list(items)
    yield from _repeated(listed, "code", lambda item: item.code, "实施编码")
    yield from _repeated(listed, "name", lambda item: item.name, "事项名称")
    yield from _offices(listed)


def substitute_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Materials that the guide lets stand in for themselves."""
    for position, material in enumerate(item.materials):
        if material.name in material.substitutes:
            yield Breach(("materials", position, "substitutes"), "substitutes_itself", "材料不能替代自己。")


def _step(item: ItemDocument, step: RouteStep) -> Iterator[Breach]:
    if step.kind == "refer" and step.to is None:
        yield Breach(("to",), "referral_target", "转报环节没有写去向（to）。")
    if step.kind != "refer" and step.to:
        yield Breach(("to",), "referral_target", "只有转报环节才写去向（to）。")
    if step.kind == "refer" and step.to and step.to.name != item.decided_by:
        yield Breach(("to", "name"), "referral_target", f"上报去向与决定机关「{item.decided_by}」不一致。")


def _repeated(
    items: list[ItemDocument], key: str, of: Callable[[ItemDocument], str], title: str
) -> Iterator[tuple[ItemDocument, Breach]]:
    first: dict[str, ItemDocument] = {}
    for item in items:
        earlier = first.setdefault(of(item), item)
        if earlier is not item:
            yield item, Breach((key,), f"duplicate_{key}", f"{title}与 {earlier.path.name} 重复。")


def _offices(items: list[ItemDocument]) -> Iterator[tuple[ItemDocument, Breach]]:
    names: dict[str, str] = {}
    for item in items:
        for position, step in enumerate(item.route):
            if step.to and (known := names.setdefault(step.to.code, step.to.name)) != step.to.name:
                sentence = f"部门代号 {step.to.code} 在其他事项中是「{known}」。"
                yield item, Breach(("route", position, "to", "name"), "office_name", sentence)
