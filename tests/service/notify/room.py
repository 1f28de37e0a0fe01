"""Notify's parts over a real database, without the loops around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from chassis.event_store import FileKey, FileRepository, PositionSignal, PositionWaiter, PostgresStore, StoreSettings
from chassis.inbox import InboxConsumer, InboxEvent, InboxOffsets
from chassis.postgres.database import Pool
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, Keyring, objects
from services.notify.adapters import told_by_approval, told_by_intake
from services.notify.adapters.calendars import HeardCalendars
from services.notify.adapters.closed_documents import ClosedObjects
from services.notify.adapters.document_queue import DocumentTable
from services.notify.adapters.envelopes import Envelopes
from services.notify.adapters.filing import Filing
from services.notify.adapters.hearing import Teller
from services.notify.adapters.matters import MatterRows
from services.notify.adapters.notice_queue import NoticeTable
from services.notify.adapters.streams import SOURCES, hears_approval, hears_intake, hears_sealed
from services.notify.adapters.templates import shipped
from services.notify.adapters.typesetting import TypstTypesetter
from services.notify.adapters.wire import DossierCodec
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import Fact
from services.notify.domain.hours import Hours
from services.notify.domain.words import Office
from services.notify.ports import Gateway
from services.notify.usecases.asking import Asking, Means
from services.notify.usecases.issuing import Issuing
from services.notify.usecases.telling import Telling, TellingSettings
from services.notify.usecases.wordbook import Wordbook
from tests.support.ledger import DISTRICT, StillClock

WORDBOOK = Wordbook(shipped(), {}, Office(signature="南华西街道", phone="020-12345"))


@dataclass(frozen=True, slots=True)
class Room:
    """One notify."""

    rpc: Pool
    pool: Pool
    vault: FileVault
    clock: StillClock
    private_key: Path
    files: FileRepository[Dossier, Fact]
    typesetter: TypstTypesetter

    @classmethod
    def opened(cls, pools: tuple[Pool, Pool], keys: tuple[Path, Path], typesetter: TypstTypesetter) -> "Room":
        """Over the pools of calls and of the worker, with the vault's key file and the private key."""
        rpc, pool = pools
        vault, clock = FileVault(Keyring(WatchedFile(keys[0]))), StillClock()
        files = FileRepository(PostgresStore(rpc, pool), DossierCodec(), clock, vault)
        return cls(rpc, pool, vault, clock, keys[1], files, typesetter)

    async def hear(self, *events: InboxEvent) -> None:
        """Hear events in this order, a batch for each run of one source."""
        run: list[InboxEvent] = []
        for event in events:
            if run and run[-1].source != event.source:
                await self._hear(run)
                run = []
            run.append(event)
        await self._hear(run)

    def telling(self, gateway: Gateway, standing_minute: float | None = None, call: int = 50) -> Telling:
        """Messages, over a gateway that takes so many a call."""
        table = NoticeTable(self.pool, Filing(self.pool, self.files), self.vault)
        settings = TellingSettings(call=call, standing_minute=standing_minute)
        return Telling(table, gateway, WORDBOOK, self.vault, self.clock, settings)

    def issuing(self, documents: ClosedObjects) -> Issuing:
        """Documents, kept in a store."""
        filing, store = Filing(self.pool, self.files), self.files.store
        assert isinstance(store, PostgresStore)
        table = DocumentTable(self.pool, store, filing, self.vault, DISTRICT)
        return Issuing(table, self.typesetter, documents, WORDBOOK, self.clock)

    def documents(self) -> ClosedObjects:
        """A store in memory."""
        return ClosedObjects(self.files.store, self.vault, objects.opened("memory://", 1_000_000))

    def asking(self, documents: ClosedObjects) -> Asking:
        """The window's calls."""
        waiter = PositionWaiter(SOURCES, InboxOffsets(self.rpc), PositionSignal(), StoreSettings())
        rows = MatterRows(self.rpc, self.files.store, self.vault)
        return Asking(Means(self.files, rows, documents, self.vault, waiter, self.clock))

    async def facts(self, key: FileKey) -> list[Fact]:
        """The facts of a dossier, in order."""
        loaded = await self.files.store.load(key, None)
        return [DossierCodec().decode(body) for body in loaded.bodies]

    async def rows(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Rows as the worker sees them."""
        return await self.pool.fetch(statement, *arguments)

    async def _hear(self, events: Sequence[InboxEvent]) -> None:
        calendars = HeardCalendars(self.rpc, DISTRICT)
        hears = {
            "intake": hears_intake(Teller(told_by_intake.told, self.files, calendars, Hours())),
            "approval": hears_approval(Teller(told_by_approval.told, self.files, calendars, Hours())),
            "sealed": hears_sealed(Envelopes(WatchedFile(self.private_key), self.vault, self.clock)),
        }
        if events:
            await InboxConsumer(self.pool, None, hears[events[0].source]).apply(events)  # type: ignore[arg-type] # no stream is read here
