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
_SHOWN: Final = 40
"""Signs of a text that a sentence repeats."""
_BLANK_LETTERS: Final = "\u115f\u1160\u2800\u3164\uffa0"


def shown(text: str) -> str:
    """A text as a sentence repeats it: in quotes, its invisible signs by their codes, a long one shortened."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return "「" + "".join(_sign(sign) for sign in short) + "」"


def public_text_faults(text: str) -> Iterator[tuple[str, str]]:
    """Rules that a name breaks, each with its sentence; an empty text breaks none."""
    if any(_is_invisible(sign) for sign in text):
        yield "invisible_sign", f"含有看不见的控制字符，现为{shown(text)}。"
    if text and not text.strip().strip(_BLANK_LETTERS).strip():
        yield "blank", f"只有空白，现为{shown(text)}。"
    elif text != text.strip():
        yield "blank", f"首尾不能有空白，现为{shown(text)}。"
    if is_formula(text):
        yield "formula", f"不能以 = + - @ 开头：表格软件会当作公式执行，现为{shown(text)}。"
    if site := _site(text):
        yield "site_address", f"不写网址和网络地址，现有{shown(site)}。"


def is_formula(text: str) -> bool:
    """True when a spreadsheet would compute the text, in either width of its first sign."""
    return unicodedata.normalize("NFKC", text).strip().startswith(_FORMULA)


def _site(text: str) -> str:
    """The text from the first site or network address that it names; empty when it names none."""
    plain = unicodedata.normalize("NFKC", text)
    found = _SITE.search(plain)
    return plain[found.start() :] if found else ""


def _is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) in _INVISIBLE


def _sign(sign: str) -> str:
    return f"<U+{ord(sign):04X}>" if _is_invisible(sign) or sign in _BLANK_LETTERS else sign


@rule()
def message_text_faults(text: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """A message to an applicant has placeholders that something fills, and is text that the public can read."""
    if unknown := [name for name in placeholders(text) if name not in known]:
        yield "placeholder", "没有这些变量：" + "、".join(unknown) + "。"
    if brace := _BRACE.search(_PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)):
        yield "placeholder", f"花括号不成对，见{shown(text[brace.start() :])}。"
    yield from public_text_faults(text)


def placeholders(text: str) -> tuple[str, ...]:
    """Names of the placeholders in the order of the text."""
    return tuple(_PLACEHOLDER.findall(text))
