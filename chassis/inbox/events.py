"""A message becomes an event: whose file, which revision, what kind."""

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
    """One fact of another service, as it was published. The body is the fact itself; the rest comes from headers."""

    source: str
    key: FileKey
    revision: int
    event_id: UUID
    kind: str
    body: bytes

    @property
    def cause(self) -> IdempotencyKey:
        """The cause of what this event leads to."""
        return IdempotencyKey(f"heard:{self.source}", str(self.event_id), b"")


class UnreadableMessage(Exception):
    """A message without the headers of an event, or of another source; it can only be laid aside."""


def stored_event(source: str, row: asyncpg.Record) -> InboxEvent:
    """The event in a row of the inbox, of what is parked, or of a dead letter."""
    key = FileKey(row["district"], row["street"], row["file_id"])
    return InboxEvent(source, key, row["revision"], row["event_id"], row["kind"], row["body"])


def read_event(message: Msg, source: str) -> InboxEvent:
    """The event in a message of `source`. Raises Unreadable."""
    headers = message.headers or {}
    try:
        (position,) = read_positions(headers[POSITION])
        event_id, kind = UUID(headers["Nats-Msg-Id"]), headers[KIND]
    except (KeyError, ValueError, Invalid) as error:
        raise UnreadableMessage(f"headers of an event: {type(error).__name__}") from error
    if position.source != source:
        raise UnreadableMessage(f"an event of {position.source} on a stream of {source}")
    return InboxEvent(source, position.key, position.revision, event_id, kind, message.data)
