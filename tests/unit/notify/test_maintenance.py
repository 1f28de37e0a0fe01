"""The audit of notify: the document that a fact names, and no other content."""

from onewindow.notify.v1 import notify_event_pb2 as wire

from chassis.outbox.day_closer import DAY_CLOSED
from services.notify.adapters.maintenance import AUDITED, expected_by


def test_an_issued_document_is_expected_under_its_digest() -> None:
    fact = wire.DocumentIssued(kind=wire.DOCUMENT_KIND_RECEIPT, sha256="ab", size=7)
    (expected,) = expected_by("document_issued", fact)
    assert (expected.text, expected.blob, expected.size, expected.sha256) == ("applicant", "receipt-ab.pdf", 7, "ab")


def test_other_facts_name_no_content() -> None:
    assert expected_by("notice_sent", wire.MessageSent()) == []


def test_a_dossier_may_begin_with_every_kind_of_fact() -> None:
    (projection,) = AUDITED.projections
    kinds = {field.name for field in wire.NotifyEvent.DESCRIPTOR.oneofs_by_name["fact"].fields}
    assert set(projection.begins) == kinds - {DAY_CLOSED}
