"""What an audit finds and counts."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from chassis.event_store import FileKey


class AuditRule(StrEnum):
    """What is not as it was written, or not as something else says."""

    REVISION_MISSING = "revision_missing"
    """The revisions of a file have a gap."""
    CHAIN_BROKEN = "chain_broken"
    """The digest of a fact is not that of the digest before it and its body."""
    FACT_UNREADABLE = "fact_unreadable"
    """The body of a fact is no event."""
    FACT_DIFFERS = "fact_differs"
    """The columns of a fact say something else than its body."""
    ROW_MISSING = "row_missing"
    """A file has facts and no row."""
    ROW_BEHIND = "row_behind"
    """A row was folded to another revision than the file has."""
    ROW_WITHOUT_FACTS = "row_without_facts"
    """A row of a file that has no facts."""
    KEY_MISSING = "key_missing"
    """A fact needs the file's key, and there is none."""
    KEY_CLOSED = "key_closed"
    """No mounted key opens the file's key."""
    KEY_LEFT = "key_left"
    """A file was erased, and its key is still there."""
    TEXT_MISSING = "text_missing"
    """A fact says that a text lies in the vault, and it does not."""
    TEXT_CLOSED = "text_closed"
    """A text does not open with the file's key: it was changed or comes from elsewhere."""
    TEXT_DIFFERS = "text_differs"
    """A text opens and is another one than the fact was made with."""
    TEXT_LEFT = "text_left"
    """A text without a key: what is left of a file that was erased, or of a key that was lost."""
    OBJECT_MISSING = "object_missing"
    """A fact says that an object exists, and it does not."""
    OBJECT_SIZE = "object_size"
    """An object has another size than the fact says."""
    OBJECT_CLOSED = "object_closed"
    """An object does not open with the file's key."""
    OBJECT_DIFFERS = "object_differs"
    """An object opens and its SHA-256 is another one than the fact says."""
    OBJECT_LEFT = "object_left"
    """A file was erased, and an object of it is still there."""
    OUTBOX_WITHOUT_FACT = "outbox_without_fact"
    """Something is to be published that is no fact."""
    ENVELOPE_WITHOUT_FACT = "envelope_without_fact"
    """An envelope is to be published that belongs to no fact."""
    HEARD_INCOMPLETE = "heard_incomplete"
    """What was heard of a file is not all up to its mark."""
    HEARD_AHEAD = "heard_ahead"
    """More of an own file was heard than it has facts: the stream is of another time than the database."""


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is wrong; nothing of what is stored is in it."""

    rule: AuditRule
    key: FileKey | None = None
    """The file it is found in; None for what belongs to no file."""
    revision: int = 0
    """The fact it is found at; 0 for what belongs to no fact."""
    name: str = ""
    """What else it is about: a table, a text, an object, a source."""


class AuditCount(StrEnum):
    """What was looked at."""

    FILES = "files"
    FACTS = "facts"
    ROWS = "rows"
    KEYS = "keys"
    TEXTS = "texts"
    OBJECTS = "objects"
    HEARD = "heard"


AuditCounts: TypeAlias = Counter[AuditCount]
Found: TypeAlias = Callable[[AuditFinding], None]
