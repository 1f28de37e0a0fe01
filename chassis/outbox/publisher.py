"""Publishes outbox rows to JetStream, in order per file, and removes them once the stream has stored them.

A row is removed only after its acknowledgement, so a fact cannot be stored and never published. It may be published
twice (the acknowledgement was lost, the process died before the removal): the stream drops a repeat by its message id
within ten minutes, the inbox of each receiver drops it for ever.

Order per file. One leader publishes; the rows of a batch are sent in the order of `seq`, which is the order of each
file's revisions. When the stream refuses a row, later rows of the same file must not overtake it.
Example: the batch is A4, B1, A5, B2, A6, and A5 was refused. Removed are A4, B1 and B2. A5 stays, and so does A6
although the stream has stored it: both are published again, A5 then A6, and the repeated A6 is dropped by its id. A
receiver that sees A6 before A5 parks it until A5 has come.

A stream that has lost what it had acknowledged is noticed and filled again (chassis/outbox/stream_guard.py).
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import asyncpg
from nats.aio.client import Client
from prometheus_client import Counter, Gauge

from chassis.event_store.model import FileKey
from chassis.event_store.read_your_writes import position_of
from chassis.nats.broker import BatchPublisher, OutgoingMessage
from chassis.nats.streams import MAX_AGE
from chassis.outbox import stream_guard
from chassis.outbox.stream_guard import GuardedOutbox, StreamGuard
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from chassis.settings.tuning import DEFAULT_TUNING, Tuning, linger
from chassis.telemetry.traces import TRACEPARENT

KIND = "Onewindow-Kind"
POSITION = "Onewindow-Position"
"""Headers of every event: the kind of its fact; and its position: source, place, file, revision in one text."""

_depth = Gauge("onewindow_outbox_rows", "Rows that wait to be published, as the leader saw last.", ["outbox"])
_oldest = Gauge("onewindow_outbox_oldest_seconds", "Age of the oldest row that waits to be published.", ["outbox"])
_published = Counter("onewindow_published", "Rows published and removed from the outbox.", ["outbox"])
_rejected = Counter(
    "onewindow_publish_rejected", "Rows that stay in the outbox because the stream did not take them.", ["outbox"]
)


_REFILL = """
with page as (select seq, district from fact where seq > $1 and recorded_at >= $2 and ($4 = '' or street = $4)
              order by seq limit $3),
filled as (insert into outbox (seq, district) select seq, district from page on conflict do nothing)
select seq from page
"""
_SEAL_AGAIN = """
with again as (delete from sealed_sent where since >= $1 and ($2 = '' or street = $2) returning *)
insert into sealed_outbox (district, street, file_id, revision, event_id, body)
select district, street, file_id, revision, event_id, body from again order by since, revision
returning seq
"""
_UNORDERED = 1_000
"""Facts by which the order of numbers and the order of ids may differ: transactions that overlap."""
_EVER = datetime(1, 1, 2, tzinfo=UTC)
"""Before every instant at which a fact was recorded."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One outbox row with its message."""

    seq: int
    file_id: UUID
    message: OutgoingMessage


class Outbox(GuardedOutbox, Protocol):
    """A table of rows that wait to be published."""

    name: str
    """Name of the table; also in the labels of its metrics and in the name of its lock."""
    select: str
    """Query for the oldest rows, at most $1 of them."""
    remove: str
    """Statement that removes the rows with the numbers $1, which the stream has stored, and notes the mark $2 to $5.

    The mark is noted of what is left: `gone` is counted first, so that the rows are removed when the mark looks.
    """

    def read(self, row: asyncpg.Record) -> OutboxRow:
        """Message of a row of `select`."""


