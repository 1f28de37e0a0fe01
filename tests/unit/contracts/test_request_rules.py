"""Rules of every field of every request: each is broken alone, and the refusal names the path of the field.

The rules are read from the options of the contract, so that a field added tomorrow is tested tomorrow.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest
from buf.validate import validate_pb2
from google.protobuf.message import Message

from chassis.refusals import Invalid
from chassis.rpc.validation import check
from tests.unit.contracts.requests import EXAMPLES, METHODS, example

Change: TypeAlias = Callable[[Message], None]
Field: TypeAlias = Any  # the library has two classes of it
UNKNOWN_NUMBER = 99
LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Breach:
    """One way of breaking one rule of a request."""

    method: str
    path: str
    rule: str
    change: Change

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.rule}"


def rules_of(field: Field) -> Any:
    """The rules of a field as the contract declares them."""
    return field.GetOptions().Extensions[validate_pb2.field]


def breaches(method: str) -> Iterator[Breach]:
    """Every rule of the request of a method, broken alone."""
    yield from _of_message(method, example(method), "", lambda request: request)


def _of_message(method: str, message: Message, prefix: str, find: Callable[[Message], Any]) -> Iterator[Breach]:
    for field in message.DESCRIPTOR.fields:
        path = f"{prefix}{field.name}"
        for rule, value in _wrong_values(field, rules_of(field)):
            yield Breach(method, path, rule, _set(find, field.name, value))
        if rules_of(field).required:
            yield Breach(method, path, "required", _clear(find, field.name))
        if field.is_repeated:
            yield from _of_items(method, message, field, (path, find))
        elif field.message_type is not None and message.HasField(field.name):
            yield from _of_message(method, getattr(message, field.name), f"{path}.", _at(find, field.name))


def _of_items(
    method: str, message: Message, field: Field, where: tuple[str, Callable[[Message], Any]]
) -> Iterator[Breach]:
    (path, find), rules = where, rules_of(field).repeated
    items = getattr(message, field.name)
    if rules.min_items:
        yield Breach(method, path, "min_items", _clear(find, field.name))
    if rules.max_items and items:
        yield Breach(method, path, "max_items", _repeat(find, field.name, rules.max_items + 1))
    if field.message_type is not None:
        if items:
            yield from _of_message(method, items[0], f"{path}[0].", _first(find, field.name))
        return
    if rules.unique and items:
        yield Breach(method, path, "unique", _repeat(find, field.name, 2))
    for rule, value in _wrong_values(field, rules.items):
        if items:
            yield Breach(method, f"{path}[0]", rule, _set_first(find, field.name, value))


def _wrong_values(field: Field, rules: Any) -> Iterator[tuple[str, object]]:
    text, number, choice = rules.string, rules.int32, rules.enum
    if text.min_len:
        yield "min_len", "x" * (text.min_len - 1)
    if text.HasField("max_len"):
        yield "max_len", "x" * (text.max_len + 1)
    if text.pattern:
        yield "pattern", "" if text.min_len else "?" * LONGEST
    if text.uuid:
        yield "uuid", "01957a3e"
    if getattr(text, "in"):
        yield "in", "text/html"
    if number.HasField("gte"):
        yield "gte", number.gte - 1
    if number.HasField("lte"):
        yield "lte", number.lte + 1
    if choice.defined_only:
        yield "defined_only", UNKNOWN_NUMBER
    if list(getattr(choice, "not_in")):  # noqa: B009 generated messages type it as a list of their own
        yield "not_in", 0
    if rules.bool.HasField("const"):
        yield "const", not rules.bool.const
    if rules.bytes.HasField("max_len"):
        yield "max_len", b"x" * (rules.bytes.max_len + 1)


def _at(find: Callable[[Message], Any], name: str) -> Callable[[Message], Any]:
    return lambda request: getattr(find(request), name)


def _first(find: Callable[[Message], Any], name: str) -> Callable[[Message], Any]:
    return lambda request: getattr(find(request), name)[0]


def _set(find: Callable[[Message], Any], name: str, value: object) -> Change:
    return lambda request: setattr(find(request), name, value)


def _set_first(find: Callable[[Message], Any], name: str, value: object) -> Change:
    return lambda request: getattr(find(request), name).__setitem__(0, value)


def _clear(find: Callable[[Message], Any], name: str) -> Change:
    return lambda request: find(request).ClearField(name)


def _repeat(find: Callable[[Message], Any], name: str, count: int) -> Change:
    def repeat(request: Message) -> None:
        items = getattr(find(request), name)
        first = items[0]
        del items[:]
        items.extend([first] * count)

    return repeat


BREACHES = [breach for method in EXAMPLES for breach in breaches(method)]


def test_every_method_of_the_contracts_has_an_example() -> None:
    assert set(EXAMPLES) == set(METHODS)


@pytest.mark.parametrize("method", EXAMPLES)
def test_the_example_of_a_method_breaks_no_rule(method: str) -> None:
    check(example(method))


@pytest.mark.parametrize("breach", BREACHES, ids=str)
def test_a_broken_rule_is_refused_by_the_path_of_its_field(breach: Breach) -> None:
    request = example(breach.method)
    breach.change(request)
    with pytest.raises(Invalid) as refused:
        check(request)
    faults = {fault.field: fault.sentence for fault in refused.value.fields}
    assert breach.path in faults
    assert faults[breach.path].endswith("。")


FREE_TEXTS = [
    (method, field.name)
    for method in EXAMPLES
    for field in METHODS[method].input_type.fields
    if field.name in {"reason", "reasons", "remark", "opinion", "change", "content"} and field.enum_type is None
]


@pytest.mark.parametrize(("method", "field"), FREE_TEXTS)
def test_a_text_that_no_database_stores_is_refused_by_its_path(method: str, field: str) -> None:
    request = example(method)
    setattr(request, field, "理由\0")
    with pytest.raises(Invalid) as refused:
        check(request)
    assert [fault.field for fault in refused.value.fields] == [field]


@pytest.mark.parametrize("method", EXAMPLES)
def test_an_example_survives_the_wire(method: str) -> None:
    request = example(method)
    assert type(request).FromString(request.SerializeToString()) == request
