"""Findings in a catalogue file, each with file, line and field, so that an editor can go to the place."""

from dataclasses import dataclass


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
