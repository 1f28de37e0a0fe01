"""Projections folded again from what is kept, beside those that serve; then what differs is put right at once.

Effects and `project` name their tables without a schema, so the same code writes to the shadow: only the search path
is another. Facts that followed from events exist already and are not made again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg
import structlog

from chassis.database import Connection, Pool
from chassis.event_store.files import Files
from chassis.event_store.model import FileKey
from chassis.event_store.postgres import as_json, load_many

from .events import HeardEvent
from .hears import Apply
from .transaction import HearingTx

_log = structlog.get_logger()

FilesOf: TypeAlias = Callable[[str], Files[Any, Any] | None]
"""The files to which one whose first fact is of this kind belongs; None when they project nothing."""

_PAGE = 200
_LIMIT = 3600.0
"""Seconds that one statement over whole tables may take."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What is folded again: which tables, from whose events, and from which own files."""

    tables: Sequence[str]
    """Projections, written by nothing but the effects and files below."""
    effects: Mapping[str, Apply]
    """What follows from the events of each source."""
    files_of: FilesOf = lambda _kind: None


async def rebuild(pool: Pool, plan: Rebuild) -> dict[str, int]:
    """Fold the projections again while the service goes on; the number of rows of each that were not as they should be.

    Calls that write these tables wait only for the last pass and the comparison.
    """
    async with pool.acquire() as connection:
        await connection.execute("set search_path = rebuilding, public; set statement_timeout = 0")
        try:
            await _lay_out(connection, plan.tables)
            await _catch_up(connection, plan)
            async with connection.transaction():
                tables = ", ".join(f"public.{table}" for table in plan.tables)
                await connection.execute(f"lock table {tables} in share row exclusive mode", timeout=_LIMIT)
                await _catch_up(connection, plan)
                differed = {table: await _put_right(connection, table) for table in plan.tables}
            await _clear(connection, plan.tables)
        finally:
            await connection.close()  # its search path must serve nobody else
    _log.info("rebuilt", **differed)
    return differed


async def _lay_out(connection: Connection, tables: Sequence[str]) -> None:
    await _clear(connection, tables)
    for table in tables:
        await connection.execute(f"create table rebuilding.{table} (like public.{table} including all)")
    await connection.execute(_REBUILT)


async def _clear(connection: Connection, tables: Sequence[str]) -> None:
    for table in (*tables, "rebuilt"):
        await connection.execute(f"drop table if exists rebuilding.{table}")


async def _catch_up(connection: Connection, plan: Rebuild) -> None:
    """Fold until nothing is left: each pass takes what was heard or written since."""
    for source, apply in plan.effects.items():
        while rows := await connection.fetch(_HEARD, source, _PAGE, timeout=_LIMIT):
            events = [_event(source, row) for row in rows]
            await apply(HearingTx(connection, rebuilding=True), events)
            await _mark(connection, source, {event.key: event.revision for event in events})
    while rows := await connection.fetch(_OWN, _PAGE, timeout=_LIMIT):
        await _project(connection, plan.files_of, rows)


async def _project(connection: Connection, files_of: FilesOf, rows: Sequence[asyncpg.Record]) -> None:
    keys = [FileKey(row["district"], row["street"], row["file_id"]) for row in rows]
    loaded = await load_many(connection, keys)
    projections = []
    for key, file, row in zip(keys, loaded, rows, strict=True):
        files = files_of(row["kind"])
        projection = files.drafter.projection(key, file) if files else None
        if projection is not None:
            projections.append(as_json(projection))
    if projections:
        await connection.execute("select project($1)", f"[{','.join(projections)}]")
    await _mark(connection, "", {key: file.revision for key, file in zip(keys, loaded, strict=True)})


async def _mark(connection: Connection, source: str, revisions: Mapping[FileKey, int]) -> None:
    keys = list(revisions)
    await connection.execute(
        _MARK, source, [key.district for key in keys], [key.street for key in keys], [key.file_id for key in keys],
        list(revisions.values()),
    )  # fmt: skip # the arrays of the statement, in its order


async def _put_right(connection: Connection, table: str) -> int:
    key = await connection.fetchval(_KEY, table)
    same_key = " and ".join(f"p.{column} = r.{column}" for column in key)
    wrong = await connection.fetchval(
        f"with gone as (delete from public.{table} p where not exists"
        f" (select from rebuilding.{table} r where {same_key} and r is not distinct from p) returning 1)"
        " select count(*) from gone",
        timeout=_LIMIT,
    )
    added = await connection.fetchval(
        f"with added as (insert into public.{table} select r.* from rebuilding.{table} r where not exists"
        f" (select from public.{table} p where {same_key}) returning 1) select count(*) from added",
        timeout=_LIMIT,
    )
    return int(max(wrong, added))


def _event(source: str, row: asyncpg.Record) -> HeardEvent:
    key = FileKey(row["district"], row["street"], row["file_id"])
    return HeardEvent(source, key, row["revision"], row["event_id"], row["kind"], row["body"])


_REBUILT = """
create table rebuilding.rebuilt (
  source text, district text, street text, file_id uuid, revision integer,
  primary key (source, district, street, file_id))
"""
_HEARD = """
with file as (
  select m.source, m.district, m.street, m.file_id, coalesce(r.revision, 0) as reached
  from hearing_mark m left join rebuilding.rebuilt r using (source, district, street, file_id)
  where m.source = $1 and m.revision > coalesce(r.revision, 0)
    and exists (select from heard h where (h.source, h.district, h.street, h.file_id)
                                        = (m.source, m.district, m.street, m.file_id)
                                      and h.revision > coalesce(r.revision, 0))
  limit $2)
select h.district, h.street, h.file_id, h.revision, h.event_id, h.kind, h.body
from file f cross join lateral (
  select * from heard h where h.source = f.source and h.district = f.district and h.street = f.street
                          and h.file_id = f.file_id and h.revision > f.reached offset 0) h
order by h.district, h.street, h.file_id, h.revision
"""
_OWN = """
select f.district, f.street, f.file_id, min(f.kind) filter (where f.revision = 1) as kind
from fact f left join rebuilding.rebuilt r
  on r.source = '' and r.district = f.district and r.street = f.street and r.file_id = f.file_id
group by f.district, f.street, f.file_id
having max(f.revision) > coalesce(max(r.revision), 0)
limit $1
"""
_MARK = """
insert into rebuilding.rebuilt (source, district, street, file_id, revision)
select $1, * from unnest($2::text[], $3::text[], $4::uuid[], $5::integer[])
on conflict (source, district, street, file_id) do update set revision = excluded.revision
"""
_KEY = """
select array_agg(quote_ident(a.attname)) from pg_index i
join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
where i.indrelid = ('public.' || $1)::regclass and i.indisprimary
"""
