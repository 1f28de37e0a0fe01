"""Notices that a stream has lost what it had acknowledged, and publishes it again from PostgreSQL.

A row of the outbox is removed once the stream has stored it. When the store of NATS is put back to an earlier instant,
or the stream is deleted, made anew or purged, receivers may miss facts that no outbox has any more. So PostgreSQL keeps
marks: at this number of the stream, every row up to that one had been published. Three signs tell that a stream went
back, and none needs more than a request every few seconds:

    an acknowledgement of a new message has a number that the stream had used already
    the stream ends before the last number that it had acknowledged, or it was made anew
    the stream begins after messages that are younger than the age at which it removes them: it was purged, and it
    is filled again once it has forgotten the ids by which it drops repeats

Example: the marks are (1000, row 90) at ten and (1400, row 130) at eleven; the stream had 2000 messages, and its store
was put back to 1950. The next message is acknowledged as 1951. Rows after the newest mark that is surely before the
loss are put into the outbox again; here those after row 90. Receivers drop the ones that they know.

A stream without messages begins after its last one: the first message of an installation, and the first one after all
others grew too old, remove nothing. A mark made by a look has the age of the message at which the stream ended then.

A mark counts as surely before the loss when it is a batch and five minutes older than the number to which the stream
went back: a batch may have been stored and its answers lost, and a transaction may commit after a later row. What came
late so, or was put back, may have waited ever since: the least row of all marks of those five minutes counts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from nats.aio.client import Client
from prometheus_client import Counter, Gauge

from chassis.nats.broker import AWAY, StoredBatch, call_api
from chassis.nats.streams import MAX_AGE, Stream
from chassis.postgres.database import Pool
from chassis.settings.tuning import Tuning

_log = structlog.get_logger()
_losses = Counter("onewindow_stream_losses", "Times a stream had lost what it had acknowledged.", ["source"])
_open = Gauge(
    "onewindow_stream_losses_open", "Losses of a stream whose facts are not in the outbox again yet.", ["source"]
)
_refilled = Counter("onewindow_republished", "Rows put into the outbox again because a stream lost them.", ["source"])

_NANOSECONDS = 1_000_000_000
_PAGE = 10_000
_FIRST = 1
"""Number of the first message of a stream; marks may have 0, which was said of streams without messages."""
_SOON = 0.9
"""Share of the age at which a stream removes messages, from which on their removal is no loss."""

_LAST = """
select created, first_seq, stream_seq from stream_mark where source = $1 order by begun desc limit 1
"""
_BEGIN = f"""
insert into stream_mark (district, source, created, first_seq, stream_seq, row_seq, at)
values (current_setting('app.district'), $1, $2, $3, $4, $5,
        greatest(least(coalesce($6::timestamptz, '-infinity'), clock_timestamp()),
                 clock_timestamp() - interval '{MAX_AGE} seconds'))
"""
_BEFORE = """
with newest as (select max(begun) as begun from stream_mark where source = $1 and stream_seq <= $2),
sure as (select max(m.begun) as begun from stream_mark m, newest n
         where m.source = $1 and m.begun <= n.begun - interval '5 minutes')
select min(m.row_seq) as row_seq, s.begun from stream_mark m, newest n, sure s
where m.source = $1 and m.begun between s.begun and n.begun group by s.begun
"""
_REMOVED_EARLY = """
select exists (select from stream_mark where source = $1 and stream_seq >= $2 and stream_seq < $3
                                         and at > clock_timestamp() - $4::float8 * interval '1 second')
