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
    public_text_faults,
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


@pytest.mark.parametrize(
    ("days", "article", "assumed", "lawful"),
    [
        (20, "", True, True),
        (45, "行政许可法 42", False, True),
        (44, "行政许可法 42", False, False),
        (300, "中华人民共和国行政许可法第四十二条", False, False),
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


@pytest.mark.parametrize("text", ["", "占道审批", "《就业创业证》申领", "1寸照片(2张)", "C-1签证", "a@b"])
def test_text_that_can_be_read_breaks_no_rule(text: str) -> None:
    assert list(public_text_faults(text)) == []
