"""Columns that each fact of intake, approval and notify sets in the row of its matter."""

import json
from typing import Any
from uuid import UUID

import pytest
from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.intake.v1 import intake_event_pb2 as intake
from onewindow.notify.v1 import notify_event_pb2 as notify

from tests.unit.metrics.clock_moves import CLOCK_MOVES, TERM, TERM_COLUMNS
from tests.unit.metrics.facts import DISTRICT_LEG, PROJECTORS, STREET_LEG, columns, received, rows

NOT_CLOSED = {"desk_closed_on": None, "desk_outcome": None, "desk_on_time": None, "desk_early": None}
REFERRED, RETURNED = ({"referrals": {"7": [what, "2016-03-01"]}} for what in ("referred", "returned"))
GRANTED, REFUSED = approval.OUTCOME_GRANTED, approval.OUTCOME_REFUSED
INTAKE: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "application_submitted",
        intake.ApplicationSubmitted(
            serial_number="S1",
            item_code="I1",
            item_name="事项",
            line=1,  # type: ignore[arg-type] # the numbers are the contract's
            item_kind=2,  # type: ignore[arg-type] # a plain number
            channel=1,  # type: ignore[arg-type] # a plain number
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
            "sensitive": False,
            "channel": 1,
            "window_code": "W1",
            "query_code_digest": "ab",
            "submitted_on": "2016-03-01",
            "submitted_received_on": "2016-03-02",
            "answer_due_on": "2016-03-09",
        },
    ),
    (
        "correction_requested",
        intake.CorrectionRequested(),
        {"correction_on": "2016-03-01", "corrections": {"7": ["correction", "2016-03-01"]}},
    ),
    (
        "correction_requested",
        intake.CorrectionRequested(supplement=2),
        {"corrections": {"7": ["supplement", "2016-03-01"]}},
    ),
    (
        "correction_supplied",
        intake.CorrectionSupplied(answer_due_on="2016-03-08"),
        {
            "supplied_on": "2016-03-01",
            "answer_due_on": "2016-03-08",
            "corrections": {"7": ["supplied", "2016-03-01"]},
        },
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
    *CLOCK_MOVES,
    ("case_referred", approval.CaseReferred(closes=False), {"referred_on": "2016-03-01", **REFERRED}),
    (
        "case_referred",
        approval.CaseReferred(closes=True, on_time=True, early=True),
        {
            "referred_on": "2016-03-01",
            **REFERRED,
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
        {"returned_on": "2016-03-01", **RETURNED, "desk_stage": "reopened", **NOT_CLOSED},
    ),
    (
        "case_returned",
        approval.CaseReturned(term=TERM),
        {
            "returned_on": "2016-03-01",
            **RETURNED,
            "paused": False,
            **TERM_COLUMNS,
            "desk_stage": "reopened",
            **NOT_CLOSED,
        },
    ),
    (
        "case_returned",
        approval.CaseReturned(returned_on="2016-02-29"),
        {
            "returned_on": "2016-02-29",
            "referrals": {"7": ["returned", "2016-02-29"]},
            "desk_stage": "reopened",
            **NOT_CLOSED,
        },
    ),
    (
        "district_decided",
        approval.DistrictDecided(outcome=GRANTED, decided_on="2016-02-29"),
        {"district_decided_on": "2016-02-29", "district_outcome": "granted"},
    ),
    (
        "district_decided",
        approval.DistrictDecided(
            outcome=GRANTED, closes=True, on_time=True, decided_on="2016-02-29", closed_on="2016-02-29"
        ),
        {
            "district_decided_on": "2016-02-29",
            "district_outcome": "granted",
            "desk_stage": "closed",
            "desk_closed_on": "2016-02-29",
            "desk_outcome": "granted",
            "desk_on_time": True,
            "desk_early": False,
        },
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


@pytest.mark.parametrize("leg", [STREET_LEG, DISTRICT_LEG])
@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("term_recounted", approval.TermRecounted),
        ("term_resumed", approval.TermResumed),
        ("term_extended", approval.TermExtended),
        ("handoff_acknowledged", approval.HandoffAcknowledged),
        ("district_decided", approval.DistrictDecided),
        ("case_returned", approval.CaseReturned),
        ("case_withdrawn", approval.CaseWithdrawn),
    ],
)
def test_cards_that_were_never_due_are_void_from_the_day_of_the_fact(leg: UUID, kind: str, fact: Any) -> None:
    event = received("approval", kind, fact(void_cards=[approval.CARD_LEVEL_YELLOW, approval.CARD_LEVEL_RED]), leg)
    card = {"district": "440105", "street": "440105008", "case_id": str(leg), "void_on": "2016-03-01", "revision": 7}
    assert rows(event)["void_card"] == [{**card, "level": 2}, {**card, "level": 3}]
