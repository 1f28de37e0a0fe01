"""Batches of facts as rows: one row for each key, cards, tickets, items and windows beside the matters, counts."""

import json
from uuid import UUID, uuid4

import pytest
from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import intake_event_pb2 as intake

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from services.metrics.adapters.projector import RowBatch
from tests.unit.metrics.facts import DISTRICT_LEG, MATTER, ON, PROJECTORS, STREET_LEG, received, rows


@pytest.mark.parametrize("leg", [STREET_LEG, DISTRICT_LEG], ids=["street", "district"])
def test_a_card_of_either_leg_is_a_row_by_its_level(leg: UUID) -> None:
    event = received(
        "approval", "card_issued", approval.CardIssued(level=approval.CARD_LEVEL_RED, due_on="2016-02-29"), leg
    )
    assert rows(event) == {
        "card": [
            {
                "district": "440105",
                "street": "440105008",
                "case_id": str(leg),
                "level": 3,
                "application_id": str(MATTER),
                "issued_on": "2016-03-01",
                "due_on": "2016-02-29",
                "revision": event.revision,
            }
        ]
    }


def test_a_ticket_has_the_instants_at_which_it_was_taken_and_called() -> None:
    taken = received("intake", "ticket_taken", intake.TicketTaken(number="A001", line=2))  # type: ignore[arg-type] # a plain number
    called = received("intake", "ticket_called", intake.TicketCalled(window="W1"))
    first, second = rows(taken, called)["ticket"]
    assert (first["number"], first["line"], first["taken_on"]) == ("A001", 2, "2016-03-01")
    assert first["taken_at"] == second["called_at"] == "2016-03-01T01:30:00Z"
    assert (second["window_code"], second["called_on"], second["ticket_id"]) == ("W1", "2016-03-01", str(MATTER))


def test_an_item_and_a_window_are_rows_of_their_own() -> None:
    item = catalogue.Item(code="I1", version=3, name="事项", line=2, kind=1)  # type: ignore[arg-type] # plain numbers
    window = catalogue.Window(code="W1", street="440105009", name="综合1号窗")
    published = received("intake", "item_published", intake.ItemPublished(item=item))
    assert rows(published)["item"] == [
        {"district": "440105", "code": "I1", "version": 3, "name": "事项", "line": 2, "kind": 1}
    ]
    known = received("intake", "window_published", intake.WindowPublished(window=window), street="440105000")
    assert rows(known)["hall_window"] == [
        {"district": "440105", "street": "440105009", "code": "W1", "revision": 7, "name": "综合1号窗"}
    ]


def test_facts_of_one_matter_become_one_row_and_the_later_value_stands() -> None:
    accepted = received("intake", "application_accepted", intake.ApplicationAccepted(number="N1", window="W2"))
    submitted = received("intake", "application_submitted", intake.ApplicationSubmitted(window="W1", item_code="I1"))
    batch = json.loads(PROJECTORS["intake"].rows([submitted, accepted]))
    (row,) = batch["matter"]
    assert (row["window_code"], row["item_code"], row["number"]) == ("W2", "I1", "N1")


def test_facts_of_two_matters_are_two_rows() -> None:
    first = received("intake", "service_rated", intake.ServiceRated(grade=1))
    second = received("intake", "service_rated", intake.ServiceRated(grade=2), uuid4())
    assert [row["grade"] for row in json.loads(PROJECTORS["intake"].rows([first, second]))["matter"]] == [1, 2]


def test_facts_are_counted_by_place_and_kind() -> None:
    rated = intake.ServiceRated(grade=1)
    events = [
        received("intake", "service_rated", rated, street=street) for street in ("440105008",) * 3 + ("440105009",)
    ]
    batch = json.loads(PROJECTORS["intake"].rows([*events, received("intake", "ticket_called", intake.TicketCalled())]))
    assert sorted((row["street"], row["kind"], row["facts"]) for row in batch["fact_count"]) == [
        ("440105008", "service_rated", 3),
        ("440105008", "ticket_called", 1),
        ("440105009", "service_rated", 1),
    ]


@pytest.mark.parametrize("change", ["kind", "street"])
def test_an_event_of_another_file_than_its_headers_name_is_refused(change: str) -> None:
    event = received("intake", "service_rated", intake.ServiceRated(grade=1))
    if change == "kind":
        event = InboxEvent("intake", event.key, 7, event.event_id, "ticket_called", event.body)
    else:
        event = InboxEvent("intake", FileKey("440105", "440105009", MATTER), 7, event.event_id, event.kind, event.body)
    with pytest.raises(ValueError, match="in its headers"):
        PROJECTORS["intake"].batch([event])


def test_a_row_holds_ids_as_text_and_refuses_what_json_does_not_know() -> None:
    batch = RowBatch()
    batch.set("matter", {"id": 1}, {"case_id": MATTER})
    assert json.loads(batch.as_json()) == {"matter": [{"id": 1, "case_id": str(MATTER)}]}
    batch.set("matter", {"id": 1}, {"case_id": ON})
    with pytest.raises(TypeError, match="date"):
        batch.as_json()
