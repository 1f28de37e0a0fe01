"""Documents: their queue in PostgreSQL, the acceptances they are set from, their bytes in the object store."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import intake_event_pb2 as intake
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import FileKey, PostgresStore, Store
from chassis.inbox import InboxTransaction
from chassis.postgres.database import Pool
from chassis.vault import FileVault
from chassis.vault.objects import Objects, path_of
from services.notify.adapters.database import BulkAppend, columns, query
from services.notify.adapters.matter.envelopes import recipient_of
from services.notify.domain.document.receipt import HandlingLimit, ReceiptAcceptance, ReceivedMaterial, issue
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import DocumentIssued, DocumentKind, Fact
from services.notify.ports import DetailsErased, DueDocument, StoredDocument

_FORMS: dict[int, str] = {
    intake.MATERIAL_FORM_ORIGINAL: "原件",
    intake.MATERIAL_FORM_COPY: "复印件",
    intake.MATERIAL_FORM_ELECTRONIC: "电子件",
}
_UNITS: dict[int, str] = {
    catalogue.LIMIT_UNIT_WORKING_DAYS: "工作日",
    catalogue.LIMIT_UNIT_CALENDAR_DAYS: "自然日",
}
_GROUNDS: dict[int, str] = {
    intake.ACCEPTANCE_GROUND_COMPLETE: "材料齐全，符合法定形式",
    intake.ACCEPTANCE_GROUND_CORRECTED: "补正材料齐全，符合法定形式",
    intake.ACCEPTANCE_GROUND_DEEMED: "视为受理",
}
"""Ground of an acceptance as the receipt prints it."""


class DocumentTable:
    """The table `document_task`, for the worker."""

    def __init__(self, pool: Pool, store: PostgresStore, append: BulkAppend, vault: FileVault, district: str) -> None:
        self._pool = pool
        self._store = store
        self._append = append
        self._vault = vault
        self._district = district

    async def take(self, limit: int) -> list[DueDocument]:
        """Documents for which everything is present."""
        return [self._due(row) for row in await self._pool.fetch(query("take_documents"), limit)]

    async def draw_serials(self, counts: Mapping[str, int]) -> Mapping[str, int]:
        """So many consecutive numbers of each counter; the first of each."""
        return await self._store.draw(self._district, counts)

    async def settle(self, issued: Sequence[StoredDocument]) -> None:
        """Write that the documents exist, in one transaction."""

        async def rows(tx: InboxTransaction) -> None:
            ended = [(one.key.district, one.key.street, one.key.file_id, one.fact.kind.value) for one in issued]
            await tx.execute(query("end_documents"), *columns(ended, 4))

        if issued:
            await self._append.write({one.key: _issuing(one.fact) for one in issued}, rows)

    async def set_aside(self, due: DueDocument) -> None:
        """Set a document aside that could not be made, so that a member of staff looks at it."""
        key = due.key
        await self._pool.execute(query("set_aside_document"), key.district, key.street, key.file_id, due.kind.value)

    def _due(self, row: asyncpg.Record) -> DueDocument:
        key = FileKey(row["district"], row["street"], row["application_id"])
        return DueDocument(
            key=key,
            kind=DocumentKind(row["kind"]),
            acceptance=acceptance_of(row["body"], json.loads(row["materials"])),
            recipient=recipient_of(self._vault, key, row["wrapped"], row["ciphertext"]),
            wrapped_key=row["wrapped"],
        )


@dataclass(frozen=True, slots=True)
class EncryptedDocuments:
    """Documents by the digest of their bytes."""

    store: Store
    vault: FileVault
    objects: Objects

    async def put(self, key: FileKey, wrapped_key: bytes, name: str, pdf: bytes) -> None:
        """Store a document under a name. Raises TooLarge, Away."""
        _, encrypted = self.vault.seal(key, wrapped_key, {name: pdf})
        await self.objects.put(path_of(key, name), encrypted[name])

    async def read(self, key: FileKey, name: str) -> bytes:
        """The document. Raises DetailsErased, Away."""
        wrapped_key, _ = await self.store.texts(key)
        if wrapped_key is None:
            raise DetailsErased
        return self.vault.open(key, wrapped_key, {name: await self.objects.get(path_of(key, name))})[name]


def acceptance_of(body: bytes, names: Mapping[str, str]) -> ReceiptAcceptance:
    """The acceptance in an event of intake; `names` are those of the materials by their codes."""
    event = IntakeEvent.FromString(body)
    fact = event.application_accepted
    return ReceiptAcceptance(
        number=fact.number,
        serial_number=fact.serial_number,
        item=fact.item.name,
        item_code=fact.item.code,
        received_on=date.fromisoformat(fact.received_on),
        accepted_on=date.fromisoformat(fact.accepted_on),
        promised_due_on=date.fromisoformat(fact.promised_due_on),
        provisional=fact.provisional,
        legal_limit=_limit(fact.item.legal_limit),
        promised_limit=_limit(fact.item.promised_limit),
        window=fact.window,
        staff_no="" if event.actor.staff_no == "office" else event.actor.staff_no,
        recorded_on=date.fromisoformat(event.occurred_on),
        ground=_GROUNDS.get(fact.ground, _GROUNDS[intake.ACCEPTANCE_GROUND_COMPLETE]),
        materials=tuple([_material(each, names) for each in fact.materials]),
    )


def _issuing(document: DocumentIssued) -> Callable[[Dossier], list[Fact]]:
    return lambda dossier: [*issue(dossier.documents, document)]


def _limit(limit: catalogue.Limit) -> HandlingLimit:
    return HandlingLimit(limit.days, _UNITS.get(limit.unit, "工作日"))


def _material(material: intake.HandedIn, names: Mapping[str, str]) -> ReceivedMaterial:
    name = names.get(material.material_code, material.material_code)
    return ReceivedMaterial(name, _FORMS.get(material.form, ""), max(1, material.copies))
