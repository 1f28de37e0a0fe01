"""Everything metrics can tell: figures, the matters behind them, how far a matter is, the board."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.clock import Clock
from chassis.refusals import NotFound
from chassis.rpc.identity.caller import DISTRICT, Caller
from chassis.scope import EVERY_STREET, Scope
from chassis.vault import is_query_code
from law.not_allowed import WrongDesk
from services.metrics.domain.period import Period
from services.metrics.ports import AwaitsPosition, Behind, Board, BoardSource, Figures, Projections, Row


@dataclass(frozen=True, slots=True)
class Pace:
    """How a board is watched, in seconds."""

    pause: float
    """Between two looks; nobody is told more often."""
    limit: float
    """After which the stream ends; who watches opens another."""


class Supervision:
    """What heads, supervisors and auditors read of the places they may see."""

    def __init__(
        self, projections: Projections, boards: BoardSource, hears: AwaitsPosition, clock: Clock, pace: Pace
    ) -> None:
        self._projections = projections
        self._boards = boards
        self._hears = hears
        self._clock = clock
        self._pace = pace

    async def report(self, scope: Scope, period: Period, after: str) -> Figures:
        """The figures of a period."""
        await self._hears.until_reached(after)
        return await self._projections.figures(scope, period)

    async def behind(self, scope: Scope, asked: Behind) -> tuple[Sequence[Row], int]:
        """A page of exactly the matters that one side of an indicator counts, and how many they are."""
        return await self._projections.behind(scope, asked)

    async def watch(self, scope: Scope) -> AsyncIterator[Board]:
        """The board now, and again whenever it has changed."""
        shown: Board | None = None
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._pace.limit
        while loop.time() < ends:
            board = await self._boards.board(scope, self._clock.today())
            if board != shown:
                shown = board
                yield board
            await asyncio.sleep(self._pace.pause)


class Progress:
    """How far a matter is, for who has its number and its query code."""

    def __init__(
        self, projections: Projections, hears: AwaitsPosition, district: str, pepper: Callable[[], bytes]
    ) -> None:
        self._projections = projections
        self._hears = hears
        self._scope = Scope(district, EVERY_STREET)
        self._pepper = pepper

    async def of(self, number: str, query_code: str, after: str) -> Row:
        """What was told of the matter. Raises NotFound, the same for an unknown number and for a wrong code."""
        await self._hears.until_reached(after)
        told = await self._projections.matter(self._scope, number)
        application_id = told["application_id"] if told else _NOBODYS
        digest = bytes.fromhex(told["query_code_digest"] or "") if told else b""
        if not is_query_code(self._pepper(), application_id, query_code, digest) or told is None:
            raise NotFound
        return told


def reach(caller: Caller, street: str) -> Scope:
    """Where a caller looks: `street`, or everything it may see when that is empty. Raises WrongDesk."""
    own = EVERY_STREET if caller.level == DISTRICT else caller.street
    if street and (own not in (EVERY_STREET, street) or not street.startswith(caller.district)):
        raise WrongDesk("street")
    return Scope(caller.district, street or own)


_NOBODYS = UUID(int=0)
"""Stands for the application of an unknown number, so that its answer takes as long as that of a wrong code."""
