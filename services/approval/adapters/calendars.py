"""The calendar by every notice that was heard, read again when another one was."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from chassis.event_store import EVERY_STREET, Scope
from chassis.postgres.database import Connection, Pool, scoped
from law.notices import Holiday, Notice
from law.workdays import Calendar, state_council
from services.approval.adapters.queries import query


class HeardCalendars:
    """The notices that come with the product, and over them those that were published."""

    def __init__(self, pool: Pool, district: str) -> None:
        self._pool = pool
        self.district = district
        self._scope = Scope(district, EVERY_STREET)
        self._known: tuple[datetime, ...] = ()
        self._calendar = state_council()

    async def current(self) -> Calendar:
        """Working days by every notice that was heard."""
        async with scoped(self._pool, self._scope) as connection:
            return await self.seen_by(connection)

    async def seen_by(self, connection: Connection) -> Calendar:
        """The same as a transaction sees it, with what it has written itself."""
        rows = await connection.fetch(query("calendar"))
        known = tuple([row["recorded_at"] for row in rows])
        if known != self._known:
            self._calendar, self._known = _with(rows), known
        return self._calendar


def _with(rows: Sequence[asyncpg.Record]) -> Calendar:
    calendar = state_council()
    for row in rows:
        holiday = Holiday("", tuple(row["days_off"]), tuple(row["makeup_days"]))
        calendar = calendar.with_notice(Notice(row["year"], row["number"], (holiday,)), row["calendar_version"])
    return calendar
