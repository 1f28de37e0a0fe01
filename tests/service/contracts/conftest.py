"""Both stores, in turn: a test that takes `store` runs for memory and for PostgreSQL."""

from collections.abc import AsyncIterator, Iterator

import pytest

from chassis.event_store import MemoryStore, PostgresStore, Store
from chassis.postgres.database import open_rpc_pool, open_worker_pool
from tests.support.ledger import DISTRICT, ledger_database, pool_settings
from tests.support.servers import Database, PostgresServer


@pytest.fixture(scope="session")
def store_database(postgres_server: PostgresServer) -> Iterator[Database]:
    """One database for the suite: every test has files of its own."""
    yield ledger_database(postgres_server, "ledger_contract")


@pytest.fixture(scope="session")
async def postgres_store(store_database: Database) -> AsyncIterator[PostgresStore]:
    """The store over real pools of both roles."""
    rpc = open_rpc_pool(pool_settings(store_database, "rpc"))
    worker = open_worker_pool(pool_settings(store_database, "worker"), DISTRICT)
    async with rpc, worker:
        yield PostgresStore(rpc, worker)


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each store in turn."""
    if request.param == "memory":
        return MemoryStore()
    found: PostgresStore = request.getfixturevalue("postgres_store")
    return found
