"""What is published and heard: one connection to NATS, two relays, and a hearing for each stream."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chassis import broker
from chassis.broker_access import BrokerAccess
from chassis.database import Pool
from chassis.event_store import Bell, Sources
from chassis.hearing import Hearing, Hears
from chassis.relay import FactOutbox, Relay, SealedOutbox

from .wire import SOURCE

SOURCES = Sources(SOURCE, hears=("approval", "notify"))
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
    hears: Sequence[Hears]
    bells: Bells
    bell: Bell

    async def run(self) -> None:
        """For ever; the loop that the service supervises."""
        client = await broker.connect(self.access, SOURCE)
        relays = [Relay(self.pool, client, FactOutbox(SOURCE)), Relay(self.pool, client, SealedOutbox())]
        hearings = [Hearing(self.pool, client, hears, bell=self.bell) for hears in self.hears]
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
