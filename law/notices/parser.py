"""Notices as they are written in a file (TOML, YAML, JSON): days as YYYY-MM-DD, spans as A..B, both included."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from law.notices.notice import Holiday, Notice, NoticeFault, WrongNotice

_FIRST_YEAR, _LAST_YEAR = 1950, 2200
_LONGEST_SPAN = timedelta(days=31)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOTICE = {"year", "number", "amends", "signed_on", "published_on", "holidays"}
_HOLIDAY = {"name", "off", "makeup", "ordinary"}


def read_notice(written: object) -> Notice:
    """The notice in a table of a file. Raises WrongNotice with the field and the rule."""
    table = _table(written, "notice", _NOTICE)
    year = table.get("year")
    if not isinstance(year, int) or not _FIRST_YEAR <= year <= _LAST_YEAR:
        sentence = f"年份应为{_FIRST_YEAR}至{_LAST_YEAR}之间的整数，现为{year}"
        raise WrongNotice.of(NoticeFault("year", "year", sentence))
    return Notice(
        year,
        _text(table, "number"),
        tuple(_holidays(table)),
        _text(table, "amends"),
        _on(table, "signed_on"),
        _on(table, "published_on"),
    )


def _holidays(table: Mapping[str, object]) -> Iterator[Holiday]:
    for index, each in enumerate(_list(table, "holidays")):
        field = f"holidays[{index}]"
        holiday = _table(each, field, _HOLIDAY)
        days = {part: tuple(_days(_list(holiday, part), f"{field}.{part}")) for part in ("off", "makeup", "ordinary")}
        yield Holiday(_text(holiday, "name"), **days)


def _days(written: list[object], field: str) -> Iterator[date]:
    for each in written:
        first, dots, last = (each if isinstance(each, str) else str(each)).partition("..")
        begin = _day(first, field)
        end = _day(last, field) if dots else begin
        if not timedelta(0) <= end - begin <= _LONGEST_SPAN:
            raise WrongNotice.of(NoticeFault(field, "span", f"{each}起止日期颠倒或跨度过长"))
        yield from (begin + timedelta(days=step) for step in range((end - begin).days + 1))


def _day(written: str, field: str) -> date:
    try:
        if _DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise WrongNotice.of(NoticeFault(field, "date", f"日期应为真实存在的YYYY-MM-DD，现为{written}"))


def _on(table: Mapping[str, object], field: str) -> date | None:
    return _day(str(table[field]), field) if table.get(field) is not None else None


def _text(table: Mapping[str, object], field: str) -> str:
    text = table.get(field, "")
    if not isinstance(text, str):
        raise WrongNotice.of(NoticeFault(field, "wrong_kind", f"应为文字，现为{text}"))
    return text.strip()


def _list(table: Mapping[str, object], field: str) -> list[object]:
    listed = table.get(field, [])
    if not isinstance(listed, list):
        raise WrongNotice.of(NoticeFault(field, "wrong_kind", f"应为列表，现为{listed}"))
    return listed


def _table(written: object, field: str, known: set[str]) -> Mapping[str, object]:
    if not isinstance(written, Mapping):
        raise WrongNotice.of(NoticeFault(field, "wrong_kind", f"应为一组字段，现为{written}"))
    for unknown in written.keys() - known:
        raise WrongNotice.of(NoticeFault(str(unknown), "unknown_field", f"不认识的字段{unknown}"))
    return written
