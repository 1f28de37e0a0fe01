"""Working-day calendars by the holiday notices that a service received.

Its table `calendar_notice` has the notices in force, `calendar_edition` every one that was.
"""

from collections.abc import Sequence

import asyncpg

from chassis.postgres.database import Connection, Pool, scoped
from chassis.scope import EVERY_STREET, Scope
from law.notices import Notice
from law.workdays import Calendar, state_council

_SELECT = (
    "select year, number, days_off, makeup_days, calendar_version, recorded_at"
    " from calendar_notice order by recorded_at, year"
)
_EDITIONS = (
    "select year, number, days_off, makeup_days, calendar_version from calendar_edition"
    " where received <= (select received from calendar_edition where calendar_version = $1) order by received"
)


class ReceivedCalendars:
    """The notices that come with the product, and over them those that the district published.

    The calendar is built again only when the notices are others than at the last look.
    """

    def __init__(self, pool: Pool, district: str) -> None:
        self._pool = pool
        self.district = district
        self._scope = Scope(district, EVERY_STREET)
        self._known: list[tuple[object, ...]] = []
        self._calendar = state_council()

    async def current(self) -> Calendar:
        """The calendar by every notice received so far. Raises Away."""
        async with scoped(self._pool, self._scope) as connection:
            return await self.seen_by(connection)

    async def at_version(self, version: str) -> Calendar | None:
        """An earlier calendar by its version; None where it is not known any more. Raises Away."""
        for known in (await self.current(), state_council()):
            if known.version == version:
                return known
        async with scoped(self._pool, self._scope) as connection:
            rows = await connection.fetch(_EDITIONS, version)
        return _with_notices(rows) if rows else None

    async def seen_by(self, connection: Connection) -> Calendar:
        """The calendar as a transaction sees it, including notices written in it."""
        rows = await connection.fetch(_SELECT)
        known = [tuple(row) for row in rows]
        if known != self._known:
            self._calendar, self._known = _with_notices(rows), known
        return self._calendar


def _with_notices(rows: Sequence[asyncpg.Record]) -> Calendar:
    calendar = state_council()
    for row in rows:
        notice = Notice.read_back(row["year"], row["number"], row["days_off"], row["makeup_days"])
        calendar = calendar.with_notice(notice, row["calendar_version"])
    return calendar
