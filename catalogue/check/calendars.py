"""A year's holiday notice as a file states it: each day against its year, the week and the others. (行政许可法 82)"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from catalogue.check.findings import Breach, FieldPath

STATUTORY: Final = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
"""What every year has. (全国年节及纪念日放假办法 2)"""
_PARTS: Final = ("off", "makeup")
_MOST: Final = {"off": 80, "makeup": 40}
_LONGEST_SPAN: Final = timedelta(days=31)
_SATURDAY, _DECEMBER = 5, 12


@dataclass(frozen=True, slots=True)
class CalendarDocument:
    """The notice of one year, checked."""

    path: Path
    year: int
    number: str
    off: tuple[date, ...]
    makeup: tuple[date, ...]
    unnamed: tuple[str, ...]
    """Holidays that every year has and the file does not name."""


class _NoDays(Exception):
    """The text names no days; carries the breach."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule, self.sentence = rule, sentence


def calendar_of(path: Path, written: Mapping[str, Any]) -> CalendarDocument:
    """The notice of a document without a breach."""
    days = {part: tuple(sorted(day for _, day in _days(written, part))) for part in _PARTS}
    names = "".join(holiday.get("name", "") for holiday in written["holidays"])
    unnamed = tuple(name for name in STATUTORY if name not in names)
    return CalendarDocument(path, written["year"], written["number"], days["off"], days["makeup"], unnamed)


def calendar_breaches(written: Mapping[str, Any]) -> list[Breach]:
    """Breaches in the days of a document that has passed its schema."""
    return [*_amending(written), *(_unreal(written) or _contradictions(written))]


def _amending(written: Mapping[str, Any]) -> Iterator[Breach]:
    sentence = "修改通知不单独发布：请写成改后的全年安排，文号用修改通知的文号。"
    if written.get("amends"):
        yield Breach(("amends",), "whole_year", sentence)
    for index, holiday in enumerate(written["holidays"]):
        if holiday.get("ordinary"):
            yield Breach(("holidays", index, "ordinary"), "whole_year", sentence)


def _unreal(written: Mapping[str, Any]) -> list[Breach]:
    found = []
    for field, text in _texts(written, *_PARTS):
        try:
            _span(text)
        except _NoDays as no:
            found.append(Breach(field, no.rule, no.sentence))
    return found


def _contradictions(written: Mapping[str, Any]) -> Iterator[Breach]:
    seen: dict[date, str] = {}
    for part in _PARTS:
        days = list(_days(written, part))
        for field, day in days:
            if day in seen:
                yield Breach(field, "duplicate_day", f"{day} 重复，前面已列为{seen[day]}。")
            seen.setdefault(day, "放假" if part == "off" else "调休上班")
            if not _covers(written["year"], day):
                yield Breach(field, "other_year", f"{day} 不属于 {written['year']} 年的安排（上年十二月可列入）。")
            if part == "makeup" and day.weekday() < _SATURDAY:
                yield Breach(field, "makeup_weekday", f"{day} 不是周六或周日，不能调休上班。")
        if len(days) > _MOST[part]:
            yield Breach(("holidays",), "count", f"全年合计 {len(days)} 天，最多 {_MOST[part]} 天。")


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


def _covers(year: int, day: date) -> bool:
    return day.year == year or (day.year == year - 1 and day.month == _DECEMBER)
