"""Approval without a server: its servicers over a store, lists and positions in memory, called as its clients call."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from chassis.clock import SHANGHAI
from chassis.event_store import (
    FileKey,
    FileRepository,
    IdempotencyKey,
    MemoryStore,
    Scope,
    StoreSettings,
)
from chassis.event_store.store import DEFAULT_STORE_SETTINGS
from chassis.inbox import CatchUp
from chassis.rpc.identity.caller import Caller, level_of, set_caller
from law.desk import Actor, Place, Post
from law.workdays import Calendar
from protocol.identifiers import street_leg_id
from services.approval.adapters.case.codec import CaseCodec
from services.approval.adapters.case.rpc import ApprovalServicer
from services.approval.domain.case.due_dates import first_term
from services.approval.domain.case.facts import Fact, Leg
from services.approval.domain.case.item import AcceptedItem
from services.approval.domain.case.open_case import open_district_leg, open_street_leg
from services.approval.domain.case.state import Case
from services.approval.handoff.adapters.inbound_reports import DistrictGatewayServicer
from services.approval.handoff.usecases import DistrictReports
from services.approval.ports import DistrictStatus, WaitingStep, WorklistDesk, WorklistPage
from services.approval.usecases.case import CaseLookups, Cases
from tests.support.caught_up import CAUGHT_UP
from tests.support.ledger import StillClock
from tests.unit.approval.matters import APPLICATION, CALENDAR, PROMISED, accepted, referral

DISTRICT, STREET, OTHER_STREET, OFFICE = "440105", "440105008", "440105009", "440105000"
CASE_ID = street_leg_id(APPLICATION)


@contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """Everything inside is called by this caller."""
    set_caller(caller)
    try:
        yield
    finally:
        set_caller(None)


def member(number: str, *posts: Post, street: str = STREET, lines: Iterable[str] | None = None) -> Caller:
    """A member of staff as the single sign-on names one."""
    names = frozenset(post.name for post in posts)
    return Caller(
        number, False, names, DISTRICT, street, level_of(street), "社会事务科", lines if lines is None else tuple(lines)
    )


REVIEWER = member("NH001", Post.REVIEWER)
HEAD = member("NH900", Post.HEAD)
SUPERVISOR = member("HZ500", Post.SUPERVISOR, street=OFFICE)
DISTRICT_SYSTEM = Caller("hz-approval", True, frozenset(), DISTRICT, "*", level_of("*"), system="DISTRICT_SYSTEM")


class MemoryCases:
    """Lists of cases by the rows that the store projected."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.status: DistrictStatus | None = None

    def _rows(self, scope: Scope) -> list[dict[str, Any]]:
        rows: list[Any] = [projection["case_file"] for projection in self._store.projections.values()]
        return [row for row in rows if scope.reaches(Scope(row["district"], row["street"]))]

    async def worklist(self, desk: WorklistDesk, page: WorklistPage) -> tuple[list[WaitingStep], int]:
        """The steps that wait for the desk, by their due day and id."""
        waiting = [
            row
            for row in self._rows(desk.scope)
            if row["waits"]
            and (row["step_post"] in desk.posts or row["approving_post"] in desk.posts)
            and (not desk.lines or row["line"] in desk.lines)
            and (not desk.holder or row["claimed_by"] == desk.holder)
        ]
        rows = sorted(waiting, key=lambda row: (row["promised_due_on"], row["case_id"]))
        later = [row for row in rows if (row["promised_due_on"], row["case_id"]) > (page.after_due_on, page.after_case)]
        return [_waiting(row) for row in later[: page.size]], len(rows)

    async def locate(self, scope: Scope, case_id: UUID) -> FileKey | None:
        """The key of a case by its id."""
        return next((_key(row) for row in self._rows(scope) if row["case_id"] == case_id), None)

    async def by_number(self, scope: Scope, number: str, leg: Leg) -> FileKey | None:
        """The leg of a number, of the given level where there is one."""
        rows = [row for row in self._rows(scope) if row["number"] == number]
        rows.sort(key=lambda row: (row["leg"] != leg, -row["attempt"]))
        return _key(rows[0]) if rows else None

    async def district_status(self, scope: Scope, leg_id: UUID) -> DistrictStatus | None:
        """The hand-off of a leg, as the test set it."""
        return self.status


class Digests:
    """Digests of typed texts, and ciphertexts that are the texts themselves."""

    def keyed_digest(self, text: str | bytes) -> bytes:
        """SHA-256, its key left out."""
        return sha256(text.encode() if isinstance(text, str) else text).digest()

    def seal(self, key: FileKey, wrapped: bytes | None, texts: Mapping[str, bytes]) -> tuple[bytes, dict[str, bytes]]:
        """The texts as they are."""
        return b"key of a test", dict(texts)

    def open(self, key: FileKey, wrapped: bytes, texts: Mapping[str, bytes]) -> dict[str, bytes]:
        """The texts as they are."""
        return dict(texts)


