"""A refusal that rests on what other services say is final only when all is here that they had said by then."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

import pytest

from chassis.event_store import StoreSettings
from chassis.inbox import CatchUp, StreamProgress
from chassis.refusals import NotFound, NotYetHere, StaleRevision
from tests.simulate.scheduler import Scheduler

SETTINGS = StoreSettings(after_limit=2.0, grace=1.0)
END = SETTINGS.grace + SETTINGS.after_limit
BOTH = ("intake", "approval")


@dataclass
class Streams:
    """What others publish and this service applies, by seconds; the act works once message `needs` is applied."""

    published: Callable[[float], int]
    applied: Callable[[float], int]
    needs: int = 9
    known_from: float = 0.0
    deaf_to: str = ""
    tries: list[float] = field(default_factory=list)
    asked: int = 0

    async def progress(self, source: str) -> StreamProgress | None:
        self.asked += 1
        now = asyncio.get_running_loop().time()
        if now < self.known_from or source == self.deaf_to:
            return None
        return StreamProgress(self.applied(now), self.published(now))

    async def act(self) -> str:
        now = asyncio.get_running_loop().time()
        self.tries.append(now)
        if self.applied(now) < self.needs:
            raise NotFound
        return "done"

    def called(self) -> tuple[object, float]:
        """The answer of a call, or the class of its refusal, and when it came."""

        async def call() -> tuple[object, float]:
            try:
                end: object = await CatchUp(self.progress, SETTINGS).done(BOTH, self.act, _of_others)
            except (NotFound, NotYetHere) as refused:
                end = type(refused)
            return end, asyncio.get_running_loop().time()

        return in_virtual_time(call())


def _of_others(refusal: Exception) -> bool:
    return isinstance(refusal, NotFound)


def in_virtual_time(work: Coroutine[object, object, tuple[object, float]]) -> tuple[object, float]:
    scheduler = Scheduler()
    try:
        return scheduler.run_until_complete(work)
    finally:
        scheduler.close()


def from_second(second: float, after: int, before: int = 0) -> Callable[[float], int]:
    return lambda now: after if now >= second else before


def always(number: int) -> Callable[[float], int]:
    return lambda _now: number


def test_what_is_here_is_answered_at_once_and_asks_nobody() -> None:
    streams = Streams(always(9), always(9))
    assert streams.called() == ("done", 0.0)
    assert (len(streams.tries), streams.asked) == (1, 0)


@pytest.mark.parametrize("second", [0.05, 0.4, 0.99])
def test_what_was_in_the_outbox_when_the_call_came_is_awaited(second: float) -> None:
    end, at = Streams(from_second(second, 9), from_second(second, 9)).called()
    assert end == "done"
    assert second <= at <= second + 0.25


def test_a_refusal_is_final_when_all_is_applied_that_was_published_by_then() -> None:
    streams = Streams(from_second(1.3, 400, 8), always(8))
    end, at = streams.called()
    assert end is NotFound
    assert SETTINGS.grace <= at <= SETTINGS.grace + 0.3
    assert streams.tries[-1] >= SETTINGS.grace


def test_a_service_that_is_behind_tries_until_it_has_caught_up() -> None:
    end, at = Streams(always(9), from_second(1.8, 9, 4)).called()
    assert end == "done"
    assert 1.8 <= at <= 2.1
    end, at = Streams(always(9), from_second(1.8, 9, 4), needs=10).called()
    assert end is NotFound
    assert 1.8 <= at <= 2.1


@pytest.mark.parametrize(
    "streams",
    [
        Streams(always(9), always(8)),
        Streams(always(9), always(8), known_from=60),
        Streams(always(8), always(8), deaf_to="approval"),
    ],
    ids=["behind", "the server says nothing", "one of two subscriptions is gone"],
)
def test_what_may_still_come_is_refused_for_now(streams: Streams) -> None:
    end, at = streams.called()
    assert end is NotYetHere
    assert END <= at <= END + 0.25
    assert len(streams.tries) <= 20


@pytest.mark.parametrize(
    ("streams", "end", "between", "asked"),
    [
        pytest.param(Streams(always(9), always(9)), None, (0.0, 0.0), 4, id="nothing is missing"),
        pytest.param(Streams(from_second(0.1, 99, 9), from_second(0.7, 9)), None, (0.7, 1.0), 20, id="behind"),
        pytest.param(Streams(always(9), always(9), known_from=0.5), None, (0.5, 0.8), 20, id="known late"),
        pytest.param(Streams(always(9), always(8)), NotYetHere, (2.0, 2.3), 40, id="behind for long"),
        pytest.param(Streams(always(9), always(9), deaf_to="approval"), NotYetHere, (2.0, 2.3), 40, id="not known"),
    ],
)
def test_an_answer_rests_on_all_that_the_streams_had_at_the_call(
    streams: Streams, end: object, between: tuple[float, float], asked: int
) -> None:
    async def call() -> tuple[object, float]:
        refused: object = None
        try:
            await CatchUp(streams.progress, SETTINGS).complete(BOTH)
        except NotYetHere as refusal:
            refused = type(refusal)
        return refused, asyncio.get_running_loop().time()

    found, at = in_virtual_time(call())
    assert found is end
    assert between[0] <= at <= between[1]
    assert streams.asked <= asked


def test_a_refusal_for_what_is_here_is_final_at_once() -> None:
    async def refused() -> None:
        raise StaleRevision

    async def call() -> tuple[object, float]:
        with pytest.raises(StaleRevision):
            await CatchUp(Streams(always(0), always(0)).progress, SETTINGS).done(BOTH, refused, _of_others)
        return None, asyncio.get_running_loop().time()

    assert in_virtual_time(call()) == (None, 0.0)


def test_without_a_grace_the_streams_alone_say_it() -> None:
    async def never() -> bool:
        return False

    async def call() -> tuple[object, float]:
        settled = CatchUp(Streams(always(3), always(3)).progress, StoreSettings(grace=0))
        return await settled.sees(["intake"], never), asyncio.get_running_loop().time()

    assert in_virtual_time(call()) == (False, 0.0)
