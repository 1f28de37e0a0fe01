"""An office of intake in one process: use cases over the store in memory, a real vault, and ports that remember."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis.clock import SHANGHAI
from chassis.event_store import FileKey, FileRepository, IdempotencyKey, MemoryStore, Scope
from chassis.event_store.state_cache import StateCache
from chassis.inbox import CatchUp
from chassis.refusals import Away, NotPermitted
from chassis.rpc.limits import RateLimit
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, Keyring, objects
from protocol.envelope import correction_kind
from protocol.query_codes import WrongCodes
from services.intake.adapters.application.recount import PublishedCalendars
from services.intake.adapters.application.rows import APPLICATIONS
from services.intake.adapters.catalogue.cache import ENTRIES
from services.intake.adapters.ticket.rpc import TICKETS
from services.intake.adapters.vault import EncryptedPapers, VaultSecrets
from services.intake.domain.application.applicant import Agent, Applicant, People, ReadPass
from services.intake.domain.application.facts import ApplicantKind
from services.intake.domain.application.state import ApplicationClosing
from services.intake.domain.catalogue.state import Catalogue
from services.intake.domain.ticket.queue import NumberOfDay
from services.intake.domain.ticket.state import BLANK, Ticket, fold
from services.intake.ports import ApplicationQuery, ListedApplication
from services.intake.usecases.answers import Answers
from services.intake.usecases.application import ApplicationActs, ApplicationLookups
from services.intake.usecases.catalogue import CataloguePublication
from services.intake.usecases.office import CommandContext, HallOffice, PositionGate
from services.intake.usecases.submission import Submissions
from services.intake.usecases.ticket import Tickets
from tests.support.caught_up import CAUGHT_UP
from tests.support.ledger import StillClock
from tests.unit.intake.hall import AGENT, CATALOGUE, PERSON, STREET

HERE = Scope("440105", STREET)
DISTRICT = Scope("440105", "440105000")
MORNING = datetime(2016, 9, 14, 10, 0, tzinfo=SHANGHAI)
PEOPLE = People(Applicant(ApplicantKind.PERSON, "张三丰", PERSON, "13800000000"), Agent("李四", AGENT))
QUEUE_SHOWN = 3
_ids = count(1)


class KnownCatalogue:
    """A catalogue that a test publishes; it is known once it was read."""

    def __init__(self, published: Catalogue) -> None:
        self.published = published
        self.in_use: set[str] = set()
        self._read: Catalogue | None = None

    def now(self) -> Catalogue:
        """The catalogue as it was read; raises Away before that."""
        if self._read is None:
            raise Away
        return self._read

    async def refresh(self) -> None:
        """Read it."""
        self._read = self.published

    async def street_in_use(self, scope: Scope) -> bool:
        """True for the streets that a test sets."""
        return scope.street in self.in_use

    def forget(self) -> None:
        """Nothing was read."""
        self._read = None


class KnownApplications:
    """Places, closings and lists that a test sets."""

    def __init__(self) -> None:
        self.places: dict[UUID, FileKey] = {}
        self.closings: dict[FileKey, ApplicationClosing] = {}
        self.listed: list[ListedApplication] = []
        self.looked_up: list[FileKey] = []
        self.ended: dict[UUID, int] = {}

    async def one(self, _scope: Scope, application_id: UUID | None, number: str = "") -> ListedApplication | None:
        """The listed application with that id or number."""
        found = (each for each in self.listed if application_id == each.key.file_id or number == each.row["number"])
        return next(found, None)

    async def page(self, _scope: Scope, query: ApplicationQuery) -> tuple[list[ListedApplication], int]:
        """The first of all."""
        return self.listed[: query.size], len(self.listed)

    async def locate(self, application_id: UUID) -> FileKey | None:
        """The place of an application."""
        return self.places.get(application_id)

    async def passes_ended(self, _key: FileKey, case_id: UUID) -> int:
        """The revision that a test sets."""
        return self.ended.get(case_id, 0)

    async def closing(self, key: FileKey) -> ApplicationClosing | None:
        """The end at the desks."""
        self.looked_up.append(key)
        return self.closings.get(key)


class KnownTickets:
    """Tickets as the store in memory has them."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def of_day(self, scope: Scope, on: date) -> Sequence[NumberOfDay]:
        """The numbers that a hall gave on a day."""
        tickets: dict[FileKey, Ticket] = {}
        last: dict[FileKey, tuple[datetime, int]] = {}
        for order, (key, record, recorded_at) in enumerate(self._store.published):
            if key.scope == scope and record.kind in TICKETS.kinds:
                tickets[key] = fold(tickets.get(key, BLANK), TICKETS.decode(record.body))
                last[key] = recorded_at, order
        return [
            NumberOfDay(each.number, each.line, each.window, *last[key])
            for key, each in tickets.items()
            if each.line is not None and each.taken_on == on
        ]


