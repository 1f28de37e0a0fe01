"""Names that the public reads: in messages, on receipts, on the board and in tables that offices open."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final

from law.not_allowed import rule

_FORMULA: Final = ("=", "+", "-", "@")
"""A text that begins so is a formula to a spreadsheet, in either width."""
_SITE: Final = re.compile(r"https?:|www\.|(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)", re.IGNORECASE)
"""No link in a text to the public, least of all one into the office's own network."""
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_BRACE: Final = re.compile(r"[{}]")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control signs, marks of direction, halves of signs, ends of lines."""
_BLANK_LETTERS: Final = "\u115f\u1160\u2800\u3164\uffa0"


def public_text_faults(text: str) -> Iterator[tuple[str, str]]:
    """Rules that a name breaks, each with its sentence; an empty text breaks none."""
    if any(unicodedata.category(sign) in _INVISIBLE for sign in text):
        yield "invisible_sign", "含有看不见的控制字符。"
    if text and not text.strip().strip(_BLANK_LETTERS).strip():
        yield "blank", "只有空白。"
    elif text != text.strip():
        yield "blank", "首尾不能有空白。"
    if is_formula(text):
        yield "formula", "不能以 = + - @ 开头：表格软件会当作公式执行。"
    if has_site_address(text):
        yield "site_address", "不写网址和网络地址。"


def is_formula(text: str) -> bool:
    """True when a spreadsheet would compute the text, in either width of its first sign."""
    return unicodedata.normalize("NFKC", text).strip().startswith(_FORMULA)


def has_site_address(text: str) -> bool:
    """True when the text names a site or a network address, in either width of its signs."""
    return _SITE.search(unicodedata.normalize("NFKC", text)) is not None


@rule()
def message_text_faults(text: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """A message to an applicant has placeholders that something fills, and is text that the public can read."""
    if unknown := [name for name in placeholders(text) if name not in known]:
        yield "placeholder", "没有这些变量：" + "、".join(unknown) + "。"
    if _BRACE.search(_PLACEHOLDER.sub("", text)):
        yield "placeholder", "花括号不成对。"
    yield from public_text_faults(text)


def placeholders(text: str) -> tuple[str, ...]:
    """Names of the placeholders in the order of the text."""
    return tuple(_PLACEHOLDER.findall(text))
