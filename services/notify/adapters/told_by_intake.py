"""What intake's facts mean to an applicant: which message, which document, what a message may say of the matter."""

from datetime import date

from onewindow.catalogue.v1.catalogue_pb2 import ITEM_KIND_INSTANT
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from services.notify.adapters.rows import INTAKE, Row, Told, agree, notice_row, place
from services.notify.domain.hours import Hours
from services.notify.domain.words import DocumentKind, written

KINDS = [field.name for field in IntakeEvent.DESCRIPTOR.oneofs_by_name["fact"].fields]
"""Every kind of fact that this version knows; most of them tell the applicant nothing."""


TELLING = frozenset(
    {
        *("application_submitted", "correction_requested", "application_accepted"),
        *("application_declined", "application_withdrawn", "item_published", "calendar_published"),
    }
)
"""Kinds that tell something here; of the others nothing is read."""


def told(heard: InboxEvent, hours: Hours) -> Told | None:
    """What follows from one event; None when nothing does. Raises WrongEvent."""
    if heard.kind not in TELLING:
        return None
    key, event = heard.key, IntakeEvent.FromString(heard.body)
    agree(heard, event, event.file_id, event.WhichOneof("fact"))
    match event.WhichOneof("fact"):
        case "application_submitted":
            return _submitted(key, event)
        case "correction_requested":
            return Told(key, notice=_correction(key, event, hours))
        case "application_accepted":
            return _accepted(key, event, hours)
        case "application_declined":
            declined = {"doc": f"决定书{event.application_declined.letter_number}"}
            return Told(key, notice=notice_row(key, "N03", event, (INTAKE, event.revision), declined, hours))
        case "application_withdrawn":
            return Told(key, matter=place(key) | {"withdrawn": True})
        case "item_published":
            return Told(key, item=_item(key, event))
        case "calendar_published":
            return Told(key, holidays=_holidays(key, event))
    return None


def _submitted(key: FileKey, event: IntakeEvent) -> Told:
    fact = event.application_submitted
    return Told(key, matter=place(key) | {"item_code": fact.item_code, "item_version": fact.item_version})


def _correction(key: FileKey, event: IntakeEvent, hours: Hours) -> Row | None:
    fact = event.correction_requested
    particulars = {
        "n": str(len(fact.shortfalls)),
        "date": written(date.fromisoformat(fact.supply_by)),
        "doc": fact.letter_number,
    }
    return notice_row(key, "N02", event, (INTAKE, event.revision), particulars, hours)


def _accepted(key: FileKey, event: IntakeEvent, hours: Hours) -> Told:
    fact = event.application_accepted
    item = fact.item
    matter = place(key) | {
        "item_code": item.code,
        "item_version": item.version,
        "item_name": item.name,
        "sensitive": item.sensitive,
        "sms": item.sms,
        "number": fact.number,
        "applicant_index": fact.applicant_index,
    }
    if item.kind == ITEM_KIND_INSTANT:  # decided and handed out in the same minute
        return Told(key, matter=matter | {"sms": False})
    due = {"date": written(date.fromisoformat(fact.promised_due_on))}
    return Told(
        key,
        matter=matter,
        notice=notice_row(key, "N01", event, (INTAKE, event.revision), due, hours),
        task=_receipt(key, event) if item.receipt else None,
    )


def _receipt(key: FileKey, event: IntakeEvent) -> Row:
    item = event.application_accepted.item
    return place(key) | {
        "kind": DocumentKind.RECEIPT.value,
        "revision": event.revision,
        "item_code": item.code,
        "item_version": item.version,
    }


def _item(key: FileKey, event: IntakeEvent) -> Row:
    item = event.item_published.item
    return {
        "district": key.district,
        "street": key.street,
        "code": item.code,
        "version": item.version,
        "name": item.name,
        "sensitive": item.sensitive,
        "sms": item.sms and item.kind != ITEM_KIND_INSTANT,
        "materials": {material.code: material.name for material in item.materials},
    }


def _holidays(key: FileKey, event: IntakeEvent) -> Row:
    fact = event.calendar_published
    return {
        "district": key.district,
        "year": fact.notice.year,
        "number": fact.notice.number,
        "days_off": [date.fromisoformat(day) for day in fact.notice.days_off],
        "makeup_days": [date.fromisoformat(day) for day in fact.notice.makeup_days],
        "calendar_version": fact.calendar_version,
        "recorded_at": event.recorded_at.ToDatetime(),
    }
