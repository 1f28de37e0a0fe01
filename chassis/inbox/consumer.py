"""Consumer of one stream: receives batches, applies them, acknowledges them, redrives dead letters on request.

One session of the leading replica:
1. Events that were parked and can go on now are applied first.
2. A pull session asks the server for a batch and collects what comes within a short time.
3. The batch is stored in the inbox and applied in one transaction.
4. Only then is it acknowledged. A process killed between 3 and 4 receives the batch again, and the inbox knows it.
5. A lost connection or session ends in a pause and a new session, never in the end of the loop. A durable consumer
   that is gone is made anew before it (chassis/inbox/watch.py).
"""

import asyncio
from collections.abc import Callable, Collection, Sequence

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from prometheus_client import Counter, Gauge

from chassis.event_store.read_your_writes import PositionSignal
from chassis.inbox import applier, watch
from chassis.inbox.acks import AckLedger
from chassis.inbox.applier import Applier
from chassis.inbox.day_check import DayCheck
from chassis.inbox.events import InboxEvent, UnreadableMessage, read_event
from chassis.inbox.pull_session import PullSession, SessionLost
from chassis.inbox.subscription import Subscription
from chassis.inbox.watch import SubscriptionWatch
from chassis.nats.broker import AWAY
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from chassis.settings.tuning import DEFAULT_TUNING, Tuning
from chassis.telemetry import traces

_log = structlog.get_logger()
_received = Counter("onewindow_inbox_events", "Events stored and applied.", ["source"])
_sessions = Counter(
    "onewindow_inbox_sessions", "Requests for events begun anew, after a loss or at a takeover.", ["stream"]
)
_doubtful = Gauge(
    "onewindow_inbox_doubtful", "1 while deliveries to a lost session are awaited before acks.", ["stream"]
)
_open_letters = Gauge(
    "onewindow_dead_letters_open", "Dead letters whose files wait for them, as the leader saw last.", ["source"]
)
_oldest_parked = Gauge(
    "onewindow_parked_oldest_seconds", "Age of the oldest event that is parked, as the leader saw last.", ["source"]
)

_OPEN_LETTERS = (
    "select id, asked_at is not null as requested from dead_letter"
    " where source = $1 and redriven_at is null order by id"
)
_OLDEST_PARKED = (
    "select coalesce(extract(epoch from clock_timestamp() - min(parked_at)), 0)::float from parked where source = $1"
)
_STOP_SECONDS = 1.0
"""Seconds until a task that still runs is cancelled again."""


def start_at_zero(subscription: Subscription) -> None:
    """Makes the series of a subscription before its first event: an increase is invisible in one that starts later."""
    _received.labels(subscription.source)
    _sessions.labels(subscription.stream)
    _oldest_parked.labels(subscription.source)
    applier.start_at_zero(subscription.source)
    watch.start_at_zero(subscription.source)


