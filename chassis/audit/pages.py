"""Reading without disturbing: page by page, each a short transaction that cannot write."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import asyncpg

from chassis.event_store import FileKey
from chassis.postgres.database import Connection, Pool

Page: TypeAlias = Sequence[asyncpg.Record]


@dataclass(frozen=True, slots=True)
class AuditLimits:
    """How much an audit asks for at one time."""

    page: int = 500
    """Rows read at one time, and so about what is held in memory."""
    statement_seconds: float = 10.0
    """Seconds one page may take; PostgreSQL stops it then."""
    rest_seconds: float = 0.0
    """Seconds of rest after each page, for a service that answers calls meanwhile."""
    objects: int = 8
    """Objects asked for at one time; of large ones one."""


DEFAULT_AUDIT_LIMITS = AuditLimits()


@dataclass(frozen=True, slots=True)
class Reader:
    """A service's database as an audit reads it."""

    pool: Pool
    limits: AuditLimits
    turned: Callable[[], None] = lambda: None
    """Told after each page."""

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """A connection whose statements all see the same instant, and which refuses to write."""
        limit = str(int(self.limits.statement_seconds * 1000))
        async with (
            self.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute("select set_config('statement_timeout', $1, true)", limit)
            yield connection
        await asyncio.sleep(self.limits.rest_seconds)

    async def pages(
        self, statement: str, key: Sequence[str], *arguments: object
    ) -> AsyncIterator[list[asyncpg.Record]]:
        """The rows of a statement in the order of `key`: $1 to $n are where the last page ended, then how many rows."""
        last: Sequence[object] = [_FIRST.get(column, "") for column in key]
        while True:
            async with self.snapshot() as connection:
                rows = await connection.fetch(statement, *last, self.limits.page, *arguments)
            if rows:
                yield rows
            self.turned()
            if len(rows) < self.limits.page:
                return
            last = [rows[-1][column] for column in key]


_FIRST: dict[str, object] = {"file_id": UUID(int=0), "revision": 0}
"""Before the first value of a column; of texts that is the empty one."""


def file_of(row: asyncpg.Record) -> FileKey:
    """The file that a row belongs to."""
    return FileKey(row["district"], row["street"], row["file_id"])
