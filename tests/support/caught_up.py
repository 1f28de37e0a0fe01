"""A service that has applied all that the streams have, as most tests have it."""

from collections.abc import Awaitable, Callable

from chassis.event_store import StoreSettings
from chassis.inbox import CatchUp, StreamProgress


async def _nothing_waits(_source: str) -> StreamProgress:
    return StreamProgress(0, 0)


CAUGHT_UP = CatchUp(_nothing_waits, StoreSettings(grace=0))
"""Every refusal is final at once."""


async def _one_waits(_source: str) -> StreamProgress:
    return StreamProgress(0, 1)


NOT_CAUGHT_UP = CatchUp(_one_waits, StoreSettings(grace=0, after_limit=0.05))
"""Something was said that does not come."""


def arriving(receive: Callable[[], Awaitable[object]]) -> CatchUp:
    """What others have said is received after the first refusal, once, and then there is no more."""
    received: list[bool] = []

    async def progress(_source: str) -> StreamProgress:
        if not received:
            received.append(True)
            await receive()
        return StreamProgress(1, 1)

    return CatchUp(progress, StoreSettings(grace=0))
