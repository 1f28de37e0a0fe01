"""Compares the counts of days that other services publish with the inbox: what is missing is shown, logged and alerted.

A count that was received is a row of `received_day`, written in the transaction that admits or parks its event: a count
needs no order, and one that was lost must not hide what the later ones say. The lost one is itself a fact of its place,
so the next count lacks it. Every row is compared when the loop begins and when a count comes in; one that lacks facts
is compared again every minute, until they have come. Events that are parked or laid aside as dead letters were
received: they have alerts of their own, by the age of the oldest and by their number.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

import structlog
from onewindow.desk.v1.desk_pb2 import DayClosedEvent
from prometheus_client import Gauge

from chassis.inbox.events import InboxEvent, stored_event
from chassis.outbox.day_closer import DAY_CLOSED
from chassis.outbox.publisher import first_id
from chassis.postgres.database import Connection, Pool, is_away
from chassis.settings.tuning import Tuning

_log = structlog.get_logger()
_missing = Gauge(
    "onewindow_inbox_missing_facts", "Facts that a source has counted and that were not received.", ["source"]
)

DAYS = timedelta(days=30)
"""Counts of the last month are compared again when the loop begins."""
RETENTION = timedelta(days=90)
"""Time after which a count without a gap is deleted."""
_NEWEST = "select max(until_ms) from received_day where source = $1"
_NOTE = """
insert into received_day (source, district, street, day, since_ms, until_ms, facts)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
"""
_DUE = """
select distinct since_ms, until_ms from received_day
where source = $1 and (checked_at is null or received < facts or $2 and until_ms > $3)
order by until_ms
"""
_COMPARE = """
with events as (
  select street, event_id from inbox where source = $1 and event_id >= $4 and event_id < $5
  union select street, event_id from parked where source = $1 and event_id >= $4 and event_id < $5
  union select street, event_id from dead_letter where source = $1 and event_id >= $4 and event_id < $5),
counted as (select street, count(*) as received from events group by street)
update received_day d set received = coalesce(c.received, 0), checked_at = clock_timestamp()
from received_day r left join counted c on c.street = r.street
where r.source = $1 and r.since_ms = $2 and r.until_ms = $3
  and (d.source, d.district, d.street, d.day) = (r.source, r.district, r.street, r.day)
returning d.street, d.day, d.facts, d.received
"""
_EARLY = """
select district, street, file_id, revision, event_id, kind, body from parked where source = $1 and kind = $2
"""
_PRUNE = "delete from received_day where source = $1 and until_ms < $2 and received >= facts"


def counts_in(events: Sequence[InboxEvent]) -> list[InboxEvent]:
    """The counts of days among events."""
    return [event for event in events if event.kind == DAY_CLOSED]


async def note_counts(connection: Connection, source: str, counts: Sequence[InboxEvent]) -> None:
    """Stores the counts of a source that are admitted in this transaction; what is stored already stays as it is."""
    for event in counts:
        count = DayClosedEvent.FromString(event.body).day_closed
        await connection.execute(
            _NOTE, source, event.key.district, event.key.street, date.fromisoformat(count.day),
            count.since_ms, count.until_ms, count.facts,
        )  # fmt: skip # one row


async def note_early_counts(connection: Connection, source: str, counts: Sequence[InboxEvent]) -> None:
    """Stores the counts that this transaction parks. One that cannot be read is left until its turn: it fails then."""
    for event in counts:
        try:
            async with connection.transaction():
                await note_counts(connection, source, [event])
        except Exception as error:
            if is_away(error):
                raise
            _log.warning("count_unreadable", source=source, street=event.key.street, reason=type(error).__name__)


def _milliseconds(days: timedelta) -> int:
    return days // timedelta(milliseconds=1)


class DayCheck:
    """Counts of one source, compared by the replica that leads its subscription."""

    def __init__(self, pool: Pool, source: str, tuning: Tuning) -> None:
        self._pool = pool
        self._source = source
        self._tuning = tuning
        self._woken = asyncio.Event()
        self._reported: set[tuple[str, date, int]] = set()
        self.rest()

    def rest(self) -> None:
        """Sets the gauge of a replica that does not lead."""
        _missing.labels(self._source).set(0)

    def wake(self) -> None:
        """Compares at once: counts were received."""
        self._woken.set()

    async def run(self) -> None:
        """Compares for ever while leading."""
        everything = True
        while True:
            try:
                await self.compare(everything=everything)
                everything = False
            except Exception as error:
                _log.warning("day_check_failed", source=self._source, reason=type(error).__name__)
            try:
                async with asyncio.timeout(self._tuning.day_poll):
                    await self._woken.wait()
            except TimeoutError:
                continue
            self._woken.clear()

    async def compare(self, *, everything: bool = False) -> int:
        """Compares what is due, or every count of the last month; the number of missing facts.

        Counts of a quarter before the newest one are deleted, except those that still lack facts.
        """
        if everything:
            await self._note_parked()
        newest = await self._pool.fetchval(_NEWEST, self._source) or 0
        for window in await self._pool.fetch(_DUE, self._source, everything, newest - _milliseconds(DAYS)):
            since, until = window["since_ms"], window["until_ms"]
            rows = await self._pool.fetch(_COMPARE, self._source, since, until, first_id(since), first_id(until))
            for row in rows:
                self._report(row["street"], row["day"], row["facts"] - row["received"])
        await self._pool.execute(_PRUNE, self._source, newest - _milliseconds(RETENTION))
        missing = int(
            await self._pool.fetchval(
                "select coalesce(sum(facts - received), 0)::bigint from received_day"
                " where source = $1 and received < facts",
                self._source,
            )
        )
        _missing.labels(self._source).set(missing)
        return missing

    async def _note_parked(self) -> None:
        """Stores the counts among the parked events of an earlier release, which stored them in their turn."""
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_EARLY, self._source, DAY_CLOSED)
            await note_early_counts(connection, self._source, [stored_event(self._source, row) for row in rows])

    def _report(self, street: str, day: date, missing: int) -> None:
        """Writes a line once for each day and place that lacks so many facts."""
        entry = (street, day, missing)
        if missing > 0 and entry not in self._reported:
            self._reported.add(entry)
            _log.error("facts_missing", source=self._source, street=street, day=day.isoformat(), missing=missing)
