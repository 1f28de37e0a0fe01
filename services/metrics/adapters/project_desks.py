"""Projection of approval's facts (matters by the street's leg alone, cards of every leg) and of notify's deliveries."""

from collections.abc import Callable, Mapping
from typing import TypeAlias
from uuid import UUID

from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent, Outcome, Term
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.event_store import FileKey
from protocol.identifiers import is_street_leg
from services.metrics.adapters.projector import Row, RowBatch

Projection: TypeAlias = Callable[[RowBatch, FileKey, ApprovalEvent], None]

_NOT_CLOSED: Row = {"desk_closed_on": None, "desk_outcome": None, "desk_on_time": None, "desk_early": None}
_OUTCOMES = {Outcome.OUTCOME_GRANTED: "granted", Outcome.OUTCOME_REFUSED: "refused"}


def _of_matter(columns: Callable[[ApprovalEvent], Row]) -> Projection:
    def project(batch: RowBatch, key: FileKey, event: ApprovalEvent) -> None:
        if is_street_leg(key.file_id, UUID(event.application_id)):
            batch.matter(key, event.application_id, columns(event))

    return project


def _opened(event: ApprovalEvent) -> Row:
    return {"case_id": event.case_id, "desk_stage": "open", **_NOT_CLOSED, **_term(event.case_opened.term)}


def _extended(event: ApprovalEvent) -> Row:
    fact = event.term_extended
    unit = fact.term.ledger.extension_unit
    days = {"extension_days": fact.days or None, "extension_unit": unit or None}
    return {"extended_on": event.occurred_on, **days, **_term(fact.term)}


def _paused(event: ApprovalEvent) -> Row:
    fact = event.term_paused
    procedure: Row = {"kind": fact.kind.code, "name": fact.kind.name}
    if fact.HasField("expected"):
        expected = {"expected_on": fact.expected.on, "overdue_on": fact.expected.overdue_on}
        procedure |= {**expected, "provisional": fact.expected.provisional}
    begun = {str(event.revision): ["paused", fact.paused_on, procedure]}
    return {"paused": True, "paused_on": fact.paused_on, "procedures": begun}


def _resumed(event: ApprovalEvent) -> Row:
    """The end counts on the day that it names, whenever it is reported."""
    fact = event.term_resumed
    on = fact.resumed_on or event.occurred_on
    ended = {str(event.revision): ["resumed", on, {"name": fact.kind.name}]}
    return {"paused": False, "resumed_on": on, "procedures": ended, **_term(fact.term)}


def _referred(event: ApprovalEvent) -> Row:
    fact = event.case_referred
    columns: Row = {"referred_on": event.occurred_on, **_one_of_several(event, "referred", event.occurred_on)}
    return columns | _closed(event, "referred", (fact.on_time, fact.early)) if fact.closes else columns


def _returned(event: ApprovalEvent) -> Row:
    on = event.case_returned.returned_on or event.occurred_on
    columns: Row = {"returned_on": on, **_one_of_several(event, "returned", on)}
    if event.case_returned.HasField("term"):
        columns |= {"paused": False, **_term(event.case_returned.term)}
    return columns | {"desk_stage": "reopened", **_NOT_CLOSED}


def _one_of_several(event: ApprovalEvent, what: str, on: str) -> Row:
    """A matter can be referred and returned more than once; all are kept, by the revision of the street's leg."""
    return {"referrals": {str(event.revision): [what, on]}}


def _district_decided(event: ApprovalEvent) -> Row:
    fact = event.district_decided
    outcome = _OUTCOMES.get(fact.outcome)
    columns: Row = {"district_decided_on": fact.decided_on or event.occurred_on, "district_outcome": outcome}
    if not fact.closes:
        return columns
    closed = _closed(event, outcome, (fact.on_time, fact.early))
    # A report that comes late counts in the period of the decision, not in that of its recording.
    return columns | closed | {"desk_closed_on": fact.closed_on or event.occurred_on}


