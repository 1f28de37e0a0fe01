"""Approval on a real database, its streams heard at once: what a test does, and what follows from it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
from nats.aio.client import Client
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import intake_event_pb2 as intake

from chassis.event_store import (
    Changed,
    FileKey,
    FileRepository,
    IdempotencyKey,
    PositionSignal,
    PositionWaiter,
    PostgresStore,
    StoreSettings,
)
from chassis.event_store.dataclass_proto import to_message
from chassis.inbox import InboxConsumer, InboxEvent, InboxOffsets
from chassis.postgres.database import Pool
from chassis.vault.vault import FileVault
from law.desk import Actor
from protocol.calendars import ReceivedCalendars
from protocol.identifiers import district_leg_id, street_leg_id
from services.approval.adapters.case.codec import SOURCE, CaseCodec
from services.approval.adapters.case.intake_subscription import IntakeEffects
from services.approval.adapters.case.leg_subscription import LegEffects
from services.approval.adapters.case.lists import CaseRows
from services.approval.adapters.providers import CasePasses
from services.approval.app import SOURCES
from services.approval.domain.case.facts import Fact, Opinion
from services.approval.domain.case.item import AcceptedItem
from services.approval.domain.case.open_case import AcceptanceGround
from services.approval.domain.case.state import Case
from services.approval.handoff.usecases import DistrictReports
from services.approval.usecases.case import CaseCall, CaseLookups, Cases
from tests.support.caught_up import CAUGHT_UP
from tests.unit.approval.matters import DISTRICT, HEAD, OTHER, PROMISED, REVIEWER, STREET, accepted

_SHANGHAI = timezone(timedelta(hours=8))


class SetClock:
    """A clock that a test sets."""

    def __init__(self, on: date) -> None:
        self._instant = datetime(on.year, on.month, on.day, 9, tzinfo=_SHANGHAI)
        self._changed = asyncio.Event()

    def today(self) -> date:
        """The civil date."""
        return self._instant.date()

    def now(self) -> datetime:
        """The instant."""
        return self._instant

    def set(self, on: date) -> None:
        """It is nine in the morning of another day."""
        self._instant = datetime(on.year, on.month, on.day, 9, tzinfo=_SHANGHAI)
        self._changed.set()

    async def wait_change(self, seconds: float) -> bool:
        """Until it is set, at most `seconds`."""
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return False
        return True


@dataclass
class World:
    """One approval service, without its ports."""

    rpc: Pool
    worker: Pool
    clock: SetClock
    vault: FileVault
    passes: CasePasses

    def __post_init__(self) -> None:
        bell, limits = PositionSignal(), StoreSettings(after_limit=0.2)
        self.files: FileRepository[Case | None, Fact] = FileRepository(
            PostgresStore(self.rpc, self.worker), CaseCodec(), self.clock, self.vault, limits=limits
        )
        self.calendars = ReceivedCalendars(self.rpc, "440105")
        waiter = PositionWaiter(SOURCES, InboxOffsets(self.rpc), bell, limits, "440105")
        self.cases = Cases(self.files, self.calendars, self.vault, self.passes, waiter, CAUGHT_UP)
        self.lookups = CaseLookups(self.files, CaseRows(self.rpc), self.calendars, waiter, CAUGHT_UP)
        self.reports = DistrictReports(self.clock, self.vault)
        self.owed = asyncio.Event()
        client = cast(Client, None)  # events are given by hand
        self.intake = InboxConsumer(
            self.worker, client, IntakeEffects(self.files, self.calendars, self.owed.set).subscription(), signal=bell
        )
        self.own = InboxConsumer(
            self.worker, client, LegEffects(self.files, self.calendars, self.owed.set).subscription(), signal=bell
        )

    async def accept(self, item: AcceptedItem = PROMISED, application: UUID | None = None) -> UUID:
        """A matter is accepted at intake today, and heard here; its application."""
        application = application or uuid4()
        await self.intake.apply([acceptance(application, item, 1, self.clock.today())])
        return application

    async def stop(self, application: UUID, revision: int = 2) -> None:
        """The applicant withdraws at intake, and it is heard here."""
        await self.intake.apply([withdrawal(application, revision, self.clock.today())])

    async def settle(self) -> None:
        """Everything that was stored here is heard by ourselves, until nothing follows any more."""
        while events := await self.unheard():
            await self.own.apply(events)

    async def unheard(self) -> list[InboxEvent]:
        """Our own facts that we have not heard, in the order in which they are published."""
        rows = await self.worker.fetch(
            "with gone as (delete from outbox returning seq) select f.* from fact f join gone using (seq) order by seq"
        )
        return [stored_event(SOURCE, row) for row in rows]

    async def review(self, application: UUID) -> None:
        """The review steps of the street's leg get their opinions."""
        for reviewer in (REVIEWER, OTHER):
            while True:
                case = await self.street(application)
                if case.step is None or case.running_stage != "REVIEW":
                    return
                if any(opinion.staff_no == reviewer.staff_no for opinion in case.opinions_on(case.step)):
                    break
                await self.cases.claim(self.call(application, reviewer), "", lambda _case, _pass: b"")
                await self.cases.complete_step(self.call(application, reviewer), Opinion.AGREE, "")

    async def refer(self, item: AcceptedItem) -> UUID:
        """A matter comes to the district; its application."""
        application = await self.accept(item)
        await self.review(application)
        await self.cases.refer(self.call(application, HEAD), "同意转报。")
        await self.settle()
        return application

    def call(self, application: UUID, actor: Actor, request_id: str = "") -> CaseCall:
        """A wish to change the street's leg."""
        cause = IdempotencyKey(actor.staff_no, request_id or str(uuid4()), b"")
        return CaseCall(self.street_key(application), cause, actor)

    async def street(self, application: UUID) -> Case:
        """The street's leg as it stands."""
        return found(await self.files.read(self.street_key(application)))

    async def district(self, application: UUID, attempt: int = 1) -> Case:
        """The district's leg as it stands."""
        return found(await self.files.read(self.leg_key(application, attempt)))

    def street_key(self, application: UUID) -> FileKey:
        """The file of the street's leg."""
        return FileKey(STREET.district, STREET.street, street_leg_id(application))

    def leg_key(self, application: UUID, attempt: int = 1) -> FileKey:
        """The file of the district's leg."""
        return FileKey(DISTRICT.district, DISTRICT.street, district_leg_id(application, attempt))

    async def kinds(self, key: FileKey) -> list[str]:
        """The kinds of fact of a file, in order."""
        rows = await self.worker.fetch("select kind from fact where file_id = $1 order by revision", key.file_id)
        return [row["kind"] for row in rows]

    async def value(self, query: str, *arguments: object) -> Any:  # whatever a test asks for
        """One value, as the worker."""
        return await self.worker.fetchval(query, *arguments)


