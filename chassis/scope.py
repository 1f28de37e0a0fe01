"""Where a call may see and change: the scope that row level security keeps, whatever file the code asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

EVERY_STREET = "*"
"""The street of a scope that reaches every street of its district."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A place, or every street of a district: what one call or one worker may see and change."""

    district: str
    street: str

    def reaches(self, place: "Scope") -> bool:
        """Whether what lives at `place` is seen and changed from here."""
        return self.district == place.district and self.street in (place.street, EVERY_STREET)


_acting: ContextVar[Scope | None] = ContextVar("acting_scope", default=None)


@contextmanager
def acting_in(scope: Scope) -> Iterator[None]:
    """Everything inside sees and changes only what `scope` reaches."""
    token = _acting.set(scope)
    try:
        yield
    finally:
        _acting.reset(token)


def acting_scope(place: Scope) -> Scope:
    """The caller's scope; `place` itself where nobody calls (loops, calls open to everyone)."""
    return _acting.get() or place