class Passes:
    """Passes that can be read."""

    def for_desk(self, key: FileKey, case: Case, bearer: Actor) -> str:
        """A pass for a member of staff."""
        return f"pass of {bearer.staff_no} for {case.application_id}"

    def for_package(self, key: FileKey, case: Case, bearer: str) -> str:
        """A pass for the district."""
        return f"package pass of {bearer}"


@dataclass(frozen=True)
class OneCalendar:
    """One calendar, and no other that was ever known."""

    calendar: Calendar

    async def current(self) -> Calendar:
        """The calendar."""
        return self.calendar

    async def at_version(self, version: str) -> Calendar | None:
        """The calendar; no other one was ever known."""
        return self.calendar if version == self.calendar.version else None


class Positions:
    """Positions that are reached at once, in the order in which they were awaited."""

    def __init__(self) -> None:
        self.awaited: list[str] = []

    async def until_reached(self, text: str, _at: Scope | None = None) -> None:
        """Notes the position."""
        if text:
            self.awaited.append(text)


@dataclass
class MemoryOffice:
    """Approval's servicers and what lies behind them."""

    clock: StillClock = field(default_factory=lambda: StillClock(morning(date(2016, 3, 8))))
    limits: StoreSettings = DEFAULT_STORE_SETTINGS
    catch_up: CatchUp = CAUGHT_UP
    calendar: Calendar = CALENDAR
    """The calendar that comes with the product."""

    def __post_init__(self) -> None:
        self.store = MemoryStore()
        self.files: FileRepository[Case | None, Fact] = FileRepository(
            self.store, CaseCodec(), self.clock, Digests(), limits=self.limits
        )
        self.lists, self.positions = MemoryCases(self.store), Positions()
        waiter: Any = self.positions
        calendars = OneCalendar(self.calendar)
        cases = Cases(self.files, calendars, Digests(), Passes(), waiter, self.catch_up)
        lookups = CaseLookups(self.files, self.lists, calendars, waiter, self.catch_up)
        self.desk = ApprovalServicer(cases, lookups, self.clock)
        self.gateway = DistrictGatewayServicer(
            self.files, DistrictReports(self.clock, Digests()), calendars, DISTRICT_SYSTEM.subject, self.catch_up
        )

    async def opened(
        self, item: AcceptedItem = PROMISED, application: UUID = APPLICATION, street: str = STREET
    ) -> FileKey:
        """A street's leg is opened; its key."""
        key = FileKey(DISTRICT, street, street_leg_id(application))
        told = accepted(item)
        term = first_term(told.accepted_on, item.promised_limit, item.legal_limit, self.calendar)
        first = open_street_leg(None, replace(told, provisional=term.provisional), self.calendar)[0]
        await self._put(key, replace(first, application_id=application))
        return key

    async def handed_over(self, item: AcceptedItem, case_id: UUID | None = None) -> FileKey:
        """A district's leg is opened; its key."""
        key = FileKey(DISTRICT, OFFICE, case_id or uuid4())
        await self._put(key, open_district_leg(None, referral(item), Place(DISTRICT, STREET), self.calendar)[0])
        return key

    async def state(self, key: FileKey) -> Case:
        """The case as it stands."""
        case = (await self.files.read(key)).state
        assert case is not None
        return case

    async def call(self, method: Any, caller: Caller, request: Any) -> Any:
        """The answer of a method to a caller."""
        with calling(caller):
            return await method(request, None)

    def at(self, on: date) -> None:
        """It is the morning of another day."""
        self.clock.instant = morning(on)

    def kinds(self, key: FileKey) -> list[str]:
        """The kinds of fact on file, in order."""
        return [record.kind for file, record, _ in self.store.published if file == key]

    async def _put(self, key: FileKey, fact: Fact) -> None:
        cause = IdempotencyKey("intake", str(uuid4()), b"")
        await self.files.change(key, cause, lambda _case, _drawn: [fact], actor="office")


def morning(on: date) -> datetime:
    """Nine in the morning of a day."""
    return datetime.combine(on, time(9), SHANGHAI)


def _key(row: dict[str, Any]) -> FileKey:
    return FileKey(row["district"], row["street"], row["case_id"])


def _waiting(row: dict[str, Any]) -> WaitingStep:
    names = WaitingStep.__dataclass_fields__
    return WaitingStep(**{name: row[name] for name in names})
