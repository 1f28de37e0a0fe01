"""Rules of an item, asked at every door: the file that a district writes, its publication, the data we ship.

The order of the rules is the order of the report. A rule holds for a publication; a running matter keeps the version
under which it was accepted, whatever rules came later.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from law import terms
from law.items.implementation_code import NATURES, code_faults
from law.items.item import FIRST_DAY, LAST_DAY, Breach, FieldPath, ItemFinding, PublicItem, PublicLimit
from law.items.limit_rules import (
    CITES_ARTICLE,
    Breaches,
    cites_licence_law_alone,
    district_has_a_limit,
    licence_is_decided_in_time,
    limits_have_a_ground,
    limits_name_their_part,
    parts_end_after_the_whole_on_some_days,
    parts_fit_the_whole,
    promise_ends_late_on_some_days,
    promise_is_within_the_law,
)
from law.items.public_text import public_text_faults, shown
from law.not_allowed import rule
from law.procedures import statutory_procedures
from law.terms import Unit

_STREET = "street"
_CLOSES = {"instant": ("decision",), "promised": ("decision",), "forwarded": ("referral", "district_decision")}
_LAST = {
    "promised": ("decide", "承诺件的流程以决定（decide）结束"),
    "forwarded": ("refer", "上报件的流程以转报（refer）结束"),
}


def item_breaches(item: PublicItem, *, new: bool = True) -> Breaches:
    """Every rule that the item breaks by itself, with the rule's article.

    `new` is False for a further version of a published item: its code cannot change any more, so it is not asked.
    """
    for broken_by in RULES:
        if new or broken_by is not code_is_well_formed:
            article = broken_by.__dict__["article"]
            yield from (replace(breach, article=article) for breach in broken_by(item))


def item_findings(item: PublicItem) -> Iterator[ItemFinding]:
    """Remarks on an item that breaks no rule."""
    for found_by in FINDINGS:
        yield from found_by(item)


@rule()
def code_is_well_formed(item: PublicItem) -> Breaches:
    """The code names body, level, region and kind of power as the standard orders. (GB/T 39554.1)"""
    for sentence in code_faults(item.code, item.nature):
        yield Breach(("code",), "code", sentence)


@rule()
def nature_is_of_the_standard(item: PublicItem) -> Breaches:
    """The nature is a kind of power of the standard. (GB/T 39046 table A.1)"""
    if item.nature not in NATURES:
        yield Breach(("nature",), "nature", f"事项类型没有「{item.nature}」，应为：{'、'.join(NATURES)}。")


@rule()
def names_are_plain_text(item: PublicItem) -> Breaches:
    """A name is text that the public can read: no formula, no sign that cannot be seen, no address of a site."""
    for field, text in _names(item):
        yield from (Breach(field, broken, sentence) for broken, sentence in public_text_faults(text))


@rule()
def days_are_of_our_time(item: PublicItem) -> Breaches:
    """Days of the validity and of opening periods lie between 1950 and 2200."""
    days: list[tuple[FieldPath, date | None]] = [
        (("effective_from",), item.effective_from),
        (("effective_to",), item.effective_to),
    ]
    for position, season in enumerate(item.seasons):
        days += [
            (("seasons", position, "open_from"), season.open_from),
            (("seasons", position, "open_to"), season.open_to),
        ]
    for field, day in days:
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield Breach(field, "year", f"{day} 不在1950年至2200年之间，请核对年份。")


@rule("行政许可法 30")
def validity_runs_forward(item: PublicItem) -> Breaches:
    """The last day is not before the first, and a cancelled item has one."""
    if item.effective_to and item.effective_to < item.effective_from:
        sentence = f"失效日{item.effective_to}早于生效日{item.effective_from}。"
        yield Breach(("effective_to",), "effective_dates", sentence)
    if item.status == "cancelled" and not item.effective_to:
        yield Breach(("effective_to",), "effective_dates", "已取消（cancelled）的事项要写失效日，现在没有写。")


@rule("行政许可法 30")
def seasons_lie_in_force(item: PublicItem) -> Breaches:
    """Opening periods run forward, do not overlap and lie in the validity."""
    for position, season in enumerate(item.seasons):
        if season.open_to < season.open_from:
            sentence = f"截止收件日{season.open_to}早于开始收件日{season.open_from}。"
            yield Breach(("seasons", position, "open_to"), "season_backwards", sentence)
        met = (each for each in item.seasons[:position] if season.open_from in each or each.open_from in season)
        for other in islice(met, 1):
            yield Breach(("seasons", position), "season_overlap", f"收件期{season}与前面的{other}重叠。")
        if season.open_to < item.effective_from or season.open_from > (item.effective_to or date.max):
            until = f"至{item.effective_to}" if item.effective_to else "起"
            sentence = f"收件期{season}不在事项有效期（{item.effective_from}{until}）内。"
            yield Breach(("seasons", position), "season_in_force", sentence)


@rule("行政许可法 35")
def kind_names_who_decides(item: PublicItem) -> Breaches:
    """The street decides what it closes itself; what it forwards is decided and received by the district."""
    if (item.decided_by == _STREET) is (item.kind == "forwarded"):
        sentence = f"上报件由区部门决定，请写部门名称，现为 {_STREET}。"
        if item.kind != "forwarded":
            sentence = f"即办件和承诺件由街道决定，应写 {_STREET}，现为{shown(item.decided_by)}。"
        yield Breach(("decided_by",), "decided_by_kind", sentence)
    if item.kind == "forwarded" and not item.refers_to:
        yield Breach(("refers_to",), "referral_target", "上报件应写明上报去向，现在没有写。")
    if item.kind != "forwarded" and item.refers_to:
        yield Breach(("refers_to",), "referral_target", f"只有上报件才写上报去向，现为 {item.refers_to}。")


@rule("行政许可法 43")
def kind_names_what_closes(item: PublicItem) -> Breaches:
    """A matter of the street closes by its decision, a forwarded one by the referral or the district's decision."""
    if item.closes_on not in _CLOSES[item.kind]:
        wanted = "、".join(_CLOSES[item.kind])
        sentence = f"办结节点 {item.closes_on} 与办件类型 {item.kind} 不符，应为：{wanted}。"
        yield Breach(("closes_on",), "closes_by_kind", sentence)