class FactOutbox:
    """Facts of a service, each on the subject of its kind and place."""

    name = "outbox"
    # One look-up for each row, whatever the statistics say: a join would read every fact that was ever published.
    select = (
        "select o.seq, o.trace, f.district, f.street, f.file_id, f.revision, f.event_id, f.kind, f.body"
        " from (select seq, trace from outbox order by seq limit $1) o"
        " cross join lateral (select * from fact where fact.seq = o.seq limit 1) f order by o.seq"
    )

    remove = """
with gone as (delete from outbox where seq = any ($1) returning seq)
select stream_mark_reached($2, $3, $4, $5) from (select count(*) from gone) removed
"""

    def __init__(self, service: str) -> None:
        self.source = self._service = service

    def read(self, row: asyncpg.Record) -> OutboxRow:
        """Event of a fact; the message id is the fact's own id."""
        key = FileKey(row["district"], row["street"], row["file_id"])
        subject = f"onewindow.{self._service}.v1.{row['kind']}.{key.district}.{key.street}"
        headers = {KIND: row["kind"], POSITION: position_of(self._service, key, row["revision"])}
        if row["trace"]:
            headers[TRACEPARENT] = row["trace"]
        return OutboxRow(row["seq"], key.file_id, OutgoingMessage(subject, row["body"], str(row["event_id"]), headers))

    async def published_up_to(self, pool: Pool) -> int:
        """The fact before the oldest one that still waits, or the last fact of all."""
        return int(
            await pool.fetchval(
                "select coalesce((select min(seq) - 1 from outbox), (select max(seq) from fact), 0)::bigint"
            )
        )

    async def refill(self, pool: Pool, after: int, since: datetime, page: int) -> int:
        """Puts the facts after this one into the outbox again, all since that instant after 0; their number.

        A fact may be much older than its publication, so the instant bounds nothing where a mark names the row.
        """
        after = after or await last_fact_before(pool, first_id(int(since.timestamp() * 1000)))
        return await _refill_facts(pool, after, _EVER, page)


class SealedOutbox:
    """Envelopes that only one service can open, on a stream of their own.

    Sent envelopes are stored for as long as the stream reaches back, so that a lost stream can be filled again. Their
    instant is that of their publication: a mark of before it does not count them as being in the stream.
    """

    name = "sealed_outbox"
    source = "sealed"
    select = "select seq, district, street, file_id, revision, event_id, body from sealed_outbox order by seq limit $1"
    remove = f"""
with old as (delete from sealed_sent where since < now() - interval '{MAX_AGE} seconds'),
gone as (delete from sealed_outbox where seq = any ($1) returning *),
sent as (
  insert into sealed_sent (event_id, district, street, file_id, revision, body, since)
  select event_id, district, street, file_id, revision, body, now() from gone on conflict do nothing)
select stream_mark_reached($2, $3, $4, $5) from (select count(*) from gone) removed
"""

    async def published_up_to(self, pool: Pool) -> int:  # noqa: ARG002 # the protocol's
        """Nought: sent envelopes are found again by their instant, not by a row."""
        return 0

    async def refill(self, pool: Pool, after: int, since: datetime, page: int) -> int:  # noqa: ARG002 # the protocol's
        """Puts the envelopes that were published since that instant into the outbox again; their number."""
        return len(await pool.fetch(_SEAL_AGAIN, since, ""))

    def read(self, row: asyncpg.Record) -> OutboxRow:
        """Envelope; its revision is that of the file when it was sealed, so revisions leave gaps here."""
        key = FileKey(row["district"], row["street"], row["file_id"])
        subject = f"onewindow.sealed.v1.envelope.{key.district}.{key.street}"
        headers = {KIND: "envelope", POSITION: position_of("sealed", key, row["revision"])}
        return OutboxRow(row["seq"], key.file_id, OutgoingMessage(subject, row["body"], str(row["event_id"]), headers))


def start_at_zero(outbox: Outbox) -> None:
    """Makes the series of an outbox before its first row: an increase is invisible in one that starts later."""
    for counter in (_published, _rejected):
        counter.labels(outbox.name)
    stream_guard.start_at_zero(outbox.source)


