"""Questions to the term clock, from the options of the command line or from a line of JSON."""

import json
import re
from collections.abc import Mapping
from datetime import date

from law.not_allowed import Malformed
from law.term_clock import Pause, TermClock
from law.terms import Unit

_FIELDS = ("from", "days", "unit", "pauses")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WrongField(Malformed):
    """A field of the question is missing, unknown or not written as its rule demands."""

    sentence = "{rule}"


def from_line(line: bytes) -> TermClock:
    """The term in one line of JSON; raises a Malformed that names the field."""
    try:
        question = json.loads(line.decode("utf-8"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise WrongField("line", rule="应为UTF-8编码的一个JSON对象。") from None
    if not isinstance(question, dict):
        raise WrongField("line", rule="应为一个JSON对象。")
    return from_fields(question)


def from_fields(question: Mapping[str, object]) -> TermClock:
    """The term in named fields: from, days, and where given unit and pauses; raises a Malformed."""
    for unknown in question.keys() - set(_FIELDS):
        raise WrongField(unknown, rule=f"不认识的字段，可用的字段为{'、'.join(_FIELDS)}。")
    for needed in ("from", "days"):
        if needed not in question:
            raise WrongField(needed, rule="缺少此项。")
    return TermClock(
        _day(question["from"], "from"),
        _days(question["days"]),
        _unit(question.get("unit", Unit.WORKING)),
        _pauses(question.get("pauses", [])),
    )


def from_options(from_: str, days: str, unit: str, pauses: list[str]) -> TermClock:
    """The term in the options of the command line; raises a Malformed."""
    number = int(days) if re.fullmatch(r"[+-]?[0-9]{1,9}", days) else days
    spans = [pause.split("..") for pause in pauses]
    return from_fields({"from": from_, "days": number, "unit": unit, "pauses": spans})


def _day(written: object, field: str) -> date:
    try:
        if isinstance(written, str) and _DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise WrongField(field, rule="应为真实存在的日期，写作YYYY-MM-DD。")


def _days(written: object) -> int:
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    raise WrongField("days", rule="应为整数。")


def _unit(written: object) -> Unit:
    if isinstance(written, str) and written in [unit.value for unit in Unit]:
        return Unit(written)
    raise WrongField("unit", rule="应为working（工作日）或calendar（自然日）。")


def _pauses(written: object) -> tuple[Pause, ...]:
    if not isinstance(written, list):
        raise WrongField("pauses", rule="应为若干个[开始日, 结束日]的列表。")
    return tuple(_pause(each) for each in written)


def _pause(written: object) -> Pause:
    match written:
        case [first, last]:
            return Pause(_day(first, "pauses"), _day(last, "pauses"))
        case _:
            raise WrongField("pauses", rule="每次中止应为开始日和结束日两个日期。")


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise WrongField("line", rule="同一字段写了两次。")
    return fields
