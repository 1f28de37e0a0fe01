"""What a district reads of an item's route, procedures and limits: field, rule and value of each breach."""

from dataclasses import replace

import pytest

from law.items import (
    PublicExtension,
    PublicItem,
    PublicLimit,
    PublicPart,
    dotted,
)
from law.procedures import ProcedureKind
from law.terms import Unit
from tests.unit.law.item_examples import DECIDE, FORWARDED, PUBLICITY, REFER, REVIEW, changed, found

SENTENCES: list[tuple[PublicItem, list[str]]] = [
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
