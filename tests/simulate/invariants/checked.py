"""A quiet world as invariants look at it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.simulate.play import Played
from tests.simulate.record import MatterRecord, Recorded
from tests.simulate.world import World

Violations = Iterator[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """What invariants look at."""

    played: Played
    matters: Sequence[MatterRecord]

    @property
    def world(self) -> World:
        """The world as it stands."""
        return self.played.world


def same(name: str, stored: Any, expected: Any) -> Violations:
    """A sentence where a value is not the expected one."""
    if stored != expected:
        yield f"{name}: {stored}, expected {expected}"


def day(text: str) -> date:
    """A date of a fact."""
    return date.fromisoformat(text)


def table(checked: Checked, service: str, name: str) -> list[Any]:
    """The rows of a table."""
    return checked.world.databases[service].table(name)


def ends(fact: Recorded) -> bool:
    """True for a fact by which a leg ends."""
    if fact.kind in ("case_decided", "case_withdrawn"):
        return True
    return fact.kind in ("case_referred", "district_decided") and bool(fact.body.closes)
