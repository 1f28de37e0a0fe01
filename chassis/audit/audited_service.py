"""Description of a service for an audit: how its facts are read, and the content that must exist because of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

_VAULT_TEXT = "VaultText"


@dataclass(frozen=True, slots=True)
class ExpectedContent:
    """Content outside a fact that must exist because of it: the key of the file, and a named text or object."""

    text: str = ""
    """Name of a text in the vault."""
    keyed_digest: str = ""
    """Keyed digest of the text, hex; empty where the fact has none."""
    blob: str = ""
    """Name of an object of the file."""
    size: int = 0
    """Bytes of the object before encryption."""
    sha256: str = ""
    """SHA-256 of these bytes, hex."""


@dataclass(frozen=True, slots=True)
class StatedFact:
    """Data in the body of a fact, to be compared with its columns, and the content that must exist because of it."""

    file_id: str
    event_id: str
    revision: int
    place: tuple[str, str]
    occurred_on: str
    kind: str | None
    """None for a kind of fact that is newer than this release."""
    expected: Sequence[ExpectedContent]


Reads: TypeAlias = Callable[[bytes], StatedFact]
"""Reads the body of a fact; raises ValueError or protobuf's DecodeError."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A table with one row for each file, projected from its facts."""

    table: str
    file_id: str
    """Column of the file id."""
    begins: Sequence[str]
    """Kinds of the first facts of files that have a row here."""
    number: str = ""
    """SQL expression for the number of the file in the office."""


@dataclass(frozen=True, slots=True)
class AuditedService:
    """One service: its facts, projections and inbox."""

    source: str
    reads: Reads | None = None
    """None for a service without facts of its own."""
    projections: Sequence[Projection] = ()
    erasing: str = "file_erased"
    """Kind of fact that destroyed the keys of its file: no content may be left."""
    unordered: Sequence[str] = ("sealed",)
    """Sources whose revisions leave gaps."""


def fact_reader(event: type[Message], file_id: str, expected: Callable[[str, Any], Sequence[ExpectedContent]]) -> Reads:
    """Reader of events of a contract. `file_id` names the field of the file id; `expected` gets kind and fact."""

    def reads(body: bytes) -> StatedFact:
        message: Any = event.FromString(body)
        kind = message.WhichOneof("fact")
        needed = expected(kind, getattr(message, kind)) if kind else ()
        place = (message.place.district, message.place.street)
        return StatedFact(
            getattr(message, file_id), message.event_id, message.revision, place, message.occurred_on, kind, needed
        )

    return reads


def vault_texts_in(fact: Message) -> Iterator[ExpectedContent]:
    """Texts that a fact names by VaultText, at any depth."""
    for name in _vault_fields(fact.DESCRIPTOR):
        value = getattr(fact, name)
        repeated = fact.DESCRIPTOR.fields_by_name[name].is_repeated
        for each in value if repeated else [value] if fact.HasField(name) else []:
            if each.DESCRIPTOR.name == _VAULT_TEXT:
                yield ExpectedContent(text=each.name, keyed_digest=each.digest)
            else:
                yield from vault_texts_in(each)


@lru_cache
def _vault_fields(message: Descriptor) -> Sequence[str]:
    """Fields of a message that hold texts of the vault, at any depth; most facts have none."""
    return [
        field.name
        for field in message.fields
        if field.message_type is not None and _reaches_vault_text(field.message_type)
    ]


def _reaches_vault_text(message: Descriptor) -> bool:
    return message.name == _VAULT_TEXT or bool(_vault_fields(message))
