"""The rules that every publication of an item is asked: each by an example that it alone refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from law.items import (
    RULES,
    Breach,
    PublicExtension,
    PublicItem,
    PublicLimit,
    PublicMaterial,
    PublicPart,
    PublicPeriod,
    PublicStep,
    dotted,
    item_breaches,
    message_text_faults,
    placeholders,
    public_text_faults,
    shown,
)
from law.items.limit_rules import (
    licence_is_decided_in_time,
    limits_have_a_ground,
    limits_name_their_part,
    parts_fit_the_whole,
    promise_is_within_the_law,
)
from law.items.rules import (
    applicant_is_informed,
    code_is_well_formed,
    days_are_of_our_time,
    extension_has_a_ground,
    head_decides_alone,
    kind_names_what_closes,
    kind_names_who_decides,
    materials_are_demanded_once,
    names_are_plain_text,
    nature_is_of_the_standard,
    procedures_have_a_ground,
    route_ends_by_kind,
    seasons_lie_in_force,
    stages_fit_the_promise,
    validity_runs_forward,
)
from law.procedures import ProcedureKind
from law.terms import Unit

REVIEW = PublicStep("S1", "科室审核", "review", "REVIEWER", 2, 5)
DECIDE = PublicStep("S2", "领导审批", "decide", "HEAD", 1, 2)
PUBLICITY = ProcedureKind("publicity", "公示", "社会救助暂行办法 11")
ITEM = PublicItem(
    code="11440105K3160578855440191001001",
    name="临时占道审批",
    status="active",
    effective_from=date(2016, 1, 1),
    effective_to=None,
    nature="行政许可",
    kind="promised",
    decided_by="street",
    closes_on="decision",
    legal_limit=PublicLimit(20, Unit.WORKING, "行政许可法 42"),
    promised_limit=PublicLimit(10, Unit.WORKING, assumed=True),
    materials=(PublicMaterial("M01", "申请表", True, False), PublicMaterial("M02", "身份证明", True, True)),
    route=(REVIEW, DECIDE),
    seasons=(),
    receipt=True,
    sms=True,
    result_name="许可决定书",
    refers_to="",
)


def changed(**fields: Any) -> PublicItem:
    """The item with other fields."""
    return replace(ITEM, **fields)


FORWARDED: dict[str, Any] = {
    "kind": "forwarded",
    "closes_on": "district_decision",
    "decided_by": "区公安分局",
    "refers_to": "public_security",
    "route": (REVIEW, PublicStep("S2", "转报", "refer", "HEAD", 1, 2)),
}


EXAMPLES: list[tuple[Callable[[PublicItem], Any], PublicItem, str]] = [
    (extension_has_a_ground, changed(extension=PublicExtension(10)), "extension.article"),
    (
        extension_has_a_ground,
        changed(extension=PublicExtension(11, article="行政许可法 42")),
        "extension.days",
    ),
    (
        extension_has_a_ground,
        changed(extension=PublicExtension(16, article="行政许可法 42", joint=True)),
        "extension.days",
    ),
    (
        extension_has_a_ground,
        changed(extension=PublicExtension(10, Unit.CALENDAR, "行政许可法 42")),
        "extension.days",
    ),
    (code_is_well_formed, changed(code="11440105K3160578854440191001001"), "code"),
    (code_is_well_formed, changed(code="1"), "code"),
    (nature_is_of_the_standard, changed(nature="审批"), "nature"),
    (names_are_plain_text, changed(name="=1+1"), "name"),
    (days_are_of_our_time, changed(effective_from=date(1, 1, 1)), "effective_from"),
    (validity_runs_forward, changed(effective_to=date(2015, 1, 1)), "effective_to"),
    (seasons_lie_in_force, changed(seasons=(PublicPeriod(date(2015, 1, 1), date(2015, 2, 1)),)), "seasons[0]"),
    (kind_names_who_decides, changed(decided_by="区公安分局"), "decided_by"),
    (kind_names_what_closes, changed(closes_on="referral"), "closes_on"),
    (applicant_is_informed, changed(receipt=False), "receipt"),
    (limits_name_their_part, changed(whole=PublicPart(PublicLimit(20, Unit.WORKING, assumed=True))), "whole"),
    (limits_have_a_ground, changed(promised_limit=PublicLimit(10, Unit.WORKING)), "promised_limit"),
    (
        licence_is_decided_in_time,
        changed(legal_limit=PublicLimit(21, Unit.WORKING, "行政许可法 42")),
        "legal_limit.days",
    ),
    (promise_is_within_the_law, changed(promised_limit=PublicLimit(21, Unit.WORKING, "")), "promised_limit.days"),
    (
        parts_fit_the_whole,
        changed(**FORWARDED, district_part=PublicPart(promised=PublicLimit(11, Unit.WORKING, assumed=True))),
        "district_part.promised.days",
    ),
    (materials_are_demanded_once, changed(materials=()), "materials"),
    (route_ends_by_kind, changed(route=(REVIEW,)), "route[0].kind"),
    (head_decides_alone, changed(route=(REVIEW, replace(DECIDE, post="REVIEWER"))), "route[1].post"),
    (stages_fit_the_promise, changed(route=(replace(REVIEW, days=9), DECIDE)), "route"),
    (procedures_have_a_ground, changed(procedures=(PUBLICITY, PUBLICITY)), "procedures[1].code"),
    (procedures_have_a_ground, changed(procedures=(replace(PUBLICITY, article="惯例"),)), "procedures[0].article"),
    (
        procedures_have_a_ground,
        changed(procedures=(ProcedureKind("hearing", "拍卖", "行政许可法 45"),)),
        "procedures[0].name",
    ),
]


def found(item: PublicItem, *, new: bool = True) -> list[Breach]:
    """Breaches of an item."""
    return list(item_breaches(item, new=new))


def test_a_whole_item_breaks_no_rule() -> None:
    assert found(ITEM) == []


@pytest.mark.parametrize(("rule", "item", "field"), EXAMPLES)
def test_a_rule_names_the_field_that_breaks_it(rule: Callable[[PublicItem], Any], item: PublicItem, field: str) -> None:
    breach, *_others = rule(item)
    assert dotted(breach.field) == field
    assert breach.sentence.endswith("。")
    assert breach.field in [each.field for each in found(item)]


def test_every_rule_has_an_example_and_gives_its_article_to_its_breaches() -> None:
    assert {rule for rule, _, _ in EXAMPLES} == set(RULES)
    (breach,) = found(changed(receipt=False))
    assert breach.article == "行政许可法 32"


def test_a_further_version_is_not_asked_for_a_code_that_it_cannot_change() -> None:
    odd = changed(code="Z" * 31)
    assert (bool(found(odd)), found(odd, new=False)) == (True, [])
    assert list(item_breaches(odd)) == found(odd)


@pytest.mark.parametrize(
    ("days", "article", "assumed", "lawful"),
    [
        (20, "", True, True),
        (45, "行政许可法 42", False, True),
        (44, "行政许可法 42", False, False),
        (300, "中华人民共和国行政许可法第四十二条", False, False),
        (300, "《中华人民共和国行政许可法》第四十二条", False, False),
        (300, "根据《行政许可法》第42条第一款、第四十三条", False, False),
        (45, "《行政许可法》第四十二条第二款", False, True),
        (300, "行政许可法第四十二条和《水法》第三条", False, True),
        (60, "", True, False),
        (60, "办事指南2016", False, False),
        (60, "某某条例第九条", False, True),
        (60, "某某条例 9", False, True),
    ],
)
def test_a_longer_limit_of_a_licence_cites_another_law(days: int, article: str, assumed: bool, lawful: bool) -> None:
    item = changed(legal_limit=PublicLimit(days, Unit.WORKING, article, assumed))
    assert (list(licence_is_decided_in_time(item)) == []) is lawful
    assert not list(licence_is_decided_in_time(replace(item, nature="公共服务")))


REFER = PublicStep("S2", "转报", "refer", "HEAD", 1, 2)
APPLICATION = PublicMaterial("M01", "申请表", True, False)
SENTENCES: list[tuple[PublicItem, list[str]]] = [
    (changed(name="=1"), ["name: formula: 不能以 = + - @ 开头：表格软件会当作公式执行，现为「=1」。"]),
    (
        changed(code="11440105K3160578855450191001001"),
        ["code: code: 基本编码前2位是区域，应为 00(国家)或 44(广东)，现为 45。"],
    ),
    (
        changed(code="11440105K3160578855440291001001"),
        ["code: code: 基本编码第3、4位是事项类型，行政许可应为 01，现为 02。"],
    ),
    (
        changed(effective_from=date(1949, 12, 31), seasons=(PublicPeriod(date(2016, 3, 1), date(2016, 3, 9)),)),
        ["effective_from: year: 1949-12-31 不在1950年至2200年之间，请核对年份。"],
    ),
    (
        changed(
            seasons=(
                PublicPeriod(date(2016, 3, 1), date(2016, 3, 9)),
                PublicPeriod(date(2016, 3, 20), date(2016, 3, 29)),
                PublicPeriod(date(2016, 3, 1), date(2016, 3, 31)),
            )
        ),
        ["seasons[2]: season_overlap: 收件期2016-03-01至2016-03-31与前面的2016-03-01至2016-03-09重叠。"],
    ),
    (
        changed(
            seasons=(
                PublicPeriod(date(2016, 3, 1), date(2016, 3, 9)),
                PublicPeriod(date(2016, 3, 1), date(2016, 3, 4)),
            )
        ),
        ["seasons[1]: season_overlap: 收件期2016-03-01至2016-03-04与前面的2016-03-01至2016-03-09重叠。"],
    ),
    (changed(code="11440105K3160578854440191001001"), ["code: code: 第19位是行使层级，街道应为 5，现为 4。"]),
    (
        changed(nature="审批"),
        [
            (
                "nature: nature: 事项类型没有「审批」，应为：行政许可、行政处罚、行政强制、行政征收、行政给付、行"
                "政检查、行政确认、行政奖励、行政裁决、其他行政权力、公共服务。"
            )
        ],
    ),
    (changed(effective_to=date(2201, 1, 1)), ["effective_to: year: 2201-01-01 不在1950年至2200年之间，请核对年份。"]),
    (
        changed(seasons=(PublicPeriod(date(1949, 12, 31), date(2016, 2, 1)),)),
        ["seasons[0].open_from: year: 1949-12-31 不在1950年至2200年之间，请核对年份。"],
    ),
    (
        changed(seasons=(PublicPeriod(date(2016, 1, 1), date(2201, 1, 1)),)),
        ["seasons[0].open_to: year: 2201-01-01 不在1950年至2200年之间，请核对年份。"],
    ),
    (
        changed(effective_from=date(1949, 12, 31)),
        ["effective_from: year: 1949-12-31 不在1950年至2200年之间，请核对年份。"],
    ),
    (
        changed(effective_to=date(2015, 12, 31)),
        ["effective_to: effective_dates: 失效日2015-12-31早于生效日2016-01-01。"],
    ),
    (changed(status="cancelled"), ["effective_to: effective_dates: 已取消（cancelled）的事项要写失效日，现在没有写。"]),
    (
        changed(seasons=(PublicPeriod(date(2016, 3, 2), date(2016, 3, 1)),)),
        ["seasons[0].open_to: season_backwards: 截止收件日2016-03-01早于开始收件日2016-03-02。"],
    ),
    (
        changed(
            seasons=(PublicPeriod(date(2016, 3, 1), date(2016, 3, 9)), PublicPeriod(date(2016, 3, 9), date(2016, 4, 1)))
        ),
        ["seasons[1]: season_overlap: 收件期2016-03-09至2016-04-01与前面的2016-03-01至2016-03-09重叠。"],
    ),
    (
        changed(
            seasons=(
                PublicPeriod(date(2016, 3, 9), date(2016, 3, 20)),
                PublicPeriod(date(2016, 3, 1), date(2016, 3, 9)),
            )
        ),
        ["seasons[1]: season_overlap: 收件期2016-03-01至2016-03-09与前面的2016-03-09至2016-03-20重叠。"],
    ),
    (
        changed(seasons=(PublicPeriod(date(2015, 1, 1), date(2015, 12, 31)),)),
        ["seasons[0]: season_in_force: 收件期2015-01-01至2015-12-31不在事项有效期（2016-01-01起）内。"],
    ),
    (
        changed(effective_to=date(2016, 6, 30), seasons=(PublicPeriod(date(2016, 7, 1), date(2016, 7, 2)),)),
        [("seasons[0]: season_in_force: 收件期2016-07-01至2016-07-02不在事项有效期（2016-01-01至2016-06-30）内。")],
    ),
    (
        changed(decided_by="区公安分局"),
        ["decided_by: decided_by_kind: 即办件和承诺件由街道决定，应写 street，现为「区公安分局」。"],
    ),
    (
        changed(**FORWARDED | {"decided_by": "street"}),
        ["decided_by: decided_by_kind: 上报件由区部门决定，请写部门名称，现为 street。"],
    ),
    (changed(**FORWARDED | {"refers_to": ""}), ["refers_to: referral_target: 上报件应写明上报去向，现在没有写。"]),
    (
        changed(refers_to="public_security"),
        ["refers_to: referral_target: 只有上报件才写上报去向，现为 public_security。"],
    ),
    (
        changed(closes_on="referral"),
        ["closes_on: closes_by_kind: 办结节点 referral 与办件类型 promised 不符，应为：decision。"],
    ),
    (
        changed(**FORWARDED | {"closes_on": "decision"}),
        [
            (
                "closes_on: closes_by_kind: 办结节点 decision 与办件类型 forwarded 不符，应为：referral、district"
                "_decision。"
            )
        ],
    ),
    (changed(receipt=False), ["receipt: told_by_kind: 非即办件一律发受理回执，应为 true，现为 false。"]),
    (changed(sms=False), ["sms: told_by_kind: 非即办件一律发短信，应为 true，现为 false。"]),
    (
        changed(materials=(APPLICATION, APPLICATION)),
        [
            "materials[1].code: duplicate_code: 材料编码 M01 重复。",
            "materials[1].name: duplicate_name: 材料名称 申请表 重复。",
        ],
    ),
    (
        changed(materials=(APPLICATION, PublicMaterial("M02", "照片", False, True))),
        [
            (
                "materials[1].deferrable: deferrable_required: 「照片」不是必备材料（required: false），谈不上容"
                "缺（deferrable: true）。"
            )
        ],
    ),
    (
        changed(materials=(PublicMaterial("M01", "申请表", True, True),)),
        ["materials: nothing_required: 至少要有一份必备且不可容缺的材料，现在M01 都不是。"],
    ),
    (changed(route=(REVIEW, replace(DECIDE, code="S1"))), ["route[1].code: duplicate_code: 环节编码 S1 重复。"]),
    (
        changed(kind="instant", promised_limit=None),
        ["route: route_by_kind: 即办件由窗口当场办结，流程应为空（[]），现有环节 S1、S2。"],
    ),
    (changed(route=()), ["route: route_by_kind: 承诺件的流程以决定（decide）结束，现为空。"]),
    (changed(route=(REVIEW,)), ["route[0].kind: route_by_kind: 承诺件的流程以决定（decide）结束，现为 review。"]),
    (
        changed(route=(replace(DECIDE, code="S0"), DECIDE)),
        ["route[0].kind: route_by_kind: 决定或转报只能是最后一个环节，S0 现为 decide。"],
    ),
    (changed(**FORWARDED | {"route": ()}), ["route: route_by_kind: 上报件的流程以转报（refer）结束，现为空。"]),
    (
        changed(**FORWARDED | {"route": (REVIEW, DECIDE)}),
        ["route[1].kind: route_by_kind: 上报件的流程以转报（refer）结束，现为 decide。"],
    ),
    (
        changed(route=(REVIEW, replace(DECIDE, post="REVIEWER"))),
        ["route[1].post: decided_by_head: 决定由负责人（HEAD）作出，现为 REVIEWER。"],
    ),
    (
        changed(route=(REVIEW, replace(DECIDE, staff=2))),
        ["route[1].staff: one_signs: 决定和转报由一人签发，人数应为 1，现为 2。"],
    ),
    (
        changed(**FORWARDED | {"route": (REVIEW, replace(REFER, staff=2))}),
        ["route[1].staff: one_signs: 决定和转报由一人签发，人数应为 1，现为 2。"],
    ),
    (
        changed(route=(replace(REVIEW, days=9), DECIDE)),
        ["route: stages_within_promise: 各环节时限（S1 9、S2 2）合计 11 个工作日，超过承诺的 10 个工作日。"],
    ),
    (
        changed(procedures=(PUBLICITY, PUBLICITY)),
        [
            "procedures[1].code: duplicate_code: 特别程序编码 publicity 重复。",
            "procedures[1].name: duplicate_name: 特别程序名称 公示 重复。",
        ],
    ),
    (
        changed(procedures=(ProcedureKind("hearing", "拍卖", "行政许可法 45"),)),
        ["procedures[0].name: procedure_name: hearing 在行政许可法第四十五条中是听证，不是拍卖。"],
    ),
    (
        changed(procedures=(replace(PUBLICITY, article="惯例"),)),
        [
            (
                "procedures[0].article: procedure_ground: 「公示」不是行政许可法第四十五条所列，应写明不计入期限"
                "所依据的法律法规及其条款，现为「惯例」。"
            )
        ],
    ),
    (
        changed(extension=PublicExtension(10)),
        ["extension.article: extension_ground: 延期应写明所依据的法律法规及其条款，现为「」。"],
    ),
    (
        changed(kind="instant", route=(), promised_limit=None, extension=PublicExtension(10, article="行政许可法 42")),
        ["extension: extension_by_kind: 即办件当场办结，没有延期，现写了 10 个工作日。"],
    ),
    (
        changed(extension=PublicExtension(11, article="行政许可法 42")),
        [
            (
                "extension.days: extension_within_law: 行政许可法第四十二条规定最多延长10个工作日（联合办理15个工"
                "作日），现为 11 个工作日。"
            )
        ],
    ),
    (
        changed(extension=PublicExtension(16, article="行政许可法 42", joint=True)),
        [
            (
                "extension.days: extension_within_law: 行政许可法第四十二条规定最多延长10个工作日（联合办理15个工"
                "作日），现为 16 个工作日。"
            )
        ],
    ),
    (
        changed(extension=PublicExtension(10, Unit.CALENDAR, "行政许可法 42")),
        [
            (
                "extension.days: extension_within_law: 行政许可法第四十二条规定最多延长10个工作日（联合办理15个工"
                "作日），现为 10 日。"
            )
        ],
    ),
    (
        changed(whole=PublicPart(PublicLimit(20, Unit.WORKING, assumed=True))),
        ["whole: limit_part: 只有上报件才分写街道、区级和全程的时限，现写了法定 20 个工作日。"],
    ),
    (
        changed(**FORWARDED | {"whole": PublicPart(PublicLimit(20, Unit.WORKING, assumed=True))}),
        [
            (
                "whole: limit_part: 按该办结节点，全程时限就是 legal_limit 和 promised_limit，不另写；现写了法定 "
                "20 个工作日。"
            )
        ],
    ),
    (
        changed(
            **FORWARDED
            | {"closes_on": "referral", "street_part": PublicPart(PublicLimit(9, Unit.WORKING, assumed=True))}
        ),
        [
            (
                "street_part: limit_part: 按该办结节点，街道环节时限就是 legal_limit 和 promised_limit，不另写；"
                "现写了法定 9 个工作日。"
            )
        ],
    ),
    (
        changed(**FORWARDED | {"district_part": PublicPart()}),
        ["district_part: limit_part: 现为空：法定（legal）和承诺（promised）至少写一项。"],
    ),
    (
        changed(promised_limit=PublicLimit(0, Unit.WORKING, assumed=True)),
        [
            "promised_limit.days: limit_days: 时限至少1天，现为 0；没有时限的不写这一项。",
            "route: stages_within_promise: 各环节时限（S1 5、S2 2）合计 7 个工作日，超过承诺的 0 个工作日。",
        ],
    ),
    (
        changed(promised_limit=PublicLimit(10, Unit.WORKING)),
        [
            (
                "promised_limit: limit_ground: 时限 10 个工作日没有写依据（article），也没有注明是拟定的（assumed"
                ": true）。"
            )
        ],
    ),
    (
        changed(promised_limit=PublicLimit(10, Unit.WORKING, "某条例第九条", assumed=True)),
        [
            (
                "promised_limit.assumed: limit_ground: 时限 10 个工作日已写依据「某条例第九条」，就不是拟定的：ar"
                "ticle 与 assumed: true 只写一个。"
            )
        ],
    ),
    (changed(legal_limit=None), ["legal_limit.days: limit_by_kind: 只有即办件的时限可以为0，现为 0。"]),
    (changed(promised_limit=None), ["promised_limit.days: limit_by_kind: 只有即办件的时限可以为0，现为 0。"]),
    (
        changed(kind="instant", route=()),
        ["promised_limit: limit_by_kind: 即办件当场办结，不写承诺时限，现写了 10 个工作日。"],
    ),
    (
        changed(legal_limit=PublicLimit(21, Unit.WORKING, "行政许可法 42")),
        [
            (
                "legal_limit.days: licence_within_law: 法定时限 21 个工作日过长：行政许可法第四十二条规定自受理之"
                "日起20个工作日（联合办理45个工作日）内决定。"
            )
        ],
    ),
    (
        changed(legal_limit=PublicLimit(46, Unit.WORKING, "办事指南")),
        [
            (
                "legal_limit.days: licence_within_law: 法定时限 46 个工作日过长：超过20个工作日的行政许可应写明另"
                "有规定的法律法规及其条款。"
            )
        ],
    ),
    (
        changed(**FORWARDED | {"closes_on": "referral", "legal_limit": PublicLimit(21, Unit.WORKING, "行政许可法 43")}),
        [
            (
                "legal_limit.days: licence_within_law: 法定时限 21 个工作日过长：行政许可法第四十三条规定下级机关"
                "自受理之日起20个工作日内审查完毕。"
            )
        ],
    ),
    (
        changed(**FORWARDED | {"legal_limit": PublicLimit(41, Unit.WORKING, "行政许可法 43")}),
        [
            (
                "legal_limit.days: licence_within_law: 法定时限 41 个工作日过长：行政许可法第四十二条、第四十三条"
                "规定下级审查20个工作日、上级决定20个工作日。"
            )
        ],
    ),
    (
        changed(promised_limit=PublicLimit(21, Unit.WORKING, assumed=True)),
        ["promised_limit.days: promised_within_legal: 承诺时限 21 个工作日长于法定时限 20 个工作日。"],
    ),
    (
        changed(**FORWARDED | {"district_part": PublicPart(promised=PublicLimit(11, Unit.WORKING, assumed=True))}),
        [("district_part.promised.days: parts_within_whole: 区级承诺时限 11 个工作日长于全程时限 10 个工作日。")],
    ),
    (
        changed(
            **FORWARDED
            | {
                "street_part": PublicPart(promised=PublicLimit(6, Unit.WORKING, assumed=True)),
                "district_part": PublicPart(promised=PublicLimit(6, Unit.WORKING, assumed=True)),
                "route": (),
            }
        ),
        [
            (
                "promised_limit.days: parts_within_whole: 街道承诺 6 个工作日加区级承诺 6 个工作日长于全程时限 10"
                " 个工作日。"
            ),
            "route: route_by_kind: 上报件的流程以转报（refer）结束，现为空。",
        ],
    ),
]


@pytest.mark.parametrize(("item", "read"), SENTENCES)
def test_a_district_reads_field_rule_and_value_of_each_breach(item: PublicItem, read: list[str]) -> None:
    assert [f"{dotted(each.field)}: {each.rule}: {each.sentence}" for each in found(item)] == read


FITTING: list[PublicItem] = [
    changed(code="TE1234567890123456" + "5440191001001"),  # a body that has no credit code
    changed(nature="公共服务", code="11440105K3160578855442191001001"),  # a kind that the province added
    changed(promised_limit=PublicLimit(1, Unit.WORKING, assumed=True), route=(replace(DECIDE, days=1),)),
    changed(effective_from=date(1950, 1, 1), effective_to=date(2200, 12, 31)),
    changed(effective_to=date(2016, 1, 1), status="cancelled"),
    changed(
        seasons=(PublicPeriod(date(2016, 1, 1), date(2016, 1, 1)), PublicPeriod(date(2016, 1, 2), date(2016, 3, 1)))
    ),
    changed(effective_to=date(2016, 6, 30), seasons=(PublicPeriod(date(2016, 6, 30), date(2016, 12, 31)),)),
    changed(seasons=(PublicPeriod(date(2015, 3, 1), date(2016, 1, 1)),)),
    changed(kind="instant", route=(), promised_limit=None, legal_limit=None, receipt=False, sms=False),
    changed(route=(replace(DECIDE, days=10),)),
    changed(route=(replace(REVIEW, days=8), DECIDE)),
    changed(extension=PublicExtension(0)),
    changed(extension=PublicExtension(10, article="行政许可法 42")),
    changed(extension=PublicExtension(15, article="中华人民共和国行政许可法第四十二条", joint=True)),
    changed(extension=PublicExtension(90, Unit.CALENDAR, "某条例第九条")),
    changed(procedures=(PUBLICITY, ProcedureKind("hearing", "听证", ""))),
    changed(**FORWARDED),
]


@pytest.mark.parametrize("item", FITTING)
def test_an_item_on_the_border_of_a_rule_breaks_none(item: PublicItem) -> None:
    assert found(item) == []


@pytest.mark.parametrize(
    ("days", "unit", "length"),
    [
        (1, Unit.WORKING, 1),
        (4, Unit.WORKING, 4),
        (5, Unit.WORKING, 7),
        (12, Unit.WORKING, 16),
        (20, Unit.WORKING, 28),
        (12, Unit.CALENDAR, 12),
        (20, Unit.CALENDAR, 20),
    ],
)
def test_five_working_days_are_a_week(days: int, unit: Unit, length: int) -> None:
    assert PublicLimit(days, unit).calendar_days == length


NAMED: list[tuple[PublicItem, str]] = [
    (changed(name="=1"), "name"),
    (changed(decided_by="street ", kind="forwarded"), "decided_by"),
    (changed(result_name="=1"), "result_name"),
    (changed(materials=(APPLICATION, PublicMaterial("M02", "=1", True, False))), "materials[1].name"),
    (changed(route=(REVIEW, replace(DECIDE, name="=1"))), "route[1].name"),
    (changed(procedures=(PUBLICITY, ProcedureKind("other", "=1", "某条例第九条"))), "procedures[1].name"),
    (changed(procedures=(PUBLICITY, ProcedureKind("other", "论证", "=某条例第九条"))), "procedures[1].article"),
    (changed(legal_limit=PublicLimit(20, Unit.WORKING, "=行政许可法 42")), "legal_limit.article"),
    (changed(promised_limit=PublicLimit(10, Unit.WORKING, "=某条例第九条")), "promised_limit.article"),
    (
        changed(**FORWARDED | {"district_part": PublicPart(promised=PublicLimit(5, Unit.WORKING, "=某条例第九条"))}),
        "district_part.promised.article",
    ),
]


@pytest.mark.parametrize(("item", "field"), NAMED)
def test_every_text_of_an_item_is_read_by_the_public(item: PublicItem, field: str) -> None:
    assert [dotted(each.field) for each in names_are_plain_text(item)] == [field]


def test_a_message_has_known_placeholders_in_whole_braces() -> None:
    known = {"item", "date"}
    assert list(message_text_faults("{item}将于{date}办结。", known)) == []
    assert list(message_text_faults("{item}{colour}{taste}", known)) == [
        ("placeholder", "没有这些变量：colour、taste。")
    ]
    assert list(message_text_faults("=", known)) == list(public_text_faults("="))
    assert placeholders("{item}将于{date}办结，{item}") == ("item", "date", "item")


@pytest.mark.parametrize(
    ("text", "from_there"),
    [("请于{date}将{item", "{item"), ("请于{date}，item}", "}"), ("{date}}", "}"), ("{{date}}", "{{date}}")],
)
def test_a_torn_brace_is_quoted_from_where_it_stands(text: str, from_there: str) -> None:
    assert list(message_text_faults(text, {"date"})) == [("placeholder", f"花括号不成对，见「{from_there}」。")]


def test_a_sentence_quotes_invisible_signs_by_their_codes_and_the_beginning_of_a_long_text() -> None:
    assert shown("占道\u200b\u3164审批") == "「占道<U+200B><U+3164>审批」"
    assert shown("审" * 40) == "「" + "审" * 40 + "」"
    assert shown("审" * 41) == "「" + "审" * 40 + "…」"


UNREADABLE: list[tuple[str, str, str]] = [
    ("占道\u200b审批", "invisible_sign", "含有看不见的控制字符，现为「占道<U+200B>审批」。"),
    ("占道\n审批", "invisible_sign", "含有看不见的控制字符，现为「占道<U+000A>审批」。"),
    ("   ", "blank", "只有空白，现为「   」。"),
    (" \u3164 ", "blank", "只有空白，现为「 <U+3164> 」。"),
    ("占道审批 ", "blank", "首尾不能有空白，现为「占道审批 」。"),
    ("＝1＋1", "formula", "不能以 = + - @ 开头：表格软件会当作公式执行，现为「＝1＋1」。"),
    ("见 HTTPS:", "site_address", "不写网址和网络地址，现有「HTTPS:」。"),
    ("１７２．１６．５３．１４０", "site_address", "不写网址和网络地址，现有「172.16.53.140」。"),
]


@pytest.mark.parametrize(("text", "rule", "sentence"), UNREADABLE)
def test_text_that_cannot_be_read_says_why(text: str, rule: str, sentence: str) -> None:
    assert list(public_text_faults(text)) == [(rule, sentence)]


@pytest.mark.parametrize("text", ["", "占道审批", "《就业创业证》申领", "1寸照片(2张)", "C-1签证", "a@b"])
def test_text_that_can_be_read_breaks_no_rule(text: str) -> None:
    assert list(public_text_faults(text)) == []
