"""Rules that decide what follows from facts, marked in the code so that docs/rules.md lists them.

A refusal is a class derived from NotAllowed. A rule that refuses nothing, such as "a later stage suppresses the message
of an earlier one", is a function with `@rule`:

    @rule("行政许可法 44")
    def delivery_opens(matter: KnownMatter) -> bool:
        '''A delivery opens when the matter has its number and its decision.'''

The page takes the name, the first sentence of the docstring and the article from the source; at run time the function
is the same one.
"""

from collections.abc import Callable
from typing import Any, TypeVar

Decided = TypeVar("Decided", bound=Callable[..., Any])


def rule(article: str = "") -> Callable[[Decided], Decided]:
    """Marks a pure function as a rule of the office; `article` is empty where no statute says it."""

    def mark(function: Decided) -> Decided:
        function.__dict__["article"] = article
        return function

    return mark
