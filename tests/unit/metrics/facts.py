"""Facts of three services as the inbox has them, and the rows that metrics makes of them."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.intake.v1 import intake_event_pb2 as intake
from onewindow.notify.v1 import notify_event_pb2 as notify

from chassis.clock import SHANGHAI
from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from protocol.identifiers import district_leg_id, street_leg_id
from services.metrics.adapters import project_desks, project_intake
from services.metrics.adapters.projector import Projector

MATTER = UUID("01957a3e-7c00-7000-8000-000000000001")
STREET_LEG, DISTRICT_LEG = street_leg_id(MATTER), district_leg_id(MATTER, 1)
ON = date(2016, 3, 1)
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