def _decided(event: ApprovalEvent) -> Row:
    fact = event.case_decided
    return _closed(event, _OUTCOMES.get(fact.outcome), (fact.on_time, fact.early))


def _withdrawn(event: ApprovalEvent) -> Row:
    return _closed(event, "withdrawn", (None, None))


def _closed(event: ApprovalEvent, outcome: str | None, judged: tuple[bool | None, bool | None]) -> Row:
    on_time, early = judged
    return {
        "desk_stage": "closed",
        "desk_closed_on": event.occurred_on,
        "desk_outcome": outcome,
        "desk_on_time": on_time,
        "desk_early": early,
    }


def _term(term: Term) -> Row:
    return {
        "term_promised_due_on": term.promised_due_on or None,
        "term_legal_due_on": term.legal_due_on or None,
        "term_provisional": term.provisional,
        "warn_on": term.warn_on or None,
        "yellow_on": term.yellow_on or None,
        "red_on": term.red_on or None,
    }


def _card(batch: RowBatch, key: FileKey, event: ApprovalEvent) -> None:
    fact = event.card_issued
    card = {"district": key.district, "street": key.street, "case_id": event.case_id, "level": fact.level}
    columns = {
        "application_id": event.application_id,
        "issued_on": event.occurred_on,
        "due_on": fact.due_on or None,
        "revision": event.revision,
    }
    batch.set("card", card, columns)


def _acknowledged(_batch: RowBatch, _key: FileKey, _event: ApprovalEvent) -> None:
    """Nothing of the matter itself: the district's leg has rows of its cards alone."""


def _voiding(kind: str, project: Projection) -> Projection:
    """The projection of a fact that names cards which no figure counts any more, of any leg."""

    def projected(batch: RowBatch, key: FileKey, event: ApprovalEvent) -> None:
        project(batch, key, event)
        for level in getattr(event, kind).void_cards:
            card = {"district": key.district, "street": key.street, "case_id": event.case_id, "level": level}
            batch.set("void_card", card, {"void_on": event.occurred_on, "revision": event.revision})

    return projected


PROJECTIONS: Mapping[str, Projection] = {
    "case_opened": _of_matter(_opened),
    "term_paused": _of_matter(_paused),
    "case_referred": _of_matter(_referred),
    "case_decided": _of_matter(_decided),
    "card_issued": _card,
    **{
        kind: _voiding(kind, project)
        for kind, project in (
            ("handoff_acknowledged", _acknowledged),
            ("term_extended", _of_matter(_extended)),
            ("term_resumed", _of_matter(_resumed)),
            ("case_returned", _of_matter(_returned)),
            ("district_decided", _of_matter(_district_decided)),
            ("case_withdrawn", _of_matter(_withdrawn)),
            ("term_recounted", _of_matter(lambda event: _term(event.term_recounted.term))),
        )
    },
}
"""By kind of fact; every other kind is received and counted, and no figure follows from it."""


DossierProjection: TypeAlias = Callable[[RowBatch, FileKey, NotifyEvent], None]


def _delivery_opened(batch: RowBatch, key: FileKey, event: NotifyEvent) -> None:
    deliver_by = event.delivery_opened.deliver_by or None
    batch.matter(key, event.application_id, {"delivery_opened_on": event.occurred_on, "deliver_by": deliver_by})


def _delivered(batch: RowBatch, key: FileKey, event: NotifyEvent) -> None:
    on_time = event.result_delivered.on_time
    batch.matter(key, event.application_id, {"delivered_on": event.occurred_on, "delivered_on_time": on_time})


def _delivery_recounted(batch: RowBatch, key: FileKey, event: NotifyEvent) -> None:
    batch.matter(key, event.application_id, {"deliver_by": event.delivery_recounted.deliver_by})


DELIVERIES: Mapping[str, DossierProjection] = {
    "delivery_opened": _delivery_opened,
    "delivery_recounted": _delivery_recounted,
    "result_delivered": _delivered,
}
"""By kind of fact; every other kind is received and counted, and no figure follows from it."""