@rule("行政许可法 32")
def applicant_is_informed(item: PublicItem) -> Breaches:
    """What is not done on the spot is acknowledged by a receipt and told at each stage."""
    for key, given, named in (("receipt", item.receipt, "发受理回执"), ("sms", item.sms, "发短信")):
        if item.kind != "instant" and not given:
            yield Breach((key,), "told_by_kind", f"非即办件一律{named}，应为 true，现为 false。")


@rule("行政许可法 31")
def materials_are_demanded_once(item: PublicItem) -> Breaches:
    """Each paper is named once, only a required one is deferrable, and at least one is needed for acceptance."""
    yield from _repeated("materials", [each.code for each in item.materials], "code", "材料编码")
    yield from _repeated("materials", [each.name for each in item.materials], "name", "材料名称")
    for position, material in enumerate(item.materials):
        if material.deferrable and not material.required:
            sentence = f"「{material.name}」不是必备材料（required: false），谈不上容缺（deferrable: true）。"
            yield Breach(("materials", position, "deferrable"), "deferrable_required", sentence)
    if not any(material.required and not material.deferrable for material in item.materials):
        listed = "、".join(material.code for material in item.materials)
        sentence = "至少要有一份必备且不可容缺的材料，现在" + (f"{listed} 都不是。" if listed else "一份也没有列。")
        yield Breach(("materials",), "nothing_required", sentence)


@rule("行政许可法 34, 35")
def route_ends_by_kind(item: PublicItem) -> Breaches:
    """Nothing done on the spot has a route; any other ends with its decision or referral, after reviews alone."""
    yield from _repeated("route", [step.code for step in item.route], "code", "环节编码")
    if item.kind == "instant":
        if item.route:
            steps = "、".join(step.code for step in item.route)
            yield Breach(("route",), "route_by_kind", f"即办件由窗口当场办结，流程应为空（[]），现有环节 {steps}。")
        return
    kind, sentence = _LAST[item.kind]
    if not item.route:
        yield Breach(("route",), "route_by_kind", f"{sentence}，现为空。")
        return
    last = len(item.route) - 1
    if item.route[last].kind != kind:
        yield Breach(("route", last, "kind"), "route_by_kind", f"{sentence}，现为 {item.route[last].kind}。")
    for position, step in enumerate(item.route[:last]):
        if step.kind != "review":
            sentence = f"决定或转报只能是最后一个环节，{step.code} 现为 {step.kind}。"
            yield Breach(("route", position, "kind"), "route_by_kind", sentence)


@rule("行政许可法 37, 38")
def head_decides_alone(item: PublicItem) -> Breaches:
    """The organ's head decides; a decision or a referral has one signature, reviews have one or two."""
    for position, step in enumerate(item.route):
        if step.kind == "decide" and step.post != "HEAD":
            sentence = f"决定由负责人（HEAD）作出，现为 {step.post}。"
            yield Breach(("route", position, "post"), "decided_by_head", sentence)
        if step.kind != "review" and step.staff != 1:
            sentence = f"决定和转报由一人签发，人数应为 1，现为 {step.staff}。"
            yield Breach(("route", position, "staff"), "one_signs", sentence)


