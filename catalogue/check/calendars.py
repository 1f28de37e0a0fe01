"""A year's holiday notice as a file states it: each day against its year, the week and the others. (行政许可法 82)"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from law.items import Breach, FieldPath
from law.notices import Holiday, Notice, NoticeFault, WrongNotice, normal_number, require_own_number, state_council

_PARTS: Final = ("off", "makeup")
_MOST: Final = {"off": 80, "makeup": 40}
_WRITTEN_AS: Final[Mapping[str, str]] = {"days_off": "off", "makeup_days": "makeup"}
"""Days of a notice by the names that a file has for them."""
_LONGEST_SPAN: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class CalendarDocument:
    """The notice of one year, checked."""

    path: Path
    year: int
    number: str
    off: tuple[date, ...]
    makeup: tuple[date, ...]


class _NoDays(Exception):
    """The text names no days; carries the breach."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule, self.sentence = rule, sentence


def calendar_of(path: Path, written: Mapping[str, Any]) -> CalendarDocument:
    """The notice of a document without a breach."""
    days = {part: tuple(sorted(day for _, day in _days(written, part))) for part in _PARTS}
    return CalendarDocument(path, written["year"], normal_number(written["number"]), days["off"], days["makeup"])


def calendar_breaches(written: Mapping[str, Any]) -> list[Breach]:
    """Breaches in the days of a document that has passed its schema."""
    return [*_amending(written), *(_unreal(written) or _ruled(written))]


def _amending(written: Mapping[str, Any]) -> Iterator[Breach]:
    sentence = "修改通知不单独发布：请写成改后的全年安排，文号用修改通知的文号；现写了 {}。"
    if written.get("amends"):
        yield Breach(("amends",), "whole_year", sentence.format(written["amends"]))
    for index, holiday in enumerate(written["holidays"]):
        if days := holiday.get("ordinary"):
            yield Breach(("holidays", index, "ordinary"), "whole_year", sentence.format("、".join(days)))


def _unreal(written: Mapping[str, Any]) -> list[Breach]:
    found = []
    for field, text in _texts(written, *_PARTS):
        try:
            _span(text)
        except _NoDays as no:
            found.append(Breach(field, no.rule, no.sentence))
    return found


def _ruled(written: Mapping[str, Any]) -> Iterator[Breach]:
    """Rules that the notice breaks, in the words of its publication, beside the notices of the product."""
    named = {part: list(_days(written, part)) for part in _PARTS}
    for part, days in named.items():
        if len(days) > _MOST[part]:
            yield Breach(("holidays",), "count", f"全年合计 {len(days)} 天，最多 {_MOST[part]} 天。")
    days_of = Holiday("", *(tuple(day for _, day in named[part]) for part in _PARTS))
    try:
        require_own_number(Notice(written["year"], written["number"], (days_of,)), state_council()[1])
    except WrongNotice as wrong:
        for fault in wrong.faults:
            yield Breach(_in_file(fault, named), fault.rule, f"{fault.sentence}。")


def _in_file(fault: NoticeFault, named: Mapping[str, list[tuple[FieldPath, date]]]) -> FieldPath:
    """Where the file writes what is at fault: the last place that names its day, else the field."""
    part = _WRITTEN_AS.get(fault.field)
    if part is None:
        return (fault.field,)
    return next((field for field, day in reversed(named[part]) if day == fault.day), ("holidays",))


def _days(written: Mapping[str, Any], part: str) -> Iterator[tuple[FieldPath, date]]:
    for field, text in _texts(written, part):
        yield from ((field, day) for day in _span(text))


def _texts(written: Mapping[str, Any], *parts: str) -> Iterator[tuple[FieldPath, str]]:
    for index, holiday in enumerate(written["holidays"]):
        for part in parts:
            for position, text in enumerate(holiday.get(part, ())):
                yield ("holidays", index, part, position), text


def _span(text: str) -> Sequence[date]:
    """The days that a text names, both ends included. Raises _NoDays."""
    first, _, last = text.partition("..")
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise _NoDays("date", f"{text} 不是真实存在的日期。") from None
    if not timedelta(0) <= end - begin <= _LONGEST_SPAN:
        raise _NoDays("span", f"{text} 起止日期颠倒，或跨度超过一个月。")
    return [begin + timedelta(days=step) for step in range((end - begin).days + 1)]
