"""Applications as their rows tell them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from chassis.event_store import EVERY_STREET, FileKey, Scope, acting_scope
from chassis.postgres.database import Pool, away_as_refusal, scoped
from chassis.vault import FileVault
from services.intake.adapters.queries import query
from services.intake.domain.applicant import mask_name
from services.intake.domain.application import Closing, Stage
from services.intake.ports import Listed, Page
from services.intake.usecases.people import APPLICANT, people_of


@dataclass(frozen=True, slots=True)
class ApplicationRows:
    """Reads rows of `application`; the names on them are opened here and masked at once."""

    rpc: Pool
    worker: Pool
    vault: FileVault

    async def one(self, scope: Scope, application_id: UUID | None, number: str = "") -> Listed | None:
        """An application by its id or by either of its numbers; None where the scope reaches none."""
        with away_as_refusal():
            row = await self.rpc.fetchrow(query("application"), scope.district, scope.street, application_id, number)
        return None if row is None else self._listed(row)

    async def page(self, scope: Scope, page: Page) -> tuple[list[Listed], int]:
        """One page, newest first, and the exact count of all that matches."""
        statement, arguments = _page_query(scope, page)
        async with scoped(self.rpc, scope) as connection:
            rows = await connection.fetch(statement, *arguments)
        return [self._listed(row) for row in rows if row["application_id"]], rows[0]["total"]

    async def locate(self, application_id: UUID) -> FileKey | None:
        """Where an application of the district lives."""
        with away_as_refusal():
            row = await self.worker.fetchrow(query("locate"), application_id)
        return None if row is None else FileKey(row["district"], row["street"], application_id)

    async def closing(self, key: FileKey) -> Closing | None:
        """How the matter ended at the desks, as approval told it; None while it runs."""
        scope = acting_scope(key.scope)
        with away_as_refusal():
            row = await self.rpc.fetchrow(query("application"), scope.district, scope.street, key.file_id, None)
        if row is None or row["case_outcome"] is None:
            return None
        return Closing(row["case_closed_on"], row["case_outcome"], row["case_on_time"], row["case_early"])

    def _listed(self, row: asyncpg.Record) -> Listed:
        key = FileKey(row["district"], row["street"], row["application_id"])
        return Listed(key, dict(row), self._masked(key, row))

    def _masked(self, key: FileKey, row: asyncpg.Record) -> str:
        if row["file_key"] is None or row["applicant"] is None:  # erased
            return ""
        people = people_of(self.vault.open(key, row["file_key"], {APPLICANT: row["applicant"]}))
        return mask_name(people.applicant.name) if people else ""


def _page_query(scope: Scope, page: Page) -> tuple[str, list[Any]]:
    """The statement for the filters that are set, so that each combination keeps a plan of its own."""
    wanted: list[tuple[str, Any]] = [("district =", scope.district)]
    if scope.street != EVERY_STREET:
        wanted.append(("street =", scope.street))
    if page.stage is not Stage.UNKNOWN:
        wanted.append(("stage =", page.stage))
    if page.item_code:
        wanted.append(("item_code =", page.item_code))
    matching = " and ".join(f"{column} ${place}" for place, (column, _) in enumerate(wanted, start=1))
    arguments = [value for _, value in wanted]
    beyond = "true"
    if page.beyond is not None:
        arguments.append(page.beyond)
        beyond = f"application_id < ${len(arguments)}"
    arguments.append(page.size)
    most = f"${len(arguments)}"
    return query("applications_page").format(matching=matching, beyond=beyond, most=most), arguments
