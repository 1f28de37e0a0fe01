"""Conversion between a domain dataclass and the contract message with the same fields.

The converters of a pair of classes are built once; afterwards a fact is read or written without a look at its types.
Dates, times of day (HH:MM) and ids are text on the wire, empty for None; enums are numbers.

Example: `Paused(pause_id: UUID, until: date | None, cards: tuple[Card, ...])` is written as
`{"pause_id": "0190…", "until": "", "cards": [{"level": 1}]}`, and a message takes these fields as keyword arguments.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from enum import IntEnum
from functools import cache
from operator import attrgetter
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from google.protobuf.message import Message

Value: TypeAlias = Any  # the type of a field is known when its converter is built, not to the type checker
Convert: TypeAlias = Callable[[Value], Value]
"""From the value of one field to its value on the other side."""
Shape = TypeVar("Shape")
WireMessage = TypeVar("WireMessage", bound=Message)

_NOTHING: Mapping[str, object] = MappingProxyType({})


class MismatchedField(ValueError):
    """The value of a message field does not fit its dataclass field; `path` leads to it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def to_message(shape: Value, kind: type[WireMessage], omitted: frozenset[str] = frozenset()) -> WireMessage:
    """Message with the fields of the dataclass, without those named in `omitted`."""
    plain: Value = type(shape)
    return kind(**_writer(plain, omitted)(shape))


def to_dataclass(message: Message, kind: type[Shape], extra: Mapping[str, object] = _NOTHING) -> Shape:
    """Dataclass with the fields of the message; `extra` gives those that the message does not have.

    Raises MismatchedField.
    """
    wanted: Value = kind
    shape: Shape = _reader(wanted, frozenset(extra))(message, extra)
    return shape


@cache
def _writer(kind: Value, omitted: frozenset[str]) -> Callable[[Value], dict[str, Value]]:
    """Writes a dataclass as fields by name; a message accepts such a dictionary for a message inside it too."""
    hints = _hints(kind, omitted)
    names = [name for name, _ in hints]
    every = _every(names)
    converters = _needed([_to_wire(hint) for _, hint in hints])

    def write(shape: Value) -> dict[str, Value]:
        values = [*every(shape)]
        for place, convert in converters:
            values[place] = convert(values[place])
        return dict(zip(names, values))  # noqa: B905 as many values as names, for every fact that is written

    return write


@cache
def _reader(kind: Value, extra: frozenset[str]) -> Callable[..., Value]:
    hints = _hints(kind, extra)
    names = [name for name, _ in hints]
    every = _every(names)
    converters = _needed([_from_wire(hint) for _, hint in hints])
    absent = [(place, name) for place, (name, hint) in enumerate(hints) if _may_be_absent(hint)]
    given = [(place, field.name) for place, field in enumerate(dataclasses.fields(kind)) if field.name in extra]

    def read(message: Value, more: Mapping[str, object] = _NOTHING) -> Value:
        values = [*every(message)]
        for place, name in absent:
            if not message.HasField(name):
                values[place] = None
        try:
            for place, convert in converters:
                values[place] = convert(values[place])
        except ValueError as error:
            missing = {place for place, name in absent if not message.HasField(name)}
            present = [(place, convert) for place, convert in converters if place not in missing]
            raise _mismatch(message, names, present) from error
        for place, name in given:
            values.insert(place, more[name])
        return kind(*values)

    return read


def _mismatch(message: Message, names: Sequence[str], converters: Sequence[tuple[int, Convert]]) -> MismatchedField:
    """Finds the field that failed. A second pass over the message, so that a correct one pays nothing for it."""
    for place, convert in converters:
        try:
            convert(getattr(message, names[place]))
        except MismatchedField as inner:
            return MismatchedField(f"{names[place]}{inner.path if inner.path.startswith('[') else f'.{inner.path}'}")
        except ValueError:
            return MismatchedField(names[place])
    return MismatchedField("")


def _hints(kind: Value, omitted: frozenset[str]) -> list[tuple[str, Value]]:
    hints = get_type_hints(kind)
    return [(field.name, hints[field.name]) for field in dataclasses.fields(kind) if field.name not in omitted]


def _every(names: Sequence[str]) -> Callable[[Value], tuple[Value, ...]]:
    """Getter of all these attributes at once."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda shape: tuple([getattr(shape, name) for name in names])


def _needed(converters: Sequence[Convert | None]) -> list[tuple[int, Convert]]:
    """Converters of the fields that need one, each with the place of its field."""
    return [(place, convert) for place, convert in enumerate(converters) if convert is not None]


def _to_wire(hint: Value) -> Convert | None:
    if (each := _element_type(hint)) is not None:
        write_each = _to_wire(each)
        return None if write_each is None else lambda values: [write_each(value) for value in values]
    inner, optional = _without_none(hint)
    if _is_dataclass(inner):
        write = _writer(inner, frozenset())
        return _unless_none(write) if optional else write
    if issubclass(inner, date):
        return _or_empty(date.isoformat) if optional else date.isoformat
    if issubclass(inner, time):
        return _or_empty(_clock_time) if optional else _clock_time
    return _or_empty(str) if issubclass(inner, UUID) else None


def _from_wire(hint: Value) -> Convert | None:
    if (each := _element_type(hint)) is not None:
        read = _from_wire_value(each)
        return tuple if read is None else lambda values: _read_all(values, read)
    inner, optional = _without_none(hint)
    convert = _from_wire_value(inner)
    if not optional:
        return convert
    return _unless_none(convert) if _is_dataclass(inner) else _unless_empty(convert)


def _from_wire_value(kind: Value) -> Convert | None:
    if _is_dataclass(kind):
        return _reader(kind, frozenset())
    if issubclass(kind, IntEnum):
        known = {member.value: member for member in kind}
        return lambda number: known[number] if number in known else kind(number)
    if issubclass(kind, date):
        return date.fromisoformat
    if issubclass(kind, time):
        return time.fromisoformat
    return UUID if issubclass(kind, UUID) else None


def _read_all(values: Sequence[Value], read: Convert) -> tuple[Value, ...]:
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


def _element_type(hint: Value) -> Value:
    origin: Value = get_origin(hint)
    return get_args(hint)[0] if origin is tuple else None


def _without_none(hint: Value) -> tuple[Value, bool]:
    origin: Value = get_origin(hint)
    if origin is not UnionType:
        return hint, False
    return next(each for each in get_args(hint) if each is not NoneType), True


def _may_be_absent(hint: Value) -> bool:
    inner, optional = _without_none(hint)
    return optional and _is_dataclass(inner)


def _is_dataclass(kind: Value) -> bool:
    return dataclasses.is_dataclass(kind)


def _unless_none(convert: Convert | None) -> Convert:
    assert convert is not None, "a dataclass always needs a converter"
    return lambda value: None if value is None else convert(value)


def _unless_empty(convert: Convert | None) -> Convert:
    if convert is None:
        return lambda value: value or None
    return lambda value: convert(value) if value else None


def _or_empty(write: Convert) -> Convert:
    return lambda value: "" if value is None else write(value)


def _clock_time(at: time) -> str:
    return at.isoformat("minutes")
