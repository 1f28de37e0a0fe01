"""One YAML file, read so that every value still knows its line, and nothing the editor typed is guessed at.

Dates stay text, `yes` and `no` are words, a number with a leading zero is text: the schema says what a field must be.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import yaml

from catalogue.check.findings import Finding
from law.items import Breach, FieldPath, ItemFinding, dotted

MAX_BYTES: Final = 256 * 1024
"""A file larger than this is refused unread: the longest guide has a few kilobytes."""
MAX_DEPTH: Final = 12
"""Lists and mappings nested deeper than this are refused: the deepest field of a schema is the fifth."""

Content: TypeAlias = "bool | int | float | str | list[Content] | dict[str, Content] | None"

_WORDS: Final[Mapping[str, bool | None]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Document:
    """The content of one file, and the line on which each of its fields stands."""

    path: Path
    content: Content
    lines: Mapping[FieldPath, int]
    repeated: tuple[Breach, ...] = ()
    """Keys written twice; the first one counts."""

    def finding(self, breach: Breach | ItemFinding) -> Finding:
        """The breach with its file and line; a field that is missing is told at the line of what should hold it."""
        place = str(self.path), self._line(breach.field), dotted(breach.field), breach.rule, breach.sentence
        return Finding(*place) if isinstance(breach, Breach) else Finding(*place, refused=False, days=breach.days)

    def _line(self, wanted: FieldPath) -> int:
        while wanted and wanted not in self.lines:
            wanted = wanted[:-1]
        return self.lines.get(wanted, 1)


class Unreadable(Exception):
    """The file cannot be read at all; carries the only finding there is about it."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def read(path: Path) -> Document:
    """The file as a document; raises Unreadable with the line and the reason."""
    text = _text(path)
    try:
        return _document(path, text)
    except _Refused as refused:
        raise Unreadable(Finding(str(path), refused.line, "", refused.rule, refused.sentence)) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(Finding(str(path), line, "", "yaml_syntax", f"YAML 写法有误：{error.problem}。")) from None
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise Unreadable(Finding(str(path), line, "", "yaml_syntax", "文件中有不可见的控制字符。")) from None


class _Refused(Exception):
    """YAML that is well formed, but not the plain kind that a catalogue is written in."""

    def __init__(self, line: int, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.rule, self.sentence = line, rule, sentence


@dataclass(slots=True)
class _Builder:
    """Builds plain values from the parser's events and notes the line of each field."""

    events: Iterator[yaml.Event]
    lines: dict[FieldPath, int] = field(default_factory=dict)
    repeated: list[Breach] = field(default_factory=list)

    def build(self, event: yaml.Event, at: FieldPath) -> Content:
        self.lines.setdefault(at, _line(event))
        if len(at) > MAX_DEPTH:
            raise _Refused(_line(event), "too_deep", f"嵌套超过 {MAX_DEPTH} 层。")
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(_line(event), "alias", "不使用锚点和别名，请把内容写全。")
        if getattr(event, "tag", None):
            raise _Refused(_line(event), "tag", "不使用类型标签（!）。")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(at)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(at)
        assert isinstance(event, yaml.ScalarEvent)
        return _scalar(event)

    def _mapping(self, at: FieldPath) -> dict[str, Content]:
        found: dict[str, Content] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _Refused(_line(event), "key", "字段名应是一个词。")
            key = event.value
            if key in found:
                sentence = f"字段 {key} 重复，第 {self.lines[*at, key]} 行已经写过。"
                self.repeated.append(Breach((*at, f"{key}"), "duplicate_key", sentence))
                self.lines[*at, key] = _line(event)
                self.build(next(self.events), (*at, key))
                continue
            self.lines[*at, key] = _line(event)
            found[key] = self.build(next(self.events), (*at, key))
        return found

    def _sequence(self, at: FieldPath) -> list[Content]:
        found: list[Content] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self.build(event, (*at, len(found))))
        return found


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            sentence = f"文件超过 {MAX_BYTES // 1024} KiB，不予读取。"
            raise Unreadable(Finding(str(path), 1, "", "too_large", sentence))
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Unreadable(Finding(str(path), line, "", "not_utf8", "文件不是 UTF-8 编码。")) from None
    except OSError as error:
        raise Unreadable(Finding(str(path), 1, "", "unreadable", f"文件读不出来：{error.strerror}。")) from None


def _document(path: Path, text: str) -> Document:
    events = (event for event in yaml.parse(text, Loader=yaml.CSafeLoader) if not isinstance(event, _FRAME))
    builder = _Builder(events)
    first = next(events, None)
    if first is None:
        raise _Refused(1, "empty", "文件是空的。")
    content = builder.build(first, ())
    if (extra := next(events, None)) is not None:
        raise _Refused(_line(extra), "several_documents", "一个文件只写一份内容，不用 --- 分段。")
    return Document(path, content, builder.lines, tuple(builder.repeated))


def _scalar(event: yaml.ScalarEvent) -> Content:
    if not event.implicit[0]:
        return event.value
    if event.value in _WORDS:
        return _WORDS[event.value]
    if _WHOLE.fullmatch(event.value):
        return int(event.value)
    return float(event.value) if _DECIMAL.fullmatch(event.value) else event.value


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


_FRAME: Final = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
