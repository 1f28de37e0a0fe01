"""A service hears a stream: each event is stored and applied in one transaction, once, in order for its file."""

import asyncio
from collections.abc import Callable, Sequence

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from prometheus_client import Counter, Gauge

from chassis.event_store.read_your_writes import PositionSignal
from chassis.inbox.acks import AckLedger
from chassis.inbox.applier import Applier
from chassis.inbox.events import InboxEvent, Unreadable, read_event
from chassis.inbox.pull_session import Session, SessionLost
from chassis.inbox.subscription import Subscription
from chassis.nats.broker import AWAY
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from chassis.settings.tuning import DEFAULT_TUNING, Tuning
from chassis.telemetry import traces

_log = structlog.get_logger()
_heard = Counter("onewindow_inbox_events", "Events stored and applied.", ["source"])
_sessions = Counter(
    "onewindow_inbox_sessions", "Requests for events begun anew, after a loss or at a takeover.", ["stream"]
)
_doubt = Gauge("onewindow_inbox_doubtful", "1 while deliveries to a lost session are awaited before acks.", ["stream"])
_lying = Gauge(
    "onewindow_dead_letters_open", "Dead letters whose files wait for them, as the leader saw last.", ["source"]
)


class InboxConsumer:
    """Hears one stream while this replica leads it."""

    def __init__(
        self,
        pool: Pool,
        client: Client,
        hears: Subscription,
        *,
        bell: PositionSignal | None = None,
        wake: Callable[[], None] = lambda: None,
        pace: Tuning = DEFAULT_TUNING,
    ) -> None:
        self._pool = pool
        self._client = client
        self._hears = hears
        self._pace = pace
        self._ledger = AckLedger()
        self._applier = Applier(pool, hears, pace)
        self._bell = bell or PositionSignal()
        self._wake = wake

    async def run(self) -> None:
        """Hear for ever while leading; the loop that a service supervises."""
        await lead(self._pool, f"hearing:{self._hears.stream}", self._hear_and_redrive)

    async def redrive(self, letter: int) -> bool:
        """Apply a dead letter again, and what waits behind it. False when it was refused again, or is none."""
        if not await self._applier.redrive(letter):
            return False
        self._tell()
        return await self._release()

    async def hear(self, events: Sequence[InboxEvent]) -> None:
        """Apply a batch whatever its order and however often it comes; waits while PostgreSQL is away."""
        await self._applier.take(events)
        _heard.labels(self._hears.source).inc(len(events))
        self._tell()

    def _tell(self) -> None:
        """Whoever waits in this process for what was committed hears of it."""
        news = self._applier.news()
        self._bell.ring(self._hears.source, news.reached)
        if news.followed:
            self._wake()

    async def _hear_and_redrive(self) -> None:
        redriving = asyncio.create_task(self._redrive_as_asked())
        try:
            await self._hear_for_ever()
        finally:
            redriving.cancel()
            _doubt.labels(self._hears.stream).set(0)  # this and the next are the next leader's to tell
            _lying.labels(self._hears.source).set(0)

    async def _redrive_as_asked(self) -> None:
        """What an operator asks by `onewindow redrive`: the leader does it, which alone knows what follows."""
        while True:
            try:
                lying = await self._pool.fetch(_LYING, self._hears.source)
                _lying.labels(self._hears.source).set(len(lying))
                for letter in (row["id"] for row in lying if row["asked"]):
                    applied = await self.redrive(letter)
                    _log.info("redriven", source=self._hears.source, letter=letter, applied=applied)
            except Exception as error:
                _log.warning("redriving_failed", source=self._hears.source, reason=type(error).__name__)
            await asyncio.sleep(self._pace.redrive_poll)

    async def _hear_for_ever(self) -> None:
        await self._release()
        while True:
            _sessions.labels(self._hears.stream).inc()
            try:
                async with Session(
                    self._client, self._hears.stream, self._hears.consumer, self._ledger, self._pace
                ) as session:
                    await self._hear_session(session)
            except (SessionLost, *AWAY) as error:
                _log.warning(
                    "hearing_session_lost", stream=self._hears.stream, reason=str(error) or type(error).__name__
                )
                await asyncio.sleep(self._pace.away_pause)

    async def _hear_session(self, session: Session) -> None:
        while True:
            messages = await session.collect()
            with traces.gathered(f"hear {self._hears.stream}", [message.headers for _, message in messages]):
                await self.hear(await self._read([message for _, message in messages]))
            await session.settle([delivered for delivered, _ in messages])
            _doubt.labels(self._hears.stream).set(self._ledger.doubtful)

    async def _read(self, messages: Sequence[Msg]) -> list[InboxEvent]:
        events = []
        for message in messages:
            try:
                events.append(read_event(message, self._hears.source))
            except Unreadable as error:
                await self._applier.lay_aside(message, error)
        return events

    async def _release(self) -> bool:
        while events := await self._applier.released():
            await self.hear(events)
        return True


_LYING = (
    "select id, asked_at is not null as asked from dead_letter where source = $1 and redriven_at is null order by id"
)
