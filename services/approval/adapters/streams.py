"""What is published and heard: one connection to NATS, the relay, and a hearing for each stream."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import PositionSignal, PositionSources
from chassis.inbox import InboxConsumer, Subscription
from chassis.nats import broker
from chassis.nats.broker_access import BrokerAccess
from chassis.outbox.publisher import FactOutbox, OutboxPublisher
from chassis.postgres.database import Pool
from services.approval.adapters.hear_approval import HearApproval
from services.approval.adapters.hear_intake import HearIntake
from services.approval.adapters.heard import kinds_of, verify_approval, verify_intake
from services.approval.adapters.wire import SOURCE

SOURCES = PositionSources(SOURCE, received=("intake",), ignored=("notify",))
"""Whose positions a caller may show."""


@dataclass(slots=True)
class Bells:
    """Who is woken in this process: the relay when something was written, the sender when something is owed."""

    relays: list[Callable[[], None]] = field(default_factory=list)
    senders: list[Callable[[], None]] = field(default_factory=list)
    _owed: bool = False

    def ring(self) -> None:
        """Something was written."""
        for wake in self.relays:
            wake()

    def owe(self) -> None:
        """Something will be owed to the district once the batch under way is committed."""
        self._owed = True

    def heard(self) -> None:
        """A batch is committed."""
        self.ring()
        if self._owed:
            self._owed = False
            for wake in self.senders:
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
        self.bells.relays.append(relay.wake)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(relay.run())
                for each in self.hears:
                    hearing = InboxConsumer(self.pool, client, each, signal=self.bell, wake=self.bells.heard)
                    group.create_task(hearing.run())
        finally:
            self.bells.relays.remove(relay.wake)
            await client.close()


def hears_intake(hearing: HearIntake) -> Subscription:
    """Acceptance, withdrawal, calendars."""
    kinds, followed = kinds_of(IntakeEvent), hearing.followed
    return Subscription(
        SOURCE, "OW_INTAKE", "intake", hearing.apply, kinds, verify=verify_intake, applied_kinds=followed
    )


def hears_approval(hearing: HearApproval) -> Subscription:
    """One leg tells the other."""
    kinds, followed = kinds_of(ApprovalEvent), hearing.followed
    return Subscription(
        SOURCE, "OW_APPROVAL", SOURCE, hearing.apply, kinds, verify=verify_approval, applied_kinds=followed
    )
