"""The four services over databases of their own, without their edges: facts are heard when a test says so."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from onewindow.intake.v1 import application_pb2
from onewindow.intake.v1.intake_event_pb2 import CHANNEL_WINDOW, MATERIAL_FORM_COPY, IntakeEvent
from uuid_utils.compat import uuid7

from chassis.clock import Clock
from chassis.event_store import (
    EVERY_STREET,
    FileKey,
    FileRepository,
    IdempotencyKey,
    PostgresStore,
    Scope,
    StoreSettings,
)
from chassis.inbox import CatchUp, InboxConsumer, InboxEvent, ProgressQuery, Subscription
from chassis.postgres.database import Pool, open_rpc_pool, open_worker_pool
from chassis.vault import FileVault
from protocol.calendars import ReceivedCalendars
from services.approval.domain.case.item import AcceptedItem
from services.approval.domain.case.state import Case
from services.intake.adapters.application import answers
from services.intake.adapters.application.inbox import approval_subscription as intake_of_approval
from services.intake.adapters.application.rows import APPLICATIONS, ApplicationRows
from services.intake.domain.application.facts import ApplicationFact
from services.intake.domain.application.state import Application
from services.intake.domain.application.withdraw_and_rate import withdraw
from services.metrics.adapters.subscriptions import PROJECTORS
from services.notify.adapters.dossier_codec import DossierCodec
from services.notify.adapters.matter import projector as notify
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import Fact
from services.notify.domain.message.sending_time import SendingHours
from tests.service.approval.conftest import open_world
from tests.service.approval.office import World, acceptance, stored_event
from tests.support.ledger import pool_settings
from tests.support.servers import Database, PostgresServer
from tests.unit.approval.matters import ACCEPTED_ON, STREET
from tests.unit.intake.hall import submitted

DISTRICT = STREET.district
SERVICES = ("intake", "approval", "notify", "metrics")


@dataclass(frozen=True, slots=True)
class Account:
    """What the services say of one matter."""

    street: Case
    shown: application_pb2.Application
    ends: tuple[tuple[str | None, bool | None, bool | None], ...]
    """Outcome, on time and early by `intake.figures`, `approval.figures` and the row of metrics."""
    matter: dict[str, Any]
    """The row of metrics."""
    messages: tuple[str, ...]
    """Templates of messages that were or will be sent."""
    delivery: str | None
    """Outcome that is to be delivered."""


@dataclass(frozen=True, slots=True)
class Office:
    """Four services; `world` is approval."""

    world: World
    intake: tuple[Pool, Pool]
    notify: tuple[Pool, Pool]
    metrics: tuple[Pool, Pool]
    applications: FileRepository[Application, ApplicationFact]
    dossiers: FileRepository[Dossier, Fact]

    async def take(self, item: AcceptedItem, application: UUID | None = None) -> UUID:
        """A matter is submitted and accepted at intake, and approval hears the acceptance."""
        application = application or uuid7()
        receipt = submitted("M01", "M02").submission
        assert receipt is not None
        first = replace(receipt, serial_number=application.hex.upper(), occurred_on=ACCEPTED_ON)
        accepted = whole_acceptance(acceptance(application, item, 2, ACCEPTED_ON))
        await self.applications.change(
            file_of(application), cause(), lambda _state, _drawn: [first, accepted], actor="S0031"
        )
        await self.hear_intake(application)
        return application

    async def withdraw(self, application: UUID, on: date) -> None:
        """The applicant withdraws at intake, by what intake has heard."""
        closing = await self.rows.closing(file_of(application))
        await self.applications.change(
            file_of(application),
            cause(),
            lambda state, _drawn: [withdraw(state.closed_by(closing), None, on)],
            actor="S0031",
        )

    async def hear_intake(self, application: UUID) -> None:
        """Approval hears what is on file at intake."""
        await self.world.intake.apply(await self.facts_of_intake(application))

    async def hear_approval(self, application: UUID) -> None:
        """Intake hears what is on file at approval."""
        await consumer(self.intake[1], intake_of_approval()).apply(await self.facts_of_approval(application))

    async def tell(self, events: Iterable[InboxEvent]) -> None:
        """Notify and metrics hear these events in this order, neighbours of one source as one batch."""
        hours, calendars = SendingHours(), ReceivedCalendars(self.notify[0], DISTRICT)
        of_notify = {
            "intake": notify.intake_subscription(self.dossiers, calendars, hours),
            "approval": notify.approval_subscription(self.dossiers, calendars, hours),
        }
        of_metrics = {projector.source: projector.subscription() for projector in PROJECTORS}
        for source, neighbours in groupby(events, key=lambda event: event.source):
            batch = list(neighbours)
            await consumer(self.notify[1], of_notify[source]).apply(batch)
            await consumer(self.metrics[1], of_metrics[source]).apply(batch)

    async def account(self, application: UUID) -> Account:
        """What the services say of the matter now."""
        key, scope = file_of(application), Scope(DISTRICT, EVERY_STREET)
        listed = await self.rows.one(scope, application)
        assert listed is not None
        matter = await self.metrics[1].fetchrow("select * from matter where application_id = $1", application)
        assert matter is not None
        figures = "select outcome, on_time, early from figures where application_id = $1"
        rows = [await pool.fetchrow(figures, application) for pool in (self.intake[1], self.world.worker)]
        messages = await self.notify[1].fetch(
            "select template from message where application_id = $1 and state <> 5 order by phase, stage_revision",
            application,
        )
        dossier = self.dossiers.unit_of_work.state(await self.dossiers.store.load(key, None))
        opened = dossier.delivery.opened
        return Account(
            street=await self.world.street(application),
            shown=answers.application(listed).application,
            ends=(*(tuple(row) for row in rows if row), (matter["outcome"], matter["on_time"], matter["early"])),
            matter=dict(matter),
            messages=tuple(row["template"] for row in messages),
            delivery=opened.outcome if opened else None,
        )

    async def facts_of_intake(self, application: UUID) -> list[InboxEvent]:
        """The file of the application, as it is published."""
        return await facts(self.intake[1], "intake", "file_id = $1", application)

    async def facts_of_approval(self, application: UUID) -> list[InboxEvent]:
        """Both legs of the matter, as they are published."""
        legs = [self.world.street_key(application), *(self.world.leg_key(application, n) for n in (1, 2))]
        return await facts(self.world.worker, "approval", "file_id = any ($1)", [leg.file_id for leg in legs])

    @property
    def rows(self) -> ApplicationRows:
        """The rows of intake."""
        return ApplicationRows(*self.intake, self.world.vault, CatchUp(ProgressQuery(), StoreSettings()))


@asynccontextmanager
async def open_office(server: PostgresServer, folder: Path) -> AsyncIterator[Office]:
    """Four services on fresh databases."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(open_world(database(server, "approval"), folder))
        pools: dict[str, tuple[Pool, Pool]] = {}
        for service in ("intake", "notify", "metrics"):
            settings = database(server, service)
            rpc = open_rpc_pool(pool_settings(settings, "rpc"))
            worker = open_worker_pool(pool_settings(settings, "worker"), DISTRICT)
            pools[service] = (await stack.enter_async_context(rpc), await stack.enter_async_context(worker))
        clock: Clock = world.clock
        vault: FileVault = world.vault
        applications = FileRepository(PostgresStore(*pools["intake"]), APPLICATIONS, clock, vault)
        dossiers = FileRepository(PostgresStore(*pools["notify"]), DossierCodec(), clock, vault)
        yield Office(world, pools["intake"], pools["notify"], pools["metrics"], applications, dossiers)


