"""What a service tells the store about its facts: how they fold, how they are written, what they project."""

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
    """What stands around a fact in its event: which file and revision, when it happened and was recorded, by whom."""

    event_id: UUID
    key: FileKey
    revision: int
    occurred_on: date
    recorded_at: datetime
    actor: str


class Codec(Protocol[State, Fact]):
    """Joins the facts of one kind of file with their events; each service writes it in `adapters/wire.py`."""

    source: str
    """The service's name, which is the source of its positions and the owner of its subjects."""

    def blank(self) -> State:
        """A file before its first fact."""

    def fold(self, state: State, fact: Fact) -> State:
        """The file after one more fact."""

    def decode(self, body: bytes) -> Fact:
        """The fact inside a serialised event."""

    def encode(self, meta: EventMeta, fact: Fact) -> bytes:
        """The serialised event of a fact."""

    def kind(self, fact: Fact) -> str:
        """The name of the fact on the wire: the field of the event's oneof."""

    def projection(self, key: FileKey, revision: int, state: State) -> Mapping[str, object] | None:
        """The rows by which lists find the file: `{"table": {row}}` or `{"table": [{row}, …]}`; None for none."""


@dataclass(frozen=True, slots=True)
class Decision(Generic[Fact]):
    """What an act decided: its facts, and what goes beside them in the same commit.

    `texts` are plaintexts by name and are stored encrypted with the file's data key; `sealed` is an envelope for the
    sealed stream; `answer` is kept for repeats of the same cause; `erase` destroys the file's key and texts.
    """

    facts: Sequence[Fact]
    texts: Mapping[str, str | bytes] = field(default_factory=dict)
    sealed: bytes | None = None
    answer: bytes = b""
    erase: bool = False


class TextVault(Protocol):
    """Encrypts the texts of a file with the file's own data key, which it wraps; pure computing, no waiting."""

    def seal(
        self, key: FileKey, wrapped: bytes | None, texts: Mapping[str, bytes]
    ) -> tuple[bytes | None, Mapping[str, bytes]]:
        """The ciphertexts by name, and the wrapped data key; a new one when `wrapped` is None."""

    def open(self, key: FileKey, wrapped: bytes, texts: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """The plaintexts by name."""

    def keyed_digest(self, text: str | bytes) -> bytes:
        """By which equal texts are known again, and nobody without the vault's key can try one."""
