"""However many watch a place, it is looked at once."""

import asyncio
from datetime import date

import pytest

from chassis.refusals import Away
from chassis.scope import Scope
from services.metrics.ports import Board
from services.metrics.usecases import SharedBoard
from tests.service.metrics.lives import DAY, DISTRICT, OTHER_STREET, STREET

HERE, THERE = Scope(DISTRICT, STREET), Scope(DISTRICT, OTHER_STREET)


class Looks:
    """A board that counts who looks at it, and is away as often as told."""

    def __init__(self, away: int = 0) -> None:
        self.looks: list[Scope] = []
        self._away = away

    async def board(self, scope: Scope, today: date) -> Board:
        """One more look."""
        self.looks.append(scope)
        await asyncio.sleep(0)
        if len(self.looks) <= self._away:
            raise Away
        return Board(today, {"normal": len(self.looks)}, [])


async def test_many_watchers_of_a_place_look_once() -> None:
    source = Looks()
    shared = SharedBoard(source, 60)
    boards = await asyncio.gather(*(shared.board(HERE, DAY) for _ in range(50)), shared.board(THERE, DAY))
    assert sorted(source.looks, key=str) == [HERE, THERE]
    assert len({id(board) for board in boards}) == 2


async def test_a_new_day_or_an_old_look_is_looked_at_again() -> None:
    source = Looks()
    shared = SharedBoard(source, 60)
    await shared.board(HERE, DAY)
    assert (await shared.board(HERE, date(2016, 3, 2))).on == date(2016, 3, 2)
    stale = SharedBoard(source, 0)
    await stale.board(HERE, DAY)
    await stale.board(HERE, DAY)
    assert len(source.looks) == 4


async def test_a_look_that_failed_is_not_kept() -> None:
    shared = SharedBoard(Looks(away=1), 60)
    with pytest.raises(Away):
        await shared.board(HERE, DAY)
    assert (await shared.board(HERE, DAY)).on == DAY


async def test_the_first_board_of_a_stream_is_read_after_the_stream_was_opened() -> None:
    source = Looks()
    shared = SharedBoard(source, 60)
    await shared.board(HERE, DAY)
    assert (await shared.current(HERE, DAY)).lamps == {"normal": 2}
    assert (await shared.board(HERE, DAY)).lamps == {"normal": 1}
    boards = await asyncio.gather(*(shared.current(HERE, DAY) for _ in range(50)))
    assert {board.lamps["normal"] for board in boards} == {3}
    assert (await shared.current(HERE, date(2016, 3, 2))).on == date(2016, 3, 2)
