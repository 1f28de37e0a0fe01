"""A year's holidays are published while files of every kind are open across the new year.

The dry run, the run and a count by a day walk that uses no rule of the product say the same. `RECOUNT_FILES=10000`
plays it at the size of a district.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from onewindow.catalogue.v1.catalogue_pb2 import HolidayNotice as NoticeMessage
from onewindow.recount.v1 import recount_service_pb2 as pb

from chassis.event_store import FileRepository, IdempotencyKey, Scope, acting_in
from chassis.postgres.database import Pool
from chassis.settings.tuning import Tuning
from law.recount import DateKind
from law.workdays import state_council
from protocol.calendars import ReceivedCalendars
from protocol.recount import Recounter
from protocol.recount_calls import RecountServicer, with_notice_of
from protocol.stored_days import prove_days
from services.approval.adapters.case import parts as approval
from services.intake.adapters.application.recount import PublishedCalendars, dates_recount
from services.intake.adapters.catalogue.cache import ENTRIES, CachedCatalogue
from services.intake.domain.application.recount import stored_days as application_days
from services.intake.domain.catalogue.item import HolidayNotice
from services.intake.domain.catalogue.state import CatalogueEntry, EntryFact
from services.intake.usecases.catalogue import CataloguePublication
from services.intake.usecases.office import CommandContext, HallOffice
from services.notify.adapters import parts as notify
from services.notify.adapters.matter.projector import intake_subscription
from services.notify.domain.delivery.open_delivery import stored_days as delivery_days
from services.notify.domain.message.sending_time import SendingHours
from tests.service.matter.office import Office, consumer, facts, open_office
from tests.service.matter.recount_files import (
    DISTRICT,
    OFF,
    TODAY,
    KnownFile,
    by_notice,
    files,
    message,
    notice,
    write,
)
from tests.support.servers import PostgresServer

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1800)]

COUNT = int(os.environ.get("RECOUNT_FILES", "240"))  # noqa: TID251 # the size of this test alone
ROWS = {
    "intake": "select application_id as id, answer_due_on, case when own_stage = 2 then supply_by end as supply_by,"
    " provisional from application",
    "approval": "select case_id as id, promised_due_on, legal_due_on, yellow_on, red_on, provisional from case_file",
    "notify": "select application_id as id, deliver_by, provisional from dossier",
}
COLUMNS = {
    "answer_due_on": DateKind.ANSWER,
    "supply_by": DateKind.SUPPLY,
    "promised_due_on": DateKind.PROMISED,
    "legal_due_on": DateKind.LEGAL,
    "yellow_on": DateKind.YELLOW,
    "red_on": DateKind.RED,
    "deliver_by": DateKind.DELIVER,
}
EntryFiles = FileRepository[CatalogueEntry, EntryFact]
Dates = Mapping[DateKind, date]
Listed = Mapping[str, Mapping[DateKind, tuple[date, date]]]


@dataclass(frozen=True, slots=True)
class Publication:
    """The four services, with what publishes and recounts."""

    office: Office
    hall: HallOffice
    catalogue: CataloguePublication
    recounters: Mapping[str, Recounter[Any, Any]]
    desks: Mapping[str, RecountServicer]

    async def publish(self, notice: HolidayNotice) -> str:
        """The district publishes, and approval and notify receive it; the version from then on."""
        place = Scope(DISTRICT, f"{DISTRICT}000")
        context = CommandContext(place, "HZQ-001", IdempotencyKey("HZQ-001", os.urandom(8).hex(), b""))
        changed = await self.catalogue.publish_calendar(context, notice)
        version = changed.answer.decode()
        published = await facts(self.office.intake[1], "intake", "kind = $1", "calendar_published")
        await self.office.world.intake.apply(published)
        calendars = ReceivedCalendars(self.office.notify[0], DISTRICT)
        subscription = intake_subscription(self.office.dossiers, calendars, SendingHours())
        await consumer(self.office.notify[1], subscription).apply(published)
        return version

    async def preview(self, notice: NoticeMessage) -> Listed:
        """The dry run, of all three services."""
        listed: dict[str, Mapping[DateKind, tuple[date, date]]] = {}
        for desk in self.desks.values():
            token = ""
            while True:
                answer = await desk.PreviewCalendar(
                    pb.PreviewCalendarRequest(notice=notice, page_size=7, page_token=token), None
                )
                listed.update(_listed(answer.files))
                if not (token := answer.next_page_token):
                    break
        return listed

    async def recounted(self, version: str) -> Listed:
        """What the run changed, from its facts."""
        listed: dict[str, Mapping[DateKind, tuple[date, date]]] = {}
        for desk in self.desks.values():
            token = ""
            while True:
                request = pb.GetRecountRequest(calendar_version=version, page_size=7, page_token=token)
                answer = await desk.GetRecount(request, None)
                assert answer.finished
                listed.update(_listed(answer.files))
                if not (token := answer.next_page_token):
                    break
        return listed

    @property
    def pools(self) -> Mapping[str, Pool]:
        """The database of each."""
        office = self.office
        return {"intake": office.intake[1], "approval": office.world.worker, "notify": office.notify[1]}

    async def run(self) -> int:
        """Every service recounts; the number of files changed."""
        return sum([await recounter.catch_up() for recounter in self.recounters.values()])

    async def stored(self) -> dict[str, Dates]:
        """The dates of every file, by its id."""
        found: dict[str, Dates] = {}
        for service, query in ROWS.items():
            for row in await self.pools[service].fetch(query):
                found[str(row["id"])] = {
                    kind: row[column] for column, kind in COLUMNS.items() if row.get(column) is not None
                }
        return found

    async def unproven(self, known: Sequence[KnownFile]) -> list[str]:
        """Files with a stored day that its proof does not end on."""
        offices: dict[str, tuple[FileRepository[Any, Any], Any, Any]] = {
            "intake": (
                self.office.applications,
                PublishedCalendars(self.hall),
                lambda state: application_days(state, 30),
            ),
            "notify": (
                self.office.dossiers,
                ReceivedCalendars(self.office.notify[0], DISTRICT),
                lambda state: delivery_days(state.delivery),
            ),
        }
        found = [each.kind for each in known if each.service == "approval" and not await self._leg_proven(each)]
        for each in (one for one in known if one.service in offices):
            repository, calendars, stored_days = offices[each.service]
            with acting_in(each.key.scope):
                proofs = await prove_days(stored_days((await repository.read(each.key)).state), calendars)
            assert proofs, each.kind
            if any(not proof.days or proof.days[-1].day.on != proof.stored.due_on for proof in proofs):
                found.append(each.kind)
        return found

    async def _leg_proven(self, known: KnownFile) -> bool:
        world = self.office.world
        with acting_in(known.key.scope):
            proof = await world.lookups.prove(known.key, world.clock.today())
        term = proof.case.term
        ends = [each.days[-1].day.on for each in (proof.promised, proof.legal)]
        return ends == [term.promised_due_on, term.legal_due_on] == [proof.promised.due.due_on, proof.legal.due.due_on]

    async def facts(self) -> int:
        """How many facts the three services have."""
        return sum([await pool.fetchval("select count(*) from fact") for pool in self.pools.values()])


def _listed(found: Sequence[pb.RecountedFile]) -> dict[str, Mapping[DateKind, tuple[date, date]]]:
    return {
        each.file_id: {
            DateKind(moved.kind): (date.fromisoformat(moved.from_on), date.fromisoformat(moved.to_on))
            for moved in each.moved
            if DateKind(moved.kind) in COLUMNS.values()
        }
        for each in found
    }


@asynccontextmanager
async def opened(server: PostgresServer, folder: Path) -> AsyncIterator[Publication]:
    """The services at the end of 2026, with nothing published of 2027."""
    async with open_office(server, folder) as office:
        office.world.clock.set(TODAY)
        current = CachedCatalogue(office.intake[1], state_council(), 1)
        hall = HallOffice(office.world.clock, current)
        world, tuning = office.world, Tuning(recount_batch=20, recount_rest=0)
        calendars = {"approval": world.calendars, "notify": ReceivedCalendars(office.notify[0], DISTRICT)}
        recounters: dict[str, Recounter[Any, Any]] = {
            "intake": Recounter(office.intake[1], DISTRICT, dates_recount(office.applications, hall, 30), tuning),
            "approval": Recounter(
                world.worker, DISTRICT, approval.term_recount(world.files, calendars["approval"]), tuning
            ),
            "notify": Recounter(
                office.notify[1], DISTRICT, notify.delivery_recount(office.dossiers, calendars["notify"]), tuning
            ),
        }
        entries: EntryFiles = FileRepository(office.applications.store, ENTRIES, world.clock, world.vault)
        catalogue = CataloguePublication(entries, hall)

        async def with_notice(notice: NoticeMessage) -> Any:  # the calendar
            off, makeup = ([date.fromisoformat(day) for day in days] for days in (notice.days_off, notice.makeup_days))
            return await catalogue.calendar_with(HolidayNotice(notice.year, notice.number, tuple(off), tuple(makeup)))

        desks = {
            "intake": RecountServicer(recounters["intake"], with_notice),
            "approval": RecountServicer(recounters["approval"], with_notice_of(calendars["approval"])),
            "notify": RecountServicer(recounters["notify"], with_notice_of(calendars["notify"])),
        }
        yield Publication(office, hall, catalogue, recounters, desks)


@pytest.fixture
async def publication(postgres_server: PostgresServer, tmp_path: Path) -> AsyncIterator[Publication]:
    """The services, alone."""
    async with opened(postgres_server, tmp_path) as found:
        yield found


async def filled(publication: Publication, count: int = COUNT) -> list[KnownFile]:
    """Files of every kind on file at their service."""
    known, office = files(count), publication.office
    stores: dict[str, FileRepository[Any, Any]] = {
        "intake": office.applications,
        "approval": office.world.files,
        "notify": office.dossiers,
    }
    for service, repository in stores.items():
        await write(repository, [each for each in known if each.service == service])
    return known


def expected(known: Sequence[KnownFile], before: Mapping[str, Dates], off: Sequence[date]) -> Listed:
    """The dates that move, by the walk."""
    worked = by_notice(off)
    moved: dict[str, Mapping[DateKind, tuple[date, date]]] = {}
    for each in (one for one in known if one.open):
        stored = before[str(each.key.file_id)]
        walked = each.dates(worked)
        assert walked.keys() == stored.keys(), each.kind
        moved[str(each.key.file_id)] = {kind: (stored[kind], on) for kind, on in walked.items() if stored[kind] != on}
    return {file_id: dates for file_id, dates in moved.items() if dates}


def only_moved(listed: Listed) -> Listed:
    """Without files that only became firm."""
    return {file_id: dates for file_id, dates in listed.items() if dates}


async def test_dry_run_run_and_walk_say_the_same_and_a_second_publication_moves_nothing(
    publication: Publication,
) -> None:
    known = await filled(publication)
    before = await publication.stored()
    assert await publication.run() == 0, "nothing is published"
    wanted = expected(known, before, OFF)
    assert wanted
    assert await publication.unproven(known) == []

    dry = await publication.preview(message(notice()))
    assert only_moved(dry) == wanted
    assert await publication.stored() == before, "a dry run moves nothing"

    version = await publication.publish(notice())
    assert await publication.unproven(known) == [], "by the calendars of before"
    assert await publication.run() == len(dry)
    assert await publication.unproven(known) == []
    assert await publication.recounted(version) == dry
    after = await publication.stored()
    worked = by_notice()
    for each in known:
        file_id = str(each.key.file_id)
        assert after[file_id] == ({**each.dates(worked)} if each.open else before[file_id]), each.kind

    written = await publication.facts()
    assert await publication.publish(notice()) == version
    assert await publication.run() == 0
    assert await publication.facts() == written
    assert await publication.preview(message(notice())) == {}


async def test_a_correction_of_the_notice_is_the_same_road(publication: Publication) -> None:
    known = await filled(publication, 60)
    await publication.publish(notice())
    await publication.run()
    before = await publication.stored()
    publication.office.world.clock.set(date(2027, 1, 2))
    corrected = (*OFF, date(2027, 1, 4), date(2027, 1, 5))
    dry = await publication.preview(message(notice(corrected)))
    version = await publication.publish(notice(corrected))
    assert await publication.unproven(known) == [], "by the first publication, which is not the latest"
    await publication.run()
    assert await publication.unproven(known) == []
    assert only_moved(dry) == only_moved(await publication.recounted(version)) == expected(known, before, corrected)


@pytest.mark.parametrize("service", ["intake", "approval", "notify"])
async def test_a_kill_in_the_middle_ends_the_same(
    publication: Publication, postgres_server: PostgresServer, service: str
) -> None:
    await filled(publication, 120)
    dry = await publication.preview(message(notice()))
    version = await publication.publish(notice())
    recounter = publication.recounters[service]
    pool = publication.pools[service]
    name = await pool.fetchval("select current_database()")
    address = (str(postgres_server.address.socket), str(postgres_server.address.port), name)
    command = (sys.executable, "-m", "tests.service.matter.recount_child", *address, service)
    process = await asyncio.create_subprocess_exec(*command)
    try:
        while not (await recounter.progress(version)).changed:  # another process
            assert process.returncode is None
            await asyncio.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
    done = (await recounter.progress(version)).changed
    on_file = await pool.fetchval("select count(*) from fact where kind like '%recounted'")
    assert done == on_file, "counts and facts are one transaction"
    assert not await recounter.finished(version)
    assert 0 < await publication.run() < len(dry)
    assert await publication.recounted(version) == dry
