"""Three replicas of intake on one PostgreSQL, each with its own memory, answer as one does."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import grpc.aio
import pytest
from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message
from nats.aio.client import Client
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.event_store.dataclass_proto import to_message
from chassis.inbox import InboxConsumer
from chassis.postgres.database import PoolSettings, as_role, open_worker_pool
from embedded.data_dir import DataDir
from services.intake.adapters.application.inbox import approval_subscription
from services.intake.domain.catalogue.item import CatalogueItem, ItemStatus, Window
from tests.service.intake.desks import GRANTED, Desk
from tests.service.intake.intake_service import (
    REMEMBERING,
    STREET,
    RunningIntake,
    Stubs,
    paper,
    refusal_in,
    running,
    submission,
)
from tests.support.servers import Database, NatsServer, PostgresServer
from tests.unit.intake import hall

PLACE = Place(district="440105", street=STREET)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CODE = re.compile(r'"query_code": "[^"]+"')
LIVES = 3


@dataclass
class Office:
    """Replicas that are called in turns, and everything they answered; ids by the order in which they came."""

    replicas: Sequence[RunningIntake]
    answers: list[str] = field(default_factory=list)
    _ids: dict[str, str] = field(default_factory=dict)
    _calls: int = 0

    async def call(self, method: Callable[[Stubs], Any], request: Message, post: str = "CLERK") -> Any:
        """The next replica's answer, None when it refuses."""
        replica = self.replicas[self._calls % len(self.replicas)]
        self._calls += 1
        staff = replica.staff(post, "440105000" if post == "CONFIGURATOR" else STREET)
        try:
            answer = await method(staff)(request, metadata=staff.signed)
        except grpc.aio.AioRpcError as error:
            self._note(str(refusal_in(error)))
            return None
        self._note(MessageToJson(answer, sort_keys=True, preserving_proto_field_name=True))
        return answer

    def _note(self, answer: str) -> None:
        named = _ID.sub(lambda found: self._ids.setdefault(found.group(), f"id {len(self._ids)}"), answer)
        self.answers.append(_CODE.sub("", named))


async def live(office: Office, life: int, decide: Callable[[Desk], Awaitable[None]]) -> None:
    """A matter from the publication of its item to its rating, each call at the next replica."""
    ids = (f"life-{life}-{n:03}" for n in range(100))
    item = replace(hall.PROMISED, code=f"11440105K31605788554421060{life:05}", version=0)
    window = replace(hall.GENERAL, code=f"L{life}")
    ticket_id = await called(office, ids, item, window)
    given = submission("M02", item=item, window=window.code, ticket_id=ticket_id)
    matter = await accepted(office, ids, item, given)
    await decide(Desk(matter))
    await rated(office, ids, matter)
    await office.call(
        lambda to: to.windows.ListApplications, application_pb.ListApplicationsRequest(item_code=item.code)
    )
    await office.call(lambda to: to.catalogue.ListItems, catalogue_pb.ListItemsRequest())


async def called(office: Office, ids: Iterator[str], item: CatalogueItem, window: Window) -> str:
    """Item and window are published, and a ticket is taken and called; its id."""
    call = office.call
    published = catalogue_pb.PublishItemRequest(request_id=next(ids), item=to_message(item, catalogue_pb2.Item))
    await call(lambda to: to.catalogue.PublishItem, published, "CONFIGURATOR")
    await call(lambda to: to.catalogue.GetItem, catalogue_pb.GetItemRequest(item_code=item.code))
    opened = to_message(window, catalogue_pb2.Window)
    at_window = catalogue_pb.PublishWindowRequest(request_id=next(ids), window=opened)
    await call(lambda to: to.catalogue.PublishWindow, at_window, "CONFIGURATOR")
    ticket = hall_pb.TakeTicketRequest(request_id=next(ids), place=PLACE, line=catalogue_pb2.LINE_FAMILY_PLANNING)
    taken = await call(lambda to: to.hall.TakeTicket, ticket)
    await call(lambda to: to.hall.TakeTicket, ticket)
    first = hall_pb.CallTicketRequest(request_id=next(ids), ticket_id=taken.ticket_id, window=window.code)
    for _ in range(2):
        await call(lambda to: to.hall.CallTicket, first)
    again = hall_pb.CallTicketRequest(request_id=next(ids), ticket_id=taken.ticket_id, window=window.code)
    await call(lambda to: to.hall.CallTicket, again)
    return str(taken.ticket_id)


