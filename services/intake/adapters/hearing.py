"""What intake hears: how accepted matters ended at the desks, to which days, and that results reached the applicant.

It is kept in columns of its own beside the row that the facts of the application give, and never changes a legal date:
the days of an extended or resumed term are approval's own, shown here as it told them.
One file of approval, the street's leg, tells how a matter ends, in order: the last word counts.
"""

import json
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from google.protobuf.message import Message
from onewindow.approval.v1.approval_event_pb2 import LEG_STREET, OUTCOME_GRANTED, ApprovalEvent, Term
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent, RowProjector, Subscription, Verify, row_projection
from services.intake.adapters.answers import case_id
from services.intake.adapters.wire import SOURCE
from services.intake.domain.application import Closing


class WrongEvent(Exception):
    """The headers of a message name another event than its body is."""


def hears_approval() -> Subscription:
    """Referred, returned, withdrawn, closed; extended, resumed."""
    return _hears("approval", ApprovalEvent, told_of_cases, _ENDINGS | _TERMS, _verify_approval)


def hears_notify() -> Subscription:
    """Delivered."""
    return _hears("notify", NotifyEvent, told_deliveries, frozenset({_DELIVERED}), _verify_notify)


def told_of_cases(events: Sequence[InboxEvent]) -> str | None:
    """Endings of matters, returns and moved due days, as `project_received` reads them."""
    closings: dict[FileKey, Closing | None] = {}
    terms: dict[FileKey, Term] = {}
    for event in events:
        if event.kind in _ENDINGS | _TERMS:
            fact = ApprovalEvent.FromString(event.body)
            key = FileKey(event.key.district, event.key.street, UUID(fact.application_id))
            if event.kind in _TERMS:
                if fact.case_id == case_id(key):
                    terms[key] = getattr(fact, event.kind).term
            elif _is_ending(fact):
                closings[key] = _closing(fact)
    rows = {
        "closings": [_row(key) | _columns(ending) for key, ending in closings.items()],
        "terms": [_row(key) | _days(term) for key, term in terms.items()],
    }
    told = {name: listed for name, listed in rows.items() if listed}
    return json.dumps(told) if told else None


def told_deliveries(events: Sequence[InboxEvent]) -> str | None:
    """Days on which results reached the applicant, as `project_received` reads them."""
    told = {event.key: NotifyEvent.FromString(event.body).occurred_on for event in events if event.kind == _DELIVERED}
    return json.dumps({"deliveries": [_row(key) | {"delivered_on": on} for key, on in told.items()]}) if told else None


_DELIVERED = "result_delivered"
_ENDINGS = frozenset({"case_referred", "case_returned", "case_withdrawn", "case_decided", "district_decided"})

_TERMS = frozenset({"term_extended", "term_resumed"})
"""Facts that move the days of a leg; the street's leg has an id that everybody can compute."""


def _is_ending(fact: ApprovalEvent) -> bool:
    """Whether the street's matter ends, or goes on, by this fact; the district's leg is a matter of its own."""
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


def _closing(fact: ApprovalEvent) -> Closing | None:
    on = date.fromisoformat(fact.occurred_on)
    match fact.WhichOneof("fact"):
        case "case_returned":
            return None
        case "case_withdrawn":
            return Closing(on, "withdrawn")
        case "case_referred":
            return Closing(on, "referred", fact.case_referred.on_time, fact.case_referred.early)
        case "district_decided":
            decided = fact.district_decided
            return Closing(on, _outcome(decided.outcome), decided.on_time, decided.early)
    return Closing(on, _outcome(fact.case_decided.outcome), fact.case_decided.on_time, fact.case_decided.early)


def _outcome(outcome: int) -> str:
    return "granted" if outcome == OUTCOME_GRANTED else "refused"


def _row(key: FileKey) -> dict[str, str]:
    return {"district": key.district, "street": key.street, "application_id": str(key.file_id)}


def _columns(ending: Closing | None) -> dict[str, object]:
    if ending is None:
        return {}
    return {
        "closed_on": ending.closed_on.isoformat(),
        "outcome": ending.outcome,
        "on_time": ending.on_time,
        "early": ending.early,
    }


def _days(term: Term) -> dict[str, object]:
    return {
        "promised_due_on": term.promised_due_on,
        "legal_due_on": term.legal_due_on,
        "provisional": term.provisional,
    }


def _hears(
    source: str, event: type[Message], told: RowProjector, followed: frozenset[str], verify: Verify
) -> Subscription:
    kinds = [field.name for field in event.DESCRIPTOR.oneofs_by_name["fact"].fields]
    stream = f"OW_{source.upper()}"
    return Subscription(
        SOURCE, stream, source, row_projection(told), kinds, verify=verify, applied_kinds=followed, projector=told
    )


def _verify_approval(event: InboxEvent) -> None:
    told = ApprovalEvent.FromString(event.body)
    _agree(event, told.place, (told.case_id, told.event_id, told.revision, told.WhichOneof("fact")))


def _verify_notify(event: InboxEvent) -> None:
    told = NotifyEvent.FromString(event.body)
    _agree(event, told.place, (told.application_id, told.event_id, told.revision, told.WhichOneof("fact")))


def _agree(event: InboxEvent, place: Place, told: tuple[str, str, int, str | None]) -> None:
    key = event.key
    headers = (str(key.file_id), str(event.event_id), event.revision, event.kind)
    if (place.district, place.street) != (key.district, key.street) or told != headers:
        raise WrongEvent
