"""Findings in a catalogue file, each with file, line and field, so that an editor can go to the place."""

from dataclasses import dataclass

FieldPath = tuple[str | int, ...]
"""The way from the top of a file to one field: keys and, inside a list, positions from 0."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a field breaks; the checker adds file and line."""

    field: FieldPath
    rule: str
    sentence: str


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One breach with its place in the file; the sentence is Chinese, for the district's editor."""

    file: str
    line: int
    field: str
    rule: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.field or '（整个文件）'} {self.sentence}[{self.rule}]"


def dotted(field: FieldPath) -> str:
    """The field as an editor writes it, for instance route[1].days; empty for the whole file."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in field)
    return text.removeprefix(".")
