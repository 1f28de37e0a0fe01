"""What is published and heard: one connection to NATS, the relay, and a hearing for each stream."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chassis.event_store import PositionSignal, PositionSources
from chassis.inbox import InboxConsumer, Subscription
from chassis.nats import broker
from chassis.nats.broker_access import BrokerAccess
from chassis.outbox.publisher import FactOutbox, OutboxPublisher
from chassis.postgres.database import Pool
from services.notify.adapters import envelopes, told_by_approval, told_by_intake
from services.notify.adapters.envelopes import Envelopes
from services.notify.adapters.hearing import Teller
from services.notify.adapters.wire import SOURCE

SOURCES = PositionSources(SOURCE, received=("intake", "approval"))
"""Whose positions a caller may show."""


@dataclass(slots=True)
class Bells:
    """Who is woken in this process, and by what."""

    written: list[Callable[[], None]] = field(default_factory=list)
    """By own facts: whoever publishes them."""
    told: list[Callable[[], None]] = field(default_factory=list)
    """By what was heard, of which facts may follow too: whoever works on what is due."""

    def ring_written(self) -> None:
        """Own facts were written."""
        for wake in self.written:
            wake()

    def ring_told(self) -> None:
        """Something was heard."""
        for wake in (*self.written, *self.told):
            wake()


@dataclass(frozen=True, slots=True)
class Streams:
    """Publishes and hears while NATS is there; calls are answered meanwhile and the outbox keeps what they say."""

    pool: Pool
    access: BrokerAccess
    hears: Sequence[Subscription]
    bells: Bells
    bell: PositionSignal

    async def run(self) -> None:
        """For ever; the loop that the service supervises."""
        client = await broker.connect(self.access, SOURCE)
        relay = OutboxPublisher(self.pool, client, FactOutbox(SOURCE))
        self.bells.written.append(relay.wake)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(relay.run())
                for each in self.hears:
                    hearing = InboxConsumer(self.pool, client, each, signal=self.bell, wake=self.bells.ring_told)
                    group.create_task(hearing.run())
        finally:
            self.bells.written.remove(relay.wake)
            await client.close()


def hears_intake(teller: Teller) -> Subscription:
    """Matters from the window: accepted, to be corrected, not accepted; items and calendars."""
    return Subscription(
        SOURCE, "OW_INTAKE", "intake", teller.apply, told_by_intake.KINDS, applied_kinds=told_by_intake.TELLING
    )


def hears_approval(teller: Teller) -> Subscription:
    """How matters go on and end."""
    return Subscription(
        SOURCE, "OW_APPROVAL", "approval", teller.apply, told_by_approval.KINDS, applied_kinds=told_by_approval.TELLING
    )


def hears_sealed(opened: Envelopes) -> Subscription:
    """Whose matters they are."""
    return Subscription(SOURCE, "OW_SEALED", "sealed", opened.apply, envelopes.KINDS, ordered=False)
