"""Columns that each fact of intake, approval and notify sets, and how a batch of facts becomes rows."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import intake_event_pb2 as intake
from onewindow.notify.v1 import notify_event_pb2 as notify

from chassis.clock import SHANGHAI
from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from protocol.identifiers import district_leg_id, street_leg_id
from services.metrics.adapters import project_desks, project_intake
from services.metrics.adapters.projector import Projector, RowBatch

MATTER = UUID("01957a3e-7c00-7000-8000-000000000001")
STREET_LEG, DISTRICT_LEG = street_leg_id(MATTER), district_leg_id(MATTER, 1)
ON = date(2016, 3, 1)
TERM = approval.Term(
    promised_due_on="2016-03-15",
    legal_due_on="2016-03-29",
    warn_on="2016-03-11",
    yellow_on="2016-03-16",
    red_on="2016-03-30",
    provisional=True,
)
TERM_COLUMNS = {
    "term_promised_due_on": "2016-03-15",
    "term_legal_due_on": "2016-03-29",
    "term_provisional": True,
    "warn_on": "2016-03-11",
    "yellow_on": "2016-03-16",
    "red_on": "2016-03-30",
}
NOT_CLOSED = {"desk_closed_on": None, "desk_outcome": None, "desk_on_time": None, "desk_early": None}
GRANTED, REFUSED = approval.OUTCOME_GRANTED, approval.OUTCOME_REFUSED
PROJECTORS = {
    "intake": Projector("intake", project_intake.PROJECTIONS),
    "approval": Projector("approval", project_desks.PROJECTIONS),
    "notify": Projector("notify", project_desks.DELIVERIES),
}
EVENTS: dict[str, Any] = {
    "intake": intake.IntakeEvent,
    "approval": approval.ApprovalEvent,
    "notify": notify.NotifyEvent,
}


def received(source: str, kind: str, fact: Any, file_id: UUID = MATTER, street: str = "440105008") -> InboxEvent:
    """A fact of a service as the inbox has it."""
    event = EVENTS[source](occurred_on=ON.isoformat(), revision=7)
    event.place.district, event.place.street = "440105", street
    event.actor.staff_no = "NH001"
    event.recorded_at.FromDatetime(datetime(2016, 3, 1, 9, 30, tzinfo=SHANGHAI))
    if source != "intake":
        event.application_id = str(MATTER)
    if source == "approval":
        event.case_id = str(file_id)
    getattr(event, kind).CopyFrom(fact)
    key = FileKey("440105", street, file_id)
    return InboxEvent(source, key, 7, uuid4(), kind, event.SerializeToString())


def rows(*events: InboxEvent) -> dict[str, list[dict[str, Any]]]:
    """The rows of these events, by table, without the counts of facts."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        batch = json.loads(PROJECTORS[event.source].rows([event]))
        batch.pop("fact_count")
        for table, found in batch.items():
            tables.setdefault(table, []).extend(found)
    return tables


def columns(*events: InboxEvent) -> dict[str, Any]:
    """The columns of the one matter that these events change."""
    (row,) = rows(*events)["matter"]
    assert {name: row.pop(name) for name in ("district", "street", "application_id")} == {
        "district": "440105",
        "street": "440105008",
        "application_id": str(MATTER),
    }
    return row


