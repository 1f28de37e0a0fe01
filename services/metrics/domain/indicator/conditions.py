"""Conditions over matters, as data: an indicator says what it counts, and an adapter compiles that to SQL.

Example: "accepted in the period and completed on the spot" is `Every(During("accepted_on"), IsTrue("instant"))`.
`holds` is the meaning; SQL compiled from a condition selects the same matters, which a property test proves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never

from services.metrics.domain.period import Period


@dataclass(frozen=True, slots=True)
class During:
    """The day of a column lies in the period, both ends included; false while there is no day."""

    column: str


@dataclass(frozen=True, slots=True)
class IsTrue:
    """The column says yes; neither no nor nothing."""

    column: str


@dataclass(frozen=True, slots=True)
class IsKnown:
    """The column has a value."""

    column: str


@dataclass(frozen=True, slots=True)
class Within:
    """The number of a column lies between two numbers, both included."""

    column: str
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Every:
    """All of several conditions."""

    conditions: "tuple[Condition, ...]"


Condition: TypeAlias = During | IsTrue | IsKnown | Within | Every


def every(*conditions: Condition) -> Every:
    """All of these conditions."""
    return Every(conditions)


def holds(condition: Condition, matter: Mapping[str, object], period: Period) -> bool:
    """True for a matter that the condition counts in the period; `matter` is a row of `matter_figures` by column."""
    match condition:
        case During(column):
            on = matter[column]
            return isinstance(on, date) and period.first <= on <= period.last
        case IsTrue(column):
            return matter[column] is True
        case IsKnown(column):
            return matter[column] is not None
        case Within(column, lowest, highest):
            number = matter[column]
            return isinstance(number, int) and lowest <= number <= highest
        case Every(conditions):
            return all(holds(each, matter, period) for each in conditions)
    assert_never(condition)
