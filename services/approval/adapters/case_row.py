"""A case as one row: what worklists, figures and the sweep ask for."""

from chassis.event_store import FileKey
from services.approval.domain.case import Case


def case_row(key: FileKey, revision: int, case: Case) -> dict[str, object]:
    """The columns of `case_file`, by name."""
    return {
        "district": key.district,
        "street": key.street,
        "case_id": key.file_id,
        "application_id": case.application_id,
        "revision": revision,
        "leg": case.leg,
        "number": case.number,
        "attempt": case.referral.attempt,
        "linked_case_id": case.referral.case_id,
        "received_on": case.received_on,
        "window_code": case.window,
        **_item(case),
        **_open_step(case),
        **_days(case),
        **_ending(case),
    }


def _item(case: Case) -> dict[str, object]:
    item = case.item
    return {"item_code": item.code, "item_name": item.name, "item_version": item.version, "line": item.line}


def _open_step(case: Case) -> dict[str, object]:
    step = case.step
    return {
        "stage": case.stage.value,
        "step": step.code if step else None,
        "step_name": step.name if step else None,
        "step_post": step.post if step else None,
        "claimed_by": case.claimed_by,
        "waits": step is not None and case.paused_on is None,
    }


def _days(case: Case) -> dict[str, object]:
    term = case.term
    return {
        "accepted_on": term.starts_on,
        "promised_due_on": term.promised_due_on,
        "legal_due_on": term.legal_due_on,
        "warn_on": term.warn_on,
        "yellow_on": term.yellow_on,
        "red_on": term.red_on,
        "next_card_on": case.next_card,
        "provisional": term.provisional,
        "calendar_version": term.calendar_version,
    }


def _ending(case: Case) -> dict[str, object]:
    return {
        "closed_on": case.closed_on,
        "outcome": case.closing.value if case.closing else None,
        "on_time": case.on_time,
        "early": case.early,
        "district_number": case.referral.district_number,
    }
