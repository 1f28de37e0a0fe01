"""Whether a refusal repeats the value that it refuses, so that who typed it sees what to change."""

import re
import unicodedata
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from google.protobuf.message import Message

_ABSENT = ("没有", "缺少", "空", "必填", "未", "请选择", "为 0", " 0 项", "全天", "应写明")
_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")
_NAMED = re.compile(r"「(.+?)」|现为 ([^。，：]+)|变量：([^。]+)")
_CODE = re.compile(r"<U\+([0-9A-F]+)>")
_WORD = re.compile(r"(?<=_)[a-z]{4,}")
"""The end of an enumeration's name: CLOSES_ON_REFERRAL is written referral."""


def value_at(written: Any, path: str) -> Any:
    """What a document or a message has at a path such as route[1].days; None where it has nothing."""
    for name, position in _STEP.findall(path):
        written = written.get(name) if isinstance(written, Mapping) else _field(written, name)
        if position:
            written = written[int(position)] if len(written or ()) > int(position) else None
    return written


def _field(message: Any, name: str) -> Any:
    field = message.DESCRIPTOR.fields_by_name[name] if isinstance(message, Message) else None
    if field is None or (field.message_type is not None and not field.is_repeated and not message.HasField(name)):
        return None
    value = getattr(message, name)
    return field.enum_type.values_by_number[value].name.lower() if field.enum_type and value else value


def tells(sentence: str, value: Any) -> bool:
    """True when the sentence has the value: a word, a number, a day, a part of a list; or says that there is none."""
    match value:
        case None | "" | 0 if not isinstance(value, bool):
            return any(word in sentence for word in _ABSENT)
        case bool():
            return str(value).lower() in sentence
        case int() | float():
            return re.search(rf"(?<![0-9.]){re.escape(str(value))}(?![0-9])", sentence) is not None
        case str():
            return _has_text(sentence, value)
        case Message():
            leaves = [_field(value, field.name) for field, _ in value.ListFields()]
            return any(tells(sentence, leaf) for leaf in leaves) if leaves else tells(sentence, None)
        case Mapping():
            return any(tells(sentence, leaf) for leaf in (*value, *value.values())) if value else tells(sentence, None)
        case _:
            missing = "缺少" in sentence  # the sentence is about what the list does not have, and names that
            return missing or (any(tells(sentence, leaf) for leaf in value) if len(value) else tells(sentence, None))


def _has_text(sentence: str, value: str) -> bool:
    """True when the sentence names the text, or a part of it that it says is at fault."""
    if any(word.lower() in sentence.lower() for word in (value, value.removeprefix("0"), *_WORD.findall(value))):
        return True
    named = [part for found in _NAMED.findall(sentence) for part in found if part]
    return any(_CODE.sub(lambda code: chr(int(code[1], 16)), part).rstrip("…") in _parts(value) for part in named)


def _parts(value: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", value)
    return [text[begin:end] for text in {value, plain} for begin, end in combinations(range(len(text) + 1), 2)]
