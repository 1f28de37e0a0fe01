"""Comparison of what each service published with what every receiver has: the gaps, by service, source, place and file.

The databases of publisher and receiver are read page by page, like an audit. A fact is missing when it was published a
while ago, waits in no outbox, and the receiver has it neither in its inbox, nor parked, nor as a dead letter.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from chassis.audit import AuditFinding, AuditRule
from chassis.event_store import FileKey
from chassis.outbox.publisher import first_id
from chassis.postgres.database import Pool
from operations.workers import ServiceWorker
from protocol.streams import SEALED, STREAMS, Topology

_PAGE = 2_000
_REACHED = """
select district, street, file_id, max(revision) as reached from {}
where (district, street, file_id) > ($1, $2, $3) and ($5 = '' or street = $5)
group by district, street, file_id order by district, street, file_id limit $4
"""
_BEHIND = """
select f.district, f.street, f.file_id
from unnest($2::text[], $3::text[], $4::uuid[], $5::int[]) f (district, street, file_id, reached)
left join inbox_offset o on o.source = $1 and o.district = f.district and o.street = f.street and o.file_id = f.file_id
where coalesce(o.revision, 0) < f.reached or $1 = 'sealed'
"""
_HAS = """
select revision from inbox where source = $1 and district = $2 and street = $3 and file_id = $4
union select revision from parked where source = $1 and district = $2 and street = $3 and file_id = $4
union select revision from dead_letter where source = $1 and district = $2 and street = $3 and file_id = $4
"""
_PUBLISHED = """
select seq, revision, event_id from fact f
where district = $1 and street = $2 and file_id = $3 and event_id < $4
  and not exists (select from outbox o where o.seq = f.seq) order by revision
"""
_SEALED = """
select 0::bigint as seq, revision, event_id from sealed_sent
where district = $1 and street = $2 and file_id = $3 and since < $4 order by revision
"""


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A published fact, or a sent envelope, that one receiver has not received."""

    receiver: str
    source: str
    key: FileKey
    revision: int
    seq: int
    """Number of the fact in its own database; 0 for an envelope."""
    event_id: UUID

    def finding(self) -> AuditFinding:
        """The same as a finding of the receiver."""
        return AuditFinding(AuditRule.FACT_NOT_RECEIVED, self.key, self.revision, self.source)


@dataclass(frozen=True, slots=True)
class ComparisonScope:
    """Part of the facts that is compared."""

    place: str = ""
    """Nine digits of one place; empty for all."""
    settled: timedelta = timedelta(seconds=60)
    """Facts that are younger may still be under way."""
    receivers: Sequence[str] = ()
    """Services that are compared; none for all."""


async def missing_facts(workers: Mapping[str, ServiceWorker], scope: ComparisonScope) -> AsyncIterator[MissingFact]:
    """Missing facts of every receiver whose database, and that of the publisher, can be reached from here."""
    async with AsyncExitStack() as stack:
        pools = {name: await stack.enter_async_context(worker.pool()) for name, worker in workers.items()}
        for topology in STREAMS:
            for receiver in topology.receivers:
                wanted = not scope.receivers or receiver in scope.receivers
                if wanted and receiver in pools and topology.publisher in pools:
                    comparison = _Comparison(pools[topology.publisher], pools[receiver], topology, receiver, scope)
                    async for missing in comparison.run():
                        yield missing


async def place_is_known(workers: Mapping[str, ServiceWorker], place: str) -> bool:
    """True when a reached service has facts of the place."""
    for worker in workers.values():
        async with worker.pool() as pool:
            known = "select exists (select from fact where district = $1 and street = $2)"
            if await pool.fetchval(known, worker.district, place):
                return True
    return False


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One stream and one receiver."""

    publisher: Pool
    receiver: Pool
    topology: Topology
    service: str
    scope: ComparisonScope

    async def run(self) -> AsyncIterator[MissingFact]:
        """Missing facts, in the order of their files."""
        now: datetime = await self.publisher.fetchval("select clock_timestamp()")
        files = _REACHED.format("sealed_sent" if self.topology.source == SEALED else "fact")
        last: tuple[str, str, UUID] = ("", "", UUID(int=0))
        while rows := await self.publisher.fetch(files, *last, _PAGE, self.scope.place):
            for key in await self._behind(rows):
                for missing in await self._missing(key, now - self.scope.settled):
                    yield missing
            last = (rows[-1]["district"], rows[-1]["street"], rows[-1]["file_id"])

    async def _behind(self, rows: Sequence[asyncpg.Record]) -> list[FileKey]:
        columns = ([row[name] for row in rows] for name in ("district", "street", "file_id", "reached"))
        found = await self.receiver.fetch(_BEHIND, self.topology.source, *columns)
        return [FileKey(row["district"], row["street"], row["file_id"]) for row in found]

    async def _missing(self, key: FileKey, before: datetime) -> list[MissingFact]:
        source, place = self.topology.source, (key.district, key.street, key.file_id)
        has = {row["revision"] for row in await self.receiver.fetch(_HAS, source, *place)}
        if source == SEALED:
            published = await self.publisher.fetch(_SEALED, *place, before)
        else:
            published = await self.publisher.fetch(_PUBLISHED, *place, first_id(int(before.timestamp() * 1000)))
        return [
            MissingFact(self.service, source, key, row["revision"], row["seq"], row["event_id"])
            for row in published
            if row["revision"] not in has
        ]


async def publish_missing(worker: ServiceWorker, missing: Sequence[MissingFact]) -> int:
    """Puts these facts and envelopes of a publisher into its outboxes again; their number, each counted once."""
    facts = sorted({each.seq for each in missing if each.source != SEALED})
    envelopes = list({each.event_id for each in missing if each.source == SEALED})
    async with worker.pool() as pool:
        await pool.execute(
            "insert into outbox (seq, district) select seq, district from fact where seq = any ($1) order by seq"
            " on conflict do nothing",
            facts,
        )
        await pool.execute(
            "with again as (delete from sealed_sent where event_id = any ($1) returning *)"
            " insert into sealed_outbox (district, street, file_id, revision, event_id, body)"
            " select district, street, file_id, revision, event_id, body from again order by since, revision",
            envelopes,
        )
    return len(facts) + len(envelopes)
