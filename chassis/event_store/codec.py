"""Contract between the store and a service: folding, encoding and projecting its facts, encrypting its texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from chassis.event_store.model import FileKey

State = TypeVar("State")
Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class EventMeta:
    """Data of an event beside its fact: file and revision, dates of the act and of its recording, and the actor."""

    event_id: UUID
    key: FileKey
    revision: int
    occurred_on: date
    recorded_at: datetime
    actor: str


class Codec(Protocol[State, Fact]):
    """Conversion between the facts of one kind of file and their events; each service has its own."""

    source: str
    """Name of the service: the source in its positions, and part of its subjects."""

    def blank(self) -> State:
        """State of a file before its first fact."""

    def fold(self, state: State, fact: Fact) -> State:
        """State of the file after one more fact."""

    def decode(self, body: bytes) -> Fact:
        """Fact of a serialised event."""

    def encode(self, meta: EventMeta, fact: Fact) -> bytes:
        """Serialised event of a fact."""

    def kind(self, fact: Fact) -> str:
        """Name of the fact on the wire: the field of the event's oneof."""

    def projection(self, key: FileKey, revision: int, state: State) -> Mapping[str, object] | None:
        """Rows by which lists find the file: `{"table": {row}}` or `{"table": [{row}, …]}`; None for none."""


@dataclass(frozen=True, slots=True)
class Decision(Generic[Fact]):
    """Decision of an act: its facts, and all that is written with them in the same commit.

    `texts` are plaintexts by name, stored encrypted with the file's data key; `sealed` is an envelope for the sealed
    stream; `answer` is stored for repeats of the same cause; `erase` destroys the file's key and texts.
    """

    facts: Sequence[Fact]
    texts: Mapping[str, str | bytes] = field(default_factory=dict)
    sealed: bytes | None = None
    answer: bytes = b""
    erase: bool = False


class TextVault(Protocol):
    """Encryption of the texts of a file with its own data key, which is stored wrapped; computes only, never waits."""

    def seal(
        self, key: FileKey, wrapped: bytes | None, texts: Mapping[str, bytes]
    ) -> tuple[bytes | None, Mapping[str, bytes]]:
        """Wrapped data key, a new one when `wrapped` is None, and the ciphertexts by name."""

    def open(self, key: FileKey, wrapped: bytes, texts: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Plaintexts by name."""

    def keyed_digest(self, text: str | bytes) -> bytes:
        """Digest by which equal texts are recognised; guesses cannot be tried without the vault's key."""
