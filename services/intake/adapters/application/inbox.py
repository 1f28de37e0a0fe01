"""Events of approval and notify that intake receives: the end of a matter at the desks, its days, its delivery.

They fill columns of their own in the row of an application and never change a legal date: the days of an extended or
resumed term are approval's own, shown here as it reported them. The end of a matter is reported by one file of
approval, the street's leg, in order: the last report counts.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from onewindow.approval.v1.approval_event_pb2 import (
    LEG_DISTRICT,
    LEG_STREET,
    OUTCOME_GRANTED,
    ApprovalEvent,
    DistrictDecided,
    Term,
    WithdrawalTooLate,
)
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.event_store import FileKey, PositionSources
from chassis.inbox import InboxEvent, RowProjector, Subscription, row_projection
from chassis.nats.streams import Stream
from protocol.event_headers import check_headers, fact_kinds
from protocol.identifiers import LONGEST_PASS, is_street_leg
from protocol.streams import APPROVAL, INTAKE, NOTIFY, received_by
from services.intake.domain.application.state import ApplicationClosing

SOURCES = PositionSources(INTAKE, received=received_by(INTAKE))
"""Services whose positions a caller may pass."""

_DELIVERED = "result_delivered"
_ENDS = frozenset({"case_referred", "case_returned", "case_withdrawn", "case_decided", "district_decided"})
_TOO_LATE = "withdrawal_too_late"
"""Names the decision once more: a service that heard the decision before this release learns it from here."""
_PASSES = _ENDS | {"step_released", "step_completed"}
"""Facts with which the read passes end that were given for the leg before."""
_TERMS = frozenset({"term_extended", "term_resumed", "term_recounted"})
"""Facts that move the days of a leg."""


def approval_subscription() -> Subscription:
    """Referred, returned, withdrawn, decided, withdrawn too late; days of the term; steps released and completed."""
    return _subscription(APPROVAL, project_approval, _PASSES | _TERMS | {_TOO_LATE})


def notify_subscription() -> Subscription:
    """Delivered."""
    return _subscription(NOTIFY, project_notify, {_DELIVERED})


def project_approval(events: Sequence[InboxEvent]) -> str | None:
    """Ends of matters and of read passes, returns after which matters go on, decisions of the district, and days now.

    As JSON for `project_received`.
    """
    closings: dict[FileKey, ApplicationClosing | None] = {}
    passes = {event.key: event for event in events if event.kind in _PASSES}
    terms: dict[FileKey, Term] = {}
    decisions: dict[FileKey, DistrictDecided | WithdrawalTooLate] = {}
    for event in events:
        if event.kind not in _ENDS | _TERMS | {_TOO_LATE}:
            continue
        fact = ApprovalEvent.FromString(event.body)
        key = FileKey(event.key.district, event.key.street, UUID(fact.application_id))
        if (term := _moved_term(fact)) is not None:
            terms[key] = term
        if event.kind in _TERMS:
            continue
        if decided := _district_decision(fact):
            decisions[key] = decided
        if event.kind in _ENDS and _is_end(fact):
            closings[key] = _closing(fact)
    rows = {
        "closings": [_row(key) | _columns(closing) for key, closing in closings.items()],
        "decisions": [_row(key) | _decision(decided) for key, decided in decisions.items()],
        "terms": [_row(key) | _days(term) for key, term in terms.items()],
        "passes": [_ended(event) for event in passes.values()],
    }
    filled: dict[str, object] = {name: listed for name, listed in rows.items() if listed}
    if passes:
        filled["passes_hold_ms"] = LONGEST_PASS // timedelta(milliseconds=1)
    return json.dumps(filled) if filled else None


def project_notify(events: Sequence[InboxEvent]) -> str | None:
    """Days on which results reached the applicant, as JSON for `project_received`."""
    days = {event.key: NotifyEvent.FromString(event.body).occurred_on for event in events if event.kind == _DELIVERED}
    return json.dumps({"deliveries": [_row(key) | {"delivered_on": on} for key, on in days.items()]}) if days else None


def _moved_term(fact: ApprovalEvent) -> Term | None:
    """The days of the street's leg from now on; None where the fact does not move them."""
    kind = fact.WhichOneof("fact")
    if kind not in _TERMS | {"case_returned"} or not is_street_leg(UUID(fact.case_id), UUID(fact.application_id)):
        return None
    moved = getattr(fact, kind)
    return moved.term if moved.HasField("term") else None


