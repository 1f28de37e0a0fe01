"""Receipts over a real database: numbered, closed, put on file once."""

import hashlib
from datetime import timedelta

import pytest

from services.notify.domain.facts import DocumentIssued
from services.notify.domain.words import DocumentKind
from services.notify.usecases.asking import DocumentNotIssued
from tests.service.notify.room import Room
from tests.unit.notify.happenings import Happenings


async def test_a_receipt_is_issued_when_the_acceptance_the_envelope_and_the_item_are_here(room: Room) -> None:
    matter, documents = Happenings(), room.documents()
    issuing = room.issuing(documents)
    for event in (matter.submitted(), matter.accepted(), matter.envelope()):
        await room.hear(event)
        assert await issuing.round() == 0
    await room.hear(matter.item_published())
    assert await issuing.round() == 1
    assert await issuing.round() == 0
    (fact,) = await room.facts(matter.key)
    assert isinstance(fact, DocumentIssued) and fact.kind is DocumentKind.RECEIPT
    issued, pdf = await room.asking(documents).document(
        matter.key.scope, matter.application_id, DocumentKind.RECEIPT, ""
    )
    assert issued == fact
    assert (hashlib.sha256(pdf).hexdigest(), len(pdf)) == (fact.sha256, fact.size)


async def test_receipts_of_one_batch_are_numbered_in_a_row(room: Room) -> None:
    matters = [Happenings() for _ in range(3)]
    for matter in matters:
        await room.hear(matter.submitted(), matter.accepted(), matter.envelope(), matter.item_published())
    room.clock.instant += timedelta(days=800)  # a year in which nothing else is numbered
    assert await room.issuing(room.documents()).round() == 3
    facts = [(await room.facts(matter.key))[0] for matter in matters]
    numbers = sorted(fact.document_number for fact in facts if isinstance(fact, DocumentIssued))
    assert numbers == [f"440105008〔2018〕受字第{n:06d}号" for n in (1, 2, 3)]


async def test_a_receipt_that_cannot_be_set_is_set_aside_and_the_others_go_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = Happenings(), Happenings(item={"name": "坏"})
    for matter in (good, bad):
        await room.hear(matter.submitted(), matter.accepted(), matter.envelope(), matter.item_published())
    real = room.typesetter.set_receipt

    def breaks(content: dict[str, object], mark: str) -> bytes:
        if content["item"] == "坏":
            raise ValueError("a page that cannot be set")
        return real(content, mark)

    monkeypatch.setattr(type(room.typesetter), "set_receipt", lambda _, content, mark: breaks(content, mark))
    issuing = room.issuing(room.documents())
    assert await issuing.round() == 2
    assert len(await room.facts(good.key)) == 1 and await room.facts(bad.key) == []
    assert await issuing.round() == 0


async def test_an_item_without_receipts_gets_none(room: Room) -> None:
    matter = Happenings(item={"receipt": False})
    await room.hear(matter.submitted(), matter.accepted(), matter.envelope(), matter.item_published())
    documents = room.documents()
    assert await room.issuing(documents).round() == 0
    with pytest.raises(DocumentNotIssued):
        await room.asking(documents).document(matter.key.scope, matter.application_id, DocumentKind.RECEIPT, "")


async def test_a_document_that_was_never_issued_is_not_found_by_name(room: Room) -> None:
    matter = Happenings()
    await room.hear(matter.submitted())
    with pytest.raises(DocumentNotIssued, match="该文书尚未制发"):
        await room.asking(room.documents()).document(matter.key.scope, matter.application_id, DocumentKind.PROOF, "")
