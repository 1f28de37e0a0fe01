"""Rebuild of projections from stored facts and events, while the service goes on.

Effects and the SQL function `project` name their tables without a schema. A rebuild runs the same code with another
search path, so that it writes to empty copies of the tables in a shadow schema. Facts that events led to are on file
already and are not made again.

Example: table `case_file` of a service with 1,000,000 files.
1. The shadow gets an empty `case_file`, and `rebuilt`, which says up to which revision each file is projected there.
2. First pass, which takes minutes: every own file is folded and projected, then every event of the inbox is applied.
   Meanwhile calls write to `public.case_file` as always; files that they change are behind in the shadow.
3. The table is locked against writes, for seconds. Second pass: only files whose revision is ahead of `rebuilt` (a few
   hundred) are projected again. Now shadow and facts agree exactly.
4. Whole rows are compared under the lock, and only rows that differ are deleted or inserted in `public`. Readers are
   never blocked, and a correct table is not touched at all.
A rebuild may be interrupted anywhere: the next one drops the shadow and begins anew.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg

from chassis.event_store.file_repository import FileRepository
from chassis.event_store.model import FileKey
from chassis.event_store.postgres_store import as_json, load_many
from chassis.inbox.events import stored_event
from chassis.inbox.shadow import SHADOW, clear, count_differences, lay_out, repair_table
from chassis.inbox.subscription import Subscription
from chassis.inbox.transaction import InboxTransaction
from chassis.postgres.database import Connection, Pool
from chassis.postgres.leader import lock_key

FilesOf: TypeAlias = Callable[[str], FileRepository[Any, Any] | None]
"""Repository of the files whose first fact is of this kind; None when they have no projection."""

_PAGE = 200
_LONG = 3600.0
"""Seconds that one statement over whole tables may take."""
_LOCK_TRIES = 10

_SESSION = f"""
select set_config('role', role_of('worker'), false);
set search_path = {SHADOW}, public;
set statement_timeout = 0
"""
_NEEDED = f"""
create table {SHADOW}.rebuilt (
  source text, district text, street text, file_id uuid, revision integer,
  primary key (source, district, street, file_id));
create table {SHADOW}.due (
  n bigint generated always as identity primary key,
  source text, district text, street text, file_id uuid, kind text, reached integer, revision integer)
"""
_LIST_INBOX = f"""
insert into {SHADOW}.due (source, district, street, file_id, reached, revision)
select m.source, m.district, m.street, m.file_id, coalesce(r.revision, 0), m.revision
from inbox_offset m left join {SHADOW}.rebuilt r using (source, district, street, file_id)
where m.source = $1 and m.revision > coalesce(r.revision, 0)
order by m.district, m.street, m.file_id
"""
_LIST_OWN = f"""
insert into {SHADOW}.due (source, district, street, file_id, kind, revision)
select '', f.district, f.street, f.file_id, f.kind, f.revision
from (select district, street, file_id, max(revision) as revision, min(kind) filter (where revision = 1) as kind
      from fact group by district, street, file_id) f
left join {SHADOW}.rebuilt r
  on r.source = '' and r.district = f.district and r.street = f.street and r.file_id = f.file_id
where f.revision > coalesce(r.revision, 0)
order by f.district, f.street, f.file_id
"""
_OWN = f"""
select n, district, street, file_id, kind from {SHADOW}.due where source = '' and n > $1 order by n limit $2
"""
_INBOX = f"""
with file as (select * from {SHADOW}.due where source = $1 and n > $2 order by n limit $3)
select f.n, f.district, f.street, f.file_id, h.revision, h.event_id, h.kind, h.body
from file f left join lateral (
  select * from inbox h where h.source = f.source and h.district = f.district and h.street = f.street
                          and h.file_id = f.file_id and h.revision > f.reached and h.revision <= f.revision offset 0) h
  on true
