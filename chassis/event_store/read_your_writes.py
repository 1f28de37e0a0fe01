"""Read your writes: positions that callers carry between services, and calls that wait until one is reached.

Example: a clerk accepts an application; intake answers with position `intake/440105/440105008/<id>/3`. The next call
goes to approval with this position as `after`. Approval receives intake's facts by its inbox; if revision 3 of the file
is not applied yet, the call waits for it, woken by the inbox of the same process or by its own look at the database.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from chassis.event_store.model import FileKey
from chassis.event_store.store import StoreSettings
from chassis.refusals import Invalid, NotYetHere

_NOT_OURS = ("after", "应为此前答复中给出的位置标记。")
_LAST_REVISION = 2**31 - 1
"""Largest revision that the column holds."""


@dataclass(frozen=True, slots=True)
class Position:
    """One file of one source at one revision."""

    source: str
    key: FileKey
    revision: int


@dataclass(frozen=True, slots=True)
class PositionSources:
    """Sources of the positions that a service accepts."""

    own: str
    """The service itself, whose facts are stored before their positions are given; empty where it has none."""
    received: Sequence[str]
    """Sources whose facts its inbox receives."""
    ignored: Sequence[str] = ()
    """Sources whose facts it never receives, so that no answer depends on them."""


def position_of(source: str, key: FileKey, revision: int) -> str:
    """Position as text: source, place, file and revision between slashes."""
    return f"{source}/{key.district}/{key.street}/{key.file_id}/{revision}"


def read_positions(text: str) -> list[Position]:
    """Positions in a text, several between commas. Raises Invalid for a text that no answer gave."""
    return [_read(part) for part in text.split(",") if part]


class PositionSignal:
    """Wakes the calls of this process that wait for a position, so that they need not query the database.

    Remembers the revisions of the last `capacity` files, for calls that come later.
    """

    def __init__(self, capacity: int = 8192) -> None:
        self._capacity = capacity
        self._reached: OrderedDict[tuple[str, FileKey], int] = OrderedDict()
        self._waiting: dict[tuple[str, FileKey], set[asyncio.Event]] = {}

    def notify(self, source: str, reached: Mapping[FileKey, int]) -> None:
        """Files of this source that the inbox has applied up to these revisions."""
        for key, revision in reached.items():
            name = (source, key)
            self._reached[name] = max(revision, self._reached.pop(name, 0))
            for event in self._waiting.get(name, ()):
                event.set()
        while len(self._reached) > self._capacity:
            self._reached.popitem(last=False)

    def has_reached(self, position: Position) -> bool:
        """True when the file is remembered to have reached this revision."""
        return self._reached.get((position.source, position.key), 0) >= position.revision

    @contextmanager
    def watching(self, position: Position) -> Iterator[asyncio.Event]:
        """An asyncio event that is set whenever the file of this position moves on."""
        reached_event, name = asyncio.Event(), (position.source, position.key)
        waiting = self._waiting.setdefault(name, set())
        waiting.add(reached_event)
        try:
            yield reached_event
        finally:
            waiting.discard(reached_event)
            if not waiting:
                self._waiting.pop(name, None)


class HasReached(Protocol):
    """Query of the database for a reached position: `chassis.inbox.InboxOffsets`."""

    def __call__(self, position: Position, /) -> Awaitable[bool]:
        """True when the file was applied up to this revision or further."""


class PositionWaiter:
    """Lets a call wait until this service has reached the positions of its caller."""

    def __init__(
        self, sources: PositionSources, has_reached: HasReached, signal: PositionSignal, settings: StoreSettings
    ) -> None:
        self._received = frozenset(sources.received)
        self._known = self._received.union((sources.own, *sources.ignored)) - {""}
        self._has_reached = has_reached
        self._signal = signal
        self._settings = settings

    async def until_reached(self, text: str) -> None:
        """Waits for every position in the text whose source this service receives.

        Positions of the service itself and of ignored sources are not awaited. Raises Invalid, also for an unknown
        source; NotYetHere.
        """
        positions = read_positions(text)
        if any(position.source not in self._known for position in positions):
            raise Invalid(fields=[_NOT_OURS])
        awaited = [position for position in positions if position.source in self._received]
        if not awaited:
            return
        try:
            async with asyncio.timeout(self._settings.after_limit):
                for position in awaited:
                    await self._until(position)
        except TimeoutError as error:
            raise NotYetHere(metadata={"after": text}, fields=[("after", NotYetHere.default)]) from error

    async def _until(self, position: Position) -> None:
        """Watches before the first look, so that no signal is missed; looks less often the longer it takes."""
        pause = self._settings.after_recheck
        with self._signal.watching(position) as reached_event:
            while not (self._signal.has_reached(position) or await self._has_reached(position)):
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await reached_event.wait()
                reached_event.clear()
                pause *= 2


def _read(part: str) -> Position:
    try:
        source, district, street, file_id, revision = part.split("/")
        position = Position(source, FileKey(district, street, UUID(file_id)), int(revision))
        if not 0 <= position.revision <= _LAST_REVISION:
            raise ValueError(revision)
    except ValueError as error:
        raise Invalid(fields=[_NOT_OURS]) from error
    return position