async def accepted(office: Office, ids: Iterator[str], item: CatalogueItem, given: submission_pb.Submission) -> str:
    """The matter is submitted, corrected and accepted, while its item is suspended; its id."""
    call = office.call
    submit = submission_pb.SubmitRequest(request_id=next(ids), submission=given)
    matter = (await call(lambda to: to.windows.Submit, submit)).application_id
    await call(lambda to: to.windows.Submit, submit)
    read = application_pb.GetApplicationRequest(application_id=matter)
    await call(lambda to: to.windows.GetApplication, read)
    accept = pb.AcceptRequest(request_id=next(ids), application_id=matter)
    await call(lambda to: to.windows.Accept, accept)  # a paper is missing
    demand = pb.RequestCorrectionRequest(request_id=next(ids), application_id=matter, revision=1)
    demand.shortfalls.add(material_code="M01", defect="缺申请表")
    for _ in range(2):
        await call(lambda to: to.windows.RequestCorrection, demand)
    supply = pb.SupplyCorrectionRequest(request_id=next(ids), application_id=matter, materials=[paper("M01")])
    stale = pb.SupplyCorrectionRequest(
        request_id=next(ids), application_id=matter, revision=1, materials=[paper("M01")]
    )
    await call(lambda to: to.windows.SupplyCorrection, stale)
    await call(lambda to: to.windows.SupplyCorrection, supply)
    suspended = to_message(replace(item, status=ItemStatus.SUSPENDED), catalogue_pb2.Item)
    stop = catalogue_pb.PublishItemRequest(request_id=next(ids), item=suspended)
    await call(lambda to: to.catalogue.PublishItem, stop, "CONFIGURATOR")
    more = submission_pb.SubmitRequest(request_id=next(ids), submission=given)
    await call(lambda to: to.windows.Submit, more)  # of a suspended item
    for _ in range(3):
        await call(lambda to: to.windows.Accept, accept)
    rate = pb.RateRequest(request_id=next(ids), application_id=matter, grade=1)
    await call(lambda to: to.windows.Rate, rate)  # it runs
    return str(matter)


async def rated(office: Office, ids: Iterator[str], matter: str) -> None:
    """The decided matter is rated once, and read by every replica."""
    call, read = office.call, application_pb.GetApplicationRequest(application_id=matter)
    rate = pb.RateRequest(request_id=next(ids), application_id=matter, grade=1)
    withdraw = pb.WithdrawRequest(request_id=next(ids), application_id=matter)
    for _ in range(2):
        await call(lambda to: to.windows.Withdraw, withdraw)  # it is decided
    for _ in range(2):
        await call(lambda to: to.windows.Rate, rate)
    twice = pb.RateRequest(request_id=next(ids), application_id=matter, grade=5)
    await call(lambda to: to.windows.Rate, twice)
    for _ in range(len(office.replicas)):
        await call(lambda to: to.windows.GetApplication, read)


async def lived(
    home: DataDir, database: Database, nats_url: str, replicas: int
) -> tuple[list[str], Mapping[str, float]]:
    """Everything that so many replicas answered over some lives, and how acts were carried by their caches."""
    worker = PoolSettings(database.host, database.port, database.name, as_role("intake_worker"))
    with ExitStack() as running_now:
        office = Office(
            [
                running_now.enter_context(
                    running(home, database, nats_url, module=REMEMBERING, CATALOGUE_LOOK_SECONDS="3600")
                )
                for _ in range(replicas)
            ]
        )
        await office.replicas[0].publish(hall.GENERAL)
        async with open_worker_pool(worker, "440105") as pool:
            desks = InboxConsumer(pool, Client(), approval_subscription())
            for life in range(LIVES):
                await live(office, life, lambda desk: desks.apply(desk.reports(GRANTED)))
        outcomes = await carried(office.replicas)
        for replica in office.replicas:
            await replica.close()
    return office.answers, outcomes


async def carried(replicas: Sequence[RunningIntake]) -> Mapping[str, float]:
    """Changes that were decided on a cached state, by what became of them."""
    found: dict[str, float] = {}
    async with aiohttp.ClientSession() as session:
        for replica in replicas:
            async with session.get(f"http://127.0.0.1:{replica.doors['metrics']}/metrics") as answer:
                text = await answer.text()
            for outcome, count in re.findall(r'onewindow_changes_from_cache_total{outcome="(\w+)"} ([\d.]+)', text):
                found[outcome] = found.get(outcome, 0) + float(count)
    return found


@pytest.mark.timeout(300)
async def test_three_replicas_in_turns_answer_as_one_does(
    server_home: DataDir, postgres_server: PostgresServer, nats_server: NatsServer
) -> None:
    one, three = (postgres_server.create_database("intake", f"intake_{name}") for name in ("one", "three"))
    alone, from_cache = await lived(server_home, one, nats_server.url, 1)
    together, moved = await lived(server_home, three, nats_server.url, 3)
    assert not [answer for answer in together if "NOT_YET_HERE" in answer]
    assert without_repeats(together) == without_repeats(alone)
    assert from_cache.get("carried", 0) > 0, "one replica decides on what it remembers"
    assert moved.get("moved_on", 0) > 0, "three replicas remember states that have moved on"


def without_repeats(answers: Sequence[str]) -> list[str]:
    """The answers; of equal ones behind each other, which repeats at each replica give, the first."""
    return [answer for n, answer in enumerate(answers) if n == 0 or answer != answers[n - 1]]
