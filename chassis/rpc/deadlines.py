"""Deadlines of calls: the client's own, never without a limit, and no work that cannot end in time."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

from chassis.refusals import Leaving, OutOfTime, Refusal, StreamEnded

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds for a call without a deadline, for any call, for a stream, and the least that must be left to begin."""

    default: float = 10.0
    limit: float = 30.0
    stream_limit: float = 300.0
    least: float = 0.1

    def own_limit(self, remaining: float | None, *, stream: bool = False) -> float | None:
        """Time limit that this side enforces, in seconds; None when the client's own deadline ends the call in time.

        Raises OutOfTime when too little is left to begin.
        """
        limit = self.stream_limit if stream else self.limit
        if remaining is None:
            return self.stream_limit if stream else self.default
        if remaining < self.least:
            raise OutOfTime
        return limit if remaining > limit else None


class Ends:
    """Early ends of calls when the process leaves: streams of answers soon, other calls just before they are cut."""

    def __init__(self) -> None:
        self.leaving = False
        self.cutting = False
        self.calls: set[asyncio.Task[Any]] = set()
        """Tasks of the calls with one answer."""
        self._waits: set[asyncio.Timeout] = set()

    def leave(self) -> None:
        """Ends every stream of answers, each with Leaving."""
        self.leaving = True
        for wait in self._waits:
            if not wait.expired():
                wait.reschedule(0)

    def cut(self) -> None:
        """Ends the calls that are still under way, each with Leaving."""
        self.cutting = True
        for call in self.calls:
            call.cancel()

    async def next_in_time(self, until: float | None, answers: AsyncIterator[Answer]) -> Answer:
        """Next answer of a stream; raises StreamEnded after `until` of the loop's clock, Leaving when it leaves."""
        if self.leaving:
            raise Leaving
        wait = asyncio.timeout_at(until)
        self._waits.add(wait)
        try:
            async with wait:
                return await anext(answers)
        except TimeoutError:
            if wait.expired():
                raise self._reason() from None
            raise
        finally:
            self._waits.discard(wait)

    def _reason(self) -> Refusal:
        return Leaving() if self.leaving else StreamEnded()


async def in_time(seconds: float | None, work: Awaitable[Answer]) -> Answer:
    """Result of `work` within `seconds`, else raises OutOfTime. None leaves the limit to the client's deadline."""
    if seconds is None:
        return await work
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await work
    except TimeoutError:
        if limit.expired():
            raise OutOfTime from None
        raise


async def each_in_time(seconds: float | None, answers: AsyncIterable[Answer], ends: Ends) -> AsyncIterator[Answer]:
    """Answers of a stream; raises StreamEnded once it has been open for `seconds`, Leaving when the process leaves."""
    until = None if seconds is None else asyncio.get_running_loop().time() + seconds
    iterator = aiter(answers)
    while True:
        try:
            answer = await ends.next_in_time(until, iterator)
        except StopAsyncIteration:
            return
        yield answer
