"""Where a file stands in its stream, as a text a caller carries from one service to the next."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from chassis.event_store.limits import StoreSettings
from chassis.event_store.model import FileKey
from chassis.refusals import Invalid, NotYetHere

_NOT_OURS = ("after", "应为此前答复中给出的位置标记。")
_LAST_REVISION = 2**31 - 1
"""What PostgreSQL keeps of a revision."""


@dataclass(frozen=True, slots=True)
class Position:
    """One file of one source at one revision."""

    source: str
    key: FileKey
    revision: int


@dataclass(frozen=True, slots=True)
class PositionSources:
    """Whose positions a service may be shown."""

    own: str
    """Itself, whose facts are there when they are told; empty where it has none."""
    received: Sequence[str]
    """Those whose facts it hears, sooner or later."""
    ignored: Sequence[str] = ()
    """Those whose facts never come to it, so that nothing it answers depends on them."""


def position_of(source: str, key: FileKey, revision: int) -> str:
    """The position as text: source, place, file and revision between slashes."""
    return f"{source}/{key.district}/{key.street}/{key.file_id}/{revision}"


def read_positions(text: str) -> list[Position]:
    """The positions in a text, several between commas. Raises Invalid when it is none of ours."""
    return [_read(part) for part in text.split(",") if part]


class PositionSignal:
    """Rings in this process when a file was heard, so that who waits for it need not ask the database.

    How far the last `kept` files were heard is remembered for those who come later.
    """

    def __init__(self, capacity: int = 8192) -> None:
        self._capacity = capacity
        self._reached: OrderedDict[tuple[str, FileKey], int] = OrderedDict()
        self._waiting: dict[tuple[str, FileKey], set[asyncio.Event]] = {}

    def notify(self, source: str, reached: Mapping[FileKey, int]) -> None:
        """These files of this source were heard to these revisions."""
        for key, revision in reached.items():
            name = (source, key)
            self._reached[name] = max(revision, self._reached.pop(name, 0))
            for event in self._waiting.get(name, ()):
                event.set()
        while len(self._reached) > self._capacity:
            self._reached.popitem(last=False)

    def has_reached(self, position: Position) -> bool:
        """Whether it is remembered that the file was heard to this revision or further."""
        return self._reached.get((position.source, position.key), 0) >= position.revision

    @contextmanager
    def watching(self, position: Position) -> Iterator[asyncio.Event]:
        """An event that is set whenever the file of this position was heard further."""
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
    """Asks the database whether a position was heard: `chassis.inbox.Marks`."""

    def __call__(self, position: Position, /) -> Awaitable[bool]:
        """Whether the file was heard to this revision or further."""


class PositionWaiter:
    """Read your writes: a call waits until this service has heard as far as its caller has seen."""

    def __init__(
        self, sources: PositionSources, has_reached: HasReached, signal: PositionSignal, settings: StoreSettings
    ) -> None:
        self._received = frozenset(sources.received)
        self._known = self._received.union((sources.own, *sources.ignored)) - {""}
        self._has_reached = has_reached
        self._signal = signal
        self._settings = settings

    async def until_reached(self, text: str) -> None:
        """Wait for every position in the text that this service hears of.

        Its own, and those of whom it never hears, need no waiting. Raises Invalid, also for a source that there is not;
        NotYetHere.
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
        """Listens before it looks, so that no bell is missed; looks less often the longer it takes."""
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
