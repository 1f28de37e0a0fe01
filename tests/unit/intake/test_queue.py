"""The queue of a hall: its numbers of today, at the hall of whoever asks, and nothing of persons or matters."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import hall_service_pb2 as hall_pb

from chassis.clock import SHANGHAI
from law.desk import Machine, Post
from law.not_allowed import NotAllowed
from services.intake.domain.catalogue.item import Line
from services.intake.domain.ticket.queue import HallQueue, NumberOfDay, hall_queue
from tests.unit.intake.desk import CLERK, OFFICE, OTHER_STREET, Desks, member, system
from tests.unit.intake.hall import PROMISED, RECEIVED_ON, STREET
from tests.unit.intake.office import MORNING, QUEUE_SHOWN

NINE = datetime(2016, 9, 14, 9, 0, tzinfo=SHANGHAI)
SCREEN, OVERSEER = system(Machine.SCREEN, STREET), member(Post.SUPERVISOR, street=OFFICE)


@pytest.fixture
def desks(tmp_path: Path) -> Desks:
    """An office of its own, on Wednesday 14 September 2016."""
    return Desks(tmp_path)


def of_day(serial: int, sequence: int, window: str = "", minutes: int = 0) -> NumberOfDay:
    since = NINE + timedelta(minutes=minutes)
    return NumberOfDay(f"E{serial:03}", Line.FAMILY_PLANNING, window, since, sequence)


def test_a_queue_has_who_waits_first_taken_first_and_who_was_called_last_called_first() -> None:
    one, two, three, four = of_day(1, 11, "W1"), of_day(2, 12, "W2"), of_day(3, 3), of_day(4, 4)
    queue = hall_queue(RECEIVED_ON, [four, one, three, two], 9)
    assert queue == HallQueue(RECEIVED_ON, (three, four), (two, one), 2, 2)


def test_a_clock_that_is_put_back_changes_no_place_in_the_queue() -> None:
    first, second = of_day(1, 1, minutes=5), of_day(2, 2, minutes=0)
    assert hall_queue(RECEIVED_ON, [second, first], 9).waiting == (first, second)


@pytest.mark.parametrize("shown", [1, 2, 3])
def test_a_queue_is_cut_to_what_is_shown_and_its_counts_are_not(shown: int) -> None:
    waiting, called = [of_day(n, n) for n in (1, 2, 3)], [of_day(n, n, "W1") for n in (9, 8, 7, 6)]
    queue = hall_queue(RECEIVED_ON, [*waiting, *called], shown)
    assert (queue.waiting, queue.called) == (tuple(waiting[:shown]), tuple(called[:shown]))
    assert (queue.waiting_total, queue.called_total) == (3, 4)


def test_a_hall_without_numbers_has_an_empty_queue() -> None:
    assert hall_queue(RECEIVED_ON, [], 9) == HallQueue(RECEIVED_ON, (), (), 0, 0)


def hall(street: str = STREET) -> hall_pb.GetQueueRequest:
    return hall_pb.GetQueueRequest(place=Place(district="440105", street=street))


async def numbers_at(desks: Desks, count: int) -> list[str]:
    """Ids of so many tickets of the hall."""
    found = []
    for n in range(count):
        take = hall_pb.TakeTicketRequest(request_id=f"ticket-{n:02}", line=PROMISED.line.value)  # type: ignore[arg-type] # a request of any method
        take.place.CopyFrom(Place(district="440105", street=STREET))
        found.append((await desks.call(desks.hall.TakeTicket, CLERK, take)).ticket_id)
    return found


QUEUES: list[Any] = [
    pytest.param(SCREEN, hall_pb.GetQueueRequest(), None, id="a screen of its street"),
    pytest.param(SCREEN, hall(), None, id="a screen that names its street"),
    pytest.param(SCREEN, hall(OTHER_STREET), "place", id="a screen at another street"),
    pytest.param(CLERK, hall_pb.GetQueueRequest(), None, id="a clerk"),
    pytest.param(CLERK, hall(OTHER_STREET), "place", id="a clerk at another street"),
    pytest.param(member(Post.SUPERVISOR), hall_pb.GetQueueRequest(), None, id="a supervisor of the street"),
    pytest.param(member(Post.SUPERVISOR), hall(OTHER_STREET), "place", id="a supervisor of the street at another"),
    pytest.param(OVERSEER, hall(), None, id="a supervisor of the district at a street"),
    pytest.param(
        OVERSEER, hall_pb.GetQueueRequest(), "place.street", id="a supervisor of the district without a street"
    ),
    pytest.param(OVERSEER, hall("440105888"), "place.street", id="a street that nobody published"),
    pytest.param(OVERSEER, hall("440105999"), "place", id="the reserved place"),
    pytest.param(OVERSEER, hall("440106001"), "place.street", id="a street of another district"),
    pytest.param(member(Post.CLERK, street=OFFICE), hall(), "place", id="a clerk of the district at a street"),
    pytest.param(member(Post.CLERK, street=OFFICE), hall(OFFICE), "place.street", id="the district, which has no hall"),
]


@pytest.mark.parametrize(("caller", "request_", "field"), QUEUES)
async def test_a_queue_is_shown_at_the_hall_of_the_caller(
    desks: Desks, caller: Any, request_: hall_pb.GetQueueRequest, field: str | None
) -> None:
    await numbers_at(desks, 1)
    if field is None:
        assert (await desks.call(desks.hall.GetQueue, caller, request_)).waiting_total == 1
        return
    with pytest.raises(NotAllowed) as refused:
        await desks.call(desks.hall.GetQueue, caller, request_)
    assert refused.value.field == field


async def test_a_queue_has_the_numbers_of_the_day_and_whole_counts(desks: Desks) -> None:
    tickets = await numbers_at(desks, QUEUE_SHOWN + 2)
    called = hall_pb.CallTicketRequest(request_id="call-0001", ticket_id=tickets[0], window="W1")
    await desks.call(desks.hall.CallTicket, CLERK, called)
    queue = await desks.call(desks.hall.GetQueue, SCREEN, hall_pb.GetQueueRequest())
    assert [each.number for each in queue.waiting] == ["E002", "E003", "E004"]
    assert [(each.number, each.window) for each in queue.called] == [("E001", "W1")]
    assert (queue.on, queue.waiting_total, queue.called_total) == ("2016-09-14", QUEUE_SHOWN + 1, 1)
    assert {each.line for each in queue.waiting} == {PROMISED.line.value}
    assert {each.taken_at.ToDatetime(SHANGHAI) for each in queue.waiting} == {MORNING}
    assert [each.called_at.ToDatetime(SHANGHAI) for each in queue.called] == [MORNING]
    desks.office.clock.instant = MORNING + timedelta(days=1)
    tomorrow = await desks.call(desks.hall.GetQueue, SCREEN, hall_pb.GetQueueRequest())
    assert tomorrow == hall_pb.GetQueueResponse(on="2016-09-15")


def test_a_queue_tells_nothing_of_persons_and_matters() -> None:
    shown = [hall_pb.GetQueueResponse.DESCRIPTOR, hall_pb.WaitingNumber.DESCRIPTOR, hall_pb.CalledNumber.DESCRIPTOR]
    fields = {field.name for message in shown for field in message.fields}
    totals = {"waiting_total", "called_total"}
    assert fields == {"on", "waiting", "called", "number", "line", "taken_at", "window", "called_at"} | totals
