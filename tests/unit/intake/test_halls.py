"""Halls with published hours: publication and reading, days of receipt and numbers by the hours of their street."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import catalogue_service_pb2 as pb
from onewindow.intake.v1 import hall_service_pb2 as hall_pb

from chassis.event_store.dataclass_proto import to_message
from law.desk import Post
from law.hall_hours import HallClosure, OpeningHours, ServiceDay
from law.not_allowed import NotAllowed
from law.workdays import state_council
from services.intake.domain.catalogue.item import Hall, Street
from services.intake.domain.catalogue.publications import WrongHall, publish_hall
from services.intake.domain.catalogue.state import BLANK, Catalogue, CatalogueEntry, HallPublished, fold
from services.intake.domain.ticket.call_ticket import HallClosed, HallClosedFurther
from tests.unit.intake.desk import CLERK, CONFIGURATOR, OTHER_STREET, PORTAL, Desks, member
from tests.unit.intake.hall import GENERAL, PROMISED, RECEIVED_ON, STREET
from tests.unit.intake.office import MORNING

HOURS = (
    OpeningHours(ServiceDay.WORKING_DAY, time(8, 30), time(12)),
    OpeningHours(ServiceDay.WORKING_DAY, time(14), time(17, 30)),
    OpeningHours(ServiceDay.SATURDAY, time(9), time(12)),
)
STUDY = HallClosure("业务学习", 5, time(16, 30), time(17, 30), date(2016, 7, 1))
REPAIR = HallClosure("维修", 0, None, None, date(2016, 9, 19), date(2016, 9, 20))
HALL = Hall(STREET, HOURS, (STUDY, REPAIR))
LATE = Hall(OTHER_STREET, (OpeningHours(ServiceDay.WORKING_DAY, time(9), time(20)),), ())


@pytest.fixture
def desks(tmp_path: Path) -> Desks:
    """An office of its own with two halls, on Wednesday 14 September 2016."""
    found = Desks(tmp_path)
    entries = [CatalogueEntry(hall=HALL), CatalogueEntry(hall=LATE), CatalogueEntry(items=(PROMISED,))]
    entries += [CatalogueEntry(window=GENERAL), CatalogueEntry(window=replace(GENERAL, street=OTHER_STREET))]
    entries += [CatalogueEntry(street=Street(code, "街道")) for code in (STREET, OTHER_STREET, "440105010")]
    found.office.catalogue.published = Catalogue.of(state_council(), entries)
    return found


async def publish(desks: Desks, hall: Hall = HALL) -> Any:
    """The answer to the publication of a hall."""
    request = pb.PublishHallRequest(request_id=f"hall-{uuid4().hex}", hall=to_message(hall, catalogue_pb2.Hall))
    return await desks.call(desks.catalogue.PublishHall, CONFIGURATOR, request)


async def take(desks: Desks, instant: str, street: str = STREET) -> Any:
    """The answer to a number that is taken at an instant."""
    desks.office.clock.instant = datetime.fromisoformat(instant).replace(tzinfo=MORNING.tzinfo)
    request = hall_pb.TakeTicketRequest(request_id=f"take-{uuid4().hex}", line=PROMISED.line.value)  # type: ignore[arg-type] # a number of an enum
    request.place.CopyFrom(Place(district="440105", street=street))
    return await desks.call(desks.hall.TakeTicket, member_of(street), request)


def member_of(street: str) -> Any:
    """A clerk of a street."""
    return member(Post.CLERK, street=street)


def test_a_hall_is_published_and_an_equal_one_is_not_published_again() -> None:
    (fact,) = publish_hall(BLANK, HALL, "440105", RECEIVED_ON)
    assert fact == HallPublished(RECEIVED_ON, HALL)
    state = fold(BLANK, fact)
    assert publish_hall(state, HALL, "440105", RECEIVED_ON) == []
    (again,) = publish_hall(state, replace(HALL, closures=()), "440105", RECEIVED_ON)
    assert again.hall.closures == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"street": "440106008"}, "street"),
        ({"street": "440105000"}, "street"),
        ({"street": "440105999"}, "street"),
        ({"hours": (replace(HOURS[0], closes_at=time(8)),)}, "hours[0].closes_at"),
        ({"closures": (replace(STUDY, says="=1"),)}, "closures[0].says"),
    ],
)
def test_a_hall_that_contradicts_itself_is_refused_by_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(WrongHall) as refused:
        publish_hall(BLANK, replace(HALL, **change), "440105", RECEIVED_ON)
    assert refused.value.field == field
    assert refused.value.sentence.startswith("大厅内容有误：")


async def test_a_hall_is_published_once_and_stands_in_a_street_that_exists(desks: Desks) -> None:
    changes = [(await publish(desks, hall)).changed for hall in (HALL, HALL, replace(HALL, closures=()))]
    assert changes == [True, False, True]
    with pytest.raises(NotAllowed) as refused:
        await publish(desks, replace(HALL, street="440105888"))
    assert refused.value.field == "hall.street"


@pytest.mark.parametrize(
    ("street", "instant", "text", "opens"),
    [
        (
            STREET,
            "2016-09-14T17:45",
            "工作日8:30-12:00、14:00-17:30，星期六9:00-12:00（周五16:30-17:30业务学习停办）",
            "2016-09-18T08:30+08:00",
        ),
        (OTHER_STREET, "2016-09-14T17:45", "工作日9:00-20:00", "2016-09-14T17:45+08:00"),
        ("440105010", "2016-09-14T17:45", "", ""),
    ],
)
async def test_everybody_reads_the_hours_of_a_hall_and_its_next_opening(
    desks: Desks, street: str, instant: str, text: str, opens: str
) -> None:
    desks.office.clock.instant = datetime.fromisoformat(instant).replace(tzinfo=MORNING.tzinfo)
    for caller in (CLERK, PORTAL, CONFIGURATOR):
        answer = await desks.call(desks.catalogue.GetHall, caller, pb.GetHallRequest(street=street, after="intake/x"))
        assert (answer.hours_text, answer.next_opening, answer.HasField("hall")) == (text, opens, bool(text))
    assert desks.office.positions.awaited == ["intake/x"] * 3
    assert not text or answer.hall.street == street


@pytest.mark.parametrize(("street", "field"), [("440105888", "street"), ("440105000", "street")])
async def test_there_is_no_hall_where_there_is_no_street(desks: Desks, street: str, field: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        await desks.call(desks.catalogue.GetHall, CLERK, pb.GetHallRequest(street=street))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("instant", "street", "received_on"),
    [
        ("2016-09-14T12:30", STREET, "2016-09-14"),
        ("2016-09-14T17:45", STREET, "2016-09-18"),
        ("2016-09-14T17:45", OTHER_STREET, "2016-09-14"),
        ("2016-09-14T20:00", OTHER_STREET, "2016-09-18"),
        ("2016-09-23T16:45", STREET, "2016-09-23"),  # in the study hour
        ("2016-09-23T17:45", STREET, "2016-09-24"),  # a Saturday with service
        ("2016-09-23T20:45", OTHER_STREET, "2016-09-26"),
        ("2016-09-19T10:00", STREET, "2016-09-19"),  # the hall is repaired, and no date moves
    ],
)
async def test_a_receipt_counts_by_the_hours_of_its_hall_whatever_the_channel(
    desks: Desks, instant: str, street: str, received_on: str
) -> None:
    desks.office.clock.instant = datetime.fromisoformat(instant).replace(tzinfo=MORNING.tzinfo)
    place = {"district": "440105", "street": street}
    for change in ({"channel": "CHANNEL_WINDOW"}, {"channel": "CHANNEL_ONLINE", "window": ""}):
        await desks.submit(member_of(street), place=place, **change)
    assert await dates(desks) == [received_on] * 2


async def dates(desks: Desks) -> list[str]:
    """Days of receipt of everything that was submitted."""
    found = []
    for key, record, _ in desks.office.store.published:
        if record.kind == "application_submitted":
            found.append((await desks.office.files.read(key)).state.received_on.isoformat())
    return found


@pytest.mark.parametrize(
    ("instant", "street"),
    [
        ("2016-09-14T07:00", STREET),  # for the morning
        ("2016-09-14T12:30", STREET),  # for the afternoon
        ("2016-09-14T17:29", STREET),
        ("2016-09-14T19:59", OTHER_STREET),
        ("2016-09-24T11:59", STREET),
        ("2016-09-14T23:59", "440105010"),  # a hall without published hours
    ],
)
async def test_numbers_are_given_while_windows_open_on_the_day(desks: Desks, instant: str, street: str) -> None:
    assert (await take(desks, instant, street)).number == "E001"


@pytest.mark.parametrize(
    ("instant", "street", "opens"),
    [
        ("2016-09-14T17:30", STREET, "2016年9月18日（星期日）8:30"),  # a Sunday that is worked
        ("2016-09-14T20:00", OTHER_STREET, "2016年9月18日（星期日）9:00"),
        ("2016-09-23T16:30", STREET, "2016年9月24日（星期六）9:00"),  # the study hour ends the day
        ("2016-09-24T12:00", STREET, "2016年9月26日（星期一）8:30"),
        ("2016-09-19T09:00", STREET, "2016年9月21日（星期三）8:30"),  # repair
    ],
)
async def test_no_number_is_given_when_the_day_is_over_and_the_refusal_names_the_next_opening(
    desks: Desks, instant: str, street: str, opens: str
) -> None:
    with pytest.raises(HallClosed) as refused:
        await take(desks, instant, street)
    assert refused.value.sentence == f"大厅今天不再办理取号业务，下次开放时间为{opens}。"
    assert [record.kind for _, record, _ in desks.office.store.published] == []


async def test_a_hall_that_is_closed_for_years_names_no_opening(desks: Desks) -> None:
    closed = replace(HALL, closures=(replace(REPAIR, effective_to=date(2018, 12, 31)),))
    entries = [CatalogueEntry(hall=closed), CatalogueEntry(street=Street(STREET, "街道"))]
    desks.office.catalogue.published = Catalogue.of(state_council(), entries)
    with pytest.raises(HallClosedFurther):
        await take(desks, "2016-09-19T09:00")