class KnownPasses:
    """Passes that a test issues."""

    def __init__(self) -> None:
        self.issued: dict[str, ReadPass] = {}

    def claims(self, read_pass: str) -> ReadPass:
        """Claims of an issued pass; raises NotPermitted for any other."""
        if read_pass not in self.issued:
            raise NotPermitted
        return self.issued[read_pass]


class OpenEnvelopes:
    """Envelopes in clear, so that a test reads what notify would."""

    def applicant(self, key: FileKey, people: People, index: str, query_code: str) -> bytes | None:
        """The names and the code."""
        agent = people.agent.name if people.agent else ""
        return self._clear(
            key,
            {"kind": "applicant", "name": people.applicant.name, "agent": agent, "index": index, "code": query_code},
        )

    def correction(self, key: FileKey, texts: Mapping[str, str], supplement: int = 0) -> bytes | None:
        """The texts."""
        return self._clear(key, {"kind": correction_kind(supplement), "texts": dict(texts)})

    def decline(self, key: FileKey, texts: Mapping[str, str]) -> bytes | None:
        """The texts."""
        return self._clear(key, {"kind": "decline", "texts": dict(texts)})

    def _clear(self, key: FileKey, content: Mapping[str, Any]) -> bytes:
        return json.dumps({"application_id": str(key.file_id), **content}).encode()


class Positions:
    """A waiter that remembers the positions that were awaited."""

    def __init__(self) -> None:
        self.awaited: list[str] = []

    async def until_reached(self, text: str) -> None:
        """Remember the position."""
        self.awaited.append(text)


@dataclass
class InMemory:
    """Everything of intake but its database, its streams and its calls."""

    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: StillClock = field(default_factory=lambda: StillClock(MORNING))
    catalogue: KnownCatalogue = field(default_factory=lambda: KnownCatalogue(CATALOGUE))
    table: KnownApplications = field(default_factory=KnownApplications)
    passes: KnownPasses = field(default_factory=KnownPasses)
    positions: Positions = field(default_factory=Positions)
    catch_up: CatchUp = CAUGHT_UP

    def __post_init__(self) -> None:
        keys, pepper = self.folder / "vault.json", self.folder / "pepper"
        keys.write_text(json.dumps({"current": 1, "keys": {"1": b64encode(bytes(32)).decode()}}))
        pepper.write_text("p" * 32)
        self.vault = FileVault(Keyring(WatchedFile(keys)))
        self.secrets = VaultSecrets(self.vault, WatchedFile(pepper), WrongCodes(RateLimit(6, 10), RateLimit(60, 100)))
        self.office = HallOffice(self.clock, self.catalogue)
        self.files = FileRepository(self.store, APPLICATIONS, self.clock, self.vault)
        self.ticket_files = FileRepository(self.store, TICKETS, self.clock)
        self.tickets = Tickets(self.ticket_files, self.office, KnownTickets(self.store), QUEUE_SHOWN)
        self.objects = objects.opened("memory://", 1 << 20)
        envelopes, papers = OpenEnvelopes(), EncryptedPapers(self.store, self.vault, self.objects)
        self.submissions = Submissions(self.files, self.office, self.tickets, self.secrets, envelopes)
        self.answers = Answers(self.files, self.office, self.secrets, envelopes)
        self.acts = ApplicationActs(
            self.files, self.office, self.secrets, self.table, papers, self.passes, self.catch_up
        )
        self.gate = PositionGate(self.positions)  # type: ignore[arg-type] # a waiter that waits for nothing
        self.lookups = ApplicationLookups(
            self.table, self.gate, self.secrets, self.files, PublishedCalendars(self.office), 30
        )
        self.entries = FileRepository(self.store, ENTRIES, self.clock)
        self.publication = CataloguePublication(self.entries, self.office)

    def forget(self) -> None:
        """Empty every cache, as a process that was killed and started again has them."""
        self.catalogue.forget()
        for files in (self.files, self.ticket_files, self.entries):
            files.unit_of_work.cache = StateCache(files.limits.states)

    def context(self, place: Scope = HERE, *, revision: int | None = None, request_id: str = "") -> CommandContext:
        """A call of a clerk, each with an id of its own unless one is given."""
        cause = IdempotencyKey("10001", request_id or f"request-{next(_ids)}", b"the request")
        return CommandContext(place, "10001 综合受理组", cause, revision)

    @property
    def envelopes(self) -> list[dict[str, Any]]:
        """Contents of the envelopes in the order of their writing."""
        return [json.loads(sealed) for _, sealed in self.store.sealed]

    async def texts(self, key: FileKey) -> dict[str, str]:
        """Texts of a file's vault in clear."""
        return {name: text.decode() for name, text in (await self.files.texts(key)).items()}
