"""Validation of requests by the rules in the contract (protovalidate), and of texts typed by people."""

import unicodedata
from collections.abc import Callable, Iterator

from google.protobuf.message import DecodeError, Message
from protovalidate import CompilationError, EvaluationError, Validator
from protovalidate import Violation as BrokenRule

from chassis.refusals import FieldFault, Invalid
from chassis.rpc.messages_zh import sentence

_validator = Validator()
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"})
"""Controls, combining marks and blanks, by Unicode's general categories."""
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs without a visible glyph."""


class UnreadableRequest:
    """Placeholder for a request whose bytes are no message, until the call is refused."""


def check(request: Message | UnreadableRequest) -> None:
    """Checks a request. Raises Invalid with each broken rule: path of the field, sentence for a clerk, rule id."""
    if isinstance(request, UnreadableRequest):
        raise Invalid("请求内容无法识别。")
    try:
        broken = _validator.collect_violations(request)
    except EvaluationError as error:
        raise Invalid("请求内容无法核验。") from error
    if broken:
        raise Invalid(fields=[_fault(violation) for violation in broken])
    if b"\0" in request.SerializeToString() and (unwritable := list(_unwritable(request))):
        raise Invalid(fields=unwritable)


def reader(deserialize: Callable[[bytes], Message] | None) -> Callable[[bytes], Message | UnreadableRequest]:
    """A deserializer that returns UnreadableRequest for invalid bytes, so that the answer names the reason."""

    def read(wire: bytes) -> Message | UnreadableRequest:
        assert deserialize is not None, "generated methods always have one"
        try:
            return deserialize(wire)
        except DecodeError:
            return UnreadableRequest()

    return read


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


def _fault(violation: BrokenRule) -> FieldFault:
    proto = violation.proto
    return FieldFault(_path(proto), sentence(proto.rule_id, violation.rule_value, proto.message), proto.rule_id)


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
