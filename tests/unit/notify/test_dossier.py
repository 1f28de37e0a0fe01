"""The dossier: its facts folded, each document and each message once."""

from datetime import date
from uuid import uuid4

from services.notify.domain.dossier import BLANK, DeliveryStage, fold
from services.notify.domain.facts import (
    DeliveryOpened,
    DeliveryWay,
    DocumentIssued,
    DocumentKind,
    MessageFailed,
    MessageSent,
    ResultDelivered,
    UnsentReason,
)
from services.notify.domain.message.state import end_message

DAY = date(2016, 3, 1)
RECEIPT = DocumentIssued(DAY, DocumentKind.RECEIPT, "1", "ab", 1, "1")
PROOF = DocumentIssued(DAY, DocumentKind.PROOF, "2", "cd", 1, "1")
SENT = MessageSent(DAY, uuid4(), "N01", "1", "ff", "G1", 1)
FAILED = MessageFailed(DAY, uuid4(), "N07", UnsentReason.NO_PHONE, 1)
OPENED = DeliveryOpened(DAY, "N", "granted", date(2016, 3, 15), False)
DELIVERED = ResultDelivered(DAY, DeliveryWay.PICK_UP, True, "aa", "W1", True)


def test_a_blank_dossier_has_nothing() -> None:
    assert (BLANK.documents, BLANK.messages, BLANK.delivery.stage) == ({}, {}, DeliveryStage.UNDECIDED)


def test_documents_stand_by_their_kind() -> None:
    dossier = fold(fold(BLANK, RECEIPT), PROOF)
    assert dossier.documents == {DocumentKind.RECEIPT: RECEIPT, DocumentKind.PROOF: PROOF}


def test_ends_of_messages_stand_by_the_id_of_the_message() -> None:
    dossier = fold(fold(BLANK, SENT), FAILED)
    assert dossier.messages == {SENT.message_id: SENT, FAILED.message_id: FAILED}


def test_a_delivery_opens_and_ends() -> None:
    opened = fold(BLANK, OPENED)
    delivered = fold(opened, DELIVERED)
    assert (opened.delivery.stage, delivered.delivery.stage) == (DeliveryStage.READY, DeliveryStage.DELIVERED)
    assert (delivered.delivery.opened, delivered.delivery.delivered) == (OPENED, DELIVERED)


def test_facts_of_different_kinds_leave_each_other_alone() -> None:
    dossier = BLANK
    for fact in (RECEIPT, SENT, OPENED, FAILED, DELIVERED):
        dossier = fold(dossier, fact)
    assert len(dossier.documents) == 1 and len(dossier.messages) == 2
    assert dossier.delivery.delivered == DELIVERED


def test_a_message_ends_once() -> None:
    assert end_message({}, SENT) == [SENT]
    assert end_message({SENT.message_id: SENT}, SENT) == []


def test_a_second_end_of_another_kind_changes_nothing() -> None:
    later = MessageFailed(DAY, SENT.message_id, "N01", UnsentReason.GAVE_UP, 5)
    assert end_message({SENT.message_id: SENT}, later) == []


def test_messages_of_one_dossier_end_apart() -> None:
    assert end_message({SENT.message_id: SENT}, FAILED) == [FAILED]
