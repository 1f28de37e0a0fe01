"""The text of a message: a published template, filled; never sensitive, never longer than three parts."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notify.domain.words import Office

MOST_SIGNS = 3 * 67
"""A message of more than 70 signs goes out in parts of 67; more than three are not sent."""

_DISCREET = "事项"
_TAIL = 12
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was approved; only what stands between braces changes."""

    code: str
    version: str
    text: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What messages may say of a matter."""

    item: str
    sensitive: bool
    number: str
    """办件编号; empty before acceptance."""
    query_code: str


def compose(template: Template, office: Office, matter: Matter, particulars: Mapping[str, str]) -> str:
    """The message; the item's name gives way when the whole would be too long. Raises KeyError for an unknown name."""
    item = _DISCREET if matter.sensitive else matter.item
    text = _filled(template, office, matter, {**particulars, "item": item})
    over = len(text) - MOST_SIGNS
    if over <= 0:
        return text
    shorter = item[: max(0, len(item) - over - 1)] + _CUT
    return _filled(template, office, matter, {**particulars, "item": shorter})


def tail(number: str) -> str:
    """The end of a 办件编号: the day and the serial, by which its holder recognises it."""
    return number[-_TAIL:]


def _filled(template: Template, office: Office, matter: Matter, particulars: Mapping[str, str]) -> str:
    known = {
        "case": tail(matter.number),
        "code": matter.query_code,
        "tel": office.phone,
        "window": office.hall,
        "hours": office.hours,
    }
    return f"【{office.signature}】" + template.text.format_map({**known, **particulars})
