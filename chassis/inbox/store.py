"""Inbox tables in PostgreSQL: stored and parked events, offsets, dead letters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from chassis.event_store.model import FileKey
from chassis.event_store.read_your_writes import Position
from chassis.inbox.events import InboxEvent, stored_event
from chassis.postgres.database import Connection, Pool

_ALL = 0
"""Stands for the place in the batch of a row: every event of the batch is due, in its order."""
_ADMIT_AND_PROJECT = f"select inbox_apply({', '.join(f'${n}' for n in range(1, 12))})"
_ADMIT = f"select * from inbox_admit({', '.join(f'${n}' for n in range(1, 12))})"
_NEWLY_PARKED = """
select count(*)
from unnest($2::text[], $3::text[], $4::uuid[], $5::integer[]) as e (district, street, file_id, revision)
join parked p using (district, street, file_id, revision)
where p.source = $1 and p.parked_at >= transaction_timestamp()
"""
_HAS_REACHED = "select inbox_reached($1, $2, $3, $4, $5)"
_RELEASED = """
with applied as (
  delete from parked p using inbox_offset m
  where $3 and p.source = $1 and p.revision <= m.revision
    and (m.source, m.district, m.street, m.file_id) = (p.source, p.district, p.street, p.file_id))
select p.district, p.street, p.file_id, p.revision, p.event_id, p.kind, p.body
from parked p left join inbox_offset m using (source, district, street, file_id)
where p.source = $1 and p.kind = any ($2) and coalesce(m.state, 'open') = 'open'
  and (not $3 or p.revision = coalesce(m.revision, 0) + 1)
order by p.parked_at limit $4
"""
_BURY = """
with letter as (
  insert into dead_letter (source, district, street, file_id, revision, event_id, kind, body, error)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict on constraint dead_letter_once
  do update set error = excluded.error, at = clock_timestamp(), redriven_at = null, asked_at = null),
gone as (
  delete from parked where source = $1 and district = $2 and street = $3 and file_id = $4 and revision = $5)
insert into inbox_offset (source, district, street, file_id, revision, state)
values ($1, $2, $3, $4, $5 - 1, 'parked')
on conflict (source, district, street, file_id) do update set state = 'parked'
"""
_EXHUME = """
with letter as (
  update dead_letter set redriven_at = clock_timestamp()
  where id = $1 and source = $2 and redriven_at is null
  returning district, street, file_id, revision, event_id, kind, body),
opened as (
  update inbox_offset m set state = 'open' from letter l
  where m.source = $2 and (m.district, m.street, m.file_id) = (l.district, l.street, l.file_id))
select * from letter
"""
_HELD_BACK = """
select exists (select from parked where source = $1 and district = $2 and street = $3 and file_id = $4)
    or exists (select from dead_letter
               where source = $1 and district = $2 and redriven_at is null
                 and (street = $3 and file_id = $4 or street = '' and kind in ('', $5)))
