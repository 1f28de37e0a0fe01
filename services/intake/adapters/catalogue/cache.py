"""The catalogue as published, read by every call; and the files and rows of its entries.

Entries are never changed in place: each publication is a fact more, so the number of publications of all entries
together tells whether anything was published. A call compares this one number, which is the only thing it rests on that
another replica may have changed, and the entries that grew are read. Calls that come together share one look.
"""

import asyncio
from collections.abc import Mapping, Set
from uuid import UUID

import asyncpg

from chassis.event_store import FileKey, Scope, SharedLook
from chassis.postgres.database import Pool, away_as_refusal
from chassis.refusals import Away
from law.workdays import Calendar
from services.intake.adapters.codec import IntakeCodec, query
from services.intake.domain.catalogue.state import BLANK, Catalogue, CatalogueEntry, EntryFact, fold

_PLACES = frozenset({"street", "destination", "hall"})


def entry_row(key: FileKey, revision: int, entry: CatalogueEntry) -> Mapping[str, object]:
    """Columns of `catalogue_entry`, or of `published_place` for streets, destinations and halls.

    The entry by kind and code, and the number of its publications.
    """
    kind, code = "calendar", str(entry.notice.year) if entry.notice else ""
    if entry.latest:
        kind, code = "item", entry.latest.code
    elif entry.window:
        kind, code = "window", f"{entry.window.street}/{entry.window.code}"
    elif entry.street:
        kind, code = "street", entry.street.code
    elif entry.destination:
        kind, code = "destination", entry.destination.code
    elif entry.hall:
        kind, code = "hall", entry.hall.street
    row = {
        "district": key.district,
        "street": key.street,
        "entry_id": key.file_id,
        "revision": revision,
        "kind": kind,
        "code": code,
    }
    return {"published_place" if kind in _PLACES else "catalogue_entry": row}


ENTRIES: IntakeCodec[CatalogueEntry, EntryFact] = IntakeCodec(EntryFact, BLANK, fold, entry_row)


class CachedCatalogue:
    """Keeps the entries as decoded; each look asks whether there are others, and reads those alone."""

    def __init__(self, pool: Pool, shipped: Calendar, look_seconds: float) -> None:
        self._pool = pool
        self._shipped = shipped
        self._look_seconds = look_seconds
        self._shared_look = SharedLook(self._read_published)
        self._publications: tuple[int, int] | None = None
        self._revisions: dict[UUID, int] = {}
        self._entries: dict[UUID, CatalogueEntry] = {}
        self._catalogue: Catalogue | None = None

    def now(self) -> Catalogue:
        """The catalogue as it was read last; raises Away before that."""
        if self._catalogue is None:
            raise Away
        return self._catalogue

    async def refresh(self) -> None:
        """Read every publication that was stored before this was called; raises Away."""
        await self._shared_look()

    async def street_in_use(self, scope: Scope) -> bool:
        """True for a street that has applications; raises Away."""
        with away_as_refusal():
            return bool(await self._pool.fetchval(query("street_in_use"), scope.district, scope.street))

    async def run(self) -> None:
        """Look for ever, so that few calls find something to read; the loop that a service supervises."""
        while True:
            await self.refresh()
            await asyncio.sleep(self._look_seconds)

    async def _read_published(self) -> None:
        with away_as_refusal():
            row = await self._pool.fetchrow(query("publications"))
            assert row is not None  # sums are one row
            published = (row["entries"], row["publications"])
            if self._catalogue is not None and published == self._publications:
                return
            known = await self._pool.fetch(query("entries"))
            await self._read([row for row in known if self._revisions.get(row["entry_id"], 0) != row["revision"]])
        self._keep({row["entry_id"] for row in known})
        self._publications = len(self._revisions), sum(self._revisions.values())

    def _keep(self, published: Set[UUID]) -> None:
        """Drops what is not published any more, which happens after a restore alone, and joins the rest."""
        for entry_id in self._revisions.keys() - published:
            del self._revisions[entry_id], self._entries[entry_id]
        self._catalogue = Catalogue.of(self._shipped, self._entries.values())

    async def _read(self, rows: list[asyncpg.Record]) -> None:
        names = ("district", "street", "entry_id")
        facts = await self._pool.fetch(query("entry_facts"), *([row[name] for row in rows] for name in names))
        entries = {row["entry_id"]: BLANK for row in rows}
        for fact in facts:
            entries[fact["file_id"]] = fold(entries[fact["file_id"]], ENTRIES.decode(fact["body"]))
        self._entries |= entries
        self._revisions |= {entry_id: entry.revision for entry_id, entry in entries.items()}
