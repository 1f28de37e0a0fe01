"""The queue of a hall as its screen reads it: today's numbers of its street alone, at every replica at once."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import grpc.aio
import pytest
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import hall_service_pb2 as hall_pb

from chassis.clock import SHANGHAI
from embedded.data_dir import DataDir
from tests.service.intake.intake_service import (
    DISTRICT,
    ELSEWHERE,
    REMEMBERING,
    STREET,
    RunningIntake,
    Stubs,
    fresh,
    refusal_in,
    running,
    take_ticket,
)
from tests.support.servers import Database, NatsServer
from tests.unit.intake import hall

SHOWN = 3


@pytest.fixture(scope="module")
async def intake(
    server_home: DataDir, create_database: Callable[..., Database], nats_server: NatsServer
) -> AsyncIterator[RunningIntake]:
    """Intake whose screens show three numbers of each kind."""
    database = create_database("intake", "intake_queue")
    with running(server_home, database, nats_server.url, QUEUE_SHOWN=str(SHOWN)) as service:
        await service.publish(hall.GENERAL)
        yield service
        await service.close()


async def queue_of(caller: Stubs, street: str = "") -> hall_pb.GetQueueResponse:
    """The queue, of a street by name or of the caller's own."""
    place = Place(district="440105", street=street) if street else None
    return await caller.hall.GetQueue(hall_pb.GetQueueRequest(place=place), metadata=caller.signed)


def at(hour: int, minute: int, day: int = 14) -> datetime:
    return datetime(2016, 9, day, hour, minute, tzinfo=SHANGHAI)


async def refused(caller: Stubs, street: str = "") -> tuple[str, list[str]]:
    """The reason and the fields of a refusal."""
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await queue_of(caller, street)
    said = refusal_in(error.value)
    return said.reason, list(said.fields)


async def test_a_screen_sees_who_waits_and_who_was_called_today(intake: RunningIntake) -> None:
    clerk, screen = intake.clerk(), intake.system("SCREEN", STREET)
    assert await queue_of(screen) == hall_pb.GetQueueResponse(on="2016-09-14")
    tickets = []
    for minute in range(6):
        intake.set_clock(at(10, minute))
        line = catalogue_pb2.LINE_FAMILY_PLANNING if minute % 2 else catalogue_pb2.LINE_LABOUR
        tickets.append(await take_ticket(clerk, line=line))
    await take_ticket(intake.clerk("10009", ELSEWHERE), ELSEWHERE)
    for minute, ticket_id in ((20, tickets[1]), (21, tickets[0])):
        intake.set_clock(at(10, minute))
        request = hall_pb.CallTicketRequest(request_id=fresh(), ticket_id=ticket_id, window="W1")
        await clerk.hall.CallTicket(request, metadata=clerk.signed)

    queue = await queue_of(screen)
    waiting = [(each.number, each.line, each.taken_at.ToDatetime(UTC)) for each in queue.waiting]
    assert waiting == [
        ("C002", catalogue_pb2.LINE_LABOUR, at(10, 2)),
        ("E002", catalogue_pb2.LINE_FAMILY_PLANNING, at(10, 3)),
        ("C003", catalogue_pb2.LINE_LABOUR, at(10, 4)),
    ]
    called = [(each.number, each.window, each.called_at.ToDatetime(UTC)) for each in queue.called]
    assert called == [("C001", "W1", at(10, 21)), ("E001", "W1", at(10, 20))]
    assert (queue.waiting_total, queue.called_total) == (4, 2)

    assert await queue_of(clerk) == queue
    assert await queue_of(intake.staff("SUPERVISOR", STREET), STREET) == queue
    assert await queue_of(intake.staff("SUPERVISOR", DISTRICT), STREET) == queue
    assert (await queue_of(intake.system("SCREEN", ELSEWHERE))).waiting_total == 1

    intake.set_clock(at(8, 0, day=15))
    assert await queue_of(screen) == hall_pb.GetQueueResponse(on="2016-09-15")
    intake.set_clock(at(11, 0))


async def test_another_replica_shows_a_number_as_soon_as_it_is_given(
    intake: RunningIntake, server_home: DataDir, nats_server: NatsServer
) -> None:
    clerk = intake.clerk("10009", ELSEWHERE)
    with running(server_home, intake.database, nats_server.url, module=REMEMBERING) as replica:
        there = replica.system("SCREEN", ELSEWHERE)
        for _ in range(5):
            before = (await queue_of(there)).waiting_total
            await take_ticket(clerk, ELSEWHERE)
            assert (await queue_of(there)).waiting_total == before + 1
        await replica.close()


async def test_a_screen_reads_the_queue_of_its_street_and_nothing_else(intake: RunningIntake) -> None:
    screen = intake.system("SCREEN", STREET)
    assert await refused(screen, ELSEWHERE) == ("WRONG_DESK", ["place"])
    assert await refused(intake.system("SCREEN", "440105888")) == ("STREET_NOT_PUBLISHED", ["authorization"])
    for place in ("*", DISTRICT, "440105999"):
        assert await refused(intake.system("SCREEN", place)) == ("UNAUTHENTICATED", ["authorization"])
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await take_ticket(screen)
    assert refusal_in(error.value).reason == "NOT_PERMITTED"
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await screen.windows.ListApplications(application_pb.ListApplicationsRequest(), metadata=screen.signed)
    assert refusal_in(error.value).reason == "NOT_PERMITTED"


async def test_who_reads_no_queue_is_refused_by_name_and_field(intake: RunningIntake) -> None:
    overseer = intake.staff("SUPERVISOR", DISTRICT)
    assert await refused(overseer) == ("NO_HALL_HERE", ["place.street"])
    assert await refused(overseer, "440105888") == ("UNKNOWN_STREET", ["place.street"])
    for caller in (intake.staff("HEAD", STREET), intake.system("PORTAL"), intake.system("PROBE")):
        assert await refused(caller, STREET) == ("NOT_PERMITTED", ["authorization"])
