"""Any fact of a class, drawn from the types of its fields: each optional field absent or present."""

import dataclasses
import types
from datetime import date, time
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from law.desk import Place
from law.term_clock import Pause

SIMPLE: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    bool: st.booleans(),
    int: st.integers(0, 2**31 - 1),
    date: st.dates(date(2000, 1, 1), date(2199, 12, 31)),
    time: st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    UUID: st.uuids(),
    Place: st.sampled_from(["440105008", "440105000", "440105999"]).map(Place.of_street),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field."""
    if hint in SIMPLE:
        return SIMPLE[hint]
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    if isinstance(hint, types.UnionType):
        return st.one_of([st.none() if part is type(None) else values(part) for part in get_args(hint)])
    if is_dataclass(hint):
        return facts(hint)
    assert issubclass(hint, Enum), hint
    return st.sampled_from(list(hint))


@cache
def facts(kind: Any) -> st.SearchStrategy[Any]:
    """Any fact of a class."""
    hints = get_type_hints(kind)
    built = {field.name: values(hints[field.name]) for field in dataclasses.fields(kind)}
    return _spans(kind, built) if issubclass(kind, Pause) else st.builds(kind, **built)


def is_dataclass(kind: Any) -> bool:
    """True for a class of facts or of parts of them."""
    return dataclasses.is_dataclass(kind)


def optional_fields(kind: Any) -> list[str]:
    """The fields of a class that may be absent."""
    hints = get_type_hints(kind)
    return [
        field.name
        for field in dataclasses.fields(kind)
        if isinstance(hints[field.name], types.UnionType) and type(None) in get_args(hints[field.name])
    ]


def _spans(kind: type[Any], built: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """A span ends on or after the day on which it begins: its two days in order."""
    first, last = built.pop("first_on"), built.pop("last_on")
    ordered = st.tuples(first, last).map(sorted)
    return st.builds(lambda days, **more: kind(days[0], days[1], **more), ordered, **built)
