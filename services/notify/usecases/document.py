"""Documents are typeset, numbered, stored encrypted and put on file; windows read them."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import structlog
from prometheus_client import Counter as MetricCounter

from chassis.clock import Clock
from chassis.event_store import FileRepository, Scope
from chassis.refusals import Away, NotFound
from chassis.telemetry.logs import failure
from services.notify.domain.document.receipt import document_number, receipt_content, serial_name
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import DocumentIssued, DocumentKind, Fact
from services.notify.ports import DocumentQueue, DocumentStore, DueDocument, StoredDocument, Typesetter
from services.notify.usecases.matter import MatterAccess
from services.notify.usecases.message import Letterheads

_log = structlog.get_logger(__name__)
_documents = MetricCounter(
    "onewindow_documents", "Documents that were set, by kind and how that ended.", ["kind", "result"]
)


class DocumentIssuer:
    """Works on the queue of documents."""

    def __init__(
        self,
        queue: DocumentQueue,
        typesetter: Typesetter,
        store: DocumentStore,
        letterheads: Letterheads,
        clock: Clock,
        batch: int = 32,
    ) -> None:
        self._queue = queue
        self._typesetter = typesetter
        self._store = store
        self._letterheads = letterheads
        self._clock = clock
        self._batch = batch

    async def round(self) -> int:
        """Issue the documents that can be issued, and return their number. Nothing is locked while they are set."""
        due = await self._queue.take(self._batch)
        if due:
            today = self._clock.today()
            numbers = await self._numbered(due, today)
            done = await asyncio.gather(*(self._issue(*pair, today) for pair in zip(due, numbers, strict=True)))
            await self._queue.settle([document for document in done if document is not None])
        return len(due)

    async def _numbered(self, due: Sequence[DueDocument], today: date) -> list[str]:
        names = [serial_name(document.key.street, document.kind, today) for document in due]
        next_serial = dict(await self._queue.draw_serials(Counter(names)))
        numbers = []
        for name, document in zip(names, due, strict=True):
            numbers.append(document_number(document.key.street, document.kind, today, next_serial[name]))
            next_serial[name] += 1
        return numbers

    async def _issue(self, due: DueDocument, number: str, today: date) -> StoredDocument | None:
        try:
            pdf = await self._typeset(due, number)
            sha256 = hashlib.sha256(pdf).hexdigest()
            await self._store.put(due.key, due.wrapped_key, object_name(due.kind, sha256), pdf)
        except Away:  # the store comes back, and the whole batch is set again
            raise
        except Exception as error:
            _log.error("document_set_aside", kind=due.kind.name, file=str(due.key.file_id), **failure(error))
            _documents.labels(due.kind.name, "set_aside").inc()
            await self._queue.set_aside(due)
            return None
        _documents.labels(due.kind.name, "issued").inc()
        version = self._typesetter.receipt_version
        return StoredDocument(due.key, DocumentIssued(today, due.kind, number, sha256, len(pdf), version))

    async def _typeset(self, due: DueDocument, number: str) -> bytes:
        content = receipt_content(due.acceptance, due.recipient, self._letterheads.of(due.key.street), number)
        return await self._typesetter.receipt(content, f"{due.acceptance.number}\n{due.recipient.query_code}")


class DocumentNotIssued(NotFound):
    """No document of this kind exists for the matter."""

    default = "该文书尚未制发。"


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Documents for windows and portals."""

    access: MatterAccess
    dossiers: FileRepository[Dossier, Fact]
    store: DocumentStore

    async def read(
        self, scope: Scope, application_id: UUID, kind: DocumentKind, after: str
    ) -> tuple[DocumentIssued, bytes]:
        """A document and its PDF. Raises NotFound, DocumentNotIssued, NotYetHere, Away."""
        matter = await self.access.find(scope, application_id, after)
        try:
            dossier = (await self.dossiers.read(matter.key)).state
        except NotFound:
            raise DocumentNotIssued from None
        issued = dossier.documents.get(kind)
        if issued is None:
            raise DocumentNotIssued
        return issued, await self.store.read(matter.key, object_name(kind, issued.sha256))


def object_name(kind: DocumentKind, sha256: str) -> str:
    """The name of a document in the store: by its digest, so that setting it again never overwrites another."""
    return f"{kind.name.lower().replace('_', '-')}-{sha256}.pdf"
