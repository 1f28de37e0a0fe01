"""Records of the event store: file keys, facts in a chain of digests, changes and their idempotency keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from hashlib import sha256
from typing import TypeAlias
from uuid import UUID

from chassis.scope import Scope

Drawn: TypeAlias = Mapping[str, int]
"""Number drawn from each counter, by the counter's name."""

NO_DIGEST = b""
"""Digest before the first fact of a file."""


@dataclass(frozen=True, slots=True)
class FileKey:
    """Key of a file: its place, then its id."""

    district: str
    street: str
    file_id: UUID

    @property
    def scope(self) -> Scope:
        """Place of the file as a scope."""
        return Scope(self.district, self.street)


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """Cause of a change, which is made once: caller, request id, and a digest of the request."""

    caller: str
    request_id: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class FactRecord:
    """One fact ready to be appended; `body` is the serialised event."""

    event_id: UUID
    kind: str
    occurred_on: date
    actor: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """Answer of an earlier change for the same cause, and the revision of its file after it."""

    key: FileKey
    revision: int
    fingerprint: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file as read: the requested one, or the file that an answered cause has changed."""

    revision: int
    head: bytes = NO_DIGEST
    bodies: tuple[bytes, ...] = ()
    file_key: bytes | None = None
    serials: tuple[int, ...] = ()
    answered: Answered | None = None


@dataclass(frozen=True, slots=True)
class Append:
    """A change of one file, written in one commit or not at all.

    `head` is the digest of the fact at `expected_revision`. `texts` are ciphertexts by name; `file_key` the wrapped
    data key, when this change makes it; `sealed` an envelope for the sealed outbox; `erase` drops key and texts.
    """

    key: FileKey
    expected_revision: int
    head: bytes
    records: Sequence[FactRecord]
    cause: IdempotencyKey | None = None
    answer: bytes = b""
    projection: Mapping[str, object] | None = None
    texts: Mapping[str, bytes] = field(default_factory=dict)
    file_key: bytes | None = None
    sealed: bytes | None = None
    erase: bool = False


class AppendResult(IntEnum):
    """Result of one change in a batch; only a stale one is false."""

    STALE = 0
    """The file has moved on: load it and decide again."""
    WRITTEN = 1
    REPEATED = 2
    """The cause was answered before; nothing was written, and nothing needs to be."""


def chain(head: bytes, bodies: Sequence[bytes]) -> list[bytes]:
    """Digests of facts that follow one with digest `head`: SHA-256 of the digest before and the body."""
    digests = []
    for body in bodies:
        head = sha256(head + body).digest()
        digests.append(head)
    return digests


def verify_chain(bodies: Sequence[bytes], digests: Sequence[bytes]) -> int | None:
    """First revision at which the chain of a file breaks; None when it holds."""
    expected = chain(NO_DIGEST, bodies)
    for revision, (stored, right) in enumerate(zip(digests, expected, strict=False), start=1):
        if stored != right:
            return revision
    return None if len(bodies) == len(digests) else min(len(bodies), len(digests)) + 1
