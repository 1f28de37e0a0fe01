"""Findings and counts of an audit. The values of the rules appear in reports and never change."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from chassis.event_store import FileKey


class AuditRule(StrEnum):
    """Rules whose breach is a finding."""

    REVISION_MISSING = "revision_missing"
    """The revisions of a file have a gap."""
    CHAIN_BROKEN = "chain_broken"
    """The digest of a fact is not that of the digest before it and its body."""
    FACT_UNREADABLE = "fact_unreadable"
    """The body of a fact is no event."""
    FACT_DIFFERS = "fact_differs"
    """The columns of a fact differ from its body."""
    ROW_MISSING = "row_missing"
    """A file has facts and no row."""
    ROW_BEHIND = "row_behind"
    """A row has another revision than its file."""
    ROW_WITHOUT_FACTS = "row_without_facts"
    """A row of a file that has no facts."""
    KEY_MISSING = "key_missing"
    """A fact needs the file's key, and there is none."""
    KEY_CLOSED = "key_closed"
    """No mounted key opens the file's key."""
    KEY_LEFT = "key_left"
    """A file was erased, and its key is still there."""
    TEXT_MISSING = "text_missing"
    """A fact names a text that the vault does not have."""
    TEXT_CLOSED = "text_closed"
    """A text does not open with the file's key: it was changed or comes from elsewhere."""
    TEXT_DIFFERS = "text_differs"
    """A text opens and is not the one that the fact was made with."""
    TEXT_LEFT = "text_left"
    """A text without a key: the rest of an erased file, or of a lost key."""
    OBJECT_MISSING = "object_missing"
    """A fact names an object that does not exist."""
    OBJECT_SIZE = "object_size"
    """The size of an object differs from that in the fact."""
    OBJECT_CLOSED = "object_closed"
    """An object does not open with the file's key."""
    OBJECT_DIFFERS = "object_differs"
    """An object opens and its SHA-256 differs from that in the fact."""
    OBJECT_LEFT = "object_left"
    """A file was erased, and an object of it is still there."""
    OUTBOX_WITHOUT_FACT = "outbox_without_fact"
    """A row of the outbox refers to no fact."""
    ENVELOPE_WITHOUT_FACT = "envelope_without_fact"
    """An envelope in the outbox belongs to no fact."""
    INBOX_INCOMPLETE = "heard_incomplete"
    """The inbox does not hold every event of a file up to its offset."""
    INBOX_AHEAD = "heard_ahead"
    """The inbox holds more events of an own file than it has facts: stream and database are of different times."""

    DAY_INCOMPLETE = "day_incomplete"
    """A source counted more facts of a day and place than were received; its name is source, place, day, number."""
    FACT_NOT_RECEIVED = "fact_not_received"
    """A fact was published, and the service has not received it; its name is the source."""


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One breach of a rule; it holds no stored content."""

    rule: AuditRule
    key: FileKey | None = None
    """File of the finding; None when it belongs to none."""
    revision: int = 0
    """Revision of the fact; 0 when it belongs to none."""
    name: str = ""
    """Name of the table, text, object or source."""


class AuditCount(StrEnum):
    """Kinds of records that were checked."""

    FILES = "files"
    FACTS = "facts"
    ROWS = "rows"
    KEYS = "keys"
    TEXTS = "texts"
    OBJECTS = "objects"
    INBOX_EVENTS = "heard"


AuditCounts: TypeAlias = Counter[AuditCount]
Found: TypeAlias = Callable[[AuditFinding], None]
