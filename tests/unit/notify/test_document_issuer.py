"""A round of documents: numbered in a row, stored under their digests, put on file; a fault stops no other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import pytest

from chassis.event_store import FileKey
from chassis.refusals import Away
from services.notify.domain.facts import DocumentIssued, DocumentKind
from services.notify.domain.template.text import Letterhead
from services.notify.usecases.document import DocumentIssuer, object_name
from services.notify.usecases.message import Letterheads
from tests.support.ledger import MORNING, OTHER_STREET, STREET, StillClock
from tests.unit.notify.gateways import MemoryDocumentQueue, due_document

LETTERHEADS = Letterheads({}, Letterhead(organ="街道办事处"))


@dataclass
class PlainTypesetter:
    """Sets a document as the text of its content; one item cannot be set."""

    receipt_version: str = "2"
    marks: list[str] = field(default_factory=list)

    async def receipt(self, content: Mapping[str, object], mark: str) -> bytes:
        if content["item"] == "坏":
            raise ValueError("a page that cannot be set")
        self.marks.append(mark)
        return repr(sorted(content.items())).encode()


@dataclass
class MemoryDocumentStore:
    """A store that may be away."""

    objects: dict[str, bytes] = field(default_factory=dict)
    away: bool = False

    async def put(self, key: FileKey, wrapped_key: bytes, name: str, pdf: bytes) -> None:
        if self.away:
            raise Away
        self.objects[name] = pdf

    async def read(self, key: FileKey, name: str) -> bytes:
        return self.objects[name]


async def issued(queue: MemoryDocumentQueue, store: MemoryDocumentStore, batch: int = 32) -> int:
    issuer = DocumentIssuer(queue, PlainTypesetter(), store, LETTERHEADS, StillClock(), batch)
    return await issuer.round()


async def test_a_document_is_stored_under_its_digest_and_put_on_file() -> None:
    due = due_document()
    queue, store = MemoryDocumentQueue([due]), MemoryDocumentStore()
    assert await issued(queue, store) == 1
    (document,) = queue.issued
    (pdf,) = store.objects.values()
    digest = sha256(pdf).hexdigest()
    number = f"{STREET}〔2016〕受字第000001号"
    assert document.key == due.key
    assert document.fact == DocumentIssued(MORNING.date(), DocumentKind.RECEIPT, number, digest, len(pdf), "2")
    assert list(store.objects) == [object_name(DocumentKind.RECEIPT, digest)]


async def test_documents_of_a_batch_are_numbered_in_a_row_by_street() -> None:
    streets = [STREET, OTHER_STREET, STREET]
    queue = MemoryDocumentQueue([due_document(street=street) for street in streets])
    await issued(queue, MemoryDocumentStore())
    numbers = [each.fact.document_number for each in queue.issued]
    assert numbers == [
        f"{STREET}〔2016〕受字第000001号",
        f"{OTHER_STREET}〔2016〕受字第000001号",
        f"{STREET}〔2016〕受字第000002号",
    ]


async def test_the_next_batch_goes_on_where_the_last_one_ended() -> None:
    queue = MemoryDocumentQueue([due_document(), due_document()])
    for _ in range(2):
        await issued(queue, MemoryDocumentStore())
    assert [each.fact.document_number[-7:-1] for each in queue.issued] == ["000001", "000002", "000003", "000004"]


async def test_a_document_that_cannot_be_set_is_set_aside_and_stops_no_other() -> None:
    bad, good = due_document("坏"), due_document()
    queue = MemoryDocumentQueue([bad, good])
    assert await issued(queue, MemoryDocumentStore()) == 2
    assert queue.aside == [bad]
    assert [each.key for each in queue.issued] == [good.key]


async def test_while_the_store_is_away_nothing_is_put_on_file_or_set_aside() -> None:
    queue = MemoryDocumentQueue([due_document()])
    with pytest.raises(Away):
        await issued(queue, MemoryDocumentStore(away=True))
    assert (queue.issued, queue.aside) == ([], [])


async def test_an_empty_queue_draws_no_number() -> None:
    queue = MemoryDocumentQueue()
    assert await issued(queue, MemoryDocumentStore()) == 0
    assert queue.serials == {}


async def test_a_round_takes_no_more_than_a_batch() -> None:
    queue = MemoryDocumentQueue([due_document() for _ in range(3)])
    assert await issued(queue, MemoryDocumentStore(), batch=2) == 2


def test_a_document_is_named_by_kind_and_digest() -> None:
    assert object_name(DocumentKind.CORRECTION_NOTICE, "ab") == "correction-notice-ab.pdf"
