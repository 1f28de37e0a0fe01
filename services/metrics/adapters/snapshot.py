"""One snapshot for several queries, so that the numbers of one answer agree with each other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis.postgres.database import Connection, Pool, away_as_refusal
from chassis.scope import Scope


@asynccontextmanager
async def snapshot(pool: Pool, scope: Scope) -> AsyncIterator[Connection]:
    """A connection that sees `scope` alone, as it stood at the first query. Raises Away."""
    with away_as_refusal():
        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await set_scope(connection, scope)
            yield connection


async def set_scope(connection: Connection, scope: Scope) -> None:
    """From now on the transaction sees `scope`."""
    await connection.execute(_SET_SCOPE, scope.district, scope.street)


_SET_SCOPE = "select set_config('app.district', $1, true), set_config('app.street', $2, true)"
