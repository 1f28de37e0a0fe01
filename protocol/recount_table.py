"""Rows of a recount: open files by the calendar of their dates, marks of those left alone, counts, changed files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

import asyncpg

from chassis.event_store import FileKey
from chassis.postgres.database import Connection, Pool
from law.recount import Span

_VERSIONS = """
with recursive version (calendar_version) as (
  (select calendar_version from recount_file where district = $1 order by calendar_version limit 1)
  union all
  select (select f.calendar_version from recount_file f
          where f.district = $1 and f.calendar_version > v.calendar_version order by f.calendar_version limit 1)
  from version v where v.calendar_version is not null)
select calendar_version from version where calendar_version is not null
"""
_PAGE = """
select f.street, f.file_id, f.last_on from recount_file f
where f.district = $1 and f.calendar_version = $2 and f.last_on >= $3 and f.starts_on <= $4
  and (f.last_on, f.street, f.file_id) > ($5, $6, $7)
  and not exists (select from recount_mark m
                  where m.district = f.district and m.street = f.street and m.file_id = f.file_id
                    and m.revision = f.revision and m.calendar_version = $8)
order by f.last_on, f.street, f.file_id limit $9
"""
_MARK = """
insert into recount_mark (district, street, file_id, revision, calendar_version)
select $1, street, file_id, revision, $5
from unnest($2::text[], $3::uuid[], $4::integer[]) as t (street, file_id, revision)
on conflict (district, street, file_id) do update
set revision = excluded.revision, calendar_version = excluded.calendar_version
"""
_FORGET = "delete from recount_mark where district = $1 and calendar_version <> $2"
_BEGIN = """
insert into recount (district, calendar_version, first_seq, last_seq)
select $1, $2, seq, seq from (select coalesce(max(seq), 0) as seq from fact where district = $1) f
on conflict (district, calendar_version) do nothing
"""
_PROGRESS = """
update recount set looked_at = looked_at + $3, changed = changed + $4, seconds = seconds + $5,
                   last_seq = (select coalesce(max(seq), 0) from fact where district = $1)
where district = $1 and calendar_version = $2
"""
_READ_PROGRESS = """
select looked_at, changed, seconds, first_seq, last_seq from recount where district = $1 and calendar_version = $2
"""
_CHANGED = """
select seq, street, file_id, body from fact
where district = $1 and seq > $2 and seq <= $3 and kind = $4 order by seq limit $5
"""


class PagePlace(NamedTuple):
    """Place behind which a page of open files begins."""

    last_on: date
    street: str
    file_id: UUID


BEGINNING = PagePlace(date.min, "", UUID(int=0))


class StaleDates(NamedTuple):
    """Open files that stand by one version, with days between which another calendar differs."""

    version: str
    span: Span


@dataclass(frozen=True, slots=True)
class RecountProgress:
    """Counts of a recount so far, and the facts between which it wrote."""

    looked_at: int = 0
    changed: int = 0
    seconds: float = 0.0
    first_seq: int = 0
    last_seq: int = 0


@dataclass(frozen=True, slots=True)
class RecountTable:
    """Statements of a recount, as the worker of one district."""

    pool: Pool
    district: str

    async def versions(self) -> list[str]:
        """Versions by which open files stand."""
        rows = await self.pool.fetch(_VERSIONS, self.district)
        return sorted(row["calendar_version"] for row in rows)

    async def begin(self, version: str) -> None:
        """Makes the row of a recount, and drops the marks of earlier ones."""
        await self.pool.execute(_FORGET, self.district, version)
        await self.pool.execute(_BEGIN, self.district, version)

    async def keys(
        self, connection: Connection, stale: StaleDates, target: str, behind: PagePlace, most: int
    ) -> tuple[list[FileKey], PagePlace | None]:
        """A page of open files that were not left alone under the target version, and the place of the last."""
        rows = await connection.fetch(
            _PAGE, self.district, stale.version, stale.span.first, stale.span.last, *behind, target, most
        )
        place = PagePlace(rows[-1]["last_on"], rows[-1]["street"], rows[-1]["file_id"]) if rows else None
        return [FileKey(self.district, row["street"], row["file_id"]) for row in rows], place

    async def mark(self, connection: Connection, version: str, unmoved: Sequence[tuple[FileKey, int]]) -> None:
        """Notes files that a recount left alone, each at its revision."""
        if unmoved:
            streets, ids = [key.street for key, _ in unmoved], [key.file_id for key, _ in unmoved]
            await connection.execute(_MARK, self.district, streets, ids, [at for _, at in unmoved], version)

    async def count(self, connection: Connection, version: str, counts: tuple[int, int, float]) -> None:
        """Adds files looked at, files changed and seconds to the counts of a recount."""
        await connection.execute(_PROGRESS, self.district, version, *counts)

    async def progress(self, version: str) -> RecountProgress:
        """How far the recount by a calendar is."""
        row = await self.pool.fetchrow(_READ_PROGRESS, self.district, version)
        return RecountProgress(**dict(row)) if row else RecountProgress()

    async def changed(self, kind: str, progress: RecountProgress, behind: int, most: int) -> list[asyncpg.Record]:
        """Facts of a kind behind a place, among those of a recount, in their order."""
        first = max(behind, progress.first_seq)
        return await self.pool.fetch(_CHANGED, self.district, first, progress.last_seq, kind, most)
