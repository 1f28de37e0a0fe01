"""What notify hears becomes rows, dossiers and kept envelopes, in the transaction that admits it."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

from chassis.event_store import FileKey, FileRepository
from chassis.inbox import Effect, InboxEvent, InboxTransaction, change_many
from law.workdays import Calendar
from services.notify.adapters.calendars import HeardCalendars
from services.notify.adapters.queries import query
from services.notify.adapters.rows import Row, Told
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import Fact
from services.notify.domain.hours import Hours
from services.notify.domain.open_delivery import Decided, open_delivery

ACTOR = "office"
Read: TypeAlias = Callable[[InboxEvent, Hours], Told | None]


@dataclass(frozen=True, slots=True)
class Teller:
    """Hears one of the two streams of matters; `read` says what an event means."""

    read: Read
    files: FileRepository[Dossier, Fact]
    calendars: HeardCalendars
    hours: Hours

    async def apply(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        """Keep what the events tell, join it with what was heard before, open deliveries; a few statements a batch."""
        heard = [(event, told) for event in events if (told := self.read(event, self.hours))]
        for _, each in heard:
            if each.holidays:
                await tx.execute(query("keep_notice_of_holidays"), *each.holidays.values())
        by_key = {told.key: event for event, told in heard if told.matter}
        rows = await self._keep(tx, [told for _, told in heard])
        await self._open(tx, [row for row in rows if _key(row) in by_key], by_key)

    async def _keep(self, tx: InboxTransaction, told: Sequence[Told]) -> Sequence[asyncpg.Record]:
        rows: list[Sequence[Row]] = [
            [each.item for each in told if each.item],
            _merged(each.matter for each in told),
            [each.notice for each in told if each.notice],
            [each.task for each in told if each.task],
        ]
        if not any(rows):
            return []
        keys = list(dict.fromkeys(each.key for each in told if each.matter or each.notice))
        return await tx.fetch(query("keep_told"), *map(_json, rows), *_columns(keys))

    async def _open(
        self, tx: InboxTransaction, rows: Sequence[asyncpg.Record], by_key: dict[FileKey, InboxEvent]
    ) -> None:
        if not rows:
            return
        calendar = await self.calendars.seen_by(tx.connection)
        effects = [Effect(by_key[_key(row)], _key(row), _opening(row, calendar)) for row in rows]
        await change_many(tx, self.files, effects, ACTOR)


def _opening(row: asyncpg.Record, calendar: Calendar) -> Callable[[Dossier], Sequence[Fact]]:
    decided = Decided(row["decided_on"], row["outcome"], row["number"])
    return lambda dossier: open_delivery(dossier, decided, calendar)


def _merged(matters: Iterable[Row | None]) -> list[Row]:
    """One row a matter: of a column that several events tell, the last word."""
    merged: dict[object, Row] = {}
    for matter in matters:
        if matter:
            merged.setdefault(matter["application_id"], {}).update(matter)
    return list(merged.values())


def _json(rows: Sequence[Row]) -> str | None:
    return json.dumps(rows, ensure_ascii=False) if rows else None


def _columns(keys: Sequence[FileKey]) -> tuple[list[str], list[str], list[object]]:
    return [key.district for key in keys], [key.street for key in keys], [key.file_id for key in keys]


def _key(row: asyncpg.Record) -> FileKey:
    return FileKey(row["district"], row["street"], row["application_id"])
