"""Receipts over a real database: numbered, encrypted, put on file once."""

import asyncio
import hashlib
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from onewindow.catalogue.v1.catalogue_pb2 import ITEM_KIND_INSTANT
from onewindow.notify.v1 import notify_service_pb2 as pb

from chassis.event_store import Append, FileKey, StoreSettings, position_of
from chassis.refusals import NotFound, NotYetHere, Refusal, TooManyCalls
from chassis.rpc.identity.caller import Caller, set_caller
from law.desk import Machine
from protocol.query_codes import QueryCodeMissing, WrongQueryCode
from services.notify.adapters.document.storage import EncryptedDocuments
from services.notify.adapters.rpc import NotifyServicer
from services.notify.domain.facts import DocumentIssued, DocumentKind
from services.notify.ports import DetailsErased
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
from tests.unit.notify.matter_events import CODE, MatterEvents


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
RIGHT, WRONG = CODE, "ABCD2346"
STANDINGS: dict[str, type[Refusal] | None] = {
    "no receipt yet": NotYetHere,
    "its envelope on the way": NotYetHere,
    "set aside": DocumentSetAside,
    "before acceptance": NoReceiptBeforeAcceptance,
    "issued": None,
    "instant": NoReceiptForItem,
    "neither receipt nor messages": NoReceiptForItem,
    "erased before its receipt": DetailsErased,
    "erased after its receipt": DetailsErased,
}
"""How a receipt stands, and the refusal that a reader of it gets."""
UNSEALED: dict[str, dict[str, Any]] = {
    "instant": {"kind": ITEM_KIND_INSTANT},
    "neither receipt nor messages": {"receipt": False, "sms": False},
    "its envelope on the way": {},
}
"""Matters without an envelope: of the first two intake seals none."""


async def standing(room: Room, documents: EncryptedDocuments, name: str) -> MatterEvents:
    """A matter whose receipt stands so."""
    matter = MatterEvents(item=UNSEALED.get(name, {}))
    await room.receive(matter.submitted(), *([] if name in UNSEALED else [matter.envelope()]))
    if name != "before acceptance":
        await room.receive(matter.accepted())
    if name in ("issued", "set aside", "erased after its receipt"):
        await room.receive(matter.item_published())
        assert await room.issuer(documents).round() == 1
    if name.startswith("erased"):
        loaded = await room.dossiers.store.load(matter.key, None)
        erased = Append(matter.key, loaded.revision, loaded.head, [], erase=True)
        await room.dossiers.store.append(erased, room.clock.now())
    return matter


async def desk_reads(room: Room, documents: EncryptedDocuments, matter: MatterEvents, after: str = "") -> bytes:
    """The receipt as a clerk asks for it."""
    _, pdf = await room.reader(documents).read(matter.key.scope, matter.application_id, DocumentKind.RECEIPT, after)
    return pdf


async def portal_reads(
    room: Room, documents: EncryptedDocuments, matter: MatterEvents, code: str, after: str = ""
) -> bytes:
    """The receipt as the portal asks for it."""
    access = room.matters
    servicer = NotifyServicer(access, DocumentReader(access, room.dossiers, documents), room.desk, room.proofs)
    set_caller(PORTAL)
    of = str(matter.application_id)
    request = pb.GetDocumentRequest(
        application_id=of,
        kind=DocumentKind.RECEIPT.value,  # type: ignore[arg-type] # the numbers are the contract's
        query_code=code,
        after=after,
    )
    return bytes((await servicer.GetDocument(request, None)).pdf)


@pytest.mark.parametrize("name", STANDINGS)
async def test_each_standing_of_a_receipt_has_one_answer_for_who_proves_the_matter_and_none_for_others(
    room: Room, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents, told = room.documents(), STANDINGS[name]
    if name == "set aside":
        monkeypatch.setattr(room.typesetter, "set_receipt", lambda *_: 1 / 0)
    matter = await standing(room, documents, name)
    with pytest.raises(QueryCodeMissing):
        await portal_reads(room, documents, matter, "")
    for of in (matter, MatterEvents()):
        with pytest.raises(WrongQueryCode) as refused:
            await portal_reads(room, documents, of, WRONG)
        assert refused.value.retry_after is None
    for reading in (portal_reads(room, documents, matter, RIGHT.lower()), desk_reads(room, documents, matter)):
        if told is None:
            assert (await reading).startswith(b"%PDF-")
            continue
        with pytest.raises(told) as ended:
            await reading
        assert (ended.value.retry_after is not None) is (told is NotYetHere)


@pytest.mark.parametrize("name", [name for name, told in STANDINGS.items() if told is not NotYetHere])
async def test_nobody_waits_for_a_receipt_that_does_not_come(
    room: Room, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = room.documents()
    if name == "set aside":
        monkeypatch.setattr(room.typesetter, "set_receipt", lambda *_: 1 / 0)
    matter = await standing(room, documents, name)
    after = position_of("intake", matter.key, 1)
    readings = [portal_reads(room, documents, matter, code, after) for code in (RIGHT, WRONG)]
    began = time.monotonic()
    for reading in (*readings, desk_reads(room, documents, matter, after)):
        with suppress(NotFound, DocumentSetAside):
            await reading
    assert time.monotonic() - began < StoreSettings().after_limit


async def test_a_code_is_proved_once_its_submission_is_here_and_awaited_until_then(room: Room) -> None:
    matter, documents = MatterEvents(), room.documents()
    await room.receive(matter.paused())  # a case alone, reported by approval
    for _ in range(12):  # more than wrong codes are allowed
        for code in (RIGHT, WRONG):
            with pytest.raises(NotYetHere):
                await portal_reads(room, documents, matter, code)
    submitted, heard = matter.submitted(), position_of("approval", FileKey(DISTRICT, matter.street, matter.case_id), 1)
    reading = asyncio.create_task(portal_reads(room, documents, matter, RIGHT, heard))
    await room.receive(submitted, matter.accepted(), matter.envelope(), matter.item_published())
    assert await room.issuer(documents).round() == 1
    assert (await reading).startswith(b"%PDF-")


async def test_an_unknown_matter_is_counted_as_one_with_a_wrong_code(room: Room) -> None:
    documents, unknown = room.documents(), MatterEvents()
    for _ in range(10):
        with pytest.raises(WrongQueryCode):
            await portal_reads(room, documents, unknown, WRONG)
    with pytest.raises(TooManyCalls):
        await portal_reads(room, documents, unknown, WRONG)


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
