"""Facts of a dossier and the events of the contract: one fact, one event, nothing lost either way.

Messages are stored and published as `notice_sent` and `notice_failed`, the names that every release understands.
"""

from collections.abc import Mapping
from datetime import date
from typing import assert_never
from uuid import UUID

from google.protobuf.message import Message
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.notify.v1 import notify_event_pb2 as wire
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.event_store import EventMeta, FileKey
from chassis.event_store.dataclass_proto import to_dataclass, to_message
from protocol.requests import actor_message
from protocol.streams import NOTIFY
from services.notify.domain import dossier
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import (
    DecisionOffered,
    DeliveryOpened,
    DeliveryRecounted,
    DeliveryWay,
    DocumentIssued,
    DocumentKind,
    Fact,
    MessageFailed,
    MessageSent,
    OfferWay,
    ResultDelivered,
    UnsentReason,
)

_KINDS: dict[type[Fact], str] = {
    DocumentIssued: "document_issued",
    MessageSent: "notice_sent",
    MessageFailed: "notice_failed",
    DeliveryOpened: "delivery_opened",
    DeliveryRecounted: "delivery_recounted",
    ResultDelivered: "result_delivered",
    DecisionOffered: "decision_offered",
}


class DossierCodec:
    """Encodes and decodes the facts of a dossier as NotifyEvent."""

    source = NOTIFY

    def blank(self) -> Dossier:
        """A dossier before its first fact."""
        return dossier.BLANK

    def fold(self, state: Dossier, fact: Fact) -> Dossier:
        """The dossier after one more fact."""
        return dossier.fold(state, fact)

    def decode(self, body: bytes) -> Fact:
        """The fact inside a serialised event. Raises ValueError for a kind that this version does not know."""
        return fact_of(NotifyEvent.FromString(body))

    def encode(self, meta: EventMeta, fact: Fact) -> bytes:
        """The serialised event of a fact."""
        event = NotifyEvent(
            event_id=str(meta.event_id),
            application_id=str(meta.key.file_id),
            revision=meta.revision,
            place=Place(district=meta.key.district, street=meta.key.street),
            occurred_on=fact.occurred_on.isoformat(),
            actor=actor_message(meta.actor),
        )
        event.recorded_at.FromDatetime(meta.recorded_at)
        getattr(event, self.kind(fact)).CopyFrom(_message(fact))
        return event.SerializeToString()

    def kind(self, fact: Fact) -> str:
        """The field of the event's oneof."""
        return _KINDS[type(fact)]

    def projection(self, key: FileKey, revision: int, state: Dossier) -> Mapping[str, object] | None:
        """The row of the dossier and one for each of its documents."""
        place: dict[str, object] = {
            "district": key.district,
            "street": key.street,
            "application_id": key.file_id,
        }
        documents = [place | _document_row(document) for document in state.documents.values()]
        return {"dossier": place | {"revision": revision} | _delivery_row(state), "document": documents}


def fact_of(event: NotifyEvent) -> Fact:
    """The fact inside an event. Raises ValueError for a kind that this version does not know."""
    on = date.fromisoformat(event.occurred_on)
    match event.WhichOneof("fact"):
        case "document_issued":
            issued = event.document_issued
            kind = DocumentKind(issued.kind)
            return DocumentIssued(on, kind, issued.document_number, issued.sha256, issued.size, issued.template_version)
        case "notice_sent":
            sent = event.notice_sent
            message_id = UUID(sent.message_id)
            return MessageSent(
                on, message_id, sent.template, sent.template_version, sent.text_digest, sent.gateway_id, sent.tries
            )
        case "notice_failed":
            failed = event.notice_failed
            return MessageFailed(
                on, UUID(failed.message_id), failed.template, UnsentReason(failed.reason), failed.tries
            )
        case "delivery_opened":
            opened = event.delivery_opened
            deliver_by = date.fromisoformat(opened.deliver_by)
            return DeliveryOpened(
                on, opened.number, opened.outcome, deliver_by, opened.provisional, opened.calendar_version
            )
        case "delivery_recounted":
            return to_dataclass(event.delivery_recounted, DeliveryRecounted, {"occurred_on": on})
        case "result_delivered":
            given = event.result_delivered
            way = DeliveryWay(given.way)
            first_on = date.fromisoformat(given.offered_on) if given.offered_on else None
            return ResultDelivered(
                on, way, given.in_person, given.receiver_index, given.window, given.on_time, first_on
            )
        case "decision_offered":
            offered = event.decision_offered
            return DecisionOffered(on, OfferWay(offered.way), offered.on_time)
        case unknown:
            raise ValueError(f"an event without a known fact: {unknown}")


def _message(fact: Fact) -> Message:
    match fact:
        case DocumentIssued():
            return wire.DocumentIssued(
                kind=fact.kind.value,  # type: ignore[arg-type] # the numbers are the contract's
                document_number=fact.document_number,
                sha256=fact.sha256,
                size=fact.size,
                template_version=fact.template_version,
            )
        case MessageSent():
            return wire.MessageSent(
                message_id=str(fact.message_id),
                template=fact.template,
                template_version=fact.template_version,
                text_digest=fact.text_digest,
                gateway_id=fact.gateway_id,
                tries=fact.tries,
            )
        case MessageFailed():
            return wire.MessageFailed(
                message_id=str(fact.message_id), template=fact.template, reason=fact.reason.value, tries=fact.tries
            )
        case DeliveryOpened():
            return wire.DeliveryOpened(
                number=fact.number,
                outcome=fact.outcome,
                deliver_by=fact.deliver_by.isoformat(),
                provisional=fact.provisional,
                calendar_version=fact.calendar_version,
            )
        case DeliveryRecounted():
            return to_message(fact, wire.DeliveryRecounted, frozenset({"occurred_on"}))
        case ResultDelivered():
            return wire.ResultDelivered(
                way=fact.way.value,  # type: ignore[arg-type] # the numbers are the contract's
                in_person=fact.in_person,
                receiver_index=fact.receiver_index,
                window=fact.window,
                on_time=fact.on_time,
                offered_on=fact.offered_on.isoformat() if fact.offered_on else "",
            )
        case DecisionOffered():
            return wire.DecisionOffered(
                way=fact.way.value,  # type: ignore[arg-type] # the numbers are the contract's
                on_time=fact.on_time,
            )
    assert_never(fact)


def _document_row(document: DocumentIssued) -> dict[str, object]:
    return {
        "kind": document.kind.value,
        "document_number": document.document_number,
        "issued_on": document.occurred_on,
        "sha256": document.sha256,
        "size": document.size,
        "template_version": document.template_version,
    }


def _delivery_row(state: Dossier) -> dict[str, object]:
    row: dict[str, object] = {}
    if (opened := state.delivery.opened) is not None:
        row |= {
            "number": opened.number,
            "outcome": opened.outcome,
            "opened_on": opened.occurred_on,
            "deliver_by": opened.deliver_by,
            "provisional": opened.provisional,
            "calendar_version": opened.calendar_version or None,
        }
    if (given := state.delivery.delivered) is not None:
        row |= {"delivered_on": given.occurred_on, "way": given.way.value, "on_time": given.on_time}
    if state.delivery.offered_on is not None:
        row["offered_on"] = state.delivery.offered_on
    return row
