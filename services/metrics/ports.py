"""Ports of the use cases of metrics: figures, boards, positions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from chassis.scope import Scope
from services.metrics.domain.indicator.indicators import Indicator
from services.metrics.domain.period import Period

Row: TypeAlias = Mapping[str, Any]
"""A row of a query; its columns have the names of the contract's fields."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period, all from one snapshot."""

    period: Period
    totals: Row
    """applied, volume, closed; of each indicator `<code>_numerator` and `<code>_denominator`."""
    items: Sequence[Row]
    windows: Sequence[Row]
    cards: Row
    facts: Row


class Side(IntEnum):
    """A side of a rate; the numbers are those of the contract."""

    NUMERATOR = 1  # those that count
    DENOMINATOR = 2  # all of them
    REST = 3  # those of the denominator that do not count


@dataclass(frozen=True, slots=True)
class MattersQuery:
    """A page of the matters behind a figure: one side of an indicator in a period."""

    indicator: Indicator
    side: Side
    period: Period
    size: int
    after: tuple[str, UUID] | None = None
    """Number and application of the last matter of the page before."""


@dataclass(frozen=True, slots=True)
class Board:
    """The supervision board: open matters by lamp, today's windows."""

    on: date
    lamps: Row
    windows: Sequence[Row]


class BoardSource(Protocol):
    """Shows the board."""

    async def board(self, scope: Scope, today: date) -> Board:
        """The board as it stands; raises Away."""


class WatchedBoards(BoardSource, Protocol):
    """Boards for all who watch; `board` may be as old as the pause between two looks."""

    async def current(self, scope: Scope, today: date) -> Board:
        """The board of a place, read after this was called; raises Away."""


class FigureReader(BoardSource, Protocol):
    """Reads the projections; sees no more than the scope it is given. Every method raises Away."""

    async def figures(self, scope: Scope, period: Period) -> Figures:
        """Every figure of the period."""

    async def matters(self, scope: Scope, wanted: MattersQuery) -> tuple[Sequence[Row], int]:
        """One page, by number, and the exact count of all that match."""

    async def matter(self, scope: Scope, number: str) -> Row | None:
        """The matter of a 申办流水号 or 办件编号."""


class AwaitsPosition(Protocol):
    """Waits until a position of a stream was received."""

    async def until_reached(self, position: str) -> None:
        """Return once the position was received. Raises NotYetHere."""
