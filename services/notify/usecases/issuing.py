"""Documents are set, numbered, kept closed and put on file."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import structlog
from prometheus_client import Counter as Figure

from chassis.clock import Clock
from chassis.refusals import Away
from chassis.telemetry.logs import failure
from services.notify.domain.facts import DocumentIssued
from services.notify.domain.issue import document_number, serial_name
from services.notify.domain.receipt import content
from services.notify.domain.words import DocumentKind
from services.notify.ports import ClosedDocuments, DocumentQueue, DueDocument, SetDocument, Typesetter
from services.notify.usecases.wordbook import Wordbook

_log = structlog.get_logger(__name__)
_documents = Figure("onewindow_documents", "Documents that were set, by kind and how that ended.", ["kind", "result"])


class Issuing:
    """Works on the queue of documents."""

    def __init__(
        self,
        queue: DocumentQueue,
        typesetter: Typesetter,
        closed: ClosedDocuments,
        wordbook: Wordbook,
        clock: Clock,
        batch: int = 32,
    ) -> None:
        self._queue = queue
        self._typesetter = typesetter
        self._closed = closed
        self._wordbook = wordbook
        self._clock = clock
        self._batch = batch

    async def round(self) -> int:
        """Issue what can be issued now; how many documents that were. Nothing is locked while they are set."""
        due = await self._queue.take(self._batch)
        if due:
            today = self._clock.today()
            numbers = await self._numbered(due, today)
            done = await asyncio.gather(*(self._issue(*pair, today) for pair in zip(due, numbers, strict=True)))
            await self._queue.settle([document for document in done if document is not None])
        return len(due)

    async def _numbered(self, due: Sequence[DueDocument], today: date) -> list[str]:
        names = [serial_name(document.key.street, document.kind, today) for document in due]
        following = dict(await self._queue.number(Counter(names)))
        numbers = []
        for name, document in zip(names, due, strict=True):
            numbers.append(document_number(document.key.street, document.kind, today, following[name]))
            following[name] += 1
        return numbers

    async def _issue(self, due: DueDocument, number: str, today: date) -> SetDocument | None:
        try:
            pdf = await self._set(due, number)
            sha256 = hashlib.sha256(pdf).hexdigest()
            await self._closed.keep(due.key, due.wrapped, object_name(due.kind, sha256), pdf)
        except Away:  # the store comes back: the whole batch is set again then
            raise
        except Exception as error:
            _log.error("document_set_aside", kind=due.kind.name, file=str(due.key.file_id), **failure(error))
            _documents.labels(due.kind.name, "set_aside").inc()
            await self._queue.set_aside(due)
            return None
        _documents.labels(due.kind.name, "issued").inc()
        version = self._typesetter.receipt_version
        return SetDocument(due.key, DocumentIssued(today, due.kind, number, sha256, len(pdf), version))

    async def _set(self, due: DueDocument, number: str) -> bytes:
        office = self._wordbook.office(due.key.street)
        told: Mapping[str, object] = content(due.acceptance, due.applicant, office, number)
        return await self._typesetter.receipt(told, f"{due.acceptance.number}\n{due.applicant.query_code}")


def object_name(kind: DocumentKind, sha256: str) -> str:
    """The name of a document in the store: its digest, so that setting it again never lays two in one place."""
    return f"{kind.name.lower().replace('_', '-')}-{sha256}.pdf"
