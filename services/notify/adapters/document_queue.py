"""Documents that are still to come, in PostgreSQL, and the acceptances they are set from."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import asyncpg
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import intake_event_pb2 as intake
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import FileKey, PostgresStore
from chassis.inbox import InboxTransaction
from chassis.postgres.database import Pool
from chassis.vault import FileVault
from services.notify.adapters.envelopes import applicant_of
from services.notify.adapters.filing import Filing
from services.notify.adapters.queries import query
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import DocumentIssued, Fact
from services.notify.domain.issue import issue
from services.notify.domain.receipt import Acceptance, Limit, Paper
from services.notify.domain.words import DocumentKind
from services.notify.ports import DueDocument, SetDocument

_FORMS: dict[int, str] = {
    intake.MATERIAL_FORM_ORIGINAL: "原件",
    intake.MATERIAL_FORM_COPY: "复印件",
    intake.MATERIAL_FORM_ELECTRONIC: "电子件",
}
_UNITS: dict[int, str] = {
    catalogue.LIMIT_UNIT_WORKING_DAYS: "工作日",
    catalogue.LIMIT_UNIT_CALENDAR_DAYS: "自然日",
}


class DocumentTable:
    """The table `document_task`, by the worker."""

    def __init__(self, pool: Pool, store: PostgresStore, filing: Filing, vault: FileVault, district: str) -> None:
        self._pool = pool
        self._store = store
        self._filing = filing
        self._vault = vault
        self._district = district

    async def take(self, limit: int) -> list[DueDocument]:
        """Those for which everything is there."""
        return [self._due(row) for row in await self._pool.fetch(query("take_documents"), limit)]

    async def number(self, names: Mapping[str, int]) -> Mapping[str, int]:
        """So many consecutive numbers of each counter; the first of each."""
        return await self._store.draw(self._district, names)

    async def settle(self, done: Sequence[SetDocument]) -> None:
        """Write that they exist, in one transaction."""

        async def beside(tx: InboxTransaction) -> None:
            rows = [(one.key.district, one.key.street, one.key.file_id, one.fact.kind.value) for one in done]
            await tx.execute(query("end_documents"), *map(list, zip(*rows, strict=True)))

        if done:
            await self._filing.put({one.key: _issued(one.fact) for one in done}, beside)

    async def set_aside(self, due: DueDocument) -> None:
        """Somebody has to look at it."""
        key = due.key
        await self._pool.execute(query("set_aside_document"), key.district, key.street, key.file_id, due.kind.value)

    def _due(self, row: asyncpg.Record) -> DueDocument:
        key = FileKey(row["district"], row["street"], row["application_id"])
        return DueDocument(
            key=key,
            kind=DocumentKind(row["kind"]),
            acceptance=acceptance_of(row["body"], json.loads(row["materials"])),
            applicant=applicant_of(self._vault, key, row["wrapped"], row["ciphertext"]),
            wrapped=row["wrapped"],
        )


def acceptance_of(body: bytes, names: Mapping[str, str]) -> Acceptance:
    """The acceptance in intake's event, with the names of its materials by their codes."""
    event = IntakeEvent.FromString(body)
    fact = event.application_accepted
    return Acceptance(
        number=fact.number,
        serial_number=fact.serial_number,
        item=fact.item.name,
        item_code=fact.item.code,
        received_on=date.fromisoformat(fact.received_on),
        accepted_on=date.fromisoformat(fact.accepted_on),
        promised_due_on=date.fromisoformat(fact.promised_due_on),
        legal_limit=_limit(fact.item.legal_limit),
        promised_limit=_limit(fact.item.promised_limit),
        window=fact.window,
        staff_no="" if event.actor.staff_no == "office" else event.actor.staff_no,
        deemed=fact.ground == intake.ACCEPTANCE_GROUND_DEEMED,
        papers=tuple([_paper(paper, names) for paper in fact.materials]),
    )


def _issued(document: DocumentIssued) -> Callable[[Dossier], list[Fact]]:
    return lambda dossier: [*issue(dossier, document)]


def _limit(limit: catalogue.Limit) -> Limit:
    return Limit(limit.days, _UNITS.get(limit.unit, "工作日"))


def _paper(paper: intake.HandedIn, names: Mapping[str, str]) -> Paper:
    name = names.get(paper.material_code, paper.material_code)
    return Paper(name, _FORMS.get(paper.form, ""), max(1, paper.copies))
