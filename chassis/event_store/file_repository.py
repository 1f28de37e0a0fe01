"""Load, decide, append: the only road by which a file ever changes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias

from prometheus_client import Counter

from chassis.clock import Clock
from chassis.event_store.codec import Codec, Decision, Fact, State, TextVault
from chassis.event_store.limits import DEFAULT_LIMITS, StoreSettings
from chassis.event_store.model import Answered, Drawn, FileKey, IdempotencyKey, Loaded
from chassis.event_store.read_your_writes import PositionWaiter, position_of
from chassis.event_store.store import KeyTaken, Store
from chassis.event_store.unit_of_work import Author, PendingChange, UnitOfWork
from chassis.refusals import LostRace, NotFound, RequestIdReused, StaleRevision
from chassis.scope import acting_scope

Decide: TypeAlias = Callable[[State, Drawn], Decision[Fact] | Sequence[Fact]]
"""The act: from the file as it stands, and the numbers drawn for it, to its facts; or it raises what forbids it."""

_races = Counter("onewindow_change_races", "Changes that lost the race for their file and were decided again.")
_remembered = Counter(
    "onewindow_changes_from_cache",
    "Changes decided on a file as this process saw it last: carried, or the file had moved_on and was read.",
    ["outcome"],
)


@dataclass(frozen=True, slots=True)
class Changed(Generic[State]):
    """A file after a change or a reading, and the position to which a reader elsewhere must have heard."""

    key: FileKey
    state: State
    revision: int
    position: str
    answer: bytes = b""
    replayed: bool = False
    """Whether this is the first answer, to a cause that came again."""


class FileRepository(Generic[State, Fact]):
    """The files of one kind in one service."""

    def __init__(
        self,
        store: Store,
        codec: Codec[State, Fact],
        clock: Clock,
        vault: TextVault | None = None,
        wake: Callable[[], None] = lambda: None,
        limits: StoreSettings = DEFAULT_LIMITS,
    ) -> None:
        self.store = store
        self.clock = clock
        self.wake = wake
        self.unit_of_work = UnitOfWork(codec, clock, vault, limits)
        self.limits = limits
        self._source = codec.source
        self._vault = vault

    async def change(
        self,
        key: FileKey,
        cause: IdempotencyKey,
        decide: Decide[State, Fact],
        *,
        actor: str,
        serials: Sequence[str] = (),
        expected_revision: int | None = None,
    ) -> Changed[State]:
        """Load the file, decide, append; a repeated cause gets the first answer.

        A file that is not there reaches `decide` blank. One number is drawn from each counter in `serials`. Raises
        what `decide` raises, RequestIdReused, StaleRevision (the file is past `expected_revision`), LostRace, TooLarge,
        NotPermitted, Away.
        """
        changed = None if serials else await self._from_memory(key, cause, decide, actor, expected_revision)
        if changed is not None:
            return changed
        unseen = False
        for _ in range(self.limits.attempts):
            loaded = await self.store.load(key, cause, serials)
            if loaded.answered is not None:
                return self._again(loaded, loaded.answered, cause)
            if expected_revision is not None and expected_revision != loaded.revision:
                raise StaleRevision
            state = self.unit_of_work.state(loaded)
            decision = decide(state, dict(zip(serials, loaded.serials, strict=True)))
            draft = self.unit_of_work.prepare(key, loaded, state, decision, Author(actor, cause))
            try:
                await asyncio.shield(self._append(draft))
            except KeyTaken as taken:
                _races.inc()
                if taken.by_cause and unseen:  # the loading does not show it: it was made at another place
                    raise RequestIdReused from taken
                unseen = taken.by_cause
            else:
                return self._changed(key, draft)
        raise LostRace

    async def _from_memory(
        self,
        key: FileKey,
        cause: IdempotencyKey,
        decide: Decide[State, Fact],
        actor: str,
        expected_revision: int | None,
    ) -> Changed[State] | None:
        """The change of a file as this process saw it last, one round trip; None where the file has to be read first.

        Nothing is refused upon a memory: what the act forbids, that nothing follows, and what is taken, is looked at
        again.
        """
        loaded, scope = self.unit_of_work.cache.file(key), acting_scope(key.scope)
        if loaded is None or expected_revision not in (None, loaded.revision) or not scope.reaches(key.scope):
            return None
        state = self.unit_of_work.state(loaded)
        try:
            draft = self.unit_of_work.prepare(key, loaded, state, decide(state, {}), Author(actor, cause))
        except Exception:  # whatever forbids it, the file as it stands has to say so
            return None
        if not draft.change.records:  # no fact takes the next revision: the store would not notice one that is there
            return None
        try:
            await asyncio.shield(self._append(draft))
        except KeyTaken:
            _remembered.labels("moved_on").inc()
            return None
        _remembered.labels("carried").inc()
        return self._changed(key, draft)

    async def check_change(self, key: FileKey, cause: IdempotencyKey, decide: Decide[State, Fact]) -> None:
        """Nothing where `change` would go through as things stand, and it draws no numbers; else raises what it would.

        For what has to lie elsewhere before a fact may tell of it.
        """
        loaded = await self.store.load(key, cause)
        if loaded.answered is None:
            decide(self.unit_of_work.state(loaded), {})
        else:
            self._again(loaded, loaded.answered, cause)

    async def read(self, key: FileKey, after: str = "", waiter: PositionWaiter | None = None) -> Changed[State]:
        """The file as it stands, once this service has heard `after`. Raises NotFound, NotYetHere, Away."""
        if after and waiter is not None:
            await waiter.until_reached(after)
        loaded = await self.store.load(key, None)
        if not loaded.revision:
            raise NotFound
        state = self.unit_of_work.state(loaded)
        return Changed(key, state, loaded.revision, position_of(self._source, key, loaded.revision))

    def last_seen(self, key: FileKey) -> State | None:
        """The file as this process saw it last, or None: what has happened by then has happened, there may be more."""
        loaded = self.unit_of_work.cache.file(key)
        return None if loaded is None else self.unit_of_work.state(loaded)

    async def texts(self, key: FileKey) -> Mapping[str, bytes]:
        """The plaintexts of the file by name; none when it never had any, or was erased."""
        wrapped, ciphertexts = await self.store.texts(key)
        if wrapped is None or self._vault is None:
            return {}
        return self._vault.open(key, wrapped, ciphertexts)

    async def _append(self, draft: PendingChange[State]) -> None:
        await self.store.append(draft.change, draft.recorded_at)
        self.unit_of_work.cache.keep_file(draft.change.key, draft.after)
        self.wake()

    def _changed(self, key: FileKey, draft: PendingChange[State]) -> Changed[State]:
        position = position_of(self._source, key, draft.revision)
        return Changed(key, draft.state, draft.revision, position, draft.change.answer)

    def _again(self, loaded: Loaded, answered: Answered, cause: IdempotencyKey) -> Changed[State]:
        kept = self.unit_of_work.stored_cause(cause)
        if kept is None or answered.fingerprint != kept.fingerprint:
            raise RequestIdReused
        key, revision = answered.key, answered.revision
        state = self.unit_of_work.fold(loaded.bodies[:revision])
        return Changed(key, state, revision, position_of(self._source, key, revision), answered.answer, replayed=True)
