"""The dossier of one application as it stands: documents, messages, delivery; and whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from services.notify.domain.facts import (
    DeliveryOpened,
    DocumentIssued,
    Fact,
    NoticeFailed,
    NoticeSent,
    ResultDelivered,
)
from services.notify.domain.words import DocumentKind


class Stage(StrEnum):
    """How far the delivery is; `stages` says what still works in each."""

    UNDECIDED = "未办结"
    READY = "待领取"
    DELIVERED = "已送达"


@dataclass(frozen=True, slots=True)
class Dossier:
    """What was told to the applicant, and the proof."""

    documents: Mapping[DocumentKind, DocumentIssued] = field(default_factory=dict)
    notices: Mapping[UUID, NoticeSent | NoticeFailed] = field(default_factory=dict)
    """Messages that came to an end, by our id of them."""
    delivery: DeliveryOpened | None = None
    delivered: ResultDelivered | None = None

    @property
    def stage(self) -> Stage:
        """How far the delivery is."""
        if self.delivered is not None:
            return Stage.DELIVERED
        return Stage.UNDECIDED if self.delivery is None else Stage.READY


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose matter it is, as the envelope tells it; kept in the vault alone."""

    name: str
    identity_masked: str
    """The identity number as documents may show it; notify never has the whole."""
    phone: str
    query_code: str


BLANK = Dossier()


def fold(dossier: Dossier, fact: Fact) -> Dossier:
    """The dossier after one more fact."""
    match fact:
        case DocumentIssued():
            return replace(dossier, documents={**dossier.documents, fact.kind: fact})
        case NoticeSent() | NoticeFailed():
            return replace(dossier, notices={**dossier.notices, fact.notice_id: fact})
        case DeliveryOpened():
            return replace(dossier, delivery=fact)
        case ResultDelivered():
            return replace(dossier, delivered=fact)
    assert_never(fact)
