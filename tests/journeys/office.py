"""The desks of a running stack as a journey needs them: tokens for everybody, plain calls, the office clock."""

import itertools
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import asyncpg
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1 import desk_pb2 as desk
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1 import intake_event_pb2 as intake_fact
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import submission_pb2 as submission_pb

from catalogue.check import check, load, load_halls
from catalogue.wire import destination_messages, hall_message, item_message, street_messages, window_messages
from chassis.clock import SHANGHAI
from embedded.local_services import local_client
from embedded.office_clock import ClockDriver
from embedded.quiescence import Quiescence, SettleLimits, district_unfinished
from embedded.stack import Stack
from simulation.schedule import Resident, resident

DISTRICT, STREET, OTHER_STREET = "440105", "440105008", "440105007"
STAFF: Mapping[str, tuple[str, str]] = {
    "clerk": ("CLERK", STREET),
    "reviewer": ("REVIEWER", STREET),
    "second": ("REVIEWER", STREET),
    "head": ("HEAD", STREET),
    "stranger": ("CLERK", OTHER_STREET),
    "configurator": ("CONFIGURATOR", DISTRICT),
    "supervisor": ("SUPERVISOR", DISTRICT),
}
_SHIPPED = Path(str(files("catalogue")))
_CALL_SECONDS = 20.0


class Office:
    """Clients of every desk, and the driver of the office clock."""

    def __init__(self, stack: Stack, rest: Quiescence) -> None:
        status = stack.status()
        self.stack = stack
        self.desks = local_client(stack.site(), {who: ((post,), place) for who, (post, place) in STAFF.items()})
        self.clock = ClockDriver(stack.data_dir.clock, rest)
        self.postgres_url = status["postgres"]["url"]
        self.simulators = status["simulators"]
        self.items = {item.name: item_message(item) for item in load(_SHIPPED / "items")}
        self._rest = rest
        self._numbers = itertools.count(1)

    @classmethod
    async def open(cls, stack: Stack) -> Self:
        """The desks of a running stack."""
        status = stack.status()
        others = [district_unfinished(str(status["simulators"]["district"]["control"]))]
        urls = status["postgres"]["url"], status["nats"]["url"]
        return cls(stack, await Quiescence.connect(*urls, SettleLimits(within=60.0), others=others))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.desks.close()
        await self._rest.close()

    async def publish(self) -> None:
        """The shipped catalogue, by the district."""
        halls, documents = load_halls(_SHIPPED / "windows.yaml"), load(_SHIPPED / "items")
        for street in street_messages(check(_SHIPPED / "streets.yaml").streets):
            place = catalogue_pb.PublishStreetRequest(request_id=once(), street=street)
            await self.call("configurator", self.desks.catalogue.PublishStreet, place)
        for destination in destination_messages(documents):
            department = catalogue_pb.PublishDestinationRequest(request_id=once(), destination=destination)
            await self.call("configurator", self.desks.catalogue.PublishDestination, department)
        for hall in halls:
            hours = catalogue_pb.PublishHallRequest(request_id=once(), hall=hall_message(hall))
            await self.call("configurator", self.desks.catalogue.PublishHall, hours)
            for window in window_messages(hall):
                request = catalogue_pb.PublishWindowRequest(request_id=once(), window=window)
                await self.call("configurator", self.desks.catalogue.PublishWindow, request)
        for item in self.items.values():
            publication = catalogue_pb.PublishItemRequest(request_id=once(), item=item)
            await self.call("configurator", self.desks.catalogue.PublishItem, publication)

    async def call(self, who: str, method: Any, request: Any) -> Any:
        """One plain call, without any repeat."""
        return await method(request, metadata=self.desks.metadata(who), timeout=_CALL_SECONDS)

    async def advance(self, to: str) -> None:
        """Move the office clock to nine o'clock of that day, day by day, each to its rest."""
        await self.clock.settle()
        await self.clock.advance(datetime.fromisoformat(f"{to}T09:00").replace(tzinfo=SHANGHAI))

    async def rest(self) -> None:
        """Until the present day rests."""
        await self.clock.settle()

    async def rows(self, database: str, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Rows of a service's database, read as its superuser."""
        connection = await asyncpg.connect(self.postgres_url, database=database)
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close()

    def person(self) -> Resident:
        """An applicant who had no matter before."""
        return resident(99, next(self._numbers))

    def submission(self, item: str, who: Resident | None = None, *, without: str = "") -> submission_pb.Submission:
        """A submission at window 1: every required paper but the one left out."""
        offered, person = self.items[item], who or self.person()
        return submission_pb.Submission(
            place=desk.Place(district=DISTRICT, street=STREET),
            item_code=offered.code,
            channel=intake_fact.CHANNEL_WINDOW,
            window="W1",
            applicant=submission_pb.Applicant(
                kind=intake_fact.APPLICANT_KIND_PERSON,
                name=person.name,
                identity_number=person.identity_number,
                phone=person.phone,
                address=person.address,
            ),
            materials=[paper(each.code) for each in offered.materials if each.required and each.code != without],
        )

    async def submitted(self, item: str, **submission: Any) -> submission_pb.SubmitResponse:
        """A matter that was just handed in."""
        request = submission_pb.SubmitRequest(request_id=once(), submission=self.submission(item, **submission))
        taken: submission_pb.SubmitResponse = await self.call("clerk", self.desks.intake.Submit, request)
        return taken

    async def accepted(self, item: str) -> intake.AcceptResponse:
        """A matter that was just accepted."""
        taken = await self.submitted(item)
        request = intake.AcceptRequest(request_id=once(), application_id=taken.application_id)
        accepted: intake.AcceptResponse = await self.call("clerk", self.desks.intake.Accept, request)
        return accepted

    def named(self, wanted: "catalogue.ItemKind.ValueType") -> str:
        """An item of that kind with one review step by one member of staff, decided by the street or the district."""
        return next(
            item.name
            for item in self.items.values()
            if item.kind == wanted and len(item.seasons) == 0 and _simple(item)
        )

    def extendable(self) -> str:
        """An item whose law knows an extension, in force and open all year."""
        return next(
            item.name
            for item in self.items.values()
            if item.extension.days and len(item.seasons) == 0 and not item.effective_to
        )


def once() -> str:
    """A request id that was never used."""
    return uuid4().hex


def paper(code: str) -> submission_pb.MaterialInput:
    """One original."""
    return submission_pb.MaterialInput(material_code=code, form=intake_fact.MATERIAL_FORM_ORIGINAL, copies=1)


def _simple(item: catalogue.Item) -> bool:
    steps = item.route
    return not steps or all(step.staff == 1 for step in steps if step.kind == catalogue.STEP_KIND_REVIEW)
