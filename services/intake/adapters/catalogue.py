"""The catalogue in this process: read once, and again when somebody published."""

import asyncio
from uuid import UUID

import asyncpg

from chassis.event_store import Position, read_positions
from chassis.postgres.database import Pool, away_as_refusal
from chassis.refusals import Away
from chassis.rpc.identity.caller import DISTRICT, level_of
from law.workdays import Calendar
from services.intake.adapters.queries import query
from services.intake.adapters.wire import ENTRIES, SOURCE
from services.intake.domain import catalogue
from services.intake.domain.catalogue import Catalogue, Entry


class CachedCatalogue:
    """Looks every so often which entries were published since, and reads those alone."""

    def __init__(self, pool: Pool, shipped: Calendar, look_seconds: float) -> None:
        self._pool = pool
        self._shipped = shipped
        self._look_seconds = look_seconds
        self._reading = asyncio.Lock()
        self._revisions: dict[UUID, int] = {}
        self._entries: dict[UUID, Entry] = {}
        self._catalogue: Catalogue | None = None

    def now(self) -> Catalogue:
        """The catalogue as it is known now; raises Away before it was ever read."""
        if self._catalogue is None:
            raise Away
        return self._catalogue

    async def refresh(self) -> None:
        """Read what was published since; raises Away."""
        async with self._reading:
            with away_as_refusal():
                known = await self._pool.fetch(query("entries"))
                changed = [row for row in known if self._revisions.get(row["entry_id"], 0) < row["revision"]]
                if changed:
                    await self._read(changed)
            if changed or self._catalogue is None:
                self._catalogue = Catalogue.of(self._shipped, self._entries.values())

    async def catch_up(self, after: str) -> None:
        """Read what was published up to these positions, unless it is known; raises Invalid, Away.

        Entries live at the district's own place; of what else lives there nobody knows here that it is none.
        """
        if any(self._may_miss(position) for position in read_positions(after)):
            await self.refresh()

    async def run(self) -> None:
        """Look for ever; the loop that a service supervises."""
        while True:
            await self.refresh()
            await asyncio.sleep(self._look_seconds)

    def _may_miss(self, position: Position) -> bool:
        key = position.key
        at_district = position.source == SOURCE and level_of(key.street) == DISTRICT
        return at_district and self._revisions.get(key.file_id, 0) < position.revision

    async def _read(self, rows: list[asyncpg.Record]) -> None:
        names = ("district", "street", "entry_id")
        facts = await self._pool.fetch(query("entry_facts"), *([row[name] for row in rows] for name in names))
        entries = {row["entry_id"]: catalogue.BLANK for row in rows}
        for fact in facts:
            entries[fact["file_id"]] = catalogue.fold(entries[fact["file_id"]], ENTRIES.decode(fact["body"]))
        self._entries |= entries
        self._revisions |= {entry_id: entry.revision for entry_id, entry in entries.items()}
