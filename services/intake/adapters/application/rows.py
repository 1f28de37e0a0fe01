"""Rows of applications: written from the state of a file, read for lists and single calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from chassis.event_store import EVERY_STREET, FileKey, Scope, acting_scope
from chassis.inbox import CatchUp
from chassis.postgres.database import Pool, away_as_refusal, scoped
from chassis.vault import FileVault
from law.desk import Place
from protocol.streams import APPROVAL
from services.intake.adapters.codec import IntakeCodec, query
from services.intake.domain.application.applicant import mask_name
from services.intake.domain.application.facts import ApplicationFact
from services.intake.domain.application.state import BLANK, Application, ApplicationClosing, ApplicationStage, fold
from services.intake.ports import ApplicationQuery, ListedApplication
from services.intake.usecases.submission import APPLICANT, people_of


def application_row(key: FileKey, revision: int, application: Application) -> Mapping[str, object]:
    """Columns of `application` that its own facts decide; the others come from received events."""
    submission = application.submission
    assert submission is not None, "a file of an application begins with its receipt"
    row = {
        "district": key.district,
        "street": key.street,
        "application_id": key.file_id,
        "revision": revision,
        "own_stage": application.stage,
        "serial_number": submission.serial_number,
        "item_code": submission.item_code,
        "item_name": submission.item_name,
        "item_version": submission.item_version,
        "line": submission.line,
        "channel": submission.channel,
        "window_code": submission.window,
        "received_on": application.received_on,
        "answer_due_on": application.answer_due_on,
        "supply_by": application.correction.supply_by if application.correction else None,
        "provisional": application.provisional,
        "calendar_version": application.calendar_version or None,
        "materials": [[paper.material_code, paper.form, paper.copies, paper.sha256] for paper in application.materials],
        "missing": application.missing,
        "grade": application.grade,
    }
    return {"application": row | _acceptance(application) | _closing(application)}


def closing_in(row: Mapping[str, Any]) -> ApplicationClosing | None:
    """End of the matter at the desks, in the columns that approval's events fill; None while it runs."""
    if row["case_outcome"] is None:
        return None
    return ApplicationClosing(
        row["case_closed_on"],
        row["case_outcome"],
        row["case_on_time"],
        row["case_early"],
        row["case_district_outcome"] or "",
        row["case_district_decided_on"],
    )


APPLICATIONS: IntakeCodec[Application, ApplicationFact] = IntakeCodec(ApplicationFact, BLANK, fold, application_row)


@dataclass(frozen=True, slots=True)
class ApplicationRows:
    """Reads rows of `application`; the names in them are decrypted here and masked at once."""

    rpc: Pool
    worker: Pool
    vault: FileVault
    catch_up: CatchUp

    async def one(self, scope: Scope, application_id: UUID | None, number: str = "") -> ListedApplication | None:
        """An application by its id or by either of its numbers; None where the scope reaches none."""
        with away_as_refusal():
            row = await self.rpc.fetchrow(query("application"), scope.district, scope.street, application_id, number)
        return None if row is None else self._listed(row)

    async def page(self, scope: Scope, wanted: ApplicationQuery) -> tuple[list[ListedApplication], int]:
        """One page, newest first, and the exact count of all that matches."""
        statement, arguments = _page_statement(scope, wanted)
        async with scoped(self.rpc, scope) as connection:
            rows = await connection.fetch(statement, *arguments)
        return [self._listed(row) for row in rows if row["application_id"]], rows[0]["total"]

    async def locate(self, application_id: UUID) -> FileKey | None:
        """Key of an application anywhere in the district."""
        with away_as_refusal():
            row = await self.worker.fetchrow(query("locate"), application_id)
        return None if row is None else FileKey(row["district"], row["street"], application_id)

    async def passes_ended(self, key: FileKey, case_id: UUID) -> int:
        """Revision of a case of an application by which its earlier passes ended; 0 while none did.

        By everything that approval's stream had when the call came. Raises NotYetHere.
        """
        await self.catch_up.complete([APPROVAL])
        streets = [key.street, Place.of_district(key.district).street]
        with away_as_refusal():
            return await self.worker.fetchval(query("ended_pass"), key.district, streets, case_id) or 0

    async def closing(self, key: FileKey) -> ApplicationClosing | None:
        """End of the matter at the desks as approval reported it; None while it runs."""
        scope = acting_scope(key.scope)
        with away_as_refusal():
            row = await self.rpc.fetchrow(query("application"), scope.district, scope.street, key.file_id, None)
        return None if row is None else closing_in(dict(row))

    def _listed(self, row: asyncpg.Record) -> ListedApplication:
        key = FileKey(row["district"], row["street"], row["application_id"])
        return ListedApplication(key, dict(row), self._masked(key, row))

    def _masked(self, key: FileKey, row: asyncpg.Record) -> str:
        if row["file_key"] is None or row["applicant"] is None:  # erased
            return ""
        people = people_of(self.vault.open(key, row["file_key"], {APPLICANT: row["applicant"]}))
        return mask_name(people.applicant.name) if people else ""


def _acceptance(application: Application) -> dict[str, object]:
    acceptance = application.acceptance
    if acceptance is None:
        return {}
    return {
        "number": acceptance.number,
        "ground": acceptance.ground,
        "accepted_on": acceptance.accepted_on,
        "promised_due_on": acceptance.promised_due_on,
        "legal_due_on": acceptance.legal_due_on,
        "provisional": acceptance.provisional,
    }


def _closing(application: Application) -> dict[str, object]:
    closing = application.closing
    if closing is None:
        return {}
    return {
        "own_closed_on": closing.closed_on,
        "own_outcome": closing.outcome,
        "own_on_time": closing.on_time,
        "own_early": closing.early,
    }


def _page_statement(scope: Scope, wanted: ApplicationQuery) -> tuple[str, list[Any]]:
    """The statement for the filters that are set, so that each combination keeps a plan of its own."""
    filters: list[tuple[str, Any]] = [("district =", scope.district)]
    if scope.street != EVERY_STREET:
        filters.append(("street =", scope.street))
    if wanted.stage is not ApplicationStage.UNKNOWN:
        filters.append(("stage =", wanted.stage))
    if wanted.item_code:
        filters.append(("item_code =", wanted.item_code))
    matching = " and ".join(f"{column} ${place}" for place, (column, _) in enumerate(filters, start=1))
    arguments = [value for _, value in filters]
    beyond = "true"
    if wanted.after_id is not None:
        arguments.append(wanted.after_id)
        beyond = f"application_id < ${len(arguments)}"
    arguments.append(wanted.size)
    most = f"${len(arguments)}"
    return query("applications_page").format(matching=matching, beyond=beyond, most=most), arguments
