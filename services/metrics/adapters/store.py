"""Figures, lists and boards in PostgreSQL, under the caller's scope."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from uuid import UUID

import asyncpg

from chassis.postgres.database import Pool
from chassis.scope import EVERY_STREET, Scope
from services.metrics.adapters.queries import query
from services.metrics.adapters.snapshot import set_scope, snapshot
from services.metrics.domain.indicators import ACCEPTED, APPLIED, CLOSED, INDICATORS, Indicator
from services.metrics.domain.period import Period
from services.metrics.ports import Behind, Board, Figures, Row, Side

_NOWHERE: tuple[None, None] = (None, None)


class PostgresProjections:
    """Reads the projections as the rpc role."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def figures(self, scope: Scope, period: Period) -> Figures:
        """Every figure of the period, from one snapshot."""
        days = period.first, period.last
        async with snapshot(self._pool, scope) as connection:
            totals = await connection.fetchrow(_filled("totals"), *days)
            items = await connection.fetch(_filled("items"), *days)
            windows = await connection.fetch(_filled("windows"), *days)
            cards = await connection.fetchrow(query("cards"), *days)
            # How much was heard is no figure of a place: everybody reads the whole.
            await set_scope(connection, Scope(scope.district, EVERY_STREET))
            facts = await connection.fetchrow(query("facts"))
        assert totals is not None and cards is not None and facts is not None  # counts are one row each
        return Figures(period, dict(totals), _rows(items), _rows(windows), dict(cards), dict(facts))

    async def behind(self, scope: Scope, asked: Behind) -> tuple[Sequence[Row], int]:
        """One page and the exact count, from one statement."""
        period = asked.period
        statement = query("behind").replace("{side}", _side(asked.indicator, asked.side))
        after: tuple[str, UUID] | tuple[None, None] = asked.after or _NOWHERE
        async with snapshot(self._pool, scope) as connection:
            rows = await connection.fetch(statement, period.first, period.last, *after, asked.size)
        return _rows(row for row in rows if row["application_id"] is not None), rows[0]["total"]

    async def matter(self, scope: Scope, number: str) -> Row | None:
        """The matter of a number of either kind."""
        async with snapshot(self._pool, scope) as connection:
            row = await connection.fetchrow(query("matter"), scope.district, number)
        return dict(row) if row is not None else None

    async def board(self, scope: Scope, today: date) -> Board:
        """Lamps and windows, from one snapshot."""
        async with snapshot(self._pool, scope) as connection:
            lamps = await connection.fetchrow(query("lamps"), today)
            windows = await connection.fetch(_filled("windows"), today, today)
        assert lamps is not None  # counts are one row
        return Board(today, dict(lamps), _rows(windows))


def _rows(records: Iterable[asyncpg.Record]) -> list[Row]:
    return [dict(record) for record in records]


def _side(indicator: Indicator, side: Side) -> str:
    whole, counts = f"({indicator.of})", f"({indicator.counts})"
    if side is Side.DENOMINATOR:
        return whole
    return f"({whole} and {counts})" if side is Side.NUMERATOR else f"({whole} and {counts} is not true)"


def _columns(indicator: Indicator) -> str:
    counted = f"count(*) filter (where {_side(indicator, Side.NUMERATOR)}) as {indicator.code}_numerator"
    return f"{counted}, count(*) filter (where {indicator.of}) as {indicator.code}_denominator"


@cache
def _filled(name: str) -> str:
    whole = {APPLIED, ACCEPTED, CLOSED, *(indicator.of for indicator in INDICATORS)}
    return query(name).format(
        applied=f"({APPLIED})",
        accepted=f"({ACCEPTED})",
        closed=f"({CLOSED})",
        indicators=",\n       ".join(_columns(indicator) for indicator in INDICATORS),
        touched=" or ".join(f"({condition})" for condition in sorted(whole)),
    )
