"""The database in memory, on which histories are simulated, answers each of their statements as PostgreSQL does."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest

from chassis.postgres.database import Pool, open_rpc_pool, open_worker_pool
from protocol.streams import SERVICES
from tests.simulate.comparison import Replay, recorded, table_differences
from tests.simulate.history import history_of
from tests.simulate.office import DISTRICT
from tests.support.ledger import pool_settings
from tests.support.servers import Database, PostgresServer

_SEEDS = range(1000, 1030)


@pytest.fixture
async def databases(postgres_server: PostgresServer) -> Mapping[str, Database]:
    """A database of each service, without rows."""
    return {service: postgres_server.create_database(service, f"memory_{service}") for service in SERVICES}


@pytest.fixture
async def pools(databases: Mapping[str, Database]) -> AsyncIterator[Mapping[str, tuple[Pool, Pool]]]:
    """The pools of calls and of the worker of each service."""
    async with AsyncExitStack() as stack:
        opened = {}
        for service, database in databases.items():
            rpc = await stack.enter_async_context(_pool(open_rpc_pool(pool_settings(database, "rpc"))))
            worker = await stack.enter_async_context(
                _pool(open_worker_pool(pool_settings(database, "worker"), DISTRICT))
            )
            opened[service] = rpc, worker
        yield opened


def _pool(pool: Any) -> Any:
    return pool


async def test_every_statement_of_thirty_histories_has_the_same_rows_or_the_same_error(
    databases: Mapping[str, Database], pools: Mapping[str, tuple[Pool, Pool]]
) -> None:
    recording, world = recorded([history_of(seed) for seed in _SEEDS])
    replay = Replay(pools)
    await replay.play(recording)
    assert not replay.differences, "\n".join(replay.differences[:6])
    async with AsyncExitStack() as stack:
        superusers = {}
        for service, database in databases.items():
            connection = await asyncpg.connect(database.dsn())
            stack.push_async_callback(connection.close)
            superusers[service] = connection
        assert await table_differences(superusers, world) == []
    assert len(recording.executed) > 1_500
