"""Supervision boards shared between watchers: one look at a place serves everybody who watches it."""

import asyncio
import time
from datetime import date

from chassis.scope import Scope
from services.metrics.ports import Board, BoardSource


class SharedBoard:
    """Boards that are at most `seconds` old; however many watch, a place is read once in that time."""

    def __init__(self, source: BoardSource, seconds: float) -> None:
        self._source = source
        self._seconds = seconds
        self._looks: dict[Scope, tuple[float, date, asyncio.Task[Board]]] = {}

    async def board(self, scope: Scope, today: date) -> Board:
        """The board of a place as it stood just now."""
        look = self._looks.get(scope)
        if look is None or look[1] != today or time.monotonic() - look[0] >= self._seconds or _failed(look[2]):
            look = time.monotonic(), today, asyncio.create_task(self._source.board(scope, today))
            self._looks[scope] = look
        return await asyncio.shield(look[2])


def _failed(look: "asyncio.Task[Board]") -> bool:
    return look.done() and (look.cancelled() or look.exception() is not None)
