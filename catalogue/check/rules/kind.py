"""What follows from an item being instant, promised or forwarded: who decides, when it closes, what is told."""

from collections.abc import Iterator

from catalogue.check.finding import Breach
from catalogue.check.items import ItemDocument

_CLOSES = {"instant": ("decision",), "promised": ("decision",), "forwarded": ("referral", "district_decision")}


def kind_breaches(item: ItemDocument) -> Iterator[Breach]:
    """What does not fit the kind of the item."""
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
