"""Working-day calendars by the holiday notices that a service received.

Its table `calendar_notice` has the notices in force, `calendar_edition` every one that was.
"""

from collections.abc import Sequence

import asyncpg

from chassis.postgres.database import Connection, Pool, scoped
from chassis.scope import EVERY_STREET, Scope
from law.notices import Notice
from law.recount import publications
from law.workdays import Calendar, state_council

_SELECT = "select year, number, days_off, makeup_days, calendar_version, recorded_at from calendar_notice"
_EDITIONS = (
    "select distinct on (year) year, number, days_off, makeup_days, calendar_version, recorded_at from calendar_edition"
    " where received <= (select received from calendar_edition where calendar_version = $1)"
    " order by year, received desc"
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
        return _with_notices(rows, version) if rows else None

    async def seen_by(self, connection: Connection) -> Calendar:
        """The calendar as a transaction sees it, including notices written in it."""
        rows = await connection.fetch(_SELECT)
        known = [tuple(row) for row in rows]
        if known != self._known:
            self._calendar, self._known = _with_notices(rows), known
        return self._calendar


def _with_notices(rows: Sequence[asyncpg.Record], version: str = "") -> Calendar:
    """The calendar of these notices, year by year as intake builds it; its version is that of the newest of them.

    A notice may order days of the December before, so that the order of the years decides, not that of the receipts.
    """
    if not rows:
        return state_council()
    newest = max(rows, key=lambda row: (row["recorded_at"], sum(publications(row["calendar_version"])[1].values())))
    version = version or newest["calendar_version"]
    calendar = state_council()
    for row in sorted(rows, key=lambda row: row["year"]):
        notice = Notice.read_back(row["year"], row["number"], row["days_off"], row["makeup_days"])
        calendar = calendar.with_notice(notice, version)
    return calendar
