"""Event store in memory: for tests of use cases, under the same contract tests as PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chassis.event_store.model import (
    NO_DIGEST,
    Answered,
    Append,
    AppendResult,
    Drawn,
    FactRecord,
    FileKey,
    IdempotencyKey,
    Loaded,
    chain,
)
from chassis.event_store.store import KeyTaken, TextTaken
from chassis.refusals import NotPermitted
from chassis.scope import acting_scope


@dataclass(slots=True)
class _File:
    records: list[FactRecord] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    file_key: bytes | None = None
    texts: dict[str, bytes] = field(default_factory=dict)


class MemoryStore:
    """Store over dictionaries; tests can read what was written."""

    def __init__(self) -> None:
        self.published: list[tuple[FileKey, FactRecord, datetime]] = []
        """Every fact in the order of writing, with the instant of its recording, as a publisher would send it."""
        self.sealed: list[tuple[FileKey, bytes]] = []
        """Every envelope in the order of writing."""
        self.projections: dict[FileKey, Mapping[str, object]] = {}
        """Last projection of each file."""
        self._files: dict[FileKey, _File] = {}
        self._answers: dict[tuple[str, str], Answered] = {}
        self._serials: dict[tuple[str, str], int] = {}

    async def load(self, key: FileKey, cause: IdempotencyKey | None, serials: Sequence[str] = ()) -> Loaded:
        """File, any earlier answer to the cause, and a number from each counter named."""
        answered = self._answers.get((cause.caller, cause.request_id)) if cause else None
        if answered is not None and _reaches(answered.key):
            return self._read(answered.key, answered=answered)
        return self._read(key, serials=tuple([self._next(key.district, name) for name in serials]))

    async def append(self, change: Append, recorded_at: datetime) -> None:
        """Writes the change."""
        if not _reaches(change.key):
            raise NotPermitted
        if not self._follows(change):
            raise KeyTaken
        if change.cause and (change.cause.caller, change.cause.request_id) in self._answers:
            raise KeyTaken(by_cause=True)
        self._require_new_texts(change)
        self._write(change, recorded_at)

    async def texts(self, key: FileKey) -> tuple[bytes | None, Mapping[str, bytes]]:
        """Wrapped data key and every ciphertext of the file."""
        file = self._files.get(key, _File()) if _reaches(key) else _File()
        return file.file_key, dict(sorted(file.texts.items()))

    async def load_many(self, keys: Sequence[FileKey]) -> list[Loaded]:
        """Files, in the order of `keys`."""
        return [self._read(key) for key in keys]

    async def append_many(self, changes: Sequence[Append], recorded_at: datetime) -> list[AppendResult]:
        """Writes changes of different files; one result for each."""
        outcomes = [self._outcome(change) for change in changes]
        for change, outcome in zip(changes, outcomes, strict=True):
            if outcome is AppendResult.WRITTEN:
                self._require_new_texts(change)
        for change, outcome in zip(changes, outcomes, strict=True):
            if outcome is AppendResult.WRITTEN:
                self._write(change, recorded_at)
        return outcomes

    async def draw(self, district: str, counts: Mapping[str, int]) -> Drawn:
        """Draws consecutive numbers of each counter; the first of each."""
        first = {name: self._serials.get((district, name), 0) + 1 for name in counts}
        self._serials.update({(district, name): first[name] + count - 1 for name, count in counts.items()})
        return first

    def _follows(self, change: Append) -> bool:
        file = self._files.get(change.key, _File())
        head = file.digests[-1] if file.digests else change.head
        if change.file_key and file.file_key and not change.erase:
            return False
        return (len(file.records), head) == (change.expected_revision, change.head)

    def _read(self, key: FileKey, serials: tuple[int, ...] = (), answered: Answered | None = None) -> Loaded:
        file = self._files.get(key)
        if file is None or not _reaches(key):
            return Loaded(0, serials=serials, answered=answered)
        head = file.digests[-1] if file.digests else NO_DIGEST
        bodies = tuple([record.body for record in file.records])
        return Loaded(len(file.records), head, bodies, file.file_key, serials, answered)

    def _next(self, district: str, name: str) -> int:
        number = self._serials[district, name] = self._serials.get((district, name), 0) + 1
        return number

    def _outcome(self, change: Append) -> AppendResult:
        if change.cause and (change.cause.caller, change.cause.request_id) in self._answers:
            return AppendResult.REPEATED
        file = self._files.get(change.key, _File())
        return AppendResult.WRITTEN if len(file.records) == change.expected_revision else AppendResult.STALE

    def _require_new_texts(self, change: Append) -> None:
        on_file = self._files.get(change.key, _File()).texts
        if not change.erase and on_file.keys() & change.texts.keys():
            raise TextTaken

    def _write(self, change: Append, recorded_at: datetime) -> None:
        key, cause = change.key, change.cause
        file = self._files.setdefault(key, _File())
        file.records.extend(change.records)
        file.digests.extend(chain(change.head, [record.body for record in change.records]))
        self.published.extend((key, record, recorded_at) for record in change.records)
        if cause:
            answered = Answered(key, len(file.records), cause.fingerprint, change.answer)
            self._answers[cause.caller, cause.request_id] = answered
        if change.projection is not None:
            self.projections[key] = change.projection
        if change.erase:
            file.file_key, file.texts = None, {}
        file.file_key = change.file_key or file.file_key
        file.texts.update(change.texts)
        if change.sealed is not None:
            self.sealed.append((key, change.sealed))


def _reaches(key: FileKey) -> bool:
    return acting_scope(key.scope).reaches(key.scope)
