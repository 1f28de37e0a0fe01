"""A dataclass of a domain and a message of its contract that have the same fields: how one becomes the other.

The roads are laid once for each pair of classes; afterwards a fact is read and written without looking at its types.
Dates and ids are text on the wire, empty where there is none; enums are numbers.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import IntEnum
from functools import cache
from operator import attrgetter
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from google.protobuf.message import Message

Value: TypeAlias = Any  # the type of a field is known when the road is laid, not to the checker
Road: TypeAlias = Callable[[Value], Value]
"""From the value of one field to what stands in the other shape."""
Shape = TypeVar("Shape")
WireMessage = TypeVar("WireMessage", bound=Message)

_NOTHING: Mapping[str, object] = MappingProxyType({})


class MismatchedField(ValueError):
    """A field of a message does not say what its place in the dataclass demands; `path` leads to it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def to_message(shape: Value, kind: type[WireMessage], omitted: frozenset[str] = frozenset()) -> WireMessage:
    """The message that says what the dataclass says, leaving out the fields named in `omitted`."""
    plain: Value = type(shape)
    return kind(**_writer(plain, omitted)(shape))


def to_dataclass(message: Message, kind: type[Shape], extra: Mapping[str, object] = _NOTHING) -> Shape:
    """The dataclass that says what the message says; `extra` gives the fields that the message does not have.

    Raises WrongField.
    """
    wanted: Value = kind
    shape: Shape = _reader(wanted, frozenset(extra))(message, extra)
    return shape


@cache
def _writer(kind: Value, omitted: frozenset[str]) -> Callable[[Value], dict[str, Value]]:
    """Writes a dataclass as the fields of its message, by name; a message takes such fields for one inside it."""
    hints = _hints(kind, omitted)
    names = [name for name, _ in hints]
    every = _every(names)
    roads = _laid([_writing(hint) for _, hint in hints])

    def write(shape: Value) -> dict[str, Value]:
        values = [*every(shape)]
        for place, road in roads:
            values[place] = road(values[place])
        return dict(zip(names, values))  # noqa: B905 as many values as names, on the road of every fact

    return write


@cache
def _reader(kind: Value, extra: frozenset[str]) -> Callable[..., Value]:
    hints = _hints(kind, extra)
    names = [name for name, _ in hints]
    every = _every(names)
    roads = _laid([_reading(hint) for _, hint in hints])
    absent = [(place, name) for place, (name, hint) in enumerate(hints) if _may_be_absent(hint)]
    given = [(place, field.name) for place, field in enumerate(dataclasses.fields(kind)) if field.name in extra]

    def read(message: Value, more: Mapping[str, object] = _NOTHING) -> Value:
        values = [*every(message)]
        for place, name in absent:
            if not message.HasField(name):
                values[place] = None
        try:
            for place, road in roads:
                values[place] = road(values[place])
        except ValueError as error:
            raise _found(message, names, roads) from error
        for place, name in given:
            values.insert(place, more[name])
        return kind(*values)

    return read


def _found(message: Message, names: Sequence[str], roads: Sequence[tuple[int, Road]]) -> MismatchedField:
    """Which field is the wrong one: looked for only when one is, so that a right message costs nothing."""
    for place, road in roads:
        try:
            road(getattr(message, names[place]))
        except MismatchedField as inner:
            return MismatchedField(f"{names[place]}{inner.path if inner.path.startswith('[') else f'.{inner.path}'}")
        except ValueError:
            return MismatchedField(names[place])
    return MismatchedField("")


def _hints(kind: Value, omitted: frozenset[str]) -> list[tuple[str, Value]]:
    hints = get_type_hints(kind)
    return [(field.name, hints[field.name]) for field in dataclasses.fields(kind) if field.name not in omitted]


def _every(names: Sequence[str]) -> Callable[[Value], tuple[Value, ...]]:
    """All these fields of something at once."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda shape: tuple([getattr(shape, name) for name in names])


def _laid(roads: Sequence[Road | None]) -> list[tuple[int, Road]]:
    """The roads that lead anywhere, each with the place of its field."""
    return [(place, road) for place, road in enumerate(roads) if road is not None]


def _writing(hint: Value) -> Road | None:
    if (each := _each(hint)) is not None:
        write_each = _writing(each)
        return None if write_each is None else lambda values: [write_each(value) for value in values]
    inner, optional = _without_none(hint)
    if _is_shape(inner):
        write = _writer(inner, frozenset())
        return _if_any(write) if optional else write
    if issubclass(inner, date):
        return _or_empty(date.isoformat) if optional else date.isoformat
    return _or_empty(str) if issubclass(inner, UUID) else None


def _reading(hint: Value) -> Road | None:
    if (each := _each(hint)) is not None:
        read = _converting(each)
        return tuple if read is None else lambda values: _all(values, read)
    inner, optional = _without_none(hint)
    convert = _converting(inner)
    if not optional:
        return convert
    return _if_any(convert) if _is_shape(inner) else _if_said(convert)


def _converting(kind: Value) -> Road | None:
    if _is_shape(kind):
        return _reader(kind, frozenset())
    if issubclass(kind, IntEnum):
        known = {member.value: member for member in kind}
        return lambda number: known[number] if number in known else kind(number)
    if issubclass(kind, date):
        return date.fromisoformat
    return UUID if issubclass(kind, UUID) else None


def _all(values: Sequence[Value], read: Road) -> tuple[Value, ...]:
    try:
        return tuple([read(value) for value in values])
    except ValueError:
        for index, value in enumerate(values):
            try:
                read(value)
            except MismatchedField as inner:
                raise MismatchedField(f"[{index}].{inner.path}") from None
            except ValueError:
                raise MismatchedField(f"[{index}]") from None
        raise


def _each(hint: Value) -> Value:
    origin: Value = get_origin(hint)
    return get_args(hint)[0] if origin is tuple else None


def _without_none(hint: Value) -> tuple[Value, bool]:
    origin: Value = get_origin(hint)
    if origin is not UnionType:
        return hint, False
    return next(each for each in get_args(hint) if each is not NoneType), True


def _may_be_absent(hint: Value) -> bool:
    inner, optional = _without_none(hint)
    return optional and _is_shape(inner)


def _is_shape(kind: Value) -> bool:
    return dataclasses.is_dataclass(kind)


def _if_any(road: Road | None) -> Road:
    assert road is not None, "a dataclass is never taken as it is"
    return lambda value: None if value is None else road(value)


def _if_said(road: Road | None) -> Road:
    if road is None:
        return lambda value: value or None
    return lambda value: road(value) if value else None


def _or_empty(write: Road) -> Road:
    return lambda value: "" if value is None else write(value)