@rule("优化营商环境条例 36")
def stages_fit_the_promise(item: PublicItem) -> Breaches:
    """The steps' own working days together, over ordinary weeks, are not more than the promise."""
    promised = item.street_part and item.street_part.promised
    promised, total = promised or item.promised_limit, sum(step.days for step in item.route)
    if promised and PublicLimit(total, Unit.WORKING).calendar_days > promised.calendar_days:
        steps = "、".join(f"{step.code} {step.days}" for step in item.route)
        sentence = f"各环节时限（{steps}）合计 {total} 个工作日，超过承诺的 {promised}。"
        yield Breach(("route",), "stages_within_promise", sentence)


@rule("行政许可法 45")
def procedures_have_a_ground(item: PublicItem) -> Breaches:
    """A special procedure is named once, by the law's own name, or by a name and an article of another law."""
    yield from _repeated("procedures", [kind.code for kind in item.procedures], "code", "特别程序编码")
    yield from _repeated("procedures", [kind.name for kind in item.procedures], "name", "特别程序名称")
    statutory = {kind.code: kind for kind in statutory_procedures()}
    for position, kind in enumerate(item.procedures):
        known = statutory.get(kind.code)
        if known is not None and kind.name != known.name:
            sentence = f"{kind.code} 在行政许可法第四十五条中是{known.name}，不是{kind.name}。"
            yield Breach(("procedures", position, "name"), "procedure_name", sentence)
        if known is None and not CITES_ARTICLE.search(kind.article):
            sentence = f"「{kind.name}」不是行政许可法第四十五条所列，应写明不计入期限所依据的法律法规及其条款"
            sentence += f"，现为{shown(kind.article)}。"
            yield Breach(("procedures", position, "article"), "procedure_ground", sentence)


@rule("行政许可法 42")
def extension_has_a_ground(item: PublicItem) -> Breaches:
    """An extension cites its article; that of the licence law has ten working days at the most, jointly fifteen."""
    extension = item.extension
    if extension is None or not extension.days:
        return
    if item.kind == "instant":
        yield Breach(("extension",), "extension_by_kind", f"即办件当场办结，没有延期，现写了 {extension}。")
    if not CITES_ARTICLE.search(extension.article):
        sentence = f"延期应写明所依据的法律法规及其条款，现为{shown(extension.article)}。"
        yield Breach(("extension", "article"), "extension_ground", sentence)
    elif cites_licence_law_alone(extension.article):
        most = terms.JOINT_EXTENSION if extension.joint else terms.EXTENSION
        if extension.unit is not most.unit or extension.days > most.days:
            sentence = f"行政许可法第四十二条规定最多延长10个工作日（联合办理15个工作日），现为 {extension}。"
            yield Breach(("extension", "days"), "extension_within_law", sentence)


RULES: tuple[Callable[[PublicItem], Breaches], ...] = (
    code_is_well_formed,
    nature_is_of_the_standard,
    names_are_plain_text,
    days_are_of_our_time,
    validity_runs_forward,
    seasons_lie_in_force,
    kind_names_who_decides,
    kind_names_what_closes,
    applicant_is_informed,
    limits_name_their_part,
    limits_have_a_ground,
    licence_is_decided_in_time,
    promise_is_within_the_law,
    parts_fit_the_whole,
    materials_are_demanded_once,
    route_ends_by_kind,
    head_decides_alone,
    stages_fit_the_promise,
    procedures_have_a_ground,
    extension_has_a_ground,
)

FINDINGS: tuple[Callable[[PublicItem], Iterator[ItemFinding]], ...] = (
    promise_ends_late_on_some_days,
    parts_end_after_the_whole_on_some_days,
    district_has_a_limit,
)
"""Rules that keep nothing from being published."""


def _names(item: PublicItem) -> Iterator[tuple[FieldPath, str]]:
    yield ("name",), item.name
    yield ("decided_by",), item.decided_by
    yield ("result_name",), item.result_name
    for position, material in enumerate(item.materials):
        yield ("materials", position, "name"), material.name
    for position, step in enumerate(item.route):
        yield ("route", position, "name"), step.name
    for position, kind in enumerate(item.procedures):
        yield ("procedures", position, "name"), kind.name
        yield ("procedures", position, "article"), kind.article
    for part in item.parts():
        yield (*part.legal_field, "article"), part.legal.article if part.legal else ""
        yield (*part.promised_field, "article"), part.promised.article if part.promised else ""


def _repeated(list_name: str, values: list[str], field: str, title: str) -> Breaches:
    seen = Counter[str]()
    for position, value in enumerate(values):
        seen[value] += 1
        if seen[value] == 2:
            yield Breach((list_name, position, field), f"duplicate_{field}", f"{title} {value} 重复。")
