"""The dossier of one application: its documents, the ends of its messages, its delivery."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from services.notify.domain.facts import (
    DecisionOffered,
    DeliveryOpened,
    DeliveryRecounted,
    DocumentIssued,
    DocumentKind,
    Fact,
    MessageCode,
    MessageEnd,
    MessageFailed,
    MessageSent,
    ResultDelivered,
)


class DeliveryStage(StrEnum):
    """The stage of a delivery."""

    UNDECIDED = "未办结"
    READY = "待领取"
    DELIVERED = "已送达"


@dataclass(frozen=True, slots=True)
class DecisionDelivery:
    """The delivery of one decision: opened, then delivered."""

    opened: DeliveryOpened | None = None
    delivered: ResultDelivered | None = None
    offered_on: date | None = None
    """Day of the first offer: the message that the result is ready, a call, the post."""

    @property
    def stage(self) -> DeliveryStage:
        """The stage that its facts have reached."""
        if self.delivered is not None:
            return DeliveryStage.DELIVERED
        return DeliveryStage.UNDECIDED if self.opened is None else DeliveryStage.READY


UNDECIDED = DecisionDelivery()
"""The delivery of a matter without a decision."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that the applicant was given, and the proof."""

    documents: Mapping[DocumentKind, DocumentIssued] = field(default_factory=dict)
    messages: Mapping[UUID, MessageEnd] = field(default_factory=dict)
    """The ends of messages by the id of the message."""
    delivery: DecisionDelivery = UNDECIDED


BLANK = Dossier()


def fold(dossier: Dossier, fact: Fact) -> Dossier:
    """The dossier after one more fact."""
    match fact:
        case DocumentIssued():
            return replace(dossier, documents={**dossier.documents, fact.kind: fact})
        case MessageSent() if fact.template == MessageCode.DECIDED:
            return replace(_offered(dossier, fact.occurred_on), messages={**dossier.messages, fact.message_id: fact})
        case MessageSent() | MessageFailed():
            return replace(dossier, messages={**dossier.messages, fact.message_id: fact})
        case DecisionOffered():
            return _offered(dossier, fact.occurred_on)
        case DeliveryOpened():
            return replace(dossier, delivery=replace(dossier.delivery, opened=fact))
        case DeliveryRecounted():
            return replace(dossier, delivery=_recounted(dossier.delivery, fact))
        case ResultDelivered():
            return replace(dossier, delivery=replace(dossier.delivery, delivered=fact))
    assert_never(fact)


def _offered(dossier: Dossier, on: date) -> Dossier:
    """The first offer counts, whatever follows it."""
    if dossier.delivery.offered_on is not None:
        return dossier
    return replace(dossier, delivery=replace(dossier.delivery, offered_on=on))


def _recounted(delivery: DecisionDelivery, fact: DeliveryRecounted) -> DecisionDelivery:
    if delivery.opened is None:
        return delivery
    version = fact.cause.calendar_version
    moved = replace(delivery.opened, deliver_by=fact.deliver_by, provisional=fact.provisional, calendar_version=version)
    return replace(delivery, opened=moved)
