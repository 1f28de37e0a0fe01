"""Files of facts: what a service stores, and the only road by which it changes."""

from chassis.scope import EVERY_STREET, Scope, acting_in, acting_scope

from .codec import Codec, Decision, EventMeta, TextVault
from .drafting import Author, Draft, Drafter
from .files import Changed, Files
from .limits import StoreSettings
from .memory import MemoryStore
from .model import (
    Answered,
    Append,
    Cause,
    Drawn,
    FactRecord,
    FileKey,
    Loaded,
    Outcome,
    chain,
    verify_chain,
)
from .position import Bell, Position, Sources, Waiter, position_of, read_positions
from .postgres import PostgresStore
from .store import KeyTaken, Store

__all__ = [
    "EVERY_STREET",
    "Answered",
    "Append",
    "Author",
    "Bell",
    "Cause",
    "Changed",
    "Codec",
    "Decision",
    "Draft",
    "Drafter",
    "Drawn",
    "EventMeta",
    "FactRecord",
    "FileKey",
    "Files",
    "KeyTaken",
    "Loaded",
    "MemoryStore",
    "Outcome",
    "Position",
    "PostgresStore",
    "Scope",
    "Sources",
    "Store",
    "StoreSettings",
    "TextVault",
    "Waiter",
    "acting_in",
    "acting_scope",
    "chain",
    "position_of",
    "read_positions",
    "verify_chain",
]
