"""Hearing: what other services tell is stored and applied once, in order for each file, whatever NATS does."""

from chassis.inbox.consumer import InboxConsumer
from chassis.inbox.dead_letters import DeadLetter, dead_letters
from chassis.inbox.effects import Effect, change_many, write_many
from chassis.inbox.events import InboxEvent
from chassis.inbox.rebuild import FactUnreadable, Rebuild, RebuildUnderWay, TablesBusy, rebuild
from chassis.inbox.store import InboxOffsets
from chassis.inbox.subscription import Apply, RowProjector, Subscription, Verify, row_projection
from chassis.inbox.transaction import InboxTransaction, Retry

__all__ = [
    "Apply",
    "DeadLetter",
    "Effect",
    "FactUnreadable",
    "InboxConsumer",
    "InboxEvent",
    "InboxOffsets",
    "InboxTransaction",
    "Rebuild",
    "RebuildUnderWay",
    "Retry",
    "RowProjector",
    "Subscription",
    "TablesBusy",
    "Verify",
    "change_many",
    "dead_letters",
    "rebuild",
    "row_projection",
    "write_many",
]
