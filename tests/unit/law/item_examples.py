"""A whole item, and what stands in it: the rules of items are asked of changes to it."""

from dataclasses import replace
from datetime import date
from typing import Any

from law.items import (
    Breach,
    PublicItem,
    PublicLimit,
    PublicMaterial,
    PublicStep,
    item_breaches,
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

REFER = PublicStep("S2", "转报", "refer", "HEAD", 1, 2)
APPLICATION = PublicMaterial("M01", "申请表", True, False)


def found(item: PublicItem, *, new: bool = True) -> list[Breach]:
    """Breaches of an item."""
    return list(item_breaches(item, new=new))
