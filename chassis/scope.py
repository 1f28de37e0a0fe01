"""Scope of a call: the places that it may see and change, enforced by row level security."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

EVERY_STREET = "*"
"""The street of a scope that reaches every street of its district."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A place, or every street of a district, that a call or a worker may see and change."""

    district: str
    street: str

    def reaches(self, place: "Scope") -> bool:
        """True when files at `place` may be seen and changed in this scope."""
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
    """Scope of the current caller; `place` itself in loops and in calls open to everyone."""
    return _acting.get() or place