INTAKE: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "application_submitted",
        intake.ApplicationSubmitted(
            serial_number="S1",
            item_code="I1",
            item_name="事项",
            line=1,  # type: ignore[arg-type] # the numbers are the contract's
            item_kind=2,  # type: ignore[arg-type]
            channel=1,  # type: ignore[arg-type]
            window="W1",
            query_code_digest="ab",
            received_on="2016-03-02",
            answer_due_on="2016-03-09",
        ),
        {
            "serial_number": "S1",
            "item_code": "I1",
            "item_name": "事项",
            "line": 1,
            "item_kind": 2,
            "channel": 1,
            "window_code": "W1",
            "query_code_digest": "ab",
            "submitted_on": "2016-03-01",
            "submitted_received_on": "2016-03-02",
            "answer_due_on": "2016-03-09",
        },
    ),
    ("correction_requested", intake.CorrectionRequested(), {"correction_on": "2016-03-01"}),
    (
        "correction_supplied",
        intake.CorrectionSupplied(answer_due_on="2016-03-08"),
        {"supplied_on": "2016-03-01", "answer_due_on": "2016-03-08"},
    ),
    ("correction_supplied", intake.CorrectionSupplied(still_missing=["M01"]), {}),
    (
        "application_accepted",
        intake.ApplicationAccepted(
            number="N1",
            accepted_on="2016-02-29",
            received_on="2016-02-26",
            ground=intake.ACCEPTANCE_GROUND_DEEMED,
            promised_due_on="2016-03-15",
            legal_due_on="2016-03-29",
            window="W2",
        ),
        {
            "number": "N1",
            "accepted_on": "2016-02-29",
            "accepted_received_on": "2016-02-26",
            "ground": 3,
            "staff_no": "NH001",
            "accepted_promised_due_on": "2016-03-15",
            "accepted_legal_due_on": "2016-03-29",
            "accepted_provisional": False,
            "window_code": "W2",
        },
    ),
    (
        "correction_lapsed",
        intake.CorrectionLapsed(),
        {"window_outcome": "lapsed", "window_closed_on": "2016-03-01"},
    ),
    (
        "application_declined",
        intake.ApplicationDeclined(),
        {"window_outcome": "declined", "window_closed_on": "2016-03-01"},
    ),
    (
        "completed_on_the_spot",
        intake.CompletedOnTheSpot(),
        {"window_outcome": "completed", "window_closed_on": "2016-03-01"},
    ),
    (
        "application_withdrawn",
        intake.ApplicationWithdrawn(),
        {"window_outcome": "withdrawn", "window_closed_on": "2016-03-01"},
    ),
    ("service_rated", intake.ServiceRated(grade=4), {"grade": 4, "rated_on": "2016-03-01"}),
]

APPROVAL: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "case_opened",
        approval.CaseOpened(term=TERM),
        {"case_id": str(STREET_LEG), "desk_stage": "open", **NOT_CLOSED, **TERM_COLUMNS},
    ),
    ("term_extended", approval.TermExtended(term=TERM), {"extended_on": "2016-03-01", **TERM_COLUMNS}),
    ("term_paused", approval.TermPaused(paused_on="2016-03-01"), {"paused": True, "paused_on": "2016-03-01"}),
    (
        "term_resumed",
        approval.TermResumed(term=TERM),
        {"paused": False, "resumed_on": "2016-03-01", **TERM_COLUMNS},
    ),
    ("case_referred", approval.CaseReferred(closes=False), {"referred_on": "2016-03-01"}),
    (
        "case_referred",
        approval.CaseReferred(closes=True, on_time=True, early=True),
        {
            "referred_on": "2016-03-01",
            "desk_stage": "closed",
            "desk_closed_on": "2016-03-01",
            "desk_outcome": "referred",
            "desk_on_time": True,
            "desk_early": True,
        },
    ),
    (
        "case_returned",
        approval.CaseReturned(),
        {"returned_on": "2016-03-01", "desk_stage": "reopened", **NOT_CLOSED},
    ),
    (
        "district_decided",
        approval.DistrictDecided(outcome=GRANTED, decided_on="2016-02-29"),
        {"district_decided_on": "2016-02-29", "district_outcome": "granted"},
    ),
    (
        "district_decided",
        approval.DistrictDecided(outcome=REFUSED, closes=True, on_time=True),
        {
            "district_decided_on": "2016-03-01",
            "district_outcome": "refused",
            "desk_stage": "closed",
            "desk_closed_on": "2016-03-01",
            "desk_outcome": "refused",
            "desk_on_time": True,
            "desk_early": False,
        },
    ),
    (
        "case_decided",
        approval.CaseDecided(outcome=GRANTED, on_time=True, early=True),
        {
            "desk_stage": "closed",
            "desk_closed_on": "2016-03-01",
            "desk_outcome": "granted",
            "desk_on_time": True,
            "desk_early": True,
        },
    ),
    (
        "case_withdrawn",
        approval.CaseWithdrawn(),
        {
            "desk_stage": "closed",
            "desk_closed_on": "2016-03-01",
            "desk_outcome": "withdrawn",
            "desk_on_time": None,
            "desk_early": None,
        },
    ),
]

