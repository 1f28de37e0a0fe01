"""What is published and heard: one connection to NATS, two relays, and a hearing for each stream."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chassis.event_store import PositionSignal, PositionSources
from chassis.inbox import InboxConsumer, Subscription
from chassis.nats import broker
from chassis.nats.broker_access import BrokerAccess
from chassis.outbox.publisher import FactOutbox, OutboxPublisher, SealedOutbox
from chassis.postgres.database import Pool
from services.intake.adapters.wire import SOURCE

SOURCES = PositionSources(SOURCE, received=("approval", "notify"))
"""Whose positions a caller may show."""


@dataclass(slots=True)
class Bells:
    """Who is woken in this process when something was written."""

    wakes: list[Callable[[], None]] = field(default_factory=list)

    def ring(self) -> None:
        """Wake all of them."""
        for wake in self.wakes:
            wake()


@dataclass(frozen=True, slots=True)
class Streams:
    """Publishes and hears while NATS is there; calls are answered meanwhile and the outboxes keep what they say."""

    pool: Pool
    access: BrokerAccess
    hears: Sequence[Subscription]
    bells: Bells
    bell: PositionSignal

    async def run(self) -> None:
        """For ever; the loop that the service supervises."""
        client = await broker.connect(self.access, SOURCE)
        relays = [
            OutboxPublisher(self.pool, client, FactOutbox(SOURCE)),
            OutboxPublisher(self.pool, client, SealedOutbox()),
        ]
        hearings = [InboxConsumer(self.pool, client, hears, signal=self.bell) for hears in self.hears]
        wakes = [relay.wake for relay in relays]
        self.bells.wakes.extend(wakes)
        try:
            async with asyncio.TaskGroup() as group:
                for relay in relays:
                    group.create_task(relay.run())
                for hearing in hearings:
                    group.create_task(hearing.run())
        finally:
            for wake in wakes:
                self.bells.wakes.remove(wake)
            await client.close()
