"""Event store: files of facts, changed only by load, decide, append."""

from chassis.event_store.codec import Codec, Decision, EventMeta, TextVault
from chassis.event_store.file_repository import Changed, FileRepository, Precondition
from chassis.event_store.memory_store import MemoryStore
from chassis.event_store.model import (
    Answered,
    Append,
    AppendResult,
    Drawn,
    FactRecord,
    FileKey,
    IdempotencyKey,
    Loaded,
    chain,
    verify_chain,
)
from chassis.event_store.postgres_store import PostgresStore
from chassis.event_store.read_your_writes import (
    Position,
    PositionSignal,
    PositionSources,
    PositionWaiter,
    SharedLook,
    position_of,
    read_positions,
)
from chassis.event_store.store import KeyTaken, Store, StoreSettings, TextTaken
from chassis.event_store.unit_of_work import Author, PendingChange, UnitOfWork
from chassis.scope import EVERY_STREET, Scope, acting_in, acting_scope

__all__ = [
    "EVERY_STREET",
    "Answered",
    "Append",
    "AppendResult",
    "Author",
    "Changed",
    "Codec",
    "Decision",
    "Drawn",
    "EventMeta",
    "FactRecord",
    "FileKey",
    "FileRepository",
    "IdempotencyKey",
    "KeyTaken",
    "Loaded",
    "MemoryStore",
    "PendingChange",
    "Position",
    "PositionSignal",
    "PositionSources",
    "PositionWaiter",
    "PostgresStore",
    "Precondition",
    "Scope",
    "SharedLook",
    "Store",
    "StoreSettings",
    "TextTaken",
    "TextVault",
    "UnitOfWork",
    "acting_in",
    "acting_scope",
    "chain",
    "position_of",
    "read_positions",
    "verify_chain",
]
