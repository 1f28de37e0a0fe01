"""Headers of an event name the event that its body is, or it is refused."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.desk.v1.desk_pb2 import DayClosedEvent, Place
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from chassis.outbox.day_closer import DAY_CLOSED, DAYS_FILE
from protocol.event_headers import EVENT_TYPES, WrongEvent, check_headers, checked_event, fact_kinds

FILE, EVENT = UUID("0195a1f0-0000-7000-8000-000000000001"), UUID("0195a1f0-0000-7000-8000-000000000002")
PLACE = Place(district="440105", street="440105008")
FACT = {"intake": "application_withdrawn", "approval": "case_withdrawn", "notify": "result_delivered"}


def event_of(source: str) -> Any:  # one of three generated classes
    fields: dict[str, Any] = {"event_id": str(EVENT), "revision": 3, "place": PLACE}
    match source:
        case "intake":
            event: Any = IntakeEvent(file_id=str(FILE), **fields)
        case "approval":
            event = ApprovalEvent(case_id=str(FILE), **fields)
        case _:
            event = NotifyEvent(application_id=str(FILE), **fields)
    getattr(event, FACT[source]).SetInParent()
    return event


def received(source: str) -> InboxEvent:
    key = FileKey("440105", "440105008", FILE)
    return InboxEvent(source, key, 3, EVENT, FACT[source], event_of(source).SerializeToString())


@pytest.mark.parametrize("source", EVENT_TYPES)
def test_headers_that_agree_pass(source: str) -> None:
    assert checked_event(received(source)) == event_of(source)


@pytest.mark.parametrize("source", EVENT_TYPES)
@pytest.mark.parametrize(
    "change",
    [
        {"revision": 4},
        {"event_id": uuid4()},
        {"kind": "something_else"},
        {"key": FileKey("440105", "440105009", FILE)},
        {"key": FileKey("440106", "440105008", FILE)},
        {"key": FileKey("440105", "440105008", EVENT)},
        {"body": b"\xff\xff"},
        {"body": b""},
    ],
    ids=["revision", "event", "kind", "street", "district", "file", "garbage", "empty"],
)
def test_headers_that_name_another_event_are_refused(source: str, change: dict[str, Any]) -> None:
    with pytest.raises(WrongEvent):
        check_headers(replace(received(source), **change))


def test_every_kind_of_fact_is_known_by_its_name_in_the_contract() -> None:
    assert {"application_submitted", "item_published"} <= set(fact_kinds("intake"))
    assert {"case_opened", "case_referred"} <= set(fact_kinds("approval"))


@pytest.mark.parametrize("source", EVENT_TYPES)
def test_the_count_of_a_day_reads_alike_in_the_events_of_every_source(source: str) -> None:
    """It is written and read as DayClosedEvent, whose numbers must be those of each event."""
    file_id = {"intake": "file_id", "approval": "case_id", "notify": "application_id"}[source]
    numbers = {field.name: field.number for field in EVENT_TYPES[source].DESCRIPTOR.fields}
    wanted = {field.name: field.number for field in DayClosedEvent.DESCRIPTOR.fields}
    numbers["file_id"] = numbers[file_id]
    assert wanted.items() <= numbers.items()


@pytest.mark.parametrize("source", EVENT_TYPES)
def test_the_count_of_a_day_agrees_with_its_headers(source: str) -> None:
    place, event_id = Place(district="440105", street="440105008"), uuid4()
    count = DayClosedEvent(event_id=str(event_id), file_id=str(DAYS_FILE), revision=1, place=place)
    count.day_closed.facts = 3
    key = FileKey("440105", "440105008", DAYS_FILE)
    check_headers(InboxEvent(source, key, 1, event_id, DAY_CLOSED, count.SerializeToString()))