def database(server: PostgresServer, service: str) -> Database:
    """A fresh database of a service."""
    return server.create_database(service, f"{service}_matter")


def whole_acceptance(event: InboxEvent) -> ApplicationFact:
    """The fact of an acceptance, with what approval does not read of it."""
    whole = IntakeEvent.FromString(event.body)
    whole.application_accepted.channel = CHANNEL_WINDOW
    for paper in whole.application_accepted.materials:
        paper.form = MATERIAL_FORM_COPY
    return APPLICATIONS.decode(whole.SerializeToString())


def consumer(pool: Pool, subscription: Subscription) -> InboxConsumer:
    """A consumer to which events are handed."""
    return InboxConsumer(pool, None, subscription)  # type: ignore[arg-type] # no stream


def file_of(application: UUID) -> FileKey:
    """The file of an application."""
    return FileKey(STREET.district, STREET.street, application)


def cause() -> IdempotencyKey:
    """The key of one request."""
    return IdempotencyKey("S0031", str(uuid4()), b"")


async def facts(pool: Pool, source: str, where: str, wanted: object) -> list[InboxEvent]:
    """Stored facts as events, in the order in which they were stored."""
    rows = await pool.fetch(f"select * from fact where {where} order by seq", wanted)
    return [stored_event(source, row) for row in rows]