def found(read: Changed[Case | None]) -> Case:
    """The case that was read."""
    assert read.state is not None
    return read.state


def stored_event(source: str, fact: asyncpg.Record) -> InboxEvent:
    """A stored fact as the event that its receivers hear."""
    key = FileKey(fact["district"], fact["street"], fact["file_id"])
    return InboxEvent(source, key, fact["revision"], fact["event_id"], fact["kind"], fact["body"])


def acceptance(application: UUID, item: AcceptedItem, revision: int, on: date) -> InboxEvent:
    """ApplicationAccepted, as it comes from intake."""
    told = replace(accepted(item, AcceptanceGround.COMPLETE), application_id=application, occurred_on=on)
    fact = intake.ApplicationAccepted(
        number=f"{item.code}{application.hex[:12].upper()}",
        ground=intake.ACCEPTANCE_GROUND_COMPLETE,
        received_on=told.received_on.isoformat(),
        accepted_on=told.accepted_on.isoformat(),
        promised_due_on=told.promised_due_on.isoformat(),
        legal_due_on=told.legal_due_on.isoformat(),
        calendar_version=told.calendar_version,
        window=told.window,
        materials=[
            intake.HandedIn(material_code=paper.material_code, copies=paper.copies, sha256=paper.sha256)
            for paper in told.materials
        ],
    )
    fact.item.CopyFrom(to_message(item, catalogue_pb2.AcceptedItem))
    return _told(application, revision, on, intake.IntakeEvent(application_accepted=fact))


def withdrawal(application: UUID, revision: int, on: date) -> InboxEvent:
    """ApplicationWithdrawn after acceptance, as it comes from intake."""
    fact = intake.ApplicationWithdrawn(after_acceptance=True)
    return _told(application, revision, on, intake.IntakeEvent(application_withdrawn=fact))


def published(year: int, days_off: Sequence[date], version: str) -> InboxEvent:
    """CalendarPublished, as it comes from intake."""
    fact = intake.CalendarPublished(calendar_version=version)
    fact.notice.year = year
    fact.notice.number = f"测试发〔{year}〕1号"
    fact.notice.days_off.extend(day.isoformat() for day in days_off)
    return _told(uuid4(), 1, date(2016, 3, 1), intake.IntakeEvent(calendar_published=fact))


def _told(file_id: UUID, revision: int, on: date, event: intake.IntakeEvent) -> InboxEvent:
    event_id = uuid4()
    event.event_id, event.file_id, event.revision = str(event_id), str(file_id), revision
    event.place.CopyFrom(Place(district=STREET.district, street=STREET.street))
    event.occurred_on = on.isoformat()
    event.recorded_at.FromDatetime(datetime(on.year, on.month, on.day, 1, tzinfo=_SHANGHAI))
    kind = event.WhichOneof("fact")
    assert kind is not None
    key = FileKey(STREET.district, STREET.street, file_id)
    return InboxEvent("intake", key, revision, event_id, kind, event.SerializeToString())