"""


class InboxStore:
    """Events that one service received from one source."""

    def __init__(self, source: str, known_kinds: Sequence[str], *, ordered: bool) -> None:
        self.source = source
        self._known = list(known_kinds)
        self._ordered = ordered

    async def admit_and_project(self, connection: Connection, events: Sequence[InboxEvent], rows: str | None) -> bool:
        """Stores the events and writes the rows projected from them, in one statement.

        False, with nothing written, unless all of them are due now. Raises the errors of PostgreSQL, after which
        nothing is written either.
        """
        done = await connection.fetchval(
            _ADMIT_AND_PROJECT, self.source, self._known, self._ordered, rows, *_columns(events)
        )
        return bool(done)

    async def admit(self, connection: Connection, events: Sequence[InboxEvent], *, alone: bool) -> Sequence[InboxEvent]:
        """Stores the events; those due now, in order, with the parked ones that they release unless `alone`."""
        rows = await connection.fetch(_ADMIT, self.source, self._known, self._ordered, alone, *_columns(events))
        if len(rows) == 1 and rows[0]["n"] == _ALL:
            return events
        return [self._event(row) if row["n"] is None else events[row["n"] - 1] for row in rows]

    async def newly_parked(self, connection: Connection, events: Sequence[InboxEvent]) -> int:
        """Events of these that this transaction has parked: neither repeats nor those that waited before."""
        count: int = await connection.fetchval(
            _NEWLY_PARKED, self.source, *_files_and_revisions({(event.key, event.revision) for event in events})
        )
        return count

    async def released(self, connection: Connection, limit: int) -> list[InboxEvent]:
        """Parked events that nothing holds back any more; parked ones that were applied meanwhile are removed.

        Their kind is known now, a letter was redriven, or a leader that was just replaced has parked an event of a new
        file while its successor applied that file: neither saw what the other had not committed.
        """
        rows = await connection.fetch(_RELEASED, self.source, self._known, self._ordered, limit)
        return [self._event(row) for row in rows]

    async def bury(self, connection: Connection, event: InboxEvent, error: str) -> None:
        """Stores the event as a dead letter and parks its file."""
        key = event.key
        await connection.execute(
            _BURY, event.source, key.district, key.street, key.file_id, event.revision, event.event_id, event.kind,
            event.body, error,
        )  # fmt: skip # one row, in the statement's order

    async def exhume(self, connection: Connection, letter: int) -> InboxEvent | None:
        """Opens the file of a dead letter again; its event, or None when there is no such letter to redrive."""
        row = await connection.fetchrow(_EXHUME, letter, self.source)
        return self._event(row) if row else None

    def _event(self, row: asyncpg.Record) -> InboxEvent:
        return stored_event(self.source, row)


class InboxOffsets:
    """Offsets of the inbox: the revision up to which each file was applied in this service."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def __call__(self, position: Position) -> bool:
        """True when the file was applied up to this revision or further."""
        key = position.key
        reached = await self._pool.fetchval(
            _HAS_REACHED, position.source, key.district, key.street, key.file_id, position.revision
        )
        return bool(reached)


async def is_held_back(pool: Pool, source: str, key: FileKey, kind: str) -> bool:
    """True while an event of the file came and is not applied: it is parked, or behind a dead letter.

    A message that could not be read has no file, and may be one of this kind as well. The pool is the worker's.
    """
    held = await pool.fetchval(_HELD_BACK, source, key.district, key.street, key.file_id, kind)
    return bool(held)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that could not be applied, with the reason; its file waits."""

    number: int
    """Number by which `onewindow redrive` names it, in this service."""
    source: str
    key: FileKey
    revision: int
    kind: str
    error: str
    """Class of the error; never the event's content."""
    at: datetime


async def dead_letters(pool: Pool) -> list[DeadLetter]:
    """Dead letters that were not redriven, oldest first."""
    rows = await pool.fetch(
        "select id, source, district, street, file_id, revision, kind, error, at from dead_letter"
        " where redriven_at is null order by id"
    )
    return [
        DeadLetter(
            row["id"],
            row["source"],
            FileKey(row["district"], row["street"], row["file_id"]),
            row["revision"],
            row["kind"],
            row["error"],
            row["at"],
        )
        for row in rows
    ]


def _columns(events: Sequence[InboxEvent]) -> tuple[Sequence[object], ...]:
    """Arguments of the SQL functions: one array for each part of an event, in their order."""
    return (
        *_files_and_revisions([(event.key, event.revision) for event in events]),
        [event.event_id for event in events], [event.kind for event in events], [event.body for event in events],
    )  # fmt: skip # the file; the event; its content


def _files_and_revisions(events: Collection[tuple[FileKey, int]]) -> tuple[Sequence[object], ...]:
    return (
        [key.district for key, _ in events], [key.street for key, _ in events], [key.file_id for key, _ in events],
        [revision for _, revision in events],
    )  # fmt: skip # the file; the event
