"""The relay tells what was stored: outbox rows become messages, and go when the stream has them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import asyncpg
from nats.aio.client import Client
from prometheus_client import Counter, Gauge

from chassis.event_store.model import FileKey
from chassis.event_store.read_your_writes import position_of
from chassis.nats.broker import BatchPublisher, OutgoingMessage
from chassis.nats.streams import MAX_AGE
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from chassis.settings.tuning import DEFAULT_TUNING, Tuning, linger
from chassis.telemetry.traces import TRACEPARENT

KIND = "Onewindow-Kind"
POSITION = "Onewindow-Position"
"""Headers of every event: the kind of its fact; source, place, file and revision in one text."""

_depth = Gauge("onewindow_outbox_rows", "Rows that wait to be published, as the leader saw last.", ["outbox"])
_oldest = Gauge("onewindow_outbox_oldest_seconds", "Age of the oldest row that waits to be published.", ["outbox"])
_published = Counter("onewindow_published", "Rows published and removed from the outbox.", ["outbox"])
_rejected = Counter(
    "onewindow_publish_rejected", "Rows that stay in the outbox because the stream did not take them.", ["outbox"]
)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One outbox row ready to be published."""

    seq: int
    file_id: UUID
    message: OutgoingMessage


class Outbox(Protocol):
    """A table of things to publish."""

    name: str
    """Of the table; also the label of its metrics and the name of its lock."""
    select: str
    """The oldest rows, at most $1 of them."""
    leave: str
    """What becomes of the rows with the numbers $1, which the stream has now."""

    def read(self, row: asyncpg.Record) -> OutboxRow:
        """The message of a row of `select`."""


class FactOutbox:
    """The facts of a service, each on the subject of its kind and place."""

    name = "outbox"
    # One look-up for each row, whatever the statistics say: a join would read every fact that was ever published.
    select = (
        "select o.seq, o.trace, f.district, f.street, f.file_id, f.revision, f.event_id, f.kind, f.body"
        " from (select seq, trace from outbox order by seq limit $1) o"
        " cross join lateral (select * from fact where fact.seq = o.seq limit 1) f order by o.seq"
    )

    leave = "delete from outbox where seq = any ($1)"

    def __init__(self, service: str) -> None:
        self._service = service

    def read(self, row: asyncpg.Record) -> OutboxRow:
        """The event of a fact; its id is the fact's own."""
        key = FileKey(row["district"], row["street"], row["file_id"])
        subject = f"onewindow.{self._service}.v1.{row['kind']}.{key.district}.{key.street}"
        headers = {KIND: row["kind"], POSITION: position_of(self._service, key, row["revision"])}
        if row["trace"]:
            headers[TRACEPARENT] = row["trace"]
        return OutboxRow(row["seq"], key.file_id, OutgoingMessage(subject, row["body"], str(row["event_id"]), headers))


class SealedOutbox:
    """Envelopes that only one service can open, on a stream of their own; kept for as long as that reaches back."""

    name = "sealed_outbox"
    select = "select seq, district, street, file_id, revision, event_id, body from sealed_outbox order by seq limit $1"
    leave = f"""
with old as (delete from sealed_sent where since < now() - interval '{MAX_AGE} seconds'),
gone as (delete from sealed_outbox where seq = any ($1) returning *)
insert into sealed_sent (event_id, district, street, file_id, revision, body, since)
select event_id, district, street, file_id, revision, body, since from gone on conflict do nothing
"""

    def read(self, row: asyncpg.Record) -> OutboxRow:
        """The envelope; its revision is the file's when it was sealed, so revisions leave gaps here."""
        key = FileKey(row["district"], row["street"], row["file_id"])
        subject = f"onewindow.sealed.v1.envelope.{key.district}.{key.street}"
        headers = {KIND: "envelope", POSITION: position_of("sealed", key, row["revision"])}
        return OutboxRow(row["seq"], key.file_id, OutgoingMessage(subject, row["body"], str(row["event_id"]), headers))


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
        self._woken = asyncio.Event()
        self._wakes = 0
        _rejected.labels(outbox.name)  # from nought on: an increase cannot be seen in a series that begins with it

    def wake(self) -> None:
        """Something was stored in this process: publish it now, not at the next look."""
        self._wakes += 1
        self._woken.set()

    async def run(self) -> None:
        """Publish for ever while leading; the loop that a service supervises."""
        name = self._outbox.name
        await lead(self._pool, f"outbox:{name}", self._publish_for_ever, lock=f"relay:{name}")  # the lock of 0.1

    async def _publish_for_ever(self) -> None:
        try:
            while True:
                await self._publish_and_rest()
        finally:
            self._show(0, 0.0)  # what waits is the next leader's to tell

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
        """Publish the oldest rows; how many there were, and how many of them stay for the next time."""
        rows = await self._pool.fetch(self._outbox.select, self._tuning.outbox_batch)
        waiting = [self._outbox.read(row) for row in rows]
        if not waiting:
            self._show(0, 0.0)
            return 0, 0
        if not self._client.is_connected:
            await self._measure()
            return len(waiting), len(waiting)
        stored = await self._publisher.publish([one.message for one in waiting], self._tuning.publish_timeout)
        gone = in_order(waiting, stored)
        if gone:
            await self._pool.execute(self._outbox.leave, gone)
        left = len(waiting) - len(gone)
        _published.labels(self._outbox.name).inc(len(gone))
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


async def republish(pool: Pool, since: datetime, page: int = 10_000) -> int:
    """Put every fact recorded since that instant into the outbox again, for a stream that was lost; how many.

    Every envelope that is still kept goes with them. Whoever heard them before knows them. Written in pages, so that
    the relay begins at once.
    """
    await pool.execute(_SEAL_AGAIN)
    reached, count = 0, 0
    while rows := await pool.fetch(_REFILL, reached, since, page):
        reached, count = max(row["seq"] for row in rows), count + len(rows)
    return count


_REFILL = """
with page as (select seq, district from fact where seq > $1 and recorded_at >= $2 order by seq limit $3),
filled as (insert into outbox (seq, district) select seq, district from page on conflict do nothing)
select seq from page
"""


_SEAL_AGAIN = """
with again as (delete from sealed_sent returning *)
insert into sealed_outbox (district, street, file_id, revision, event_id, body)
select district, street, file_id, revision, event_id, body from again order by since, revision
"""


def in_order(waiting: Sequence[OutboxRow], stored: set[int]) -> list[int]:
    """The numbers of the rows that may go: of each file those before the first that the stream did not take."""
    gone, stopped = [], set()
    for n, one in enumerate(waiting):
        if one.file_id in stopped:
            continue
        if n in stored:
            gone.append(one.seq)
        else:
            stopped.add(one.file_id)
    return gone
