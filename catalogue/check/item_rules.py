"""Rules of an item's file: those of the law, which every publication is asked, and those of its guide and its tests.

The order of the rules is the order of the report.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from catalogue.check.items import ItemDocument, RouteStep
from catalogue.check.own_tests import own_test_breaches
from law import items as law_items
from law.items import Breach, FieldPath, ItemFinding
from law.public_places import destination_breaches, destination_decides

_WRITTEN_AS = {"seasons": "season"}
"""Fields that a file writes by another name than a publication."""
_DESTINATION = "refers_to"
"""A file has it at the step that refers."""


def item_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Every rule that the item breaks by itself, in the order of the report."""
    for breach in law_items.item_breaches(item):
        yield replace(breach, field=_in_file(item, breach.field))
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
            yield Breach(
                ("materials", position, "substitutes"), "substitutes_itself", f"材料「{material.name}」不能替代自己。"
            )


def _in_file(item: ItemDocument, field: FieldPath) -> FieldPath:
    """The field of a file that a field of a publication is written at."""
    first, *rest = field
    if first != _DESTINATION:
        return (_WRITTEN_AS.get(str(first), first), *rest)
    steps = [position for position, step in enumerate(item.route) if step.to] or [len(item.route) - 1]
    return ("route", steps[0], "to") if item.route else ("route",)


def _step(item: ItemDocument, step: RouteStep) -> Iterator[Breach]:
    if step.to is None:
        return
    if step.kind != "refer" and item.kind == "forwarded":
        yield Breach(("to",), "referral_target", f"只有转报环节才写去向（to），现写了{step.to.code}。")
    for breach in destination_breaches(step.to.name):
        yield Breach(("to", *breach.field), breach.rule, breach.sentence)
    if step.kind == "refer":
        for breach in destination_decides(item.decided_by, step.to.name):
            yield Breach(("to", "name"), breach.rule, breach.sentence)


def _repeated(
    items: list[ItemDocument], key: str, of: Callable[[ItemDocument], str], title: str
) -> Iterator[tuple[ItemDocument, Breach]]:
    first: dict[str, ItemDocument] = {}
    for item in items:
        earlier = first.setdefault(of(item), item)
        if earlier is not item:
            yield item, Breach((key,), f"duplicate_{key}", f"{title} {of(item)} 与 {earlier.path.name} 重复。")


def _offices(items: list[ItemDocument]) -> Iterator[tuple[ItemDocument, Breach]]:
    names: dict[str, str] = {}
    for item in items:
        for position, step in enumerate(item.route):
            if step.to and (known := names.setdefault(step.to.code, step.to.name)) != step.to.name:
                sentence = f"部门代号 {step.to.code} 在其他事项中是「{known}」，这里是「{step.to.name}」。"
                yield item, Breach(("route", position, "to", "name"), "office_name", sentence)
