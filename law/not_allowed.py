"""Refusals of the office, and the mark of rules that refuse nothing; docs/rules.md lists both.

A refusal is a class derived from NotAllowed, named after the obstacle. A rule that refuses nothing, such as "a later
stage suppresses the message of an earlier one", is a function with `@rule`:

    @rule("行政许可法 44")
    def delivery_opens(matter: KnownMatter) -> bool:
        '''A delivery opens when the matter has its number and its decision.'''

The page takes the name, the first sentence of the docstring and the article from the source; at run time the function
is the same one.
"""

import inspect
import re
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class NotAllowed(Exception):
    """The act cannot be done now, by this desk, or twice."""

    reason: ClassVar[str] = "NOT_ALLOWED"
    """The class name in upper snake case: what a program reads, what stands on the screen in capitals."""

    article: str = ""
    """The article it rests on, for instance 行政许可法 42; empty when no statute says it."""

    sentence: str = "现在不能办理此项。"
    """What staff read; may hold {names} that are filled when it is raised."""

    def __init__(self, field: str = "", **filled: object) -> None:
        """`field` names the field of the command that caused the refusal; `filled` completes the sentence."""
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


Decided = TypeVar("Decided", bound=Callable[..., Any])


def rule(article: str = "") -> Callable[[Decided], Decided]:
    """Marks a pure function as a rule of the office; `article` is empty where no statute says it."""

    def mark(function: Decided) -> Decided:
        function.__dict__["article"] = article
        return function

    return mark
