"""Streams and their durable consumers in memory: what JetStream promises, and nothing more.

A stream keeps the order in which it was given messages and drops a message id that it has seen of late. A consumer
delivers each message until it is acknowledged: twice where an ack was lost, later than its successors where a delivery
was, and all of them again after its reader has died.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import cast

from nats.aio.client import Client
from nats.aio.msg import Msg

from chassis.inbox import StreamProgress
from chassis.nats.broker import OutgoingMessage

_NO_CLIENT = cast(Client, None)


@dataclass(frozen=True, slots=True)
class StreamFaults:
    """How often a stream or a consumer does what it may do."""

    repeated: float = 0.0
    """A message is stored twice, or delivered again after its ack."""
    held_back: float = 0.0
    """A delivery is lost, and comes after its successors."""
    refused: float = 0.0
    """A message is not stored at the first time."""


class Feed:
    """The durable consumer of one service on one stream."""

    def __init__(self, faults: StreamFaults, random: Random) -> None:
        self._faults = faults
        self._random = random
        self._unread: list[Msg] = []
        self._unacknowledged: list[Msg] = []
        self._stored = 0
        self.ready = asyncio.Event()
        self.stopped = False

    def put(self, message: Msg) -> None:
        """A message of the stream."""
        self._unread.append(message)
        self._stored += 1
        self.look()

    def take(self) -> list[Msg]:
        """The next deliveries, some; they stay unacknowledged."""
        random, faults, unread = self._random, self._faults, self._unread
        count = random.randint(1, len(unread)) if random.random() < 0.3 else len(unread)
        batch, rest = unread[:count], unread[count:]
        if faults.held_back and len(batch) > 1 and random.random() < faults.held_back:
            late = batch.pop(random.randrange(len(batch)))
            rest.append(late)
        if faults.repeated and batch and random.random() < faults.repeated:
            again = random.choice(batch)
            (rest if random.random() < 0.5 else batch).append(again)
        self._unread = rest
        self._unacknowledged.extend(batch)
        self.look()
        return batch

    def acknowledge(self, batch: Sequence[Msg]) -> None:
        """The messages were applied; an ack may be lost on its way."""
        for message in batch:
            place = next((n for n, waiting in enumerate(self._unacknowledged) if waiting is message), None)
            if place is not None:
                del self._unacknowledged[place]
                if self._faults.repeated and self._random.random() < self._faults.repeated / 4:
                    self._unread.append(message)
        self.look()

    def lose_reader(self) -> None:
        """What was delivered to a dead reader is delivered again."""
        self._unread = self._unacknowledged + self._unread
        self._unacknowledged = []
        self.look()

    def stop(self) -> None:
        """Deliver nothing for a while."""
        self.stopped = True
        self.look()

    def resume(self) -> None:
        """Deliver again."""
        self.stopped = False
        self.look()

    def look(self) -> None:
        """Wake the reader while there is something to deliver."""
        if self._unread and not self.stopped:
            self.ready.set()
        else:
            self.ready.clear()

    @property
    def empty(self) -> bool:
        """True when everything was delivered and acknowledged."""
        return not self._unread and not self._unacknowledged

    @property
    def progress(self) -> StreamProgress:
        """The server's word on this consumer."""
        return StreamProgress(self._stored if self.empty else 0, self._stored)


class Stream:
    """One stream, with the consumers of the services that receive it."""

    def __init__(self, faults: StreamFaults, random: Random) -> None:
        self._faults = faults
        self._random = random
        self._known: set[str] = set()
        self.feeds: dict[str, Feed] = {}

    def store(self, message: OutgoingMessage) -> bool:
        """Store a message; False where it was not stored this time."""
        random, faults = self._random, self._faults
        if faults.refused and random.random() < faults.refused:
            return False
        forgotten = bool(faults.repeated) and random.random() < faults.repeated
        if message.message_id in self._known and not forgotten:
            return True
        self._known.add(message.message_id)
        headers = {"Nats-Msg-Id": message.message_id, **message.headers}
        delivered = Msg(_NO_CLIENT, message.subject, "", message.body, headers)
        for feed in self.feeds.values():
            feed.put(delivered)
        return True
