"""Findings in a catalogue file, each with file, line and field, so that an editor can go to the place."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A breach, or a remark, with its place in the file; the sentence is Chinese, for the district's editor."""

    file: str
    line: int
    field: str
    rule: str
    sentence: str
    refused: bool = True
    """False for a remark, with which the file is published all the same."""
    days: tuple[date, ...] = ()
    """Acceptance days that a remark is about."""

    def __str__(self) -> str:
        remark = "" if self.refused else "提示："
        return f"{self.file}:{self.line} {self.field or '（整个文件）'} {remark}{self.sentence}[{self.rule}]"
