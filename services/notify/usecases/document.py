"""Documents are typeset, numbered, stored encrypted and put on file; windows read them."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

import structlog
from prometheus_client import Counter as MetricCounter

from chassis.clock import Clock
from chassis.event_store import FileKey, FileRepository, Scope
from chassis.refusals import Away, NotFound, Refusal
from chassis.telemetry.logs import failure
from protocol.streams import NOTIFY
from services.notify.domain.document.receipt import DocumentIssue, document_number, receipt_content, serial_name
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import DocumentIssued, DocumentKind, Fact
from services.notify.domain.template.text import Letterhead
from services.notify.ports import (
    DocumentQueue,
    DocumentStore,
    DueDocument,
    FoundMatter,
    StoredDocument,
    Typesetter,
)
from services.notify.usecases.matter import MATTER_SOURCES, MatterAccess
from services.notify.usecases.message import Letterheads

_log = structlog.get_logger(__name__)
_documents = MetricCounter(
    "onewindow_documents", "Documents that were set, by kind and how that ended.", ["kind", "result"]
)
for _kind in DocumentKind:  # the series start at 0: an increase is invisible in one that starts at 1
    for _result in ("issued", "set_aside"):
        _documents.labels(_kind.name, _result)


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
            letterheads = await self._letterheads.on([each.key.street for each in due], today)
            signed = [(letterheads[each.key.street], number) for each, number in zip(due, numbers, strict=True)]
            done = await asyncio.gather(
                *(self._issue(each, *marks, today) for each, marks in zip(due, signed, strict=True))
            )
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

    async def _issue(self, due: DueDocument, letterhead: Letterhead, number: str, today: date) -> StoredDocument | None:
        try:
            pdf = await self._typeset(due, letterhead, DocumentIssue(number, today))
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

    async def _typeset(self, due: DueDocument, letterhead: Letterhead, issue: DocumentIssue) -> bytes:
        content = receipt_content(due.acceptance, due.recipient, letterhead, issue)
        return await self._typesetter.receipt(content, f"{due.acceptance.number}\n{due.recipient.query_code}")


class DocumentNotIssued(NotFound):
    """No document of this kind is made here."""

    default = "本系统不制发该种文书。"


class NoReceiptBeforeAcceptance(NotFound):
    """A receipt follows from the acceptance, and the application was not accepted, as far as was received."""

    default = "该申请没有受理，受理后方制发受理回执。"


class NoReceiptForItem(NotFound):
    """The item of the matter has no receipt, or is decided at the window at once."""

    default = "该事项不制发受理回执。"


class DocumentSetAside(Refusal):
    """The document is owed and could not be made; a member of staff looks at it, and a repeat does not help."""

    code = "FAILED_PRECONDITION"
    default = "该文书制发受阻，已转工作人员处理。"


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Documents for windows and portals."""

    access: MatterAccess
    dossiers: FileRepository[Dossier, Fact]
    store: DocumentStore

    async def read(
        self, scope: Scope, application_id: UUID, kind: DocumentKind, after: str
    ) -> tuple[DocumentIssued, bytes]:
        """A document and its PDF; one that is owed is awaited like the positions in `after`, where there are any.

        Raises UnknownApplication, the refusals of `_require_owed`, DetailsErased, Away; NotYetHere while it is owed, or
        while an acceptance may have been published that was not received.
        """
        read = partial(self._read, scope, application_id, kind, after)
        return await self.access.catch_up.done(MATTER_SOURCES, read, _may_be_owed)

    async def _read(
        self, scope: Scope, application_id: UUID, kind: DocumentKind, after: str
    ) -> tuple[DocumentIssued, bytes]:
        matter = await self.access.with_acceptance(scope, application_id, after)
        issued = await self._issued(matter.key, kind)  # read after the matter: what is owed no longer is issued by now
        if issued is None:
            _require_owed(matter, kind)
            await self.access.require_details(matter.key)
            look = partial(self._issued, matter.key, kind)
            issued = await self.access.awaited(NOTIFY, matter.key, after, look)
        return issued, await self.store.read(matter.key, object_name(kind, issued.sha256))

    async def _issued(self, key: FileKey, kind: DocumentKind) -> DocumentIssued | None:
        try:
            dossier = (await self.dossiers.read(key)).state
        except NotFound:  # nothing was put on file yet
            return None
        return dossier.documents.get(kind)


def _may_be_owed(refusal: Exception) -> bool:
    """True while the acceptance, or the item with its receipt, may be on its way."""
    return isinstance(refusal, NoReceiptBeforeAcceptance | NoReceiptForItem)


def _require_owed(matter: FoundMatter, kind: DocumentKind) -> None:
    """Passes while the document is still to be issued.

    Raises DocumentNotIssued, NoReceiptBeforeAcceptance, NoReceiptForItem, DocumentSetAside.
    """
    if kind in matter.set_aside:
        raise DocumentSetAside
    if kind in matter.owed:
        return
    if kind is not DocumentKind.RECEIPT:
        raise DocumentNotIssued
    raise NoReceiptForItem if matter.accepted else NoReceiptBeforeAcceptance


def object_name(kind: DocumentKind, sha256: str) -> str:
    """The name of a document in the store: by its digest, so that setting it again never overwrites another."""
    return f"{kind.name.lower().replace('_', '-')}-{sha256}.pdf"
