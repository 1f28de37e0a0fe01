"""Validation of requests by the rules in the contract (protovalidate), and of texts typed by people."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message
from protovalidate import CompilationError, EvaluationError, Validator
from protovalidate import Violation as BrokenRule

from chassis.refusals import FieldFault, Invalid, Refusal, TooLarge
from chassis.rpc.messages_zh import sentence, with_value

_validator = Validator()
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"})
"""Controls, combining marks and blanks, by Unicode's general categories."""
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs without a visible glyph."""
_VARINT, _BYTES, _FIXED = 0, 2, {1: 8, 5: 4}
"""Forms of a field on the wire; the fixed ones with their bytes."""
_VARINT_BITS = 70
_FIELDS_READ = 1000


@dataclass(frozen=True, slots=True)
class UnreadableRequest:
    """Placeholder for a request whose bytes are no message or too many, until the call is refused."""

    refusal: Refusal


def check(request: Message | UnreadableRequest, *, with_values: bool = False) -> None:
    """Checks a request. Raises Invalid with each broken rule: path of the field, sentence for a clerk, rule id.

    `with_values` is True for a request in which nothing is a person's: its sentences repeat the value at fault.
    Raises the refusal of an UnreadableRequest.
    """
    if isinstance(request, UnreadableRequest):
        raise request.refusal
    try:
        broken = _validator.collect_violations(request)
    except EvaluationError as error:
        raise Invalid("请求内容无法核验。") from error
    if broken:
        raise Invalid(fields=[_fault(violation, with_values=with_values) for violation in broken])
    if b"\0" in request.SerializeToString() and (unwritable := list(_unwritable(request))):
        raise Invalid(fields=unwritable)


def reader(
    deserialize: Callable[[bytes], Message] | None, limit: int, kind: Descriptor | None = None
) -> Callable[[bytes], Message | UnreadableRequest]:
    """A deserializer that returns UnreadableRequest for invalid bytes and for more than `limit` of them.

    The library hands over more than `limit` (chassis/rpc/server.py), so that the answer can name the field at fault.
    """

    def read(wire: bytes) -> Message | UnreadableRequest:
        assert deserialize is not None, "generated methods always have one"
        if len(wire) > limit:
            fault = FieldFault(largest_field(wire, kind), f"一次请求不得超过{limit}字节。", "request.max_bytes")
            return UnreadableRequest(TooLarge(fields=[fault]))
        try:
            return deserialize(wire)
        except DecodeError:
            return UnreadableRequest(Invalid("请求内容无法识别。"))

    return read


def largest_field(wire: bytes, kind: Descriptor | None) -> str:
    """Path of the field that has most of the bytes; empty for bytes that are no message of this kind.

    The bytes are not deserialized: a hostile message of few megabytes may need hundreds of them as objects. Only tags
    and lengths are read, at most so many; of more fields the largest of the first ones is meant.
    """
    sizes: dict[int, tuple[int, int, int]] = {}
    for number, begin, end in islice(_wire_fields(wire), _FIELDS_READ):
        whole = sizes[number][0] if number in sizes else 0
        sizes[number] = (whole + end - begin, begin, end)
    known = kind.fields_by_number if kind else {}
    largest = max(sizes, key=lambda number: sizes[number][0], default=0)
    if largest not in known:
        return ""
    field = known[largest]
    _, begin, end = sizes[largest]
    within = largest_field(wire[begin:end], field.message_type) if _is_single_message(field) else ""
    return f"{field.name}.{within}" if within else field.name


def _is_single_message(field: FieldDescriptor) -> bool:
    return field.message_type is not None and not field.is_repeated


def _wire_fields(wire: bytes) -> Iterator[tuple[int, int, int]]:
    """Number, begin and end of each field; ends at the first byte that is no field."""
    at = 0
    while at < len(wire):
        tag, at = _varint(wire, at)
        begin, kind = at, tag & 7
        if kind == _VARINT:
            _, at = _varint(wire, at)
        elif kind == _BYTES:
            length, begin = _varint(wire, at)
            at = begin + length
        elif kind in _FIXED:
            at += _FIXED[kind]
        else:
            return
        if at > len(wire):
            return
        yield tag >> 3, begin, at


def _varint(wire: bytes, at: int) -> tuple[int, int]:
    """A number and the place behind it; a place behind the end where the bytes end within it."""
    value = shift = 0
    while at < len(wire) and shift < _VARINT_BITS:
        byte = wire[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    return 0, len(wire) + 1


def has_visible(text: str) -> bool:
    """True when a text has a visible sign; the pattern of required texts in the contract demands the same."""
    return any(unicodedata.category(sign) not in _UNSEEN and sign not in _BLANK_LETTERS for sign in text)


def compiles(request: Message) -> bool:
    """True when the rules of this kind of request can be evaluated; a test checks every request."""
    try:
        _validator.collect_violations(request)
    except (CompilationError, EvaluationError):
        return False
    return True


def _unwritable(message: Message, path: str = "") -> Iterator[FieldFault]:
    """Faults for texts with a NUL, which PostgreSQL cannot store: no service could project a fact with one."""
    for field, value in message.ListFields():
        several = not isinstance(value, str | bytes | int | float | Message)
        for place, each in enumerate(value if several else [value]):
            at = f"{path}{field.name}[{place}]" if several else f"{path}{field.name}"
            if isinstance(each, Message):
                yield from _unwritable(each, f"{at}.")
            elif isinstance(each, str) and "\0" in each:
                yield FieldFault(at, "文字中含有无法保存的字符。", "string.writable")


def _fault(violation: BrokenRule, *, with_values: bool) -> FieldFault:
    proto = violation.proto
    said = sentence(proto.rule_id, violation.rule_value, proto.message)
    if with_values:
        said = with_value(said, violation.field_value)
    return FieldFault(_path(proto), said, proto.rule_id)


def _path(violation: object) -> str:
    field = getattr(violation, "field", None)
    return ".".join(_step(element) for element in field.elements) if field is not None else ""


def _step(element: object) -> str:
    """One step of a path; the key of a map is left out, because a person typed it."""
    subscript = getattr(element, "subscript", None)
    name = str(getattr(element, "field_name", ""))
    if subscript is None:
        return name
    return f"{name}[{subscript.value}]" if subscript.field == "index" else f"{name}[]"
