"""Deadlines of calls: the client's own, never without a limit, and no work that cannot end in time."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import TypeVar

from chassis.refusals import OutOfTime

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


async def each_in_time(seconds: float | None, answers: AsyncIterable[Answer]) -> AsyncIterator[Answer]:
    """Answers of a stream; raises OutOfTime once it has been open for `seconds`."""
    clock = asyncio.get_running_loop().time
    ends = None if seconds is None else clock() + seconds
    iterator = aiter(answers)
    while True:
        try:
            answer = await in_time(None if ends is None else ends - clock(), anext(iterator))
        except StopAsyncIteration:
            return
        yield answer
