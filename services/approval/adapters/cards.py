"""The sweep of each day: cards that fall due."""

from collections.abc import Sequence
from datetime import date

from chassis.event_store import Drawn, FileKey
from chassis.postgres.database import Connection
from chassis.sweeps.sweeper import Sweep
from services.approval.adapters.queries import query
from services.approval.domain.case import Case
from services.approval.domain.facts import Fact
from services.approval.domain.issue_cards import issue_cards
from services.approval.usecases.changing import CaseFiles


def cards_sweep(files: CaseFiles) -> Sweep[Case | None, Fact]:
    """预警, 黄牌 and 红牌, once per case and level, by the dates that stand on the case."""
    return Sweep("cards", _due, _issued, files)


async def _due(connection: Connection, day: date, limit: int) -> Sequence[FileKey]:
    rows = await connection.fetch(query("cards_due"), day, limit)
    return [FileKey(row["district"], row["street"], row["case_id"]) for row in rows]


def _issued(case: Case | None, day: date, _drawn: Drawn) -> Sequence[Fact]:
    return issue_cards(case, day) if case is not None else []
