"""Received events: read from messages of a stream, and from rows of the inbox."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg
from nats.aio.msg import Msg

from chassis.event_store.model import FileKey, IdempotencyKey
from chassis.event_store.read_your_writes import read_positions
from chassis.outbox.publisher import KIND, POSITION
from chassis.refusals import Invalid


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """One fact of another service as it was published: the body is the fact itself, all else comes from headers."""

    source: str
    key: FileKey
    revision: int
    event_id: UUID
    kind: str
    body: bytes

    @property
    def cause(self) -> IdempotencyKey:
        """Cause of the changes that this event leads to. Stored with them, so the prefix never changes."""
        return IdempotencyKey(f"heard:{self.source}", str(self.event_id), b"")


class UnreadableMessage(Exception):
    """A message without the headers of an event, or of another source; it can only be laid aside."""


def stored_event(source: str, row: asyncpg.Record) -> InboxEvent:
    """Event in a row of the inbox, of the parked events, or of the dead letters."""
    key = FileKey(row["district"], row["street"], row["file_id"])
    return InboxEvent(source, key, row["revision"], row["event_id"], row["kind"], row["body"])


def read_event(message: Msg, source: str) -> InboxEvent:
    """Event in a message of `source`. Raises UnreadableMessage."""
    headers = message.headers or {}
    try:
        (position,) = read_positions(headers[POSITION])
        event_id, kind = UUID(headers["Nats-Msg-Id"]), headers[KIND]
    except (KeyError, ValueError, Invalid) as error:
        raise UnreadableMessage(f"headers of an event: {type(error).__name__}") from error
    if position.source != source:
        raise UnreadableMessage(f"an event of {position.source} on a stream of {source}")
    return InboxEvent(source, position.key, position.revision, event_id, kind, message.data)
