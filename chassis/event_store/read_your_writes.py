"""Read your writes: positions that callers carry between services, and calls that wait until one is reached.

Example: a clerk accepts an application; intake answers with position `intake/440105/440105008/<id>/3`. The next call
goes to approval with this position as `after`. Approval receives intake's facts by its inbox; if revision 3 of the file
is not applied yet, the call waits for it, woken by the inbox of the same process or by its own look at the database.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from chassis.event_store.model import FileKey
from chassis.event_store.store import StoreSettings
from chassis.refusals import Invalid, NotYetHere
from chassis.rpc.identity.caller import is_street
from chassis.scope import Scope

_NOT_OURS = ("after", "应为此前答复中给出的位置标记。")
_LAST_REVISION = 2**31 - 1
"""Largest revision that the column holds."""

Seen = TypeVar("Seen")


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
    """Sources whose facts its inbox receives. The service itself is among them where its facts change other files."""
    ignored: Sequence[str] = ()
    """Sources whose facts it never receives, so that no answer depends on them."""


def position_of(source: str, key: FileKey, revision: int) -> str:
    """Position as text: source, place, file and revision between slashes."""
    return f"{source}/{key.district}/{key.street}/{key.file_id}/{revision}"


def read_positions(text: str) -> list[Position]:
    """Positions in a text, several between commas. Raises Invalid for a text that no answer gave."""
    return [_read(part) for part in text.split(",") if part]


class PositionSignal:
    """Wakes the calls of this process that wait for a file. It says when to look; only the database says what is true.

    Nothing is remembered: a call that comes later asks the database, as it would at any other replica.
    """

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, FileKey], set[asyncio.Event]] = {}

    def notify(self, source: str, moved: Iterable[FileKey]) -> None:
        """Files of this source that have moved on, and are committed."""
        for key in moved:
            for event in self._waiting.get((source, key), ()):
                event.set()

    @contextmanager
    def watching(self, source: str, key: FileKey) -> Iterator[asyncio.Event]:
        """An asyncio event that is set whenever the file moves on."""
        reached_event, name = asyncio.Event(), (source, key)
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
        self,
        sources: PositionSources,
        has_reached: HasReached,
        signal: PositionSignal,
        settings: StoreSettings,
        district: str,
    ) -> None:
        """`district` is the one that this service serves: facts of another never come here."""
        self._own = sources.own
        self._received = frozenset(sources.received)
        self._known = self._received.union((sources.own, *sources.ignored)) - {""}
        self._has_reached = has_reached
        self._signal = signal
        self._settings = settings
        self._district = district

    async def until_reached(self, text: str, at: Scope | None = None) -> None:
        """Waits for every position in the text whose source this service receives.

        Positions of ignored sources are not awaited. A position of the service itself is awaited by a call at another
        place (`at`), where something may follow from it; at its own place it is stored. Raises Invalid, also for an
        unknown source and for a place outside the district; NotYetHere.
        """
        positions = read_positions(text)
        if not all(self._may_come(position) for position in positions):
            raise Invalid(fields=[_NOT_OURS])
        awaited = [position for position in positions if self._is_awaited(position, at)]
        if not awaited:
            return
        try:
            async with asyncio.timeout(self._settings.after_limit):
                for position in awaited:
                    await self._until(position.source, position.key, partial(self._has_reached, position))
        except TimeoutError as error:
            raise NotYetHere(metadata={"after": text}, fields=[("after", NotYetHere.default)]) from error

    async def reached(self, position: Position) -> bool:
        """True when the position is reached now."""
        return await self._has_reached(position)

    def _may_come(self, position: Position) -> bool:
        place = position.key.scope
        in_district = place.district == self._district and is_street(place.street, self._district)
        return in_district and position.source in self._known

    def _is_awaited(self, position: Position, at: Scope | None) -> bool:
        if position.source == self._own and (at is None or at == position.key.scope):
            return False
        return position.source in self._received

    async def until(self, source: str, key: FileKey, look: Callable[[], Awaitable[bool]]) -> None:
        """Waits until `look` says so, as long as a call waits for a position; woken whenever the file moves on.

        For what follows later from received facts, as a document that is still being set does. Raises NotYetHere.
        """
        try:
            async with asyncio.timeout(self._settings.after_limit):
                await self._until(source, key, look)
        except TimeoutError as error:
            raise NotYetHere from error

    async def _until(self, source: str, key: FileKey, look: Callable[[], Awaitable[bool]]) -> None:
        """Watches before the first look, so that no signal is missed; looks less often the longer it takes."""
        pause = self._settings.after_recheck
        with self._signal.watching(source, key) as reached_event:
            while not await look():
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await reached_event.wait()
                reached_event.clear()
                pause *= 2


class SharedLook(Generic[Seen]):
    """A look at something that any number of calls share; each gets one that began after it had asked.

    Example: A asks, and a look begins. B and C ask while it runs. It may have missed what was committed before B and C
    came, so both wait for it and then share the next one. However many ask, one look runs and one waits.
    """

    def __init__(self, look: Callable[[], Awaitable[Seen]]) -> None:
        self._look = look
        self._running: asyncio.Task[Seen] | None = None
        self._next: asyncio.Task[Seen] | None = None

    async def __call__(self) -> Seen:
        """What a look sees that begins after this call. Raises what the look raises."""
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._running))
            self._next.add_done_callback(_forget_failure)
        return await asyncio.shield(self._next)

    async def _after(self, running: "asyncio.Task[Seen] | None") -> Seen:
        if running is not None:
            await asyncio.wait([running])
        self._running, self._next = self._next, None
        return await self._look()


def _forget_failure(task: "asyncio.Task[Seen]") -> None:
    """Reads the error of a look whose callers have all gone, so that it is not reported as lost."""
    if not task.cancelled():
        task.exception()


def _read(part: str) -> Position:
    try:
        source, district, street, file_id, revision = part.split("/")
        position = Position(source, FileKey(district, street, UUID(file_id)), int(revision))
        written = position_of(source, position.key, position.revision)  # other forms of a number or a UUID are read too
        if written != part or not 0 <= position.revision <= _LAST_REVISION:
            raise ValueError(part)
    except ValueError as error:
        raise Invalid(fields=[_NOT_OURS]) from error
    return position
