"""Lists of cases by their rows; row level security limits every query to its scope."""

from uuid import UUID

import asyncpg

from chassis.event_store import EVERY_STREET, FileKey, Scope
from chassis.postgres.database import Pool, queries_of, scoped
from services.approval.domain.case.facts import Leg
from services.approval.domain.case.item import StepPost
from services.approval.ports import DistrictStatus, WaitingStep, WorklistDesk, WorklistPage

_query = queries_of("services.approval")
# The planner uses the index of the worklist only where the street is named; row level security alone is a filter.
_AT_ONE_PLACE = ("/* and street = $7 */", "and street = $7")


class CaseRows:
    """Lists over the pool of calls."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def worklist(self, desk: WorklistDesk, page: WorklistPage) -> tuple[list[WaitingStep], int]:
        """One page, nearest due day first, and the exact count of all that matches."""
        everywhere = desk.scope.street == EVERY_STREET
        async with scoped(self._pool, desk.scope) as connection:
            rows = await connection.fetch(
                _query("worklist") if everywhere else _query("worklist").replace(*_AT_ONE_PLACE),
                list(desk.posts),
                list(desk.lines),
                desk.holder,
                page.after_due_on,
                page.after_case,
                page.size,
                *([] if everywhere else [desk.scope.street]),
            )
        return [_waiting(row) for row in rows if row["case_id"] is not None], rows[0]["total"]

    async def locate(self, scope: Scope, case_id: UUID) -> FileKey | None:
        """The key of a case by its id; None outside the scope."""
        async with scoped(self._pool, scope) as connection:
            return _key(await connection.fetchrow(_query("locate"), case_id))

    async def by_number(self, scope: Scope, number: str, leg: Leg) -> FileKey | None:
        """The newest leg of a number, of the given level where there is one."""
        async with scoped(self._pool, scope) as connection:
            return _key(await connection.fetchrow(_query("by_number"), number, int(leg)))

    async def district_status(self, scope: Scope, leg_id: UUID) -> DistrictStatus | None:
        """The hand-off of the district's leg; None when none was needed."""
        async with scoped(self._pool, scope) as connection:
            row = await connection.fetchrow(_query("district_status"), leg_id)
        return DistrictStatus(row["waiting_since"], row["district_number"]) if row else None


def _key(row: asyncpg.Record | None) -> FileKey | None:
    return FileKey(row["district"], row["street"], row["case_id"]) if row else None


def _waiting(row: asyncpg.Record) -> WaitingStep:
    columns = {name: value for name, value in row.items() if name != "total"}
    return WaitingStep(**{**columns, "step_post": StepPost(columns["step_post"])})
