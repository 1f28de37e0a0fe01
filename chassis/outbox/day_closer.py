"""Counts the facts that a service recorded at each place, once a day, as a fact of its own.

Every receiver compares the count with its inbox (chassis/inbox/day_check.py), so a fact that was lost on the way is
found although nobody misses it. Facts are counted by their ids: a UUIDv7 begins with the machine's instant, on both
sides and for ever, while the office clock and the order of arrival differ.

Example: at nine minutes past midnight the count of the 4th of March at one place says: 812 facts with ids from five to
midnight of the day before until five to midnight, as the machine's clock has it. Facts of the last five minutes are
left to the next count, so that none is still being written.
"""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import structlog
from onewindow.desk.v1.desk_pb2 import Actor, DayClosed, DayClosedEvent, Place
from uuid_utils.compat import uuid7

from chassis.clock import Clock, RealClock
from chassis.event_store.model import Append, FactRecord, FileKey, IdempotencyKey
from chassis.event_store.store import KeyTaken, Store
from chassis.outbox.publisher import first_id, last_fact_before
from chassis.postgres.database import Pool, is_away
from chassis.postgres.leader import lead
from chassis.settings.tuning import DEFAULT_TUNING, Tuning

_log = structlog.get_logger()

DAY_CLOSED = "day_closed"
"""Kind of the fact."""
DAYS_FILE = UUID("0da75000-0000-5000-8000-000000000000")
"""Id of the file of days at each place. Stored with its facts, so it never changes."""
_ACTOR = f"sweep:{DAY_CLOSED}"
_LAST = "select day, until_ms from closed_day order by day desc limit 1"
_COUNT = """
select district, street, count(*) as facts from fact
where seq > $1 and event_id >= $2 and event_id < $3 group by district, street
"""
_PUBLISHED = "select body from fact where seq > $1 and kind = $2 order by seq"
_CLOSE = """
insert into closed_day (district, day, since_ms, until_ms) values ($1, $2, $3, $4) on conflict do nothing
"""


class DayCloser:
    """Closes days while this replica leads the loop."""

    def __init__(
        self,
        pool: Pool,
        store: Store,
        clock: Clock,
        district: str,
        wake: Callable[[], None],
        tuning: Tuning = DEFAULT_TUNING,
    ) -> None:
        self._pool = pool
        self._store = store
        self._clock = clock
        self._district = district
        self._wake = wake
        self._tuning = tuning

    async def run(self) -> None:
        """Closes days for ever while leading; the loop that a service supervises."""
        await lead(self._pool, "days", self._close_for_ever)

    async def _close_for_ever(self) -> None:
        while True:
            try:
                await self.close(self._clock.today() - timedelta(days=1))
            except KeyTaken:
                continue  # another leader was quicker: its count is as good
            except Exception as error:
                if not is_away(error):
                    raise
                _log.warning("days_away", reason=type(error).__name__)
                await asyncio.sleep(self._tuning.away_pause)
            else:
                await self._clock.wait_change(self._tuning.sweep_poll)

    async def close(self, day: date) -> int:
        """Counts all facts since the last count, as those of this day; the number of places with facts.

        The first count of a service only begins: what was recorded before is known by no receiver's count. The row of
        the day is written last, so a count that broke off is made again, with the day and the end that were published
        with it; a place that has it is left as it is.
        """
        until = int(RealClock().now().timestamp() * 1000) - int(self._tuning.day_margin * 1000)
        last = await self._pool.fetchrow(_LAST)
        if last is None:
            await self._pool.execute(_CLOSE, self._district, day, until, until)
            return 0
        if last["day"] >= day:
            return 0
        since = last["until_ms"]
        until = max(until, since)
        start = await last_fact_before(self._pool, first_id(since))
        day, until = await self._published(start, since) or (day, until)
        places = await self._counted(start, since, until)
        await self._record(
            day,
            {
                key: DayClosed(day=day.isoformat(), since_ms=since, until_ms=until, facts=facts)
                for key, facts in places.items()
            },
        )
        day, until = await self._published(start, since) or (day, until)  # another leader may have been quicker
        await self._pool.execute(_CLOSE, self._district, day, since, until)
        return len(places)

    async def _published(self, start: int, since: int) -> tuple[date, int] | None:
        """Day and end of the count from this instant on, as it was recorded; None while there is none.

        The least end of several: a fact may be in two counts, and must not be in none.
        """
        rows = await self._pool.fetch(_PUBLISHED, start, DAY_CLOSED)
        counts = [DayClosedEvent.FromString(row["body"]).day_closed for row in rows]
        ends = [(count.until_ms, date.fromisoformat(count.day)) for count in counts if count.since_ms == since]
        return min(ends)[::-1] if ends else None

    async def _counted(self, start: int, since: int, until: int) -> dict[FileKey, int]:
        rows = await self._pool.fetch(_COUNT, start, first_id(since), first_id(until))
        return {FileKey(row["district"], row["street"], DAYS_FILE): row["facts"] for row in rows}

    async def _record(self, day: date, counts: dict[FileKey, DayClosed]) -> None:
        if not counts:
            return
        recorded_at, changes = self._clock.now(), []
        for key, loaded in zip(counts, await self._store.load_many(list(counts)), strict=True):
            event_id, revision = uuid7(), loaded.revision + 1
            event = DayClosedEvent(
                event_id=str(event_id),
                file_id=str(DAYS_FILE),
                revision=revision,
                place=Place(district=key.district, street=key.street),
                occurred_on=day.isoformat(),
                actor=Actor(staff_no="office"),
                day_closed=counts[key],
            )
            event.recorded_at.FromDatetime(recorded_at)
            record = FactRecord(event_id, DAY_CLOSED, day, _ACTOR, event.SerializeToString())
            cause = IdempotencyKey(_ACTOR, f"{day.isoformat()}/{key.street}", b"")
            changes.append(Append(key, loaded.revision, loaded.head, [record], cause))
        await self._store.append_many(changes, recorded_at)
        self._wake()