def _is_end(fact: ApprovalEvent) -> bool:
    """True when the street's matter ends, or goes on, by this fact; the district's leg is a matter of its own."""
    match fact.WhichOneof("fact"):
        case "case_referred":
            return fact.case_referred.closes
        case "district_decided":
            return fact.district_decided.closes and fact.district_decided.leg == LEG_STREET
        case "case_returned":
            return fact.case_returned.leg == LEG_STREET
        case "case_withdrawn":
            return fact.case_withdrawn.leg == LEG_STREET
    return fact.case_decided.leg == LEG_STREET


def _closing(fact: ApprovalEvent) -> ApplicationClosing | None:
    on = date.fromisoformat(fact.occurred_on)
    match fact.WhichOneof("fact"):
        case "case_returned":
            return None
        case "case_withdrawn":
            return ApplicationClosing(on, "withdrawn")
        case "case_referred":
            return ApplicationClosing(on, "referred", fact.case_referred.on_time, fact.case_referred.early)
        case "district_decided":
            decided = fact.district_decided
            on = date.fromisoformat(decided.closed_on or fact.occurred_on)
            return ApplicationClosing(on, _outcome(decided.outcome), decided.on_time, decided.early)
    return ApplicationClosing(
        on, _outcome(fact.case_decided.outcome), fact.case_decided.on_time, fact.case_decided.early
    )


def _outcome(outcome: int) -> str:
    return "granted" if outcome == OUTCOME_GRANTED else "refused"


def _row(key: FileKey) -> dict[str, str]:
    return {"district": key.district, "street": key.street, "application_id": str(key.file_id)}


def _ended(event: InboxEvent) -> dict[str, object]:
    """The id of a fact begins with the machine's instant, by which passes expire too; the office clock differs."""
    key = event.key
    return {
        "district": key.district,
        "street": key.street,
        "case_id": str(key.file_id),
        "revision": event.revision,
        "ended_ms": event.event_id.int >> 80,
    }


def _columns(closing: ApplicationClosing | None) -> dict[str, object]:
    if closing is None:
        return {}
    return {
        "closed_on": closing.closed_on.isoformat(),
        "outcome": closing.outcome,
        "on_time": closing.on_time,
        "early": closing.early,
    }


def _district_decision(fact: ApprovalEvent) -> DistrictDecided | WithdrawalTooLate | None:
    """The district's decision that a fact of the street's leg reports, or names."""
    if fact.WhichOneof("fact") == _TOO_LATE and fact.withdrawal_too_late.decided_by == LEG_DISTRICT:
        return fact.withdrawal_too_late
    on_street = fact.WhichOneof("fact") == "district_decided" and fact.district_decided.leg == LEG_STREET
    return fact.district_decided if on_street else None


def _decision(decided: DistrictDecided | WithdrawalTooLate) -> dict[str, object]:
    return {"outcome": _outcome(decided.outcome), "decided_on": decided.decided_on or None}


def _days(term: Term) -> dict[str, object]:
    return {
        "promised_due_on": term.promised_due_on,
        "legal_due_on": term.legal_due_on,
        "provisional": term.provisional,
    }


def _subscription(source: str, projector: RowProjector, applied_kinds: Collection[str]) -> Subscription:
    return Subscription(
        INTAKE,
        Stream(source).name,
        source,
        row_projection(projector),
        fact_kinds(source),
        verify=check_headers,
        applied_kinds=applied_kinds,
        projector=projector,
    )
