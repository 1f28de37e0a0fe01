"""The desks of a matter in order: it ends where its kind says, and the stages fit into the promise."""

from collections import Counter
from collections.abc import Iterator

from catalogue.check.finding import Breach
from catalogue.check.items import ItemDocument, Step
from law.terms import Unit

_LAST = {
    "promised": ("decide", "承诺件的流程以决定（decide）结束"),
    "forwarded": ("refer", "上报件的流程以转报（refer）结束"),
}


def route_breaches(item: ItemDocument) -> Iterator[Breach]:
    """What is wrong with the route."""
    if item.kind == "instant":
        if item.route:
            yield Breach(("route",), "route_by_kind", "即办件由窗口当场办结，流程应为空（[]）。")
        return
    yield from _end(item)
    yield from _codes(item)
    yield from _stages(item)
    for position, step in enumerate(item.route):
        yield from (Breach(("route", position, *each.field), each.rule, each.sentence) for each in _step(item, step))


def _end(item: ItemDocument) -> Iterator[Breach]:
    kind, sentence = _LAST[item.kind]
    if not item.route:
        yield Breach(("route",), "route_by_kind", f"{sentence}，不能为空。")
        return
    last = len(item.route) - 1
    if item.route[last].kind != kind:
        yield Breach(("route", last, "kind"), "route_by_kind", f"{sentence}。")
    for position, step in enumerate(item.route[:last]):
        if step.kind != "review":
            yield Breach(("route", position, "kind"), "route_by_kind", "决定或转报只能是最后一个环节。")


def _codes(item: ItemDocument) -> Iterator[Breach]:
    seen = Counter[str]()
    for position, step in enumerate(item.route):
        seen[step.code] += 1
        if seen[step.code] == 2:
            yield Breach(("route", position, "code"), "duplicate_code", f"环节编码 {step.code} 重复。")


def _stages(item: ItemDocument) -> Iterator[Breach]:
    promised, total = item.promised_limit, sum(step.days for step in item.route)
    if promised and promised.unit is Unit.WORKING and total > promised.days:
        sentence = f"各环节时限合计 {total} 个工作日，超过承诺的 {promised.days} 个工作日。"
        yield Breach(("route",), "stages_within_promise", sentence)


def _step(item: ItemDocument, step: Step) -> Iterator[Breach]:
    if step.kind == "refer" and step.to is None:
        yield Breach(("to",), "referral_target", "转报环节没有写去向（to）。")
    if step.kind != "refer" and step.to:
        yield Breach(("to",), "referral_target", "只有转报环节才写去向（to）。")
    if step.kind == "refer" and step.to and step.to.name != item.decided_by:
        yield Breach(("to", "name"), "referral_target", f"转报去向与决定机关「{item.decided_by}」不一致。")
    if step.kind == "decide" and step.post != "HEAD":
        yield Breach(("post",), "decided_by_head", "决定由负责人（HEAD）作出。")
    if step.kind != "review" and step.staff != 1:
        yield Breach(("staff",), "one_signs", "决定和转报由一人签发，人数应为 1。")
