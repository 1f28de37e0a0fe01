"""The streams of a service: one connection to NATS, a publisher for each outbox, a consumer for each subscription.

Every outbox and every subscription has a leader of its own among the replicas, so one replica may publish
the facts while another receives intake's stream. While NATS is away nothing is lost: calls are answered,
rows stay in the outbox, and the consumers go on where they had acknowledged.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chassis.event_store import PositionSignal
from chassis.inbox import InboxConsumer, ProgressQuery, Subscription, consumer
from chassis.nats import broker
from chassis.nats.broker_access import BrokerAccess
from chassis.outbox import publisher
from chassis.outbox.publisher import Outbox, OutboxPublisher
from chassis.postgres.database import Pool
from chassis.settings.tuning import DEFAULT_TUNING, Tuning


@dataclass(slots=True)
class Wakeups:
    """Callbacks of this process after a commit, so that publishers and workers need not wait for their next look."""

    publishers: list[Callable[[], None]] = field(default_factory=list)
    """Called after own facts were written, and after events were received from which facts may follow."""
    workers: list[Callable[[], None]] = field(default_factory=list)
    """Called after events were received from which work may follow."""

    def written(self) -> None:
        """Own facts were written."""
        for wake in self.publishers:
            wake()

    def received(self) -> None:
        """Events were received and applied."""
        for wake in (*self.publishers, *self.workers):
            wake()


@dataclass(frozen=True, slots=True)
class StreamLoop:
    """Publishes and receives while NATS is reachable; meanwhile calls are answered and the outboxes keep their rows."""

    service: str
    access: BrokerAccess
    pool: Pool
    outboxes: Sequence[Outbox]
    subscriptions: Sequence[Subscription]
    wakeups: Wakeups
    positions: PositionSignal
    tuning: Tuning = DEFAULT_TUNING
    progress: ProgressQuery = field(default_factory=ProgressQuery)
    """Has the connection while there is one."""

    def __post_init__(self) -> None:
        """Makes the series of all counters, also while NATS is away."""
        for outbox in self.outboxes:
            publisher.start_at_zero(outbox)
        for subscription in self.subscriptions:
            consumer.start_at_zero(subscription)

    async def run(self) -> None:
        """Run for ever; the loop that the service supervises."""
        client = await broker.connect(self.access, self.service)
        publishers = [OutboxPublisher(self.pool, client, outbox, self.tuning) for outbox in self.outboxes]
        consumers = [
            InboxConsumer(
                self.pool,
                client,
                subscription,
                signal=self.positions,
                wake=self._wake(subscription),
                tuning=self.tuning,
            )
            for subscription in self.subscriptions
        ]
        wakes = [part.wake for part in publishers]
        self.wakeups.publishers.extend(wakes)
        self.progress.connected(client, self.service)
        try:
            async with asyncio.TaskGroup() as group:
                for run in (*(each.run for each in publishers), *(each.run for each in consumers)):
                    group.create_task(run())
        finally:
            self.progress.closed()
            for wake in wakes:
                self.wakeups.publishers.remove(wake)
            await client.close()

    def _wake(self, subscription: Subscription) -> Callable[[], None]:
        """The call after each batch; none where a subscription only writes rows, since no fact or work follows."""
        return self.wakeups.received if subscription.projector is None else _nothing


def _nothing() -> None:
    """No one is woken."""
