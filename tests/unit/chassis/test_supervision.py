"""Supervised loops and heartbeats: restarted when they end or die, ended when the process ends, stuck ones shown."""

import asyncio
from typing import Any

import pytest
from prometheus_client import REGISTRY

from chassis.process.supervision import Heartbeat, supervised


def restarts(loop: str) -> float:
    return REGISTRY.get_sample_value("onewindow_loop_restarts_total", {"loop": loop}) or 0.0


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses before each restart, which take no time."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def quick(seconds: float) -> None:
        if seconds:
            pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr("chassis.process.supervision.asyncio.sleep", quick)
    return pauses


async def after(count: int, loop: Any, name: str) -> None:
    """Runs a supervised loop until it was begun so many times."""
    begun = 0
    enough = asyncio.Event()

    async def counted() -> None:
        nonlocal begun
        begun += 1
        if begun == count:
            enough.set()
            await asyncio.Event().wait()
        await loop()

    task = asyncio.create_task(supervised(name, counted))
    await enough.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def dies() -> None:
    raise LookupError("a mistake")


async def ends() -> None:
    """Ends at once."""


async def cancels_itself() -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("loop", [dies, ends, cancels_itself])
async def test_a_loop_that_ends_in_any_way_is_restarted(loop: Any, pauses: list[float]) -> None:
    before = restarts(loop.__name__)
    await after(4, loop, loop.__name__)
    assert restarts(loop.__name__) - before == 3
    assert pauses == [1.0, 2.0, 4.0], "the pause grows while it keeps dying"


async def test_the_pause_has_a_limit_and_starts_again_after_a_long_life(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    await after(9, dies, "limit")
    assert max(pauses) == 30.0
    now = [0.0]
    monkeypatch.setattr("chassis.process.supervision.time.monotonic", lambda: now[0])

    async def lives_long() -> None:
        now[0] += 60.0

    pauses.clear()
    await after(3, lives_long, "long")
    assert pauses == [0.5, 0.5]


async def test_a_part_that_stands_still_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("chassis.process.supervision.time.monotonic", lambda: now[0])
    heart = Heartbeat(limit_seconds=30.0)
    assert heart.still() == [], "nothing is expected before its first beat"
    heart.beat("event_loop")
    heart.beat("publisher")
    now[0] = 20.0
    heart.beat("publisher")
    now[0] = 31.0
    assert heart.still() == ["event_loop"]


async def test_the_event_loop_beats_by_itself_and_shows_its_lag(pauses: list[float]) -> None:
    heart = Heartbeat(limit_seconds=30.0)
    beating = asyncio.create_task(heart.keep_beating())
    while len(pauses) < 3:
        await asyncio.sleep(0)
    beating.cancel()
    assert heart.still() == []
    assert REGISTRY.get_sample_value("onewindow_loop_lag_seconds") == 0.0