"""
_FOUND = """
insert into stream_loss (district, source, stream_seq, messages, row_seq, since, refill_at)
values (current_setting('app.district'), $1, $2, $3, $4, $5, clock_timestamp() + $6::float8 * interval '1 second')
"""
_OPEN = """
select id, row_seq, since from stream_loss
where source = $1 and refilled_at is null and ($2 or refill_at <= clock_timestamp()) order by id
"""


class GuardedOutbox(Protocol):
    """An outbox whose rows can be found again after they were published."""

    source: str
    """Source of the stream that it fills."""

    async def published_up_to(self, pool: Pool) -> int:
        """The row before the oldest one that still waits, or the last row of all."""

    async def refill(self, pool: Pool, after: int, since: datetime, page: int) -> int:
        """Puts the rows after this one into the outbox again, or those since that instant; their number.

        Facts are found by their row, all of the instant's after row 0; envelopes by the instant of their publication.
        """


@dataclass(frozen=True, slots=True)
class StreamState:
    """A stream as the server describes it."""

    created: str
    first_seq: int
    """First number that the stream has, or will have: the server says 0 of a new stream without messages."""
    last_seq: int
    last_at: datetime
    """When the last message was stored; long ago where there was none."""
    max_age: float
    """Seconds after which the stream removes a message."""
    window: float
    """Seconds for which the stream remembers the ids of messages, of purged ones too."""

    @classmethod
    def read(cls, answer: dict[str, Any]) -> "StreamState":
        """State in the answer to STREAM.INFO."""
        state, config = answer["state"], answer["config"]
        age, window = (config.get(name, 0) / _NANOSECONDS for name in ("max_age", "duplicate_window"))
        last_seq, last_at = state["last_seq"], datetime.fromisoformat(state["last_ts"])
        first_seq = state["first_seq"] if state["messages"] else last_seq + 1
        return cls(answer["created"], first_seq, last_seq, last_at, min(age or MAX_AGE, MAX_AGE), window)


def start_at_zero(source: str) -> None:
    """Makes the series of a stream before its first loss: an increase is invisible in one that starts later."""
    for metric in (_losses, _open, _refilled):
        metric.labels(source)


class StreamGuard:
    """Marks of one stream, compared with the stream by the replica that publishes it."""

    def __init__(self, pool: Pool, client: Client, outbox: GuardedOutbox, tuning: Tuning) -> None:
        self._pool = pool
        self._client = client
        self._outbox = outbox
        self._tuning = tuning
        self._source = outbox.source
        self._known = False
        self._highest = 0
        self.created = ""
        """When the stream was made, in the server's words; empty before it was seen."""
        self._first_seq = _FIRST

    def rest(self) -> None:
        """For a replica that leads no more: the next one reads the marks again."""
        self._known = False
        _open.labels(self._source).set(0)

    async def begin(self) -> None:
        """Looks at the stream before anything is published, once in a leadership."""
        if not self._known:
            await self.look()

    async def look(self) -> None:
        """Compares the stream with the marks, refills the outbox where that is due, and shows open losses."""
        if not self._known:
            await self._read_marks()
        if self._client.is_connected:
            highest = self._highest  # before the request: batches go on meanwhile
            answer = await self._describe()
            if answer is not None:
                await self._compare(StreamState.read(answer), highest)
        await self._settle_losses()

    async def noted(self, stored: StoredBatch) -> None:
        """Looks at the numbers of a batch that the stream has just stored, before its rows are removed.

        A stream that was made anew numbers from the start too; seen here, it is no second loss for the next look.
        """
        if stored.lowest and stored.lowest <= self._highest:
            answer, left = await self._describe(), stored.lowest - 1
            if answer is not None and self._made_anew(StreamState.read(answer)):
                left = 0
            await self._went_back(left, self._highest - left)
            await self._settle_losses()
        self._highest = max(self._highest, stored.highest)

    @property
    def highest(self) -> int:
        """Last number of the stream that was acknowledged."""
        return self._highest

    async def _read_marks(self) -> None:
        row = await self._pool.fetchrow(_LAST, self._source)
        if row is not None:
            self.created, self._highest = row["created"], row["stream_seq"]
            self._first_seq = max(row["first_seq"], _FIRST)
        self._known = True

    async def _describe(self) -> dict[str, Any] | None:
        subject = f"$JS.API.STREAM.INFO.{Stream(self._source).name}"
        try:
            answer = await call_api(self._client, subject, b"", self._tuning.ack_timeout)
        except AWAY:
            return None
        return None if "error" in answer else answer  # a stream that is gone is named by health, and takes nothing

    async def _compare(self, stream: StreamState, highest: int) -> None:
        if not self.created:
            await self._begin_marks(stream)
        elif self._made_anew(stream):
            await self._went_back(0, highest)
        elif stream.last_seq < highest:
            await self._went_back(stream.last_seq, highest - stream.last_seq, stream.last_at)
        elif stream.first_seq > self._first_seq:
            early = await self._pool.fetchval(
                _REMOVED_EARLY, self._source, self._first_seq, stream.first_seq, stream.max_age * _SOON
            )
            self._first_seq = stream.first_seq
            if early:
                await self._went_back(0, 0, stream.last_at, purged=stream)

    def _made_anew(self, stream: StreamState) -> bool:
        """True for another stream than the known one, which is the known one from now on."""
        if stream.created == self.created:
            return False
        self.created, self._first_seq = stream.created, stream.first_seq
        return True

    async def _begin_marks(self, stream: StreamState) -> None:
        """The first mark: all that was published so far counts as being in the stream."""
        self.created, self._first_seq = stream.created, stream.first_seq
        self._highest = max(self._highest, stream.last_seq)
        row = await self._outbox.published_up_to(self._pool)
        await self._pool.execute(
            _BEGIN, self._source, self.created, self._first_seq, self._highest, row, stream.last_at
        )

    async def _went_back(
        self, last_left: int, messages: int, last_at: datetime | None = None, *, purged: StreamState | None = None
    ) -> None:
        """Stores the loss, and the rows that follow from it; marks of messages that are gone are removed.

        `last_at` is the instant of the last message that is left, None where that is not known.
        """
        ends, wait = (purged.last_seq, purged.window) if purged else (last_left, 0.0)
        async with self._pool.acquire() as connection, connection.transaction():
            sure = await connection.fetchrow(_BEFORE, self._source, last_left - self._tuning.outbox_batch)
            row_seq, since = (sure["row_seq"], sure["begun"]) if sure else (0, None)
            oldest = await connection.fetchval(f"select clock_timestamp() - interval '{MAX_AGE} seconds'")
            since = max(since - timedelta(minutes=5), oldest) if since and row_seq else oldest
            await connection.execute(
                "delete from stream_mark where source = $1 and stream_seq > $2", self._source, last_left
            )
            await connection.execute(_BEGIN, self._source, self.created, self._first_seq, ends, row_seq, last_at)
            await connection.execute(_FOUND, self._source, last_left, messages, row_seq, since, wait)
        self._highest = ends
        _losses.labels(self._source).inc()
        _log.error("stream_lost_messages", source=self._source, left=last_left, messages=messages)

    async def _settle_losses(self) -> None:
        if self._tuning.self_healing:
            await refill_losses(self._pool, self._outbox)
        count = await self._pool.fetchval(
            "select count(*) from stream_loss where source = $1 and refilled_at is null", self._source
        )
        _open.labels(self._source).set(count)


async def refill_losses(pool: Pool, outbox: GuardedOutbox, *, at_once: bool = False) -> int:
    """Puts what followed each open loss into the outbox again, and closes it; the number of rows.

    Without `at_once` a loss waits until its stream takes repeats again.
    """
    refilled = 0
    for loss in await pool.fetch(_OPEN, outbox.source, at_once):
        rows = await outbox.refill(pool, loss["row_seq"], loss["since"], _PAGE)
        await pool.execute("update stream_loss set refilled_at = clock_timestamp() where id = $1", loss["id"])
        _refilled.labels(outbox.source).inc(rows)
        _log.warning("stream_refilled", source=outbox.source, rows=rows)
        refilled += rows
    return refilled
