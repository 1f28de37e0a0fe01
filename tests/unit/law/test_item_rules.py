"""The rules that every publication of an item is asked: each by an example that it alone refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from law.items import (
    RULES,
    PublicExtension,
    PublicItem,
    PublicLimit,
    PublicMaterial,
    PublicPart,
    PublicPeriod,
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
from tests.unit.law.item_examples import APPLICATION, DECIDE, FORWARDED, ITEM, PUBLICITY, REVIEW, changed, found

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
        (60, "第三条", False, False),
        (60, "法第三条", False, False),
        (60, "《水法》（2016年修正）第三条", False, True),
        (60, "某某条例第九条", False, True),
        (60, "某某条例 9", False, True),
    ],
)
def test_a_longer_limit_of_a_licence_cites_another_law(days: int, article: str, assumed: bool, lawful: bool) -> None:
    item = changed(legal_limit=PublicLimit(days, Unit.WORKING, article, assumed))
    assert (list(licence_is_decided_in_time(item)) == []) is lawful
    assert not list(licence_is_decided_in_time(replace(item, nature="公共服务")))


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
