"""Reads page by page, each in a short read-only transaction, so that a running service is not disturbed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from chassis.event_store import FileKey
from chassis.postgres.database import Connection, Pool

_FIRST: dict[str, object] = {"file_id": UUID(int=0), "revision": 0}
"""Values before the first one of a column; of texts the empty one."""


@dataclass(frozen=True, slots=True)
class AuditLimits:
    """Limits of an audit that runs beside a service."""

    page: int = 500
    """Rows of one page; they bound the memory of an audit."""
    statement_seconds: float = 10.0
    """Seconds one page may take; PostgreSQL cancels it then."""
    rest_seconds: float = 0.0
    """Seconds of rest after each page, so that the service answers its calls."""
    objects: int = 8
    """Objects read at one time; large ones are read alone."""


DEFAULT_AUDIT_LIMITS = AuditLimits()


@dataclass(frozen=True, slots=True)
class PageReader:
    """Page reader of a service's database."""

    pool: Pool
    limits: AuditLimits
    after_page: Callable[[], None] = lambda: None
    """Called after each page."""

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """A read-only connection whose statements all see the same instant."""
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
        """Rows of a statement in the order of `key`: $1 to $n are the last key of the page before, then its size."""
        last: Sequence[object] = [_FIRST.get(column, "") for column in key]
        while True:
            async with self.snapshot() as connection:
                rows = await connection.fetch(statement, *last, self.limits.page, *arguments)
            if rows:
                yield rows
            self.after_page()
            if len(rows) < self.limits.page:
                return
            last = [rows[-1][column] for column in key]


def row_file(row: asyncpg.Record) -> FileKey:
    """Key of the file that a row belongs to."""
    return FileKey(row["district"], row["street"], row["file_id"])
