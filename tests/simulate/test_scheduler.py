"""The scheduler: ways end in the order of their instants, then as they began; one of a killed process never does."""

import asyncio
from types import SimpleNamespace

import pytest

from tests.simulate.scheduler import NeverQuiet, Scheduler


def test_ways_of_one_instant_end_in_the_order_in_which_they_began() -> None:
    scheduler, ended = Scheduler(), list[str]()

    async def go(name: str, seconds: float) -> None:
        await scheduler.way(seconds)
        ended.append(name)

    async def whole() -> None:
        await asyncio.gather(go("late", 2.0), *(go(f"{n}", 1.0) for n in range(20)))

    scheduler.run(whole())
    assert ended == [*map(str, range(20)), "late"]
    assert scheduler.instant == 2.0


def test_a_way_that_was_killed_never_ends() -> None:
    scheduler, traveller = Scheduler(), SimpleNamespace(alive=True)

    async def whole() -> bool:
        way = scheduler.way(1.0, traveller)
        traveller.alive = False
        await scheduler.quiet()
        return way.done()

    assert not scheduler.run(whole())
    assert scheduler.instant == 0.0


def test_a_cancelled_timer_and_a_cancelled_turn_are_left_out() -> None:
    scheduler, called = Scheduler(), list[str]()

    async def whole() -> None:
        scheduler.call_soon(called.append, "turn").cancel()
        scheduler.call_later(1.0, called.append, "timer").cancel()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3.0):
                await scheduler.create_future()

    scheduler.run(whole())
    assert called == []
    assert scheduler.instant == 3.0


def test_tasks_that_wait_for_each_other_are_never_quiet() -> None:
    scheduler = Scheduler()

    async def whole() -> None:
        await scheduler.create_future()

    with pytest.raises(NeverQuiet):
        scheduler.run(whole())
