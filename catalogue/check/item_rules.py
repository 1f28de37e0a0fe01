"""Rules of an item that a schema cannot say: validity, kind, limits, materials, route, and between items.

The order of the rules is the order of the report.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from catalogue.check.findings import Breach
from catalogue.check.implementation_code import code_breaches
from catalogue.check.items import ItemDocument, RouteStep
from catalogue.check.own_tests import own_test_breaches
from law.terms import Unit

_CLOSES = {"instant": ("decision",), "promised": ("decision",), "forwarded": ("referral", "district_decision")}
_UNITS = {"working": "个工作日", "calendar": "日"}
_LAST = {
    "promised": ("decide", "承诺件的流程以决定（decide）结束"),
    "forwarded": ("refer", "上报件的流程以转报（refer）结束"),
}


def item_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Every rule that the item breaks by itself, in the order of the report."""
    rules: tuple[Callable[[ItemDocument], Iterator[Breach]], ...] = (
        code_breaches,
        validity_breaches,
        kind_breaches,
        limit_breaches,
        material_breaches,
        route_breaches,
        own_test_breaches,
    )
    for rule in rules:
        yield from rule(item)


def breaches_across(items: Iterable[ItemDocument]) -> Iterator[tuple[ItemDocument, Breach]]:
    """Contradictions between two items, named at the later one: code, name, name of a department."""
    listed = list(items)
    yield from _repeated(listed, "code", lambda item: item.code, "实施编码")
    yield from _repeated(listed, "name", lambda item: item.name, "事项名称")
    yield from _offices(listed)


def validity_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Breaches in the dates: periods run forward, do not overlap and lie in the validity."""
    if item.effective_to and item.effective_to < item.effective_from:
        yield Breach(("effective_to",), "effective_dates", "失效日早于生效日。")
    if item.status == "cancelled" and not item.effective_to:
        yield Breach(("effective_to",), "effective_dates", "已取消的事项要写失效日。")
    yield from _seasons(item)


def _seasons(item: ItemDocument) -> Iterator[Breach]:
    for position, season in enumerate(item.seasons):
        if season.open_to < season.open_from:
            yield Breach(("season", position, "open_to"), "season_backwards", "截止收件日早于开始收件日。")
        if any(season.open_from in other or other.open_from in season for other in item.seasons[:position]):
            yield Breach(("season", position), "season_overlap", "与前面的收件期重叠。")
        if season.open_to < item.effective_from or season.open_from > (item.effective_to or date.max):
            yield Breach(("season", position), "season_in_force", "收件期不在事项有效期内。")


def kind_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Breaches of the kind: who decides, when the matter closes, receipt and messages."""
    if (item.decided_by == "street") is (item.kind == "forwarded"):
        sentence = (
            "上报件由区部门决定，请写部门名称。"
            if item.kind == "forwarded"
            else "即办件和承诺件由街道决定，应写 street。"
        )
        yield Breach(("decided_by",), "decided_by_kind", sentence)
    if item.closes_on not in _CLOSES[item.kind]:
        yield Breach(
            ("closes_on",), "closes_by_kind", "办结节点与办件类型不符，应为：" + "、".join(_CLOSES[item.kind]) + "。"
        )
    for key, given, named in (("receipt", item.receipt, "发受理回执"), ("sms", item.sms, "发短信")):
        if item.kind != "instant" and not given:
            yield Breach((key,), "told_by_kind", f"非即办件一律{named}，应为 true。")


def limit_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Breaches in the limits: the promise stays within the law, every number has a ground. (优化营商环境条例 36)"""
    yield from _grounds(item)
    yield from _promise(item)


def _grounds(item: ItemDocument) -> Iterator[Breach]:
    for key, limit in (("legal_limit", item.legal_limit), ("promised_limit", item.promised_limit)):
        if limit and not limit.article and not limit.assumed:
            yield Breach((key,), "limit_ground", "时限没有写依据（article），也没有注明是拟定的（assumed: true）。")
        if limit and limit.article and limit.assumed:
            yield Breach((key, "assumed"), "limit_ground", "已写依据的时限不是拟定的，article 与 assumed 只写一个。")


def _promise(item: ItemDocument) -> Iterator[Breach]:
    promised, legal = item.promised_limit, item.legal_limit
    if item.kind == "instant" and promised:
        yield Breach(("promised_limit",), "limit_by_kind", "即办件当场办结，不写承诺时限。")
    if promised and legal and promised.calendar_days > legal.calendar_days:
        sentence = f"承诺时限 {promised.days} {_UNITS[promised.unit]}长于法定时限 {legal.days} {_UNITS[legal.unit]}。"
        yield Breach(("promised_limit", "days"), "promised_within_legal", sentence)


def material_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Breaches in the materials: each is named once, only a required one is deferrable. (行政许可法 30, 31)"""
    codes, names = Counter[str](), Counter[str]()
    for position, material in enumerate(item.materials):
        codes[material.code] += 1
        names[material.name] += 1
        if codes[material.code] == 2:
            yield Breach(("materials", position, "code"), "duplicate_code", f"材料编码 {material.code} 重复。")
        if names[material.name] == 2:
            yield Breach(("materials", position, "name"), "duplicate_name", f"材料「{material.name}」重复。")
        if material.deferrable and not material.required:
            sentence = f"「{material.name}」不是必备材料，谈不上容缺。"
            yield Breach(("materials", position, "deferrable"), "deferrable_required", sentence)
        if material.name in material.substitutes:
            yield Breach(("materials", position, "substitutes"), "substitutes_itself", "材料不能替代自己。")
    if not any(material.required and not material.deferrable for material in item.materials):
        yield Breach(("materials",), "nothing_required", "至少要有一份必备且不可容缺的材料。")


def route_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Breaches in the route: it ends as its kind demands, its stages fit into the promise."""
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


def _step(item: ItemDocument, step: RouteStep) -> Iterator[Breach]:
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