order by f.n, h.revision
"""
_REACHED = f"""
insert into {SHADOW}.rebuilt (source, district, street, file_id, revision)
select source, district, street, file_id, revision from {SHADOW}.due
on conflict (source, district, street, file_id) do update set revision = excluded.revision
"""


class RebuildUnderWay(Exception):
    """Another rebuild of this service is running."""


class FactUnreadable(Exception):
    """A fact of this file cannot be read; nothing was changed."""

    def __init__(self, key: FileKey) -> None:
        super().__init__(str(key.file_id))
        self.key = key


class TablesBusy(Exception):
    """The tables were written to without a pause: the lock of the last pass was not granted in time."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Plan of a rebuild: the tables, with the events and own files from which they are projected."""

    tables: Sequence[str]
    """Projections, written by nothing but the effects and files below."""
    subscriptions: Sequence[Subscription]
    """Effects of the events of each source."""
    files_of: FilesOf = lambda _kind: None
    scratch_tables: Sequence[str] = ()
    """Tables that effects write too, but which hold more than follows from events (the progress of a message): effects
    write to their copies in the shadow, which are dropped at the end; the tables themselves stay untouched."""


async def rebuild(pool: Pool, plan: Rebuild, *, repair: bool = True) -> dict[str, int]:
    """Rebuilds the projections while the service goes on; the number of differing rows of each table.

    Without `repair` they are counted and stay. Calls that write these tables wait only for the last pass and the
    comparison. Raises RebuildUnderWay, TablesBusy, FactUnreadable.
    """
    async with _shadowed(pool, plan) as connection:
        await _catch_up(connection, plan)
        await connection.execute(";".join(f"analyze {SHADOW}.{table}" for table in plan.tables))
        for _ in range(_LOCK_TRIES):
            try:
                async with connection.transaction():
                    tables = ", ".join(f"public.{table}" for table in plan.tables)
                    # While the lock is awaited, later writers queue behind it: better to give up and try again.
                    await connection.execute("set local lock_timeout = '3s'")
                    await connection.execute(f"lock table {tables} in share row exclusive mode")
                    await _catch_up(connection, plan)
                    differed = {table: await count_differences(connection, table, _LONG) for table in plan.tables}
                    for table in [table for table, rows in differed.items() if rows and repair]:
                        await repair_table(connection, table, _LONG)
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                await _catch_up(connection, plan)
            else:
                return differed
    raise TablesBusy


@asynccontextmanager
async def _shadowed(pool: Pool, plan: Rebuild) -> AsyncIterator[Connection]:
    """A connection that writes to the shadow, in the role of the worker's group, which owns the shadow."""
    async with pool.acquire() as connection:
        try:
            if not await connection.fetchval("select pg_try_advisory_lock($1)", lock_key("rebuild")):
                raise RebuildUnderWay
            await connection.execute(_SESSION)
            await lay_out(connection, (*plan.tables, *plan.scratch_tables), _NEEDED)
            yield connection
            await clear(connection)
        finally:
            await connection.close()  # with its search path it must not go back to the pool


async def _catch_up(connection: Connection, plan: Rebuild) -> None:
    """One pass over the events and own facts that are not in the shadow yet.

    Events are listed before own facts and applied after them: the own facts that their effects read were written before
    the events were applied.
    """
    await connection.execute(f"truncate {SHADOW}.due")
    for subscription in plan.subscriptions:
        await connection.execute(_LIST_INBOX, subscription.source, timeout=_LONG)
    await connection.execute(_LIST_OWN, timeout=_LONG)
    await _fold_own(connection, plan.files_of)
    for subscription in plan.subscriptions:
        await _fold_inbox(connection, subscription)
    await connection.execute(_REACHED, timeout=_LONG)


async def _fold_own(connection: Connection, files_of: FilesOf) -> None:
    last = 0
    while rows := await connection.fetch(_OWN, last, _PAGE):
        last = rows[-1]["n"]
        keys = [FileKey(row["district"], row["street"], row["file_id"]) for row in rows]
        projections = []
        for key, file, row in zip(keys, await load_many(connection, keys), rows, strict=True):
            files = files_of(row["kind"])
            try:
                projection = files.unit_of_work.projection(key, file) if files else None
            except Exception as error:
                raise FactUnreadable(key) from error
            if projection is not None:
                projections.append(as_json(projection))
        if projections:
            await connection.execute("select project($1)", f"[{','.join(projections)}]")


async def _fold_inbox(connection: Connection, subscription: Subscription) -> None:
    last = 0
    while rows := await connection.fetch(_INBOX, subscription.source, last, _PAGE):
        last = rows[-1]["n"]
        applicable = subscription.applicable(
            [stored_event(subscription.source, row) for row in rows if row["revision"] is not None]
        )
        if applicable:
            await subscription.apply(InboxTransaction(connection, rebuilding=True), applicable)
