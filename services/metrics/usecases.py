"""Use cases of metrics: reports, the matters behind a figure, progress of a matter, the supervision board."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from chassis.clock import Clock
from chassis.event_store import SharedLook
from chassis.refusals import NotFound
from chassis.rpc.identity.caller import DISTRICT, Caller
from chassis.scope import EVERY_STREET, Scope
from chassis.vault import is_query_code
from law.desk import Machine, Place
from law.not_allowed import Malformed, WrongDesk
from protocol.query_codes import WrongCodes
from services.metrics.domain.period import Period
from services.metrics.ports import (
    AwaitsPosition,
    Board,
    BoardSource,
    FigureReader,
    Figures,
    MattersQuery,
    Row,
    WatchedBoards,
)

_NO_APPLICATION = UUID(int=0)
"""Stands for the application of an unknown number, so that its answer takes as long as that of a wrong code."""


@dataclass(frozen=True, slots=True)
class BoardPace:
    """Pace at which a board is watched, in seconds."""

    pause: float
    """Between two looks; a board is sent no more often."""
    limit: float
    """After which the stream ends; a client opens another."""


class Supervision:
    """Reports and boards for heads, supervisors and auditors of the places they may see."""

    def __init__(
        self, figures: FigureReader, boards: WatchedBoards, positions: AwaitsPosition, clock: Clock, pace: BoardPace
    ) -> None:
        self._figures = figures
        self._boards = boards
        self._positions = positions
        self._clock = clock
        self._pace = pace

    async def reached(self, after: str) -> None:
        """Waits for the positions that a call names. Raises Invalid, NotYetHere."""
        await self._positions.until_reached(after)

    async def report(self, scope: Scope, period: Period) -> Figures:
        """The figures of a period."""
        return await self._figures.figures(scope, period)

    async def matters(self, scope: Scope, wanted: MattersQuery) -> tuple[Sequence[Row], int]:
        """A page of exactly the matters that one side of an indicator counts, and their number."""
        return await self._figures.matters(scope, wanted)

    async def watch(self, scope: Scope) -> AsyncIterator[Board]:
        """The board as it stands when the stream is opened, and again whenever it has changed."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._pace.limit
        shown: Board | None = None
        look = self._boards.current
        while loop.time() < ends:
            board = await look(scope, self._clock.today())
            look = self._boards.board
            if board != shown:
                shown = board
                yield board
            await asyncio.sleep(self._pace.pause)


class SharedBoard:
    """Boards for all who watch: however many they are, a place is read once in `seconds`, and for who comes new."""

    def __init__(self, source: BoardSource, seconds: float) -> None:
        self._source = source
        self._seconds = seconds
        self._looks: dict[Scope, tuple[float, date, asyncio.Task[Board]]] = {}
        self._current: dict[Scope, tuple[date, SharedLook[Board]]] = {}

    async def current(self, scope: Scope, today: date) -> Board:
        """The board of a place, read after this was called: it has what its caller has seen elsewhere."""
        shared = self._current.get(scope)
        if shared is None or shared[0] != today:
            shared = self._current[scope] = today, SharedLook(partial(self._source.board, scope, today))
        return await shared[1]()

    async def board(self, scope: Scope, today: date) -> Board:
        """The board of a place as it stood at most `seconds` ago."""
        look = self._looks.get(scope)
        if look is None or look[1] != today or time.monotonic() - look[0] >= self._seconds or _failed(look[2]):
            look = time.monotonic(), today, asyncio.create_task(self._source.board(scope, today))
            self._looks[scope] = look
        return await asyncio.shield(look[2])


class Progress:
    """Progress of a matter for the holder of its number and its query code."""

    def __init__(
        self,
        figures: FigureReader,
        positions: AwaitsPosition,
        district: str,
        pepper: Callable[[], bytes],
        wrong_codes: WrongCodes,
    ) -> None:
        self._wrong_codes = wrong_codes
        self._figures = figures
        self._positions = positions
        self._scope = Scope(district, EVERY_STREET)
        self._pepper = pepper

    async def of(self, number: str, query_code: str, after: str) -> Row:
        """The row of the matter. Raises NotFound, the same for an unknown number and for a wrong code; TooManyCalls."""
        await self._positions.until_reached(after)
        matter = await self._figures.matter(self._scope, number)
        application_id = matter["application_id"] if matter else _NO_APPLICATION
        digest = bytes.fromhex(matter["query_code_digest"] or "") if matter else b""
        is_right = partial(is_query_code, self._pepper(), application_id, query_code, digest)
        if not self._wrong_codes.prove(number, is_right) or matter is None:
            raise NotFound
        return matter


class UnknownReportStreet(Malformed):
    """Figures are asked of a street that the district published, or that has matters or windows from before."""

    sentence = "本区没有公布街道{street}。"


def reach(caller: Caller, street: str) -> Scope:
    """The scope a caller reads: `street`, or everything it may see when that is empty.

    The reserved place is the probe's alone, whether a test has left rows there or not. Raises WrongDesk.
    """
    own = EVERY_STREET if caller.level == DISTRICT else caller.street
    if street and (own not in (EVERY_STREET, street) or not street.startswith(caller.district)):
        raise WrongDesk("street")
    if street and Place(caller.district, street).synthetic and caller.system != Machine.PROBE:
        raise WrongDesk("street")
    return Scope(caller.district, street or own)


def _failed(look: "asyncio.Task[Board]") -> bool:
    return look.done() and (look.cancelled() or look.exception() is not None)