class InboxConsumer:
    """Receives one stream while this replica leads its loop."""

    def __init__(
        self,
        pool: Pool,
        client: Client,
        subscription: Subscription,
        *,
        signal: PositionSignal | None = None,
        wake: Callable[[], None] = lambda: None,
        tuning: Tuning = DEFAULT_TUNING,
    ) -> None:
        self._pool = pool
        self._client = client
        self._subscription = subscription
        self._tuning = tuning
        self._applier = Applier(pool, subscription, tuning)
        self._signal = signal or PositionSignal()
        self._wake = wake
        self._watch = SubscriptionWatch(client, subscription, tuning)
        self._days = DayCheck(pool, subscription.source, tuning)

    async def run(self) -> None:
        """Receives for ever while leading; the loop that a service supervises.

        The lock keeps the name of release 0.1, so that both releases compete for one leadership during an update.
        """
        stream = self._subscription.stream
        await lead(self._pool, f"inbox:{stream}", self._receive_and_redrive, lock=f"hearing:{stream}")

    async def redrive(self, letter: int) -> bool:
        """Applies a dead letter again, and the events that wait behind it. False when it raised again, or is none."""
        if not await self._applier.redrive(letter):
            return False
        self._announce()
        await self.release()
        return True

    async def apply(self, events: Sequence[InboxEvent]) -> None:
        """Applies a batch in whatever order and however often it comes; waits while PostgreSQL is away."""
        await self._applier.apply(events)
        _received.labels(self._subscription.source).inc(len(events))
        self._announce()

    def _announce(self) -> None:
        """Wakes the calls and loops of this process that wait for events that were just committed."""
        progress = self._applier.take_progress()
        self._signal.notify(self._subscription.source, progress.reached)
        if progress.any_counts:
            self._days.wake()
        if progress.any_applicable:
            self._wake()

    async def _receive_and_redrive(self) -> None:
        loops = (self._receive_for_ever, self._look_after_waiting, self._watch.run, self._days.run)
        tasks = [asyncio.create_task(loop()) for loop in loops]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()  # none ends but by an error, and none may end unnoticed
        finally:
            try:
                await _stopped(tasks)
            finally:
                self._rest()

    def _rest(self) -> None:
        """Ends or resets what only a leader knows."""
        self._watch.rest()
        self._days.rest()
        _doubtful.labels(self._subscription.stream).set(0)
        for gauge in (_open_letters, _oldest_parked):
            gauge.labels(self._subscription.source).set(0)

    async def _look_after_waiting(self) -> None:
        """Applies parked events that may go on, and letters marked by `onewindow redrive`: the leader has the effects.

        Shows how many letters are open, and since when events are parked.
        """
        while True:
            try:
                await self.release()
                parked = await self._pool.fetchval(_OLDEST_PARKED, self._subscription.source)
                _oldest_parked.labels(self._subscription.source).set(parked)
                letters = await self._pool.fetch(_OPEN_LETTERS, self._subscription.source)
                _open_letters.labels(self._subscription.source).set(len(letters))
                for letter in (row["id"] for row in letters if row["requested"]):
                    applied = await self.redrive(letter)
                    _log.info("redriven", source=self._subscription.source, letter=letter, applied=applied)
            except Exception as error:
                _log.warning("redriving_failed", source=self._subscription.source, reason=type(error).__name__)
            await asyncio.sleep(self._tuning.redrive_poll)

    async def _receive_for_ever(self) -> None:
        await self.release()
        stream, durable = self._subscription.stream, self._subscription.consumer
        ledger = AckLedger()
        while True:
            _sessions.labels(stream).inc()
            try:
                async with PullSession(self._client, stream, durable, ledger, self._tuning) as session:
                    await self._receive_session(session, ledger)
            except (SessionLost, *AWAY) as error:
                _log.warning("inbox_session_lost", stream=stream, reason=str(error) or type(error).__name__)
                if not await self._watch.look():
                    await asyncio.sleep(self._tuning.away_pause)

    async def _receive_session(self, session: PullSession, ledger: AckLedger) -> None:
        while True:
            messages = await session.collect()
            with traces.gathered(f"receive {self._subscription.stream}", [message.headers for _, message in messages]):
                await self.apply(await self._read([message for _, message in messages]))
            await session.settle([delivery for delivery, _ in messages])
            _doubtful.labels(self._subscription.stream).set(ledger.doubtful)

    async def _read(self, messages: Sequence[Msg]) -> list[InboxEvent]:
        events = []
        for message in messages:
            try:
                events.append(read_event(message, self._subscription.source))
            except UnreadableMessage as error:
                await self._applier.lay_aside(message, error)
        return events

    async def release(self) -> None:
        """Applies the parked events that nothing holds back any more."""
        while events := await self._applier.released():
            await self.apply(events)


async def _stopped(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancels tasks until they end: a rollback on a lost connection raises in place of the cancellation."""
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=_STOP_SECONDS)
