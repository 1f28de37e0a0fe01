"""The text of a message: an approved template, filled in; nothing sensitive, at most three parts long."""

from collections.abc import Mapping
from dataclasses import dataclass

from law.rules import rule
from services.notify.domain.correspondence import Letterhead

MOST_SIGNS = 3 * 67
"""A message of more than 70 signs goes out in parts of 67; more than three parts are not sent."""

_DISCREET = "事项"
_TAIL = 12
_CUT = "…"


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """An approved text; only the placeholders between braces change."""

    code: str
    version: str
    text: str


@dataclass(frozen=True, slots=True)
class MatterWording:
    """The words of a matter that a message may contain."""

    item: str
    sensitive: bool
    number: str
    """办件编号; empty before acceptance."""
    query_code: str


def compose(
    template: MessageTemplate, letterhead: Letterhead, matter: MatterWording, particulars: Mapping[str, str]
) -> str:
    """The text of a message. Raises KeyError for a placeholder that nothing fills."""
    item = discreet_item(matter)
    text = _filled(template, letterhead, matter, {**particulars, "item": item})
    if len(text) <= MOST_SIGNS:
        return text
    return _filled(template, letterhead, matter, {**particulars, "item": shortened_item(item, len(text) - MOST_SIGNS)})


@rule("个人信息保护法 6")
def discreet_item(matter: MatterWording) -> str:
    """A message never names a sensitive item; it says 事项 instead."""
    return _DISCREET if matter.sensitive else matter.item


@rule()
def shortened_item(item: str, excess: int) -> str:
    """In a text longer than three parts the name of the item is shortened, and nothing else."""
    return item[: max(0, len(item) - excess - 1)] + _CUT


def number_tail(number: str) -> str:
    """The end of a 办件编号: day and serial, by which its holder recognises it."""
    return number[-_TAIL:]


def _filled(
    template: MessageTemplate, letterhead: Letterhead, matter: MatterWording, particulars: Mapping[str, str]
) -> str:
    known = {
        "case": number_tail(matter.number),
        "code": matter.query_code,
        "tel": letterhead.phone,
        "window": letterhead.hall,
        "hours": letterhead.hours,
    }
    return f"【{letterhead.signature}】" + template.text.format_map({**known, **particulars})
