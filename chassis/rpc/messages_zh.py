"""Sentences for clerks about fields that break a rule of the contract, by the id of the rule."""

import re
from collections.abc import Sized
from typing import Any

_MISSING = "必填。"
_BY_RULE: dict[str, str] = {
    "required": _MISSING,
    "string.min_len": "字数不足，至少 {0} 个字。",
    "string.min_len_empty": "必填。",
    "string.max_len": "字数过多，最多 {0} 个字。",
    "string.len": "应为 {0} 个字。",
    "string.max_bytes": "内容过长，最多 {0} 字节。",
    "string.pattern": "格式不符合要求。",
    "string.prefix": "开头应为“{0}”。",
    "string.in": "不在可选范围内。",
    "string.uuid": "应为 UUID 编号。",
    "string.uuid_empty": "必填，应为 UUID 编号。",
    "string.email": "应为电子邮箱地址。",
    "string.uri": "应为网址。",
    "bytes.max_len": "内容过大，最多 {0} 字节。",
    "bytes.min_len": "内容不足，至少 {0} 字节。",
    "bytes.len": "应为 {0} 字节。",
    "enum.defined_only": "不是规定的取值。",
    "enum.not_in": "请选择一项。",
    "enum.in": "不在可选范围内。",
    "repeated.min_items": "数量不足，至少 {0} 项。",
    "repeated.max_items": "数量过多，最多 {0} 项。",
    "repeated.unique": "不得重复。",
    "map.max_pairs": "数量过多，最多 {0} 项。",
    "map.min_pairs": "数量不足，至少 {0} 项。",
    "bool.const": "应为规定的取值。",
    "message.oneof": "应当且只能选择其中一项。",
}
_BY_COMPARISON: dict[str, str] = {
    "gte": "不得小于 {0}。",
    "gt": "应大于 {0}。",
    "lte": "不得大于 {0}。",
    "lt": "应小于 {0}。",
    "const": "应为 {0}。",
    "in": "不在可选范围内。",
    "not_in": "不在可选范围内。",
}
_OTHERWISE = "不符合要求。"
_SHOWN = 40
"""Signs of a text that a sentence repeats."""
_RANGE = "gte_lte"
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def sentence(rule: str, value: Any, written: str) -> str:  # noqa: ANN401 a rule's value has the type of its field
    """Sentence for `rule` with its `value`; a rule of the contract's own brings its sentence in `written`."""
    if rule.endswith(_RANGE) and len(bounds := _NUMBER.findall(written)) == 2:
        return f"应在 {bounds[0]} 到 {bounds[1]} 之间。"
    known = _BY_RULE.get(rule) or _BY_COMPARISON.get(rule.rpartition(".")[2])
    if known is not None:
        return known.format(_plain(value))
    return written if _is_chinese(written) else _OTHERWISE


def with_value(sentence: str, value: object) -> str:
    """The sentence with the value at fault: a text in quotes, its invisible signs by their codes, shortened."""
    given = ""
    if value == "" and sentence != _MISSING:
        given = "现为空"
    elif isinstance(value, str) and value:
        short = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
        given = "现为「" + "".join(each if each.isprintable() else f"<U+{ord(each):04X}>" for each in short) + "」"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        given = f"现为 {value}"
    elif isinstance(value, Sized) and not isinstance(value, str | bytes):
        given = f"现有 {len(value)} 项"
    return f"{sentence.removesuffix('。')}，{given}。" if given else sentence


def _plain(value: object) -> str:
    return str(value) if isinstance(value, int | float | str) else "规定值"


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)
