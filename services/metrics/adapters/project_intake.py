"""Projection of intake's facts: columns of matters, tickets, items and windows."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import FileKey
from services.metrics.adapters.projector import Row, RowBatch

Projection: TypeAlias = Callable[[RowBatch, FileKey, IntakeEvent], None]


def _of_matter(columns: Callable[[IntakeEvent], Row]) -> Projection:
    def project(batch: RowBatch, key: FileKey, event: IntakeEvent) -> None:
        batch.matter(key, str(key.file_id), columns(event))

    return project


def _submitted(event: IntakeEvent) -> Row:
    fact = event.application_submitted
    return {
        "serial_number": fact.serial_number,
        "item_code": fact.item_code,
        "item_name": fact.item_name,
        "line": fact.line,
        "item_kind": fact.item_kind,
        "sensitive": fact.sensitive,
        "channel": fact.channel,
        "window_code": fact.window,
        "query_code_digest": fact.query_code_digest,
        "submitted_on": event.occurred_on,
        "submitted_received_on": fact.received_on or event.occurred_on,
        "answer_due_on": fact.answer_due_on or None,
    }


def _correction_requested(event: IntakeEvent) -> Row:
    if event.correction_requested.supplement:
        return _one_of_several(event, "supplement")
    return {"correction_on": event.occurred_on} | _one_of_several(event, "correction")


def _correction_supplied(event: IntakeEvent) -> Row:
    due_on = event.correction_supplied.answer_due_on
    if not due_on:
        return {}
    return {"supplied_on": event.occurred_on, "answer_due_on": due_on} | _one_of_several(event, "supplied")


def _one_of_several(event: IntakeEvent, what: str) -> Row:
    """A correction can be demanded and supplied more than once; all are kept, by the revision of the application."""
    return {"corrections": {str(event.revision): [what, event.occurred_on]}}


def _accepted(event: IntakeEvent) -> Row:
    fact = event.application_accepted
    columns: Row = {
        "number": fact.number,
        "accepted_on": fact.accepted_on,
        "accepted_received_on": fact.received_on or None,
        "ground": fact.ground,
        "staff_no": event.actor.staff_no,
        "accepted_promised_due_on": fact.promised_due_on or None,
        "accepted_legal_due_on": fact.legal_due_on or None,
        "accepted_provisional": fact.provisional,
    }
    return columns | {"window_code": fact.window} if fact.window else columns


def _recounted(event: IntakeEvent) -> Row:
    due_on = event.dates_recounted.answer_due_on
    return {"answer_due_on": due_on} if due_on else {}


def _completed(event: IntakeEvent) -> Row:
    return _ended("completed", event)


def _declined(event: IntakeEvent) -> Row:
    return _ended("declined", event)


def _lapsed(event: IntakeEvent) -> Row:
    return _ended("lapsed", event)


def _withdrawn(event: IntakeEvent) -> Row:
    return _ended("withdrawn", event)


def _ended(outcome: str, event: IntakeEvent) -> Row:
    return {"window_outcome": outcome, "window_closed_on": event.occurred_on}


def _rated(event: IntakeEvent) -> Row:
    return {"grade": event.service_rated.grade, "rated_on": event.occurred_on}


def _of_ticket(columns: Callable[[IntakeEvent], Row]) -> Projection:
    def project(batch: RowBatch, key: FileKey, event: IntakeEvent) -> None:
        ticket = {"district": key.district, "street": key.street, "ticket_id": str(key.file_id)}
        batch.set("ticket", ticket, columns(event))

    return project


def _taken(event: IntakeEvent) -> Row:
    fact = event.ticket_taken
    return {
        "number": fact.number,
        "line": fact.line,
        "taken_on": event.occurred_on,
        "taken_at": event.recorded_at.ToJsonString(),
    }


def _called(event: IntakeEvent) -> Row:
    return {
        "window_code": event.ticket_called.window,
        "called_on": event.occurred_on,
        "called_at": event.recorded_at.ToJsonString(),
    }


def _item(batch: RowBatch, key: FileKey, event: IntakeEvent) -> None:
    item = event.item_published.item
    columns = {"version": item.version, "name": item.name, "line": item.line, "kind": item.kind}
    batch.set("item", {"district": key.district, "code": item.code}, columns)


def _window(batch: RowBatch, key: FileKey, event: IntakeEvent) -> None:
    window = event.window_published.window
    columns = {"revision": event.revision, "name": window.name}
    batch.set("hall_window", {"district": key.district, "street": window.street, "code": window.code}, columns)


PROJECTIONS: Mapping[str, Projection] = {
    "application_submitted": _of_matter(_submitted),
    "correction_requested": _of_matter(_correction_requested),
    "correction_supplied": _of_matter(_correction_supplied),
    "correction_lapsed": _of_matter(_lapsed),
    "application_accepted": _of_matter(_accepted),
    "dates_recounted": _of_matter(_recounted),
    "application_declined": _of_matter(_declined),
    "completed_on_the_spot": _of_matter(_completed),
    "application_withdrawn": _of_matter(_withdrawn),
    "service_rated": _of_matter(_rated),
    "ticket_taken": _of_ticket(_taken),
    "ticket_called": _of_ticket(_called),
    "item_published": _item,
    "window_published": _window,
}
"""By kind of fact; every other kind is received and counted, and no figure follows from it."""
