"""Receipts over a real database: numbered, encrypted, put on file once."""

import asyncio
import hashlib
import time
from datetime import timedelta
from uuid import UUID

import pytest
from onewindow.catalogue.v1.catalogue_pb2 import ITEM_KIND_INSTANT
from onewindow.notify.v1 import notify_service_pb2 as pb

from chassis.event_store import StoreSettings, position_of
from chassis.refusals import NotYetHere, TooManyCalls
from chassis.rpc.identity.caller import Caller, set_caller
from law.desk import Machine
from protocol.query_codes import QueryCodeMissing, WrongQueryCode
from services.notify.adapters.document.storage import EncryptedDocuments
from services.notify.adapters.rpc import NotifyServicer
from services.notify.domain.facts import DocumentIssued, DocumentKind
from services.notify.usecases.document import (
    DocumentNotIssued,
    DocumentReader,
    DocumentSetAside,
    NoReceiptBeforeAcceptance,
    NoReceiptForItem,
)
from services.notify.usecases.matter import UnknownApplication
from tests.service.notify.room import Room
from tests.support.ledger import DISTRICT
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


async def asked(
    room: Room, matter: MatterEvents, kind: DocumentKind = DocumentKind.RECEIPT, after: str = ""
) -> tuple[DocumentIssued, bytes]:
    return await room.reader(room.documents()).read(matter.key.scope, matter.application_id, kind, after)


async def test_an_item_without_receipts_gets_none(room: Room) -> None:
    for item in ({"receipt": False}, {"kind": ITEM_KIND_INSTANT}):
        matter = MatterEvents(item=item)
        await room.receive(matter.submitted(), matter.accepted(), matter.envelope(), matter.item_published())
        assert await room.issuer(room.documents()).round() == 0
        with pytest.raises(NoReceiptForItem):
            await asked(room, matter)


async def test_without_an_acceptance_no_receipt_is_owed(room: Room) -> None:
    waiting, declined, unknown = MatterEvents(), MatterEvents(), MatterEvents()
    await room.receive(waiting.submitted())
    await room.receive(declined.submitted(), declined.declined())
    for matter in (waiting, declined):
        with pytest.raises(NoReceiptBeforeAcceptance):
            await asked(room, matter)
    with pytest.raises(UnknownApplication):
        await asked(room, unknown)


async def test_a_document_that_is_not_made_here_is_not_found_by_name(room: Room) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted())
    for kind in (
        DocumentKind.PROOF,
        DocumentKind.DECISION,
        DocumentKind.NON_ACCEPTANCE,
        DocumentKind.CORRECTION_NOTICE,
    ):
        with pytest.raises(DocumentNotIssued, match="不制发该种文书"):
            await asked(room, matter, kind)


async def test_a_receipt_that_is_owed_is_not_here_yet(room: Room) -> None:
    first, cased = MatterEvents(), MatterEvents()
    await room.receive(first.submitted(), first.accepted())  # its envelope and its item are still to come
    with pytest.raises(NotYetHere):
        await asked(room, first)
    await room.receive(cased.paused())  # a case alone: its acceptance is still to come
    with pytest.raises(NotYetHere):
        await asked(room, cased)
    await room.receive(cased.submitted())
    with pytest.raises(NotYetHere):
        await asked(room, cased)


async def test_a_receipt_is_awaited_like_the_position_of_its_acceptance(room: Room) -> None:
    matter, documents = MatterEvents(), room.documents()
    await room.receive(matter.submitted())
    accepted = matter.accepted()
    after = position_of("intake", matter.key, accepted.revision)
    reader = room.reader(documents)
    reading = asyncio.create_task(reader.read(matter.key.scope, matter.application_id, DocumentKind.RECEIPT, after))
    await room.receive(accepted, matter.item_published(), matter.envelope())
    assert await room.issuer(documents).round() == 1
    issued, pdf = await reading
    assert (hashlib.sha256(pdf).hexdigest(), issued.kind) == (issued.sha256, DocumentKind.RECEIPT)