NOTIFY: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "delivery_opened",
        notify.DeliveryOpened(deliver_by="2016-03-15"),
        {"delivery_opened_on": "2016-03-01", "deliver_by": "2016-03-15"},
    ),
    (
        "result_delivered",
        notify.ResultDelivered(on_time=True),
        {"delivered_on": "2016-03-01", "delivered_on_time": True},
    ),
]


def cases(listed: list[tuple[str, Any, dict[str, Any]]]) -> list[Any]:
    """Rows of a table of tests, by the kind of fact."""
    return [pytest.param(*row, id=f"{row[0]}-{at}") for at, row in enumerate(listed)]


@pytest.mark.parametrize(("kind", "fact", "expected"), cases(INTAKE))
def test_a_fact_of_intake_sets_the_columns_of_its_matter(kind: str, fact: Any, expected: dict[str, Any]) -> None:
    assert columns(received("intake", kind, fact)) == expected


@pytest.mark.parametrize(("kind", "fact", "expected"), cases(APPROVAL))
def test_a_fact_of_the_streets_leg_sets_the_columns_of_its_matter(
    kind: str, fact: Any, expected: dict[str, Any]
) -> None:
    assert columns(received("approval", kind, fact, STREET_LEG)) == expected


@pytest.mark.parametrize(("kind", "fact", "expected"), cases(APPROVAL))
def test_a_fact_of_the_districts_leg_sets_no_column(kind: str, fact: Any, expected: dict[str, Any]) -> None:
    assert rows(received("approval", kind, fact, DISTRICT_LEG, "440105000")) == {}
    assert expected


@pytest.mark.parametrize(("kind", "fact", "expected"), cases(NOTIFY))
def test_a_fact_of_notify_sets_the_columns_of_its_matter(kind: str, fact: Any, expected: dict[str, Any]) -> None:
    assert columns(received("notify", kind, fact)) == expected


@pytest.mark.parametrize(
    ("source", "kind", "fact"),
    [
        ("intake", "material_uploaded", intake.MaterialUploaded()),
        ("intake", "calendar_published", intake.CalendarPublished()),
        ("approval", "step_claimed", approval.StepClaimed()),
        ("approval", "supervision_ordered", approval.SupervisionOrdered()),
        ("notify", "document_issued", notify.DocumentIssued()),
    ],
)
def test_a_fact_without_a_figure_is_counted_and_sets_nothing(source: str, kind: str, fact: Any) -> None:
    event = received(source, kind, fact)
    batch = json.loads(PROJECTORS[source].rows([event]))
    assert batch == {
        "fact_count": [{"district": "440105", "street": "440105008", "source": source, "kind": kind, "facts": 1}]
    }


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
            }
        ]
    }


def test_a_ticket_has_the_instants_at_which_it_was_taken_and_called() -> None:
    taken = received("intake", "ticket_taken", intake.TicketTaken(number="A001", line=2))  # type: ignore[arg-type]
    called = received("intake", "ticket_called", intake.TicketCalled(window="W1"))
    first, second = rows(taken, called)["ticket"]
    assert (first["number"], first["line"], first["taken_on"]) == ("A001", 2, "2016-03-01")
    assert first["taken_at"] == second["called_at"] == "2016-03-01T01:30:00Z"
    assert (second["window_code"], second["called_on"], second["ticket_id"]) == ("W1", "2016-03-01", str(MATTER))


def test_an_item_and_a_window_are_rows_of_their_own() -> None:
    item = catalogue.Item(code="I1", version=3, name="事项", line=2, kind=1)  # type: ignore[arg-type]
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
