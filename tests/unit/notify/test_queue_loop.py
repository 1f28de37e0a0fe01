"""The loop of a queue: works while there is work, rests until a wake-up, and resigns when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from chassis.refusals import Away
from services.notify.adapters import queue_loop
from services.notify.adapters.queue_loop import QueueLoop, QueuePace, QueueSize
from tests.support.ledger import StillClock

PACE = QueuePace(poll=30.0, quiet=0.0, gather=0.0)


class CountedWork:
    """Work that counts its rounds: each round does what the list says, then nothing."""

    def __init__(self, *rounds: int | Exception) -> None:
        self.rounds = list(rounds)
        self.done = 0
        self.idle = asyncio.Event()

    async def __call__(self) -> int:
        self.done += 1
        outcome = self.rounds.pop(0) if self.rounds else 0
        if not self.rounds:
            self.idle.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class RestingClock(StillClock):
    """A clock that never moves while somebody waits for it."""

    async def wait_change(self, seconds: float) -> bool:
        await asyncio.sleep(seconds)
        return False


@pytest.fixture
def leading(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Every loop leads at once; the names under which it does."""
    led: list[dict[str, str]] = []

    async def lead(_pool: object, loop: str, work: Callable[[], Awaitable[None]], *, lock: str = "") -> None:
        led.append({"loop": loop, "lock": lock})
        await work()

    monkeypatch.setattr(queue_loop, "lead", lead)
    return led


def loop_over(work: CountedWork, **more: Any) -> QueueLoop:
    return QueueLoop(object(), "messages", work, RestingClock(), PACE, **more)  # type: ignore[arg-type] # no pool is used


async def stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_rounds_follow_each_other_while_there_is_work(leading: list[dict[str, str]]) -> None:
    work = CountedWork(3, 2, 0)
    task = asyncio.create_task(loop_over(work, lock="notices").run())
    await asyncio.wait_for(work.idle.wait(), 5)
    await asyncio.sleep(0.01)
    assert work.done == 3
    assert leading == [{"loop": "messages", "lock": "notices"}]
    await stop(task)


async def test_a_wake_up_ends_the_rest(leading: list[dict[str, str]]) -> None:
    work = CountedWork(0)
    loop = loop_over(work)
    task = asyncio.create_task(loop.run())
    await asyncio.wait_for(work.idle.wait(), 5)
    await asyncio.sleep(0.01)
    work.idle.clear()
    loop.wake()
    await asyncio.wait_for(work.idle.wait(), 5)
    assert work.done == 2
    await stop(task)


async def test_a_database_that_is_away_is_looked_at_again(leading: list[dict[str, str]]) -> None:
    work = CountedWork(Away(), 0)
    loop = loop_over(work)
    task = asyncio.create_task(loop.run())
    await asyncio.sleep(0.01)
    loop.wake()
    await asyncio.wait_for(work.idle.wait(), 5)
    await stop(task)


async def test_another_error_ends_the_loop_and_it_resigns(leading: list[dict[str, str]]) -> None:
    resigned: list[bool] = []
    loop = loop_over(CountedWork(RuntimeError("a fault")), resigned=lambda: resigned.append(True))
    with pytest.raises(RuntimeError, match="a fault"):
        await loop.run()
    assert resigned == [True]


class CountingPool:
    """Answers the count of the queues."""

    def __init__(self) -> None:
        self.counts = 0

    async def fetchrow(self, _statement: str, _today: date) -> dict[str, object]:
        self.counts += 1
        return {"messages": 4, "documents": 2, "set_aside": 1, "oldest": None, "not_offered": 3}


async def test_queues_are_counted_after_a_round_without_work_and_not_too_often() -> None:
    pool = CountingPool()
    size = QueueSize(pool, StillClock())  # type: ignore[arg-type] # only counts are read
    work = size.counted(CountedWork(5, 0, 0, 0))
    assert [await work() for _ in range(4)] == [5, 0, 0, 0]
    assert pool.counts == 1
    assert queue_loop._rows.labels("messages")._value.get() == 4
    assert queue_loop._not_offered._value.get() == 3
    size.clear()
    assert queue_loop._not_offered._value.get() == 0
    assert queue_loop._oldest._value.get() == 0.0
