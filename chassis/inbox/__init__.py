"""Inbox: events of other services are stored and applied once, in order per file, whatever NATS redelivers."""

from chassis.inbox.catch_up import CatchUp, ProgressOfStream, ProgressQuery, StreamProgress
from chassis.inbox.consumer import InboxConsumer
from chassis.inbox.effects import Effect, change_many, write_many
from chassis.inbox.events import InboxEvent
from chassis.inbox.rebuild import FactUnreadable, Rebuild, RebuildUnderWay, TablesBusy, rebuild
from chassis.inbox.store import DeadLetter, InboxOffsets, dead_letters, is_held_back
from chassis.inbox.subscription import Apply, RowProjector, Subscription, Verify, row_projection
from chassis.inbox.transaction import InboxTransaction, Retry

__all__ = [
    "Apply",
    "CatchUp",
    "DeadLetter",
    "Effect",
    "FactUnreadable",
    "InboxConsumer",
    "InboxEvent",
    "InboxOffsets",
    "InboxTransaction",
    "ProgressOfStream",
    "ProgressQuery",
    "Rebuild",
    "RebuildUnderWay",
    "Retry",
    "RowProjector",
    "StreamProgress",
    "Subscription",
    "TablesBusy",
    "Verify",
    "change_many",
    "dead_letters",
    "is_held_back",
    "rebuild",
    "row_projection",
    "write_many",
]
