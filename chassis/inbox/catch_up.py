"""How far a service is in the streams it receives, and calls that wait until it has caught up with them.

The end of a stream is asked of the stream itself: the count of a consumer follows it a little later, so that by the
count a service could seem to have applied all while a message lies there that it has not seen.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from nats.aio.client import Client

from chassis.event_store import StoreSettings
from chassis.nats.broker import AWAY, consumer_state, last_message
from chassis.nats.streams import Stream
from chassis.refusals import NotYetHere

Done = TypeVar("Done")

_UNREADABLE_PAUSE = 60.0
"""Seconds until an end that the account may not read is asked for again; NATS counts each request as an error."""
_ANSWER_SECONDS = 1.0
"""Seconds that a call waits for the server's word on the progress in a stream."""
_LONGEST_PAUSE = 0.25
"""Seconds at most between two tries of what was refused."""


@dataclass(frozen=True, slots=True)
class StreamProgress:
    """How far a service is in a stream, by the stream's own numbers."""

    applied: int
    """Everything up to this message is applied and acknowledged."""
    last: int
    """The last message that the stream had for this service."""


ProgressOfStream = Callable[[str], Awaitable[StreamProgress | None]]
"""How far a service is in the stream of a source; None where that is not known."""


class ProgressQuery:
    """Tells a call how far its service is in a stream, by the server's word at that moment, at any replica."""

    def __init__(self) -> None:
        self._client: Client | None = None
        self._service = ""
        self._unreadable_until: dict[str, float] = {}

    def connected(self, client: Client, service: str) -> None:
        """Asks by this connection from now on."""
        self._client, self._service = client, service

    def closed(self) -> None:
        """Asks nobody until there is a connection again."""
        self._client = None

    async def __call__(self, source: str) -> StreamProgress | None:
        """The progress in the stream of a source; None where the server does not say."""
        client = self._client
        if client is None or not client.is_connected:
            return None
        stream = Stream(source).name
        try:
            end = await self._end(client, stream)
            state = await consumer_state(client, stream, self._service, _ANSWER_SECONDS)
        except AWAY:
            return None
        if "error" in state:
            return None
        delivered = state["delivered"]["stream_seq"]
        applied = state["ack_floor"]["stream_seq"] if state["num_ack_pending"] else delivered
        return StreamProgress(applied, max(end, delivered + state["num_pending"]))

    async def _end(self, client: Client, stream: str) -> int:
        """Number of the last message of a stream; 0 where the account may not read it."""
        if time.monotonic() < self._unreadable_until.get(stream, 0.0):
            return 0
        try:
            return await last_message(client, stream, _ANSWER_SECONDS)
        except AWAY:
            self._unreadable_until[stream] = time.monotonic() + _UNREADABLE_PAUSE
            return 0


class CatchUp:
    """Refuses for what is not here only when this service has all that its sources had said by then.

    Example: approval decides, and the next call rates the matter at intake, which has not received the decision yet.
    The rating is refused, and tried again for a second, in which approval publishes what it has just stored. Then
    intake asks the server for the last message of approval's stream, and tries until it has applied that one. Only a
    refusal after that is an answer; where intake does not get there in time, the call is to be repeated. A call that is
    not refused costs nothing more.
    """

    def __init__(self, progress: ProgressOfStream, settings: StoreSettings) -> None:
        self._progress = progress
        self._settings = settings

    async def sees(self, sources: Sequence[str], look: Callable[[], Awaitable[bool]]) -> bool:
        """True as soon as `look` says so; False once everything is applied that the sources had said.

        A source whose progress the server does not know may have said anything. Raises NotYetHere.
        """
        if await look():
            return True
        clock, settings = asyncio.get_running_loop().time, self._settings
        settled_from = clock() + settings.grace
        ends, last, pause = settled_from + settings.after_limit, None, min(settings.after_recheck, settings.grace)
        while True:
            await asyncio.sleep(pause)
            if last is None and clock() >= settled_from:
                last = await self._at(sources)
            now = None if last is None else await self._at(sources)
            if await look():  # after the question: what is applied by then is seen by it
                return True
            if now is not None and last is not None and all(map(_covers, now, last)):
                return False
            if clock() >= ends:
                raise NotYetHere
            pause = min(max(2 * pause, settings.after_recheck), _LONGEST_PAUSE)

    async def complete(self, sources: Sequence[str]) -> None:
        """Returns once everything is applied that the streams of the sources had at the call, outboxes apart.

        For answers that what is on its way may have ended. Raises NotYetHere, also where the server does not say.
        """

        async def nothing() -> bool:
            return False

        await CatchUp(self._progress, replace(self._settings, grace=0)).sees(sources, nothing)

    async def done(
        self, sources: Sequence[str], act: Callable[[], Awaitable[Done]], rests: Callable[[Exception], bool]
    ) -> Done:
        """What the act gives. A refusal that `rests` on what the sources say is tried again until it is final.

        Raises the refusals of the act, and NotYetHere.
        """
        given: list[Done] = []
        refused: Exception | None = None

        async def tried() -> bool:
            nonlocal refused
            try:
                given.append(await act())
            except Exception as refusal:
                if not rests(refusal):
                    raise
                refused = refusal
            return bool(given)

        if await self.sees(sources, tried):
            return given[0]
        assert refused is not None, "what was not done was refused"
        raise refused

    async def _at(self, sources: Sequence[str]) -> list[StreamProgress] | None:
        states = [await self._progress(source) for source in sources]
        known = [each for each in states if each is not None]
        return known if len(known) == len(states) else None


def _covers(now: StreamProgress, last: StreamProgress) -> bool:
    return now.applied >= last.last