class OutboxPublisher:
    """Publishes one outbox, in order for each file, while this replica leads."""

    def __init__(
        self,
        pool: Pool,
        client: Client,
        outbox: Outbox,
        tuning: Tuning = DEFAULT_TUNING,
    ) -> None:
        self._pool = pool
        self._client = client
        self._outbox = outbox
        self._tuning = tuning
        self._publisher = BatchPublisher(client)
        self._guard = StreamGuard(pool, client, outbox, tuning)
        self._woken = asyncio.Event()
        self._wakes = 0

    def wake(self) -> None:
        """Publishes now, not at the next look: a row was written in this process."""
        self._wakes += 1
        self._woken.set()

    async def run(self) -> None:
        """Publishes for ever while leading; the loop that a service supervises.

        The lock keeps the name of release 0.1, so that both releases compete for one leadership during an update.
        """
        name = self._outbox.name
        await lead(self._pool, f"outbox:{name}", self._publish_for_ever, lock=f"relay:{name}")

    async def _publish_for_ever(self) -> None:
        look_at = 0.0
        try:
            while True:
                if time.monotonic() >= look_at:
                    await self._guard.look()
                    look_at = time.monotonic() + self._tuning.watch_poll
                await self._publish_and_rest()
        finally:
            self._guard.rest()
            self._show(0, 0.0)  # both gauges are the next leader's to set

    async def _publish_and_rest(self) -> None:
        self._woken.clear()
        found, left = await self.publish_batch()
        if left:
            await asyncio.sleep(self._tuning.away_pause)
        elif found < self._tuning.outbox_batch:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._tuning.outbox_poll):
                    await self._woken.wait()
            await linger(lambda: self._wakes, self._tuning.outbox_quiet, self._tuning.outbox_linger)

    async def publish_batch(self) -> tuple[int, int]:
        """Publishes the oldest rows: the number of rows found, and of those left for the next batch."""
        rows = await self._pool.fetch(self._outbox.select, self._tuning.outbox_batch)
        waiting = [self._outbox.read(row) for row in rows]
        if not waiting:
            self._show(0, 0.0)
            return 0, 0
        if not self._client.is_connected:
            await self._measure()
            return len(waiting), len(waiting)
        await self._guard.begin()
        stored = await self._publisher.publish([one.message for one in waiting], self._tuning.publish_timeout)
        await self._guard.noted(stored)
        removed = removable_rows(waiting, stored.places)
        if removed:
            mark = (self._outbox.source, self._guard.created, self._guard.highest, max(removed))
            await self._pool.execute(self._outbox.remove, removed, *mark)
        left = len(waiting) - len(removed)
        _published.labels(self._outbox.name).inc(len(removed))
        _rejected.labels(self._outbox.name).inc(left)
        if left or len(waiting) == self._tuning.outbox_batch:
            await self._measure()
        return len(waiting), left

    async def _measure(self) -> None:
        row = await self._pool.fetchrow(
            "select count(*) as rows, coalesce(extract(epoch from clock_timestamp() - min(since)), 0)::float as seconds"
            f" from {self._outbox.name}"
        )
        if row is not None:
            self._show(row["rows"], row["seconds"])

    def _show(self, rows: int, seconds: float) -> None:
        _depth.labels(self._outbox.name).set(rows)
        _oldest.labels(self._outbox.name).set(seconds)


async def republish(pool: Pool, since: datetime, page: int = 10_000, place: str = "") -> int:
    """Puts every fact recorded since that instant into the outbox again, for a stream that was lost; their number.

    Every envelope that is still stored goes with them. Receivers drop the events that they know. Written in pages, so
    that the publisher begins at once. `place` names the nine digits of one place.
    """
    await pool.execute(_SEAL_AGAIN, _EVER, place)
    return await _refill_facts(pool, 0, since, page, place)


async def _refill_facts(pool: Pool, after: int, since: datetime, page: int, place: str = "") -> int:
    reached, count = after, 0
    while rows := await pool.fetch(_REFILL, reached, since, page, place):
        reached, count = max(row["seq"] for row in rows), count + len(rows)
    return count


def first_id(milliseconds: int) -> UUID:
    """The least id that a fact made at this instant can have."""
    return UUID(int=milliseconds << 80)


async def last_fact_before(pool: Pool, least: UUID) -> int:
    """Number of the last fact with a lesser id, or one shortly before; found by halving, since ids rise with time.

    The id of a fact holds the machine's instant, whereas `recorded_at` follows the office clock.
    """
    before, beyond = 0, int(await pool.fetchval("select coalesce(max(seq), 0)::bigint + 1 from fact"))
    while beyond - before > 1:
        middle = (before + beyond) // 2
        made = await pool.fetchval("select event_id from fact where seq >= $1 order by seq limit 1", middle)
        if made < least:
            before = middle
        else:
            beyond = middle
    return max(0, before - _UNORDERED)


def removable_rows(waiting: Sequence[OutboxRow], stored: set[int]) -> list[int]:
    """Numbers of the rows to remove: of each file those before the first that the stream did not store."""
    stored_rows, refused_files = [], set()
    for n, one in enumerate(waiting):
        if one.file_id in refused_files:
            continue
        if n in stored:
            stored_rows.append(one.seq)
        else:
            refused_files.add(one.file_id)
    return stored_rows
