"""A dataclass of the domain and a message of the contract that have the same fields: how one becomes the other.

The roads are laid once for each pair of classes; afterwards a fact is read and written without looking at its types.
Dates and ids are text on the wire, empty where there is none; enums are numbers.
"""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from enum import IntEnum
from functools import cache
from operator import attrgetter
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

Value: TypeAlias = Any  # the type of a field is known when the road is laid, not to the checker
Road: TypeAlias = Callable[[Value], Value]
Shape = TypeVar("Shape")
Wire = TypeVar("Wire", bound=Message)


def to_message(shape: Value, kind: type[Wire], beside: frozenset[str] = frozenset()) -> Wire:
    """The message that says what the dataclass says, leaving out the fields named in `beside`."""
    pair: Value = (type(shape), kind)
    return kind(**{name: write(read(shape)) for name, read, write in _writers(*pair, beside)})


def to_shape(message: Message, kind: type[Shape], beside: Mapping[str, object] = MappingProxyType({})) -> Shape:
    """The dataclass that says what the message says; `beside` gives the fields that the message does not have."""
    shape: Value = kind
    return kind(**{name: read(message) for name, read in _readers(shape, frozenset(beside))}, **beside)


@cache
def _writers(kind: Value, message: Value, beside: frozenset[str]) -> list[tuple[str, Road, Road]]:
    fields = message.DESCRIPTOR.fields_by_name
    return [(name, attrgetter(name), _writing(hint, fields[name].message_type)) for name, hint in _hints(kind, beside)]


@cache
def _readers(kind: Value, beside: frozenset[str]) -> list[tuple[str, Road]]:
    return [(name, _reading(name, hint)) for name, hint in _hints(kind, beside)]


def _hints(kind: Value, beside: frozenset[str]) -> list[tuple[str, Value]]:
    hints = get_type_hints(kind)
    return [(field.name, hints[field.name]) for field in dataclasses.fields(kind) if field.name not in beside]


def _writing(hint: Value, described: Value) -> Road:
    if each := _each(hint):
        write = _writing(each, described)
        return lambda values: [write(value) for value in values]
    inner, optional = _without_none(hint)
    if dataclasses.is_dataclass(inner):
        kind = GetMessageClass(described)
        return lambda value: None if value is None else to_message(value, kind)
    if issubclass(inner, date):
        return _optionally(date.isoformat) if optional else date.isoformat
    return _optionally(str) if issubclass(inner, UUID) else _as_it_is


def _reading(name: str, hint: Value) -> Road:
    if each := _each(hint):
        read = _converting(each)
        return lambda message: tuple([read(value) for value in getattr(message, name)])
    inner, optional = _without_none(hint)
    convert = _converting(inner)
    if not optional:
        return lambda message: convert(getattr(message, name))
    if dataclasses.is_dataclass(inner):
        return lambda message: convert(getattr(message, name)) if message.HasField(name) else None
    return lambda message: convert(text) if (text := getattr(message, name)) else None


def _converting(kind: Value) -> Road:
    if dataclasses.is_dataclass(kind):
        inner: Value = kind
        return lambda message: to_shape(message, inner)
    if issubclass(kind, date):
        return date.fromisoformat
    convert: Road = kind if issubclass(kind, UUID | IntEnum) else _as_it_is
    return convert


def _each(hint: Value) -> Value:
    origin: Value = get_origin(hint)
    return get_args(hint)[0] if origin is tuple else None


def _without_none(hint: Value) -> tuple[Value, bool]:
    origin: Value = get_origin(hint)
    if origin is not UnionType:
        return hint, False
    return next(each for each in get_args(hint) if each is not NoneType), True


def _optionally(write: Road) -> Road:
    return lambda value: "" if value is None else write(value)


def _as_it_is(value: Value) -> Value:
    return value
