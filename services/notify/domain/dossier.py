"""The dossier of one application: its documents, the ends of its messages, its delivery."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never
from uuid import UUID

from services.notify.domain.delivery.facts import DeliveryOpened, ResultDelivered
from services.notify.domain.delivery.state import UNDECIDED, Delivery
from services.notify.domain.document.facts import DocumentIssued, DocumentKind
from services.notify.domain.message.facts import MessageEnd, MessageFailed, MessageSent

Fact: TypeAlias = DocumentIssued | MessageSent | MessageFailed | DeliveryOpened | ResultDelivered
"""Every fact of a dossier: one class per member of the contract's oneof."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that the applicant was given, and the proof."""

    documents: Mapping[DocumentKind, DocumentIssued] = field(default_factory=dict)
    messages: Mapping[UUID, MessageEnd] = field(default_factory=dict)
    """The ends of messages by the id of the message."""
    delivery: Delivery = UNDECIDED


BLANK = Dossier()


def fold(dossier: Dossier, fact: Fact) -> Dossier:
    """The dossier after one more fact."""
    match fact:
        case DocumentIssued():
            return replace(dossier, documents={**dossier.documents, fact.kind: fact})
        case MessageSent() | MessageFailed():
            return replace(dossier, messages={**dossier.messages, fact.message_id: fact})
        case DeliveryOpened():
            return replace(dossier, delivery=replace(dossier.delivery, opened=fact))
        case ResultDelivered():
            return replace(dossier, delivery=replace(dossier.delivery, delivered=fact))
    assert_never(fact)
