"""The 31 characters of an implementation code: body, level, region, kind of power and the item's own numbers."""

from collections.abc import Iterator
from typing import Final

from catalogue.check.findings import Breach
from catalogue.check.items import ItemDocument
from law import identity
from law.not_allowed import Malformed

_SIGNS: Final = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")  # GB 32100: no I O S V Z
_STAND_IN: Final = "TE"  # Guangdong gives this code to a body without a credit code; it has no check digit
_STREET_LEVEL: Final = "5"
_REGIONS: Final = ("00", "44")
_NATURES: Final = {"行政许可": "01", "行政给付": "05", "行政确认": "07", "其他行政权力": "10", "公共服务": "20"}


def code_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Breaches in the code. (GB/T 39554.1, GB/T 39046 tables A.1 and A.2, GB 32100)"""
    for sentence in _wrong(item.code, item.nature):
        yield Breach(("code",), "code", sentence)


def _wrong(code: str, nature: str) -> Iterator[str]:
    body, level, basic = code[:18], code[18], code[19:]
    if strange := sorted(set(body) - _SIGNS):
        yield "前18位（实施主体代码）不用字母 " + "、".join(strange) + "。"
    elif not body.startswith(_STAND_IN) and (sentence := _body(body)):
        yield f"前18位（实施主体代码）：{sentence}"
    if level != _STREET_LEVEL:
        yield f"第19位是行使层级，街道应为 5，现为 {level}。"
    if not basic.isdecimal():
        yield "后12位（基本编码）应全是数字。"
        return
    if basic[:2] not in _REGIONS:
        yield f"基本编码前2位是区域，应为 00(国家)或 44(广东)，现为 {basic[:2]}。"
    if basic[2:4] != _NATURES[nature]:
        yield f"基本编码第3、4位是事项类型，{nature}应为 {_NATURES[nature]}，现为 {basic[2:4]}。"


def _body(body: str) -> str:
    try:
        identity.credit(body)
    except Malformed as wrong:
        return wrong.sentence
    return ""
