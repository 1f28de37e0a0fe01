"""What a district reads of an item's texts, dates, kind and papers: field, rule and value of each breach."""

from datetime import date

import pytest

from law.items import (
    PublicItem,
    PublicMaterial,
    PublicPeriod,
    dotted,
)
from tests.unit.law.item_examples import APPLICATION, FORWARDED, changed, found

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
]


@pytest.mark.parametrize(("item", "read"), SENTENCES)
def test_a_district_reads_field_rule_and_value_of_each_breach(item: PublicItem, read: list[str]) -> None:
    assert [f"{dotted(each.field)}: {each.rule}: {each.sentence}" for each in found(item)] == read