async def test_a_receipt_that_does_not_come_in_time_is_not_here_yet(room: Room) -> None:
    matter = MatterEvents()
    accepted = (matter.submitted(), matter.accepted())
    await room.receive(*accepted)
    began = time.monotonic()
    with pytest.raises(NotYetHere) as refused:
        await asked(room, matter, after=position_of("intake", matter.key, accepted[-1].revision))
    assert time.monotonic() - began >= StoreSettings().after_limit
    assert refused.value.retry_after is not None


async def test_a_receipt_that_was_set_aside_waits_for_a_member_of_staff(room: Room) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted())
    await room.rows("update document_task set set_aside = true where application_id = $1", matter.application_id)
    with pytest.raises(DocumentSetAside) as refused:
        await asked(room, matter)
    assert refused.value.retry_after is None


PORTAL = Caller(
    "spiffe://onewindow.local/portal", True, frozenset(), DISTRICT, "*", "DISTRICT", system=Machine.PORTAL.value
)
RIGHT, WRONG = "ABCD2345", "ABCD2346"
STANDINGS = ["no receipt yet", "set aside", "before acceptance", "issued"]


async def standing(room: Room, documents: EncryptedDocuments, name: str) -> MatterEvents:
    """A matter whose receipt stands so, with its envelope received."""
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.envelope())
    if name != "before acceptance":
        await room.receive(matter.accepted())
    if name in ("issued", "set aside"):
        await room.receive(matter.item_published())
        assert await room.issuer(documents).round() == 1
    return matter


async def portal_reads(room: Room, documents: EncryptedDocuments, matter: MatterEvents, code: str) -> bytes:
    """The receipt as the portal asks for it."""
    access = room.matters
    servicer = NotifyServicer(access, DocumentReader(access, room.dossiers, documents), room.desk)
    set_caller(PORTAL)
    of = str(matter.application_id)
    request = pb.GetDocumentRequest(application_id=of, kind=DocumentKind.RECEIPT.value, query_code=code)  # type: ignore[arg-type] # the numbers are the contract's
    return bytes((await servicer.GetDocument(request, None)).pdf)


@pytest.mark.parametrize("name", STANDINGS)
async def test_the_portal_is_told_nothing_of_a_matter_without_its_code(
    room: Room, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = room.documents()
    if name == "set aside":
        monkeypatch.setattr(room.typesetter, "set_receipt", lambda *_: 1 / 0)
    matter = await standing(room, documents, name)
    with pytest.raises(QueryCodeMissing):
        await portal_reads(room, documents, matter, "")
    with pytest.raises(WrongQueryCode):
        await portal_reads(room, documents, matter, WRONG)
    told = {
        "no receipt yet": NotYetHere,
        "set aside": DocumentSetAside,
        "before acceptance": NoReceiptBeforeAcceptance,
    }
    if name == "issued":
        assert (await portal_reads(room, documents, matter, RIGHT.lower())).startswith(b"%PDF-")
    else:
        with pytest.raises(told[name]):
            await portal_reads(room, documents, matter, RIGHT)


async def test_a_right_code_is_no_wrong_one_while_its_envelope_is_on_its_way(room: Room) -> None:
    matter, documents = MatterEvents(), room.documents()
    await room.receive(matter.submitted(), matter.accepted())
    for _ in range(12):  # more than wrong codes are allowed
        with pytest.raises(NotYetHere):
            await portal_reads(room, documents, matter, RIGHT)
        with pytest.raises(WrongQueryCode):
            await portal_reads(room, documents, MatterEvents(application_id=UUID(int=7)), WRONG)
    await room.receive(matter.envelope(), matter.item_published())
    assert await room.issuer(documents).round() == 1
    assert (await portal_reads(room, documents, matter, RIGHT)).startswith(b"%PDF-")


async def test_only_codes_that_differ_count_until_no_more_are_taken(room: Room) -> None:
    documents = room.documents()
    matter = await standing(room, documents, "issued")
    for _ in range(30):
        await portal_reads(room, documents, matter, RIGHT)
    for _ in range(10):
        with pytest.raises(WrongQueryCode):
            await portal_reads(room, documents, matter, WRONG)
    with pytest.raises(TooManyCalls):
        await portal_reads(room, documents, matter, RIGHT)
