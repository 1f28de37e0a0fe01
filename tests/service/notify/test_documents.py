"""Receipts over a real database: numbered, encrypted, put on file once."""

import hashlib
from datetime import timedelta

import pytest

from services.notify.domain.facts import DocumentIssued, DocumentKind
from services.notify.usecases.document import DocumentNotIssued
from tests.service.notify.room import Room
from tests.unit.notify.matter_events import MatterEvents


async def test_a_receipt_is_issued_when_the_acceptance_the_envelope_and_the_item_are_here(room: Room) -> None:
    matter, documents = MatterEvents(), room.documents()
    issuer = room.issuer(documents)
    for event in (matter.submitted(), matter.accepted(), matter.envelope()):
        await room.receive(event)
        assert await issuer.round() == 0
    await room.receive(matter.item_published())
    assert await issuer.round() == 1
    assert await issuer.round() == 0
    (fact,) = await room.facts(matter.key)
    assert isinstance(fact, DocumentIssued) and fact.kind is DocumentKind.RECEIPT
    issued, pdf = await room.reader(documents).read(matter.key.scope, matter.application_id, DocumentKind.RECEIPT, "")
    assert issued == fact
    assert (hashlib.sha256(pdf).hexdigest(), len(pdf)) == (fact.sha256, fact.size)


async def test_receipts_of_one_batch_are_numbered_in_a_row(room: Room) -> None:
    matters = [MatterEvents() for _ in range(3)]
    for matter in matters:
        await room.receive(matter.submitted(), matter.accepted(), matter.envelope(), matter.item_published())
    room.clock.instant += timedelta(days=800)  # a year in which nothing else is numbered
    assert await room.issuer(room.documents()).round() == 3
    facts = [(await room.facts(matter.key))[0] for matter in matters]
    numbers = sorted(fact.document_number for fact in facts if isinstance(fact, DocumentIssued))
    assert numbers == [f"440105008〔2018〕受字第{n:06d}号" for n in (1, 2, 3)]


async def test_a_receipt_that_cannot_be_set_is_set_aside_and_the_others_go_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = MatterEvents(), MatterEvents(item={"name": "坏"})
    for matter in (good, bad):
        await room.receive(matter.submitted(), matter.accepted(), matter.envelope(), matter.item_published())
    real = room.typesetter.set_receipt

    def breaks(content: dict[str, object], mark: str) -> bytes:
        if content["item"] == "坏":
            raise ValueError("a page that cannot be set")
        return real(content, mark)

    monkeypatch.setattr(type(room.typesetter), "set_receipt", lambda _, content, mark: breaks(content, mark))
    issuer = room.issuer(room.documents())
    assert await issuer.round() == 2
    assert len(await room.facts(good.key)) == 1 and await room.facts(bad.key) == []
    assert await issuer.round() == 0


async def test_an_item_without_receipts_gets_none(room: Room) -> None:
    matter = MatterEvents(item={"receipt": False})
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope(), matter.item_published())
    documents = room.documents()
    assert await room.issuer(documents).round() == 0
    with pytest.raises(DocumentNotIssued):
        await room.reader(documents).read(matter.key.scope, matter.application_id, DocumentKind.RECEIPT, "")


async def test_a_document_that_was_never_issued_is_not_found_by_name(room: Room) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted())
    with pytest.raises(DocumentNotIssued, match="该文书尚未制发"):
        await room.reader(room.documents()).read(matter.key.scope, matter.application_id, DocumentKind.PROOF, "")
