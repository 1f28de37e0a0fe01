"""Refusals of the office: each is a class of its own, named after the obstacle."""

import inspect
import re
from typing import ClassVar

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class NotAllowed(Exception):
    """The act cannot be done now, by this desk, or twice."""

    reason: ClassVar[str] = "NOT_ALLOWED"
    """The class name in upper snake case: what a program reads, what stands on the screen in capitals."""

    article: ClassVar[str] = ""
    """The article it rests on, for instance 行政许可法 42; empty when no statute says it."""

    sentence: str = "现在不能办理此项。"
    """What staff read; may hold {names} that are filled when it is raised."""

    def __init__(self, field: str = "", **filled: object) -> None:
        """`field` is the part of what was handed in that stands in the way; `filled` completes the sentence."""
        super().__init__(field)
        self.field = field
        self.sentence = self.sentence.format_map(filled)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.reason = _WORD_STARTS.sub("_", cls.__name__).upper()

    def __str__(self) -> str:
        summary = (inspect.getdoc(type(self)) or self.reason).partition("\n")[0]
        return f"{self.field}: {summary}" if self.field else summary


class WrongDesk(NotAllowed):
    """The act belongs to another desk: another post, level or place."""

    sentence = "此项不由本岗位办理。"


class Malformed(NotAllowed):
    """The input is not written as its rule demands; no desk could act on it."""

    sentence = "填写内容不符合要求。"
