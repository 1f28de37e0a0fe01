"""A dataclass of the domain and a message of the contract that have the same fields: how one becomes the other.

The roads are laid once for each pair of classes; afterwards a fact is read and written without looking at its types.
Dates are text on the wire, empty where there is none; enums are numbers.
"""

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import IntEnum
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

Value: TypeAlias = Any  # the type of a field is known when the road is laid, not to the checker
Road: TypeAlias = Callable[[Value], Value]
Shape = TypeVar("Shape")
Told = TypeVar("Told", bound=Message)


class WrongField(ValueError):
    """A field of a message does not say what its place in the dataclass demands; `path` leads to it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def to_message(shape: object, kind: type[Told], beside: frozenset[str] = frozenset()) -> Told:
    """The message that says what the dataclass says, leaving out the fields named in `beside`."""
    asked = (type(shape), kind, beside)
    writers = _written.get(asked)
    if writers is None:
        writers = _written[asked] = _writers(*asked)
    return kind(**{name: write(read(shape)) for name, read, write in writers})


def to_shape(message: Message, kind: type[Shape], beside: Mapping[str, object] | None = None) -> Shape:
    """The dataclass that says what the message says; `beside` gives the fields that the message does not have.

    Raises WrongField.
    """
    named = beside or {}
    asked = (kind, frozenset(named))
    readers = _read.get(asked)
    if readers is None:
        readers = _read[asked] = [(name, _reading(name, hint)) for name, hint in _hints(*asked)]
    try:
        return kind(**{name: read(message) for name, read in readers}, **named)
    except ValueError as error:
        raise _found(message, readers) from error


_Writers: TypeAlias = list[tuple[str, Road, Road]]
_Readers: TypeAlias = list[tuple[str, Road]]
_written: dict[tuple[type, type[Message], frozenset[str]], _Writers] = {}
_read: dict[tuple[type, frozenset[str]], _Readers] = {}


def _found(message: Message, readers: _Readers) -> ValueError:
    """Which field is the wrong one: looked for only when one is, so that a right message costs nothing."""
    for name, read in readers:
        try:
            read(message)
        except WrongField as inner:
            return WrongField(f"{name}{inner.path if inner.path.startswith('[') else f'.{inner.path}'}")
        except ValueError:
            return WrongField(name)
    return WrongField("")


def _writers(kind: type, message: type[Message], beside: frozenset[str]) -> _Writers:
    fields = message.DESCRIPTOR.fields_by_name
    return [(name, attrgetter(name), _writing(hint, fields[name])) for name, hint in _hints(kind, beside)]


def _hints(kind: type, beside: frozenset[str]) -> list[tuple[str, Value]]:
    hints = get_type_hints(kind)
    return [(field.name, hints[field.name]) for field in dataclasses.fields(kind) if field.name not in beside]


def _writing(hint: Value, field: Value) -> Road:
    if _is_row(hint):
        each = _writing(get_args(hint)[0], field)
        return lambda values: [each(value) for value in values]
    inner, optional = _without_none(hint)
    if dataclasses.is_dataclass(inner):
        kind = GetMessageClass(field.message_type)
        return lambda value: None if value is None else to_message(value, kind)
    if issubclass(inner, date):
        return _optional_day if optional else date.isoformat
    return _as_it_is


def _reading(name: str, hint: Value) -> Road:
    read = attrgetter(name)
    if _is_row(hint):
        each = _converting(get_args(hint)[0])
        return lambda message: _all(read(message), each)
    inner, optional = _without_none(hint)
    convert = _converting(inner)
    if not optional:
        return read if convert is _as_it_is else lambda message: convert(read(message))
    if dataclasses.is_dataclass(inner):
        return lambda message: convert(read(message)) if message.HasField(name) else None
    return lambda message: convert(text) if (text := read(message)) else None


def _all(values: Sequence[Value], each: Road) -> tuple[Value, ...]:
    try:
        return tuple([each(value) for value in values])
    except ValueError:
        for index, value in enumerate(values):
            try:
                each(value)
            except WrongField as inner:
                raise WrongField(f"[{index}].{inner.path}") from None
            except ValueError:
                raise WrongField(f"[{index}]") from None
        raise


def _converting(kind: Value) -> Road:
    if dataclasses.is_dataclass(kind):
        shape: Value = kind
        return lambda message: to_shape(message, shape)
    if issubclass(kind, date):
        return date.fromisoformat
    return kind if issubclass(kind, IntEnum) else _as_it_is


def _is_row(hint: Value) -> bool:
    origin: object = get_origin(hint)
    return origin is tuple


def _without_none(hint: Value) -> tuple[Value, bool]:
    if not isinstance(hint, types.UnionType):
        return hint, False
    return next(each for each in get_args(hint) if each is not type(None)), True


def _optional_day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _as_it_is(value: Value) -> Value:
    return value
