"""Figures, lists and boards, read from PostgreSQL under the caller's scope; indicators compiled to SQL.

Example: the indicator `early` counts, of the matters closed normally in the period, those that were early. Its columns
in the statement of totals are
    count(*) filter (where (((closed_on between $1 and $2) and (on_time is not null)) and (early))) as early_numerator,
    count(*) filter (where ((closed_on between $1 and $2) and (on_time is not null))) as early_denominator
and the list of matters behind the figure uses the same condition, so the two cannot differ.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from functools import cache
from uuid import UUID

import asyncpg

from chassis.postgres.database import Connection, Pool, away_as_refusal, queries_of
from chassis.scope import EVERY_STREET, Scope
from services.metrics.domain.indicator.conditions import Condition, During, Every, IsKnown, IsTrue, Within, every
from services.metrics.domain.indicator.indicators import ACCEPTED, APPLIED, CLOSED, INDICATORS, Indicator
from services.metrics.domain.period import Period
from services.metrics.ports import Board, Figures, MattersQuery, Row, Side

query = queries_of("services.metrics")
"""The named statements of metrics."""

_NO_PAGE_BEFORE: tuple[None, None] = (None, None)
_SET_SCOPE = "select set_config('app.district', $1, true), set_config('app.street', $2, true)"


class PostgresFigures:
    """Reads the projections as the rpc role."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def figures(self, scope: Scope, period: Period) -> Figures:
        """Every figure of the period, from one snapshot."""
        days = period.first, period.last
        async with _snapshot(self._pool, scope) as connection:
            totals = await connection.fetchrow(_compiled("totals"), *days)
            items = await connection.fetch(_compiled("items"), *days)
            windows = await connection.fetch(_compiled("windows"), *days)
            cards = await connection.fetchrow(query("cards"), *days)
            # The number of received facts is no figure of a place: everybody reads the whole.
            await _set_scope(connection, Scope(scope.district, EVERY_STREET))
            facts = await connection.fetchrow(query("facts"))
        assert totals is not None and cards is not None and facts is not None  # counts are one row each
        return Figures(period, dict(totals), _rows(items), _rows(windows), dict(cards), dict(facts))

    async def matters(self, scope: Scope, wanted: MattersQuery) -> tuple[Sequence[Row], int]:
        """One page and the exact count, from one statement."""
        period = wanted.period
        statement = query("behind").replace("{side}", compile_side(wanted.indicator, wanted.side))
        after: tuple[str, UUID] | tuple[None, None] = wanted.after or _NO_PAGE_BEFORE
        async with _snapshot(self._pool, scope) as connection:
            rows = await connection.fetch(statement, period.first, period.last, *after, wanted.size)
        return _rows(row for row in rows if row["application_id"] is not None), rows[0]["total"]

    async def matter(self, scope: Scope, number: str) -> Row | None:
        """The matter of a number of either kind."""
        async with _snapshot(self._pool, scope) as connection:
            row = await connection.fetchrow(query("matter"), scope.district, number)
        return dict(row) if row is not None else None

    async def board(self, scope: Scope, today: date) -> Board:
        """Lamps and windows, from one snapshot."""
        async with _snapshot(self._pool, scope) as connection:
            lamps = await connection.fetchrow(query("lamps"), today)
            windows = await connection.fetch(_compiled("windows"), today, today)
        assert lamps is not None  # counts are one row
        return Board(today, dict(lamps), _rows(windows))


def compile_condition(condition: Condition) -> str:
    """The condition over `matter_figures` in SQL; $1 and $2 are the first and the last day of the period."""
    match condition:
        case During(column):
            return f"({column} between $1 and $2)"
        case IsTrue(column):
            return f"({column})"
        case IsKnown(column):
            return f"({column} is not null)"
        case Within(column, lowest, highest):
            return f"({column} between {lowest:d} and {highest:d})"
        case Every(conditions):
            return f"({' and '.join(map(compile_condition, conditions))})"


def compile_side(indicator: Indicator, side: Side) -> str:
    """The matters of one side of a rate in SQL; a matter of which the condition is unknown is in the rest."""
    if side is Side.DENOMINATOR:
        return compile_condition(indicator.of)
    if side is Side.NUMERATOR:
        return compile_condition(every(indicator.of, indicator.counts))
    return f"({compile_condition(indicator.of)} and {compile_condition(indicator.counts)} is not true)"


@asynccontextmanager
async def _snapshot(pool: Pool, scope: Scope) -> AsyncIterator[Connection]:
    """A connection that sees `scope` alone, as it stood at the first query: the numbers of an answer agree."""
    with away_as_refusal():
        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await _set_scope(connection, scope)
            yield connection


async def _set_scope(connection: Connection, scope: Scope) -> None:
    await connection.execute(_SET_SCOPE, scope.district, scope.street)


def _rows(records: Iterable[asyncpg.Record]) -> list[Row]:
    return [dict(record) for record in records]


def _columns(indicator: Indicator) -> str:
    return ", ".join(
        f"count(*) filter (where {compile_side(indicator, side)}) as {indicator.code}_{side.name.lower()}"
        for side in (Side.NUMERATOR, Side.DENOMINATOR)
    )


@cache
def _compiled(name: str) -> str:
    """A named statement with the conditions of volume, closing and indicators in their places."""
    counted = {compile_condition(condition) for condition in (APPLIED, ACCEPTED, CLOSED)}
    return query(name).format(
        applied=compile_condition(APPLIED),
        accepted=compile_condition(ACCEPTED),
        closed=compile_condition(CLOSED),
        indicators=",\n       ".join(_columns(indicator) for indicator in INDICATORS),
        touched=" or ".join(sorted(counted | {compile_condition(indicator.of) for indicator in INDICATORS})),
    )
