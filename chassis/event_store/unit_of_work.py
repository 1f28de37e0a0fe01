"""From a decision to a change ready to be written: events encoded, texts encrypted, projection computed.

Nothing here waits: the file was loaded before, and the store writes afterwards. Order: the facts are folded
into the new state, each fact is encoded with its revision and digest, typed texts are encrypted under the
names that the facts carry, the projection is computed from the new state, and all of it is one change that
is written whole or not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic

from uuid_utils.compat import uuid7

from chassis.clock import Clock
from chassis.event_store.codec import Codec, Decision, EventMeta, Fact, State, TextVault
from chassis.event_store.model import Append, FactRecord, FileKey, IdempotencyKey, Loaded, chain
from chassis.event_store.state_cache import StateCache
from chassis.event_store.store import StoreSettings
from chassis.refusals import TooLarge


@dataclass(frozen=True, slots=True)
class Author:
    """Author of a change: actor as in the facts, cause, and the day where it is not the clock's."""

    actor: str
    cause: IdempotencyKey | None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class PendingChange(Generic[State]):
    """A change ready to be written, and the state of the file after it."""

    change: Append
    state: State
    recorded_at: datetime
    after: Loaded
    """The file as it will be loaded after the change, without its facts."""

    @property
    def revision(self) -> int:
        """Revision of the file after the change."""
        return self.change.expected_revision + len(self.change.records)


class UnitOfWork(Generic[State, Fact]):
    """Folds files of one kind and prepares their changes; computes only, never waits."""

    def __init__(self, codec: Codec[State, Fact], clock: Clock, vault: TextVault | None, limits: StoreSettings) -> None:
        self._codec = codec
        self._clock = clock
        self._vault = vault
        self._limits = limits
        self.cache: StateCache[State] = StateCache(limits.states)

    def state(self, loaded: Loaded) -> State:
        """State of a loaded file, cached under its head: the digest of the whole history identifies it."""
        if self.cache.knows(loaded.head):
            return self.cache.state(loaded.head)
        state = self.fold(loaded.bodies)
        if loaded.bodies:
            self.cache.keep_state(loaded.head, state)
        return state

    def fold(self, bodies: Iterable[bytes]) -> State:
        """State that follows from these events."""
        codec = self._codec
        state = codec.blank()
        for body in bodies:
            state = codec.fold(state, codec.decode(body))
        return state

    def projection(self, key: FileKey, loaded: Loaded) -> Mapping[str, object] | None:
        """Rows by which lists find the file as loaded; None when it has none, or no facts."""
        if not loaded.revision:
            return None
        return self._codec.projection(key, loaded.revision, self.fold(loaded.bodies))

    def stored_cause(self, cause: IdempotencyKey | None) -> IdempotencyKey | None:
        """Cause as stored: with a keyed fingerprint, so that names in a request cannot be found by guessing."""
        if cause is None or self._vault is None or not cause.fingerprint:
            return cause
        return replace(cause, fingerprint=self._vault.keyed_digest(cause.fingerprint))

    def prepare(
        self, key: FileKey, loaded: Loaded, state: State, decision: Decision[Fact] | Sequence[Fact], author: Author
    ) -> PendingChange[State]:
        """Change that follows from a decision about the loaded file. Raises TooLarge for a fact over the limit."""
        self.cache.forget(key)
        decision = decision if isinstance(decision, Decision) else Decision(decision)
        recorded_at = self._clock.now()
        today = author.today or recorded_at.date()
        records = []
        for revision, fact in enumerate(decision.facts, start=loaded.revision + 1):
            occurred_on = getattr(fact, "occurred_on", None) or today
            records.append(
                self._record(EventMeta(uuid7(), key, revision, occurred_on, recorded_at, author.actor), fact)
            )
            state = self._codec.fold(state, fact)
        change = Append(
            key=key,
            expected_revision=loaded.revision,
            head=loaded.head,
            records=records,
            cause=self.stored_cause(author.cause),
            answer=decision.answer,
            projection=self._codec.projection(key, loaded.revision + len(records), state) if records else None,
            sealed=decision.sealed,
            erase=decision.erase,
        )
        head = chain(loaded.head, [record.body for record in records])[-1] if records else loaded.head
        if records:
            self.cache.keep_state(head, state)
        whole = self._with_texts(change, loaded.file_key, decision.texts)
        file_key = None if change.erase else whole.file_key or loaded.file_key
        return PendingChange(
            whole, state, recorded_at, Loaded(change.expected_revision + len(records), head, (), file_key)
        )

    def _record(self, meta: EventMeta, fact: Fact) -> FactRecord:
        kind, body = self._codec.kind(fact), self._codec.encode(meta, fact)
        if len(body) > self._limits.fact_bytes:
            raise TooLarge(metadata={"fact": kind, "bytes": str(len(body)), "limit": str(self._limits.fact_bytes)})
        return FactRecord(meta.event_id, kind, meta.occurred_on, meta.actor, body)

    def _with_texts(self, change: Append, wrapped: bytes | None, texts: Mapping[str, str | bytes]) -> Append:
        if not texts:
            return change
        if self._vault is None:
            raise RuntimeError("a service without a vault decided texts")
        known = None if change.erase else wrapped
        plain = {name: text.encode() if isinstance(text, str) else text for name, text in texts.items()}
        file_key, ciphertexts = self._vault.seal(change.key, known, plain)
        return replace(change, texts=ciphertexts, file_key=file_key if known is None else None)
