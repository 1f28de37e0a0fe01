"""A file as one row: what lists, figures, sweeps and the cache of the catalogue ask for. Enums are their numbers."""

from collections.abc import Mapping

from chassis.event_store import FileKey
from services.intake.domain.application import Application
from services.intake.domain.catalogue import Entry
from services.intake.domain.ticket import Ticket


def application_row(key: FileKey, revision: int, application: Application) -> Mapping[str, object]:
    """The columns of `application` that its own facts decide; the others come from what is heard."""
    submission = application.submission
    assert submission is not None, "a file of an application begins with its receipt"
    row = {
        "district": key.district,
        "street": key.street,
        "application_id": key.file_id,
        "revision": revision,
        "own_stage": application.stage,
        "serial_number": submission.serial_number,
        "item_code": submission.item_code,
        "item_name": submission.item_name,
        "item_version": submission.item_version,
        "line": submission.line,
        "channel": submission.channel,
        "window_code": submission.window,
        "received_on": application.received_on,
        "answer_due_on": application.answer_due_on,
        "supply_by": application.correction.supply_by if application.correction else None,
        "provisional": submission.provisional,
        "materials": [[paper.material_code, paper.form, paper.copies, paper.sha256] for paper in application.materials],
        "missing": application.missing,
        "grade": application.grade,
    }
    return {"application": row | _acceptance(application) | _closing(application)}


def ticket_row(key: FileKey, revision: int, ticket: Ticket) -> Mapping[str, object]:
    """The columns of `ticket`."""
    row = {
        "district": key.district,
        "street": key.street,
        "ticket_id": key.file_id,
        "revision": revision,
        "number": ticket.number,
        "line": ticket.line,
        "taken_on": ticket.taken_on,
        "window_code": ticket.window,
    }
    return {"ticket": row}


def entry_row(key: FileKey, revision: int, entry: Entry) -> Mapping[str, object]:
    """The columns of `catalogue_entry`: which entry, and how often it was published."""
    kind, code = "calendar", str(entry.notice.year) if entry.notice else ""
    if entry.latest:
        kind, code = "item", entry.latest.code
    elif entry.window:
        kind, code = "window", f"{entry.window.street}/{entry.window.code}"
    row = {
        "district": key.district,
        "street": key.street,
        "entry_id": key.file_id,
        "revision": revision,
        "kind": kind,
        "code": code,
    }
    return {"catalogue_entry": row}


def _acceptance(application: Application) -> dict[str, object]:
    acceptance = application.acceptance
    if acceptance is None:
        return {}
    return {
        "number": acceptance.number,
        "ground": acceptance.ground,
        "accepted_on": acceptance.accepted_on,
        "promised_due_on": acceptance.promised_due_on,
        "legal_due_on": acceptance.legal_due_on,
        "provisional": acceptance.provisional,
    }


def _closing(application: Application) -> dict[str, object]:
    closing = application.closing
    if closing is None:
        return {}
    return {
        "own_closed_on": closing.closed_on,
        "own_outcome": closing.outcome,
        "own_on_time": closing.on_time,
        "own_early": closing.early,
    }
