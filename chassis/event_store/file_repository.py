"""Load, decide, append: the only way in which a file changes.

One change costs two round trips: `load` reads the file and any earlier answer for the cause, `append` writes facts,
outbox rows, projection and cause in one statement. The statement names the revision that was decided upon; if another
change has taken the next revision, it fails with a key violation, and the file is loaded and decided again.

A file that this process saw a moment ago is decided from the cache, in one round trip. That is safe because the write
demands the very digest (the head of the chain) that was decided upon. A refusal is never based on the cache: the file
may have moved on, so it is read first.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias

from prometheus_client import Counter

from chassis.clock import Clock
from chassis.event_store.codec import Codec, Decision, Fact, State, TextVault
from chassis.event_store.model import Answered, Drawn, FileKey, IdempotencyKey, Loaded
from chassis.event_store.read_your_writes import PositionWaiter, position_of
from chassis.event_store.store import DEFAULT_STORE_SETTINGS, KeyTaken, Store, StoreSettings, TextTaken
from chassis.event_store.unit_of_work import Author, PendingChange, UnitOfWork
from chassis.refusals import LostRace, NotFound, RequestIdReused, StaleRevision
from chassis.scope import acting_scope

Decide: TypeAlias = Callable[[State, Drawn], Decision[Fact] | Sequence[Fact]]
"""The act: facts from the state of the file and the serial numbers drawn for it; raises its refusals."""

_DecideAt: TypeAlias = Callable[[State, Drawn, int], Decision[Fact] | Sequence[Fact]]
"""The act on a file at the revision given last."""

_races = Counter("onewindow_change_races", "Changes that lost the race for their file and were decided again.")
_from_cache = Counter(
    "onewindow_changes_from_cache",
    "Changes decided on a file as this process saw it last: carried, or the file had moved_on and was read.",
    ["outcome"],
)
for _end in ("carried", "moved_on"):  # the series start at 0: an increase is invisible in one that starts at 1
    _from_cache.labels(_end)


@dataclass(frozen=True, slots=True)
class Changed(Generic[State]):
    """A file after a change or a read, with its position: other services show the change once they have reached it."""

    key: FileKey
    state: State
    revision: int
    position: str
    answer: bytes = b""
    replayed: bool = False
    """True when this is the stored answer to a repeated cause."""


@dataclass(frozen=True, slots=True)
class Precondition(Generic[State]):
    """Condition of every act of a caller on a file: first its right to the file, then the revision that it saw."""

    permit: Callable[[State], None] = lambda _: None
    """The right, whatever the act: the line of the desk, the code of the matter; raises its refusals."""
    revision: int | None = None
    """None where it does not matter."""


class FileRepository(Generic[State, Fact]):
    """Files of one kind in one service."""

    def __init__(
        self,
        store: Store,
        codec: Codec[State, Fact],
        clock: Clock,
        vault: TextVault | None = None,
        wake: Callable[[], None] = lambda: None,
        limits: StoreSettings = DEFAULT_STORE_SETTINGS,
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
        precondition: Precondition[State] | None = None,
    ) -> Changed[State]:
        """Loads the file, decides, appends; a repeated cause gets the first answer.

        A file without facts reaches `decide` blank. One number is drawn from each counter in `serials`. Raises in this
        order: RequestIdReused; the refusals of the caller's right; StaleRevision, of a file that is there; the refusals
        of `decide`; TooLarge, LostRace, NotPermitted. Away at any time. So the revision of a file is told to nobody who
        may not act on it.
        """
        decide_at = _conditional(decide, precondition)
        changed = None if serials else await self._change_from_cache(key, cause, decide_at, actor)
        if changed is not None:
            return changed
        invisible_cause = False
        for _ in range(self.limits.attempts):
            loaded = await self.store.load(key, cause, serials)
            if loaded.answered is not None:
                return self._replay(loaded, loaded.answered, cause)
            state = self.unit_of_work.state(loaded)
            decision = decide_at(state, dict(zip(serials, loaded.serials, strict=True)), loaded.revision)
            pending = self.unit_of_work.prepare(key, loaded, state, decision, Author(actor, cause))
            try:
                await asyncio.shield(self._append(pending))
            except KeyTaken as taken:
                _races.inc()
                if taken.by_cause and invisible_cause:  # loading does not show that cause: it was made at another place
                    raise RequestIdReused from taken
                invisible_cause = taken.by_cause
            else:
                return self._changed(key, pending)
        raise LostRace

    async def _change_from_cache(
        self,
        key: FileKey,
        cause: IdempotencyKey,
        decide_at: _DecideAt[State, Fact],
        actor: str,
    ) -> Changed[State] | None:
        """Change of a file as this process saw it last, in one round trip; None where the file must be read first.

        Nothing is refused on the strength of the cache: where the act refuses, decides no facts, or the key is taken,
        the file is read.
        """
        loaded, scope = self.unit_of_work.cache.file(key), acting_scope(key.scope)
        if loaded is None or not scope.reaches(key.scope):
            return None
        state = self.unit_of_work.state(loaded)
        try:
            decision = decide_at(state, {}, loaded.revision)
            pending = self.unit_of_work.prepare(key, loaded, state, decision, Author(actor, cause))
        except Exception:  # a refusal counts only for the file as it stands
            return None
        if not pending.change.records:  # without a fact no key violation would show that the file has moved on
            return None
        try:
            await asyncio.shield(self._append(pending))
        except KeyTaken:
            _from_cache.labels("moved_on").inc()
            return None
        _from_cache.labels("carried").inc()
        return self._changed(key, pending)

    async def check_change(
        self,
        key: FileKey,
        cause: IdempotencyKey,
        decide: Decide[State, Fact],
        precondition: Precondition[State] | None = None,
    ) -> None:
        """Passes where `change` would succeed without drawing numbers; raises the errors that it would raise.

        For content that must be stored elsewhere before a fact may refer to it.
        """
        loaded = await self.store.load(key, cause)
        if loaded.answered is None:
            _conditional(decide, precondition)(self.unit_of_work.state(loaded), {}, loaded.revision)
        else:
            self._replay(loaded, loaded.answered, cause)

    async def read(self, key: FileKey, after: str = "", waiter: PositionWaiter | None = None) -> Changed[State]:
        """Current state, once this service has reached the position `after`. Raises NotFound, NotYetHere, Away."""
        if after and waiter is not None:
            await waiter.until_reached(after)
        loaded = await self.store.load(key, None)
        if not loaded.revision:
            raise NotFound
        state = self.unit_of_work.state(loaded)
        return Changed(key, state, loaded.revision, position_of(self._source, key, loaded.revision))

    async def texts(self, key: FileKey) -> Mapping[str, bytes]:
        """Plaintexts of the file by name; none when it never had any, or was erased."""
        wrapped, ciphertexts = await self.store.texts(key)
        if wrapped is None or self._vault is None:
            return {}
        return self._vault.open(key, wrapped, ciphertexts)

    async def _append(self, pending: PendingChange[State]) -> None:
        try:
            await self.store.append(pending.change, pending.recorded_at)
        except TextTaken:
            new = replace(pending.change, texts=await self._new_texts(pending))
            await self.store.append(new, pending.recorded_at)
        self.unit_of_work.cache.keep_file(pending.change.key, pending.after)
        self.wake()

    async def _new_texts(self, pending: PendingChange[State]) -> Mapping[str, bytes]:
        """The texts of a change that are not on file, word for word; raises TextTaken where another is on file."""
        key, texts = pending.change.key, pending.change.texts
        wrapped, on_file = await self.store.texts(key)
        again = texts.keys() & on_file.keys()
        if wrapped is None or self._vault is None:
            raise TextTaken
        typed, stored = (self._vault.open(key, wrapped, {name: of[name] for name in again}) for of in (texts, on_file))
        if typed != stored:
            raise TextTaken
        return {name: text for name, text in texts.items() if name not in again}

    def _changed(self, key: FileKey, pending: PendingChange[State]) -> Changed[State]:
        position = position_of(self._source, key, pending.revision)
        return Changed(key, pending.state, pending.revision, position, pending.change.answer)

    def _replay(self, loaded: Loaded, answered: Answered, cause: IdempotencyKey) -> Changed[State]:
        stored_cause = self.unit_of_work.stored_cause(cause)
        if stored_cause is None or answered.fingerprint != stored_cause.fingerprint:
            raise RequestIdReused
        key, revision = answered.key, answered.revision
        state = self.unit_of_work.fold(loaded.bodies[:revision])
        return Changed(key, state, revision, position_of(self._source, key, revision), answered.answer, replayed=True)


def _conditional(decide: Decide[State, Fact], precondition: Precondition[State] | None) -> _DecideAt[State, Fact]:
    """The act behind its precondition, in the one order for all acts."""

    def decide_at(state: State, drawn: Drawn, revision: int) -> Decision[Fact] | Sequence[Fact]:
        if precondition is None:
            return decide(state, drawn)
        precondition.permit(state)
        stale = precondition.revision not in (None, revision)
        if stale and revision:
            raise StaleRevision
        decision = decide(state, drawn)
        if stale:  # the act takes a file that is not there
            raise StaleRevision
        return decision

    return decide_at
