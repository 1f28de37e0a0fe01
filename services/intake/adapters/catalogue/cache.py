"""The catalogue in this process: read once, and again after a publication; and the files and rows of its entries.

Entries are never changed in place: each publication is a fact more, so a revision tells whether an entry is
known. A look every few seconds compares revisions and reads only the entries that grew. A call that names a
position of the catalogue (`after` of a publication) refreshes at once instead of waiting for the next look.
"""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import asyncpg

from chassis.event_store import FileKey, Position, read_positions
from chassis.postgres.database import Pool, away_as_refusal
from chassis.refusals import Away
from chassis.rpc.identity.caller import DISTRICT, level_of
from law.workdays import Calendar
from protocol.streams import INTAKE
from services.intake.adapters.codec import IntakeCodec, query
from services.intake.domain.catalogue.state import BLANK, Catalogue, CatalogueEntry, EntryFact, fold


def entry_row(key: FileKey, revision: int, entry: CatalogueEntry) -> Mapping[str, object]:
    """Columns of `catalogue_entry`: the entry by kind and code, and the number of its publications."""
    kind, code = "calendar", str(entry.notice.year) if entry.notice else ""
    if entry.latest:
        kind, code = "item", entry.latest.code
    elif entry.window:
        kind, code = "window", f"{entry.window.street}/{entry.window.code}"
    row = {
        "district": key.district,
        "street": key.street,
        "entry_id": key.file_id,
        "revision": revision,
        "kind": kind,
        "code": code,
    }
    return {"catalogue_entry": row}


ENTRIES: IntakeCodec[CatalogueEntry, EntryFact] = IntakeCodec(EntryFact, BLANK, fold, entry_row)


class CachedCatalogue:
    """Looks for entries published since the last look, and reads those alone."""

    def __init__(self, pool: Pool, shipped: Calendar, look_seconds: float) -> None:
        self._pool = pool
        self._shipped = shipped
        self._look_seconds = look_seconds
        self._reading = asyncio.Lock()
        self._revisions: dict[UUID, int] = {}
        self._entries: dict[UUID, CatalogueEntry] = {}
        self._catalogue: Catalogue | None = None

    def now(self) -> Catalogue:
        """The catalogue as it is known now; raises Away before it was first read."""
        if self._catalogue is None:
            raise Away
        return self._catalogue

    async def refresh(self) -> None:
        """Read the publications since the last look; raises Away."""
        async with self._reading:
            with away_as_refusal():
                known = await self._pool.fetch(query("entries"))
                changed = [row for row in known if self._revisions.get(row["entry_id"], 0) < row["revision"]]
                if changed:
                    await self._read(changed)
            if changed or self._catalogue is None:
                self._catalogue = Catalogue.of(self._shipped, self._entries.values())

    async def catch_up(self, after: str) -> None:
        """Read the publications up to these positions, unless they are known; raises Invalid, Away.

        Entries live at the district's own place. Another file of that place leads to one reading too many.
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
        at_district = position.source == INTAKE and level_of(key.street) == DISTRICT
        return at_district and self._revisions.get(key.file_id, 0) < position.revision

    async def _read(self, rows: list[asyncpg.Record]) -> None:
        names = ("district", "street", "entry_id")
        facts = await self._pool.fetch(query("entry_facts"), *([row[name] for row in rows] for name in names))
        entries = {row["entry_id"]: BLANK for row in rows}
        for fact in facts:
            entries[fact["file_id"]] = fold(entries[fact["file_id"]], ENTRIES.decode(fact["body"]))
        self._entries |= entries
        self._revisions |= {entry_id: entry.revision for entry_id, entry in entries.items()}
