"""What a service tells an audit about its facts: how they read, and what else must be there because of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message


@dataclass(frozen=True, slots=True)
class ExpectedContent:
    """What lies outside a fact because of it: the file's key at least, and under a name a text or an object."""

    text: str = ""
    """Name of a text in the vault."""
    keyed_digest: str = ""
    """Its keyed digest, hex; empty where the fact says none."""
    blob: str = ""
    """Name of an object of the file."""
    size: int = 0
    """Bytes of the object before it was closed."""
    sha256: str = ""
    """SHA-256 of these bytes, hex."""


@dataclass(frozen=True, slots=True)
class StatedFact:
    """What a body says of itself, to be held against its columns, and what must be there because of it."""

    file_id: str
    event_id: str
    revision: int
    place: tuple[str, str]
    occurred_on: str
    kind: str | None
    """None for a kind of fact that is newer than this release."""
    expected: Sequence[ExpectedContent]


Reads: TypeAlias = Callable[[bytes], StatedFact]
"""A body, read; raises ValueError or protobuf's DecodeError."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A table with one row a file, folded from its facts."""

    table: str
    file_id: str
    """The column of the file's id."""
    begins: Sequence[str]
    """The first facts of files that have a row here."""
    number: str = ""
    """An expression for the number by which the office knows the file."""


@dataclass(frozen=True, slots=True)
class AuditedService:
    """One service: its facts, rows and what it hears."""

    source: str
    reads: Reads | None = None
    """None for a service without facts of its own."""
    projections: Sequence[Projection] = ()
    erasing: str = "file_erased"
    """The fact that destroyed the keys of its file: nothing is expected any more, and nothing may be left."""
    unordered: Sequence[str] = ("sealed",)
    """Sources whose revisions leave gaps."""


def fact_reader(event: type[Message], file_id: str, expected: Callable[[str, Any], Sequence[ExpectedContent]]) -> Reads:
    """Reads events of a contract. `file_id` is the field with the file's id; `expected` is told kind and fact."""

    def reads(body: bytes) -> StatedFact:
        told: Any = event.FromString(body)
        kind = told.WhichOneof("fact")
        needed = expected(kind, getattr(told, kind)) if kind else ()
        place = (told.place.district, told.place.street)
        return StatedFact(getattr(told, file_id), told.event_id, told.revision, place, told.occurred_on, kind, needed)

    return reads


def vault_texts_in(fact: Message) -> Iterator[ExpectedContent]:
    """The texts that a fact names by VaultText, wherever in it."""
    for name in _leading(fact.DESCRIPTOR):
        value = getattr(fact, name)
        repeated = fact.DESCRIPTOR.fields_by_name[name].is_repeated
        for each in value if repeated else [value] if fact.HasField(name) else []:
            if each.DESCRIPTOR.name == _VAULT_TEXT:
                yield ExpectedContent(text=each.name, keyed_digest=each.digest)
            else:
                yield from vault_texts_in(each)


@lru_cache
def _leading(message: Descriptor) -> Sequence[str]:
    """The fields by which a message leads to texts of the vault; of most facts none does."""
    return [field.name for field in message.fields if field.message_type is not None and _leads(field.message_type)]


def _leads(message: Descriptor) -> bool:
    return message.name == _VAULT_TEXT or bool(_leading(message))


_VAULT_TEXT = "VaultText"
