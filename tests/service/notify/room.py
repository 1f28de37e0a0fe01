"""Parts of notify over a real database, without the loops around them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import asyncpg

from chassis.event_store import FileKey, FileRepository, PositionSignal, PositionWaiter, PostgresStore, StoreSettings
from chassis.inbox import CatchUp, InboxConsumer, InboxEvent, InboxOffsets, StreamProgress, Subscription
from chassis.postgres.database import Pool
from chassis.rpc.limits import RateLimit
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, Keyring, objects
from law.desk import WindowService
from protocol.calendars import ReceivedCalendars
from protocol.known_places import ReceivedPlaces
from protocol.query_codes import WrongCodes
from services.notify.adapters.database import BulkAppend
from services.notify.adapters.document.storage import DocumentTable, EncryptedDocuments
from services.notify.adapters.document.typesetting import TypstTypesetter
from services.notify.adapters.dossier_codec import DossierCodec
from services.notify.adapters.matter.envelopes import EnvelopeStore, sealed_subscription
from services.notify.adapters.matter.projector import SOURCES, approval_subscription, intake_subscription
from services.notify.adapters.matter.table import MatterRows
from services.notify.adapters.message.queue import MessageTable
from services.notify.adapters.parts import shipped_templates
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import Fact
from services.notify.domain.message.sending_time import SendingHours
from services.notify.domain.template.text import Letterhead
from services.notify.ports import MessageGateway
from services.notify.usecases.delivery import CollectionDesk, DeliveryProofs
from services.notify.usecases.document import DocumentIssuer, DocumentReader
from services.notify.usecases.matter import CodeCheck, MatterAccess
from services.notify.usecases.message import Letterheads, MessageSender, MessageTexts, SendingSettings
from tests.support.ledger import DISTRICT, StillClock
from tests.unit.notify.matter_events import PEPPER

LETTERHEADS = Letterheads({}, Letterhead(signature="南华西街道", phone="020-12345"))
GENERAL = WindowService(True, frozenset(), date(2015, 10, 8))
_AT_ONCE = StoreSettings(after_limit=0.5, grace=0)
TEXTS = MessageTexts(shipped_templates(), LETTERHEADS)


@dataclass(frozen=True, slots=True)
class Room:
    """One notify."""

    rpc: Pool
    pool: Pool
    vault: FileVault
    clock: StillClock
    private_key: Path
    dossiers: FileRepository[Dossier, Fact]
    typesetter: TypstTypesetter
    wrong_codes: WrongCodes = field(default_factory=lambda: WrongCodes(RateLimit(6, 10), RateLimit(60, 100)))
    streams: list[StreamProgress | None] = field(default_factory=lambda: [StreamProgress(0, 0)])
    """The server's words on the progress in intake's stream, the last one again and again."""

    async def progress(self, _source: str) -> StreamProgress | None:
        """The next word of the server."""
        return self.streams.pop(0) if len(self.streams) > 1 else self.streams[0]

    @classmethod
    def opened(cls, pools: tuple[Pool, Pool], keys: tuple[Path, Path], typesetter: TypstTypesetter) -> "Room":
        """Over the pools of calls and of the worker, with the vault's key file and the private key."""
        rpc, pool = pools
        vault, clock = FileVault(Keyring(WatchedFile(keys[0]))), StillClock()
        dossiers = FileRepository(PostgresStore(rpc, pool), DossierCodec(), clock, vault)
        return cls(rpc, pool, vault, clock, keys[1], dossiers, typesetter)

    @property
    def table(self) -> MessageTable:
        """The queue of messages."""
        return MessageTable(self.pool, BulkAppend(self.pool, self.dossiers), self.vault)

    async def receive(self, *events: InboxEvent) -> None:
        """Receive events in this order, a batch for each run of one source."""
        run: list[InboxEvent] = []
        for event in events:
            if run and run[-1].source != event.source:
                await self._receive(run)
                run = []
            run.append(event)
        await self._receive(run)

    def subscription(self, source: str) -> Subscription:
        """The subscription to a source, as a process makes it."""
        calendars, hours = ReceivedCalendars(self.rpc, DISTRICT), SendingHours()
        match source:
            case "intake":
                return intake_subscription(self.dossiers, calendars, hours)
            case "approval":
                return approval_subscription(self.dossiers, calendars, hours)
        return sealed_subscription(EnvelopeStore(WatchedFile(self.private_key), self.vault, self.clock))

    def sender(self, gateway: MessageGateway, standing_minute: float | None = None, call: int = 50) -> MessageSender:
        """The sender of messages, over a gateway that takes so many a call."""
        settings = SendingSettings(call=call, standing_minute=standing_minute)
        return MessageSender(self.table, gateway, TEXTS, self.vault, self.clock, settings)

    def issuer(self, documents: EncryptedDocuments) -> DocumentIssuer:
        """The issuer of documents, over a store."""
        store = self.dossiers.store
        assert isinstance(store, PostgresStore)
        table = DocumentTable(self.pool, store, BulkAppend(self.pool, self.dossiers), self.vault, DISTRICT)
        return DocumentIssuer(table, self.typesetter, documents, LETTERHEADS, self.clock)

    def documents(self) -> EncryptedDocuments:
        """A store in memory."""
        return EncryptedDocuments(self.dossiers.store, self.vault, objects.opened("memory://", 1_000_000))

    @property
    def matters(self) -> MatterAccess:
        """Matters for calls."""
        waiter = PositionWaiter(SOURCES, InboxOffsets(self.rpc), PositionSignal(), StoreSettings(), DISTRICT)
        catch_up = CatchUp(self.progress, _AT_ONCE)
        codes = CodeCheck(ReceivedPlaces(waiter, self.pool, DISTRICT, catch_up), lambda: PEPPER, self.wrong_codes)
        return MatterAccess(MatterRows(self.rpc, self.dossiers.store, self.vault), waiter, codes, catch_up)

    def reader(self, documents: EncryptedDocuments) -> DocumentReader:
        """Documents for calls."""
        return DocumentReader(self.matters, self.dossiers, documents)

    @property
    def windows(self) -> "HallWindows":
        """The window of the tests, and those whose publication was received."""
        waiter = PositionWaiter(SOURCES, InboxOffsets(self.rpc), PositionSignal(), _AT_ONCE, DISTRICT)
        return HallWindows(ReceivedPlaces(waiter, self.pool, DISTRICT, CatchUp(self.progress, _AT_ONCE)))

    @property
    def calendars(self) -> ReceivedCalendars:
        """The calendars that were received, as calls read them."""
        return ReceivedCalendars(self.rpc, DISTRICT)

    @property
    def desk(self) -> CollectionDesk:
        """Collections at windows."""
        return CollectionDesk(
            self.matters, self.dossiers, self.vault, self.clock, self.windows, ReceivedCalendars(self.rpc, DISTRICT)
        )

    @property
    def proofs(self) -> DeliveryProofs:
        """Proofs of deliveries."""
        return DeliveryProofs(self.matters, self.dossiers, self.calendars)

    async def facts(self, key: FileKey) -> list[Fact]:
        """The facts of a dossier, in order."""
        loaded = await self.dossiers.store.load(key, None)
        return [DossierCodec().decode(body) for body in loaded.bodies]

    async def rows(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Rows as the worker sees them."""
        return await self.pool.fetch(statement, *arguments)

    async def _receive(self, events: Sequence[InboxEvent]) -> None:
        if events:
            subscription = self.subscription(events[0].source)
            await InboxConsumer(self.pool, None, subscription).apply(events)  # type: ignore[arg-type] # no stream


@dataclass(frozen=True, slots=True)
class HallWindows:
    """W1, and the windows whose publication was received."""

    received: ReceivedPlaces

    async def line(self, key: FileKey) -> str:
        """The line of a matter."""
        return await self.received.line(key)

    async def window(self, street: str, code: str, line: str, on: date) -> WindowService | None:
        """The service of a window of the hall."""
        return GENERAL if code == "W1" else await self.received.window(street, code, line, on)
