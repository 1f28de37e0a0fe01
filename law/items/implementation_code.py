"""The 31 characters of an implementation code: body, level, region, kind of power and the item's own numbers."""

from collections.abc import Iterator, Mapping
from typing import Final

from law import identity
from law.not_allowed import Malformed

NATURES: Final[Mapping[str, str]] = {
    "行政许可": "01",
    "行政处罚": "02",
    "行政强制": "03",
    "行政征收": "04",
    "行政给付": "05",
    "行政检查": "06",
    "行政确认": "07",
    "行政奖励": "08",
    "行政裁决": "09",
    "其他行政权力": "10",
    "公共服务": "20",
}
"""Kinds of power with the digits that the code has for them. (GB/T 39046 table A.1)"""
_SIGNS: Final = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")  # GB 32100: no I O S V Z
_STAND_IN: Final = "TE"  # Guangdong gives this code to a body without a credit code; it has no check digit
_STREET_LEVEL: Final = "5"
_REGIONS: Final = ("00", "44")
_LENGTH: Final = 31
_EXTENDED: Final = {"其他行政权力": range(10, 20), "公共服务": range(20, 100)}
"""Natures whose following digits are left to the provinces. (the same table)"""


def code_faults(code: str, nature: str) -> Iterator[str]:
    """Sentences on what is wrong with a code. (GB/T 39554.1, GB/T 39046 tables A.1 and A.2, GB 32100)"""
    if len(code) != _LENGTH:
        yield f"实施编码应为 {_LENGTH} 位，现为 {len(code)} 位：{code or '空'}。"
        return
    body, level, basic = code[:18], code[18], code[19:]
    if strange := sorted(set(body) - _SIGNS):
        yield f"前18位（实施主体代码）不用字母 {'、'.join(strange)}，现为 {body}。"
    elif not body.startswith(_STAND_IN) and (sentence := _body(body)):
        yield f"前18位（实施主体代码）现为 {body}：{sentence}"
    if level != _STREET_LEVEL:
        yield f"第19位是行使层级，街道应为 5，现为 {level}。"
    if not (basic.isascii() and basic.isdecimal()):
        yield f"后12位（基本编码）应全是数字，现为 {basic}。"
        return
    if basic[:2] not in _REGIONS:
        yield f"基本编码前2位是区域，应为 00(国家)或 44(广东)，现为 {basic[:2]}。"
    if nature in NATURES and int(basic[2:4]) not in _EXTENDED.get(nature, (int(NATURES[nature]),)):
        yield f"基本编码第3、4位是事项类型，{nature}应为 {NATURES[nature]}，现为 {basic[2:4]}。"


def _body(body: str) -> str:
    try:
        identity.credit(body)
    except Malformed as wrong:
        return wrong.sentence
    return ""
