"""A database of metrics that receives events by the service's own consumers, without a stream."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import uuid4

import asyncpg
import pytest
from nats.aio.client import Client

from chassis.inbox import InboxConsumer, InboxEvent
from chassis.postgres.database import Pool, open_rpc_pool, open_worker_pool
from services.metrics.adapters.subscriptions import PROJECTORS
from tests.service.metrics.lives import DISTRICT
from tests.support.forgetful import nothing_remembered  # noqa: F401 # a fixture of every test of the folder
from tests.support.ledger import pool_settings
from tests.support.servers import Database, PostgresServer

TABLES = ("matter", "ticket", "card", "item", "hall_window", "fact_count")


@dataclass
class MetricsDatabase:
    """Database of metrics with its two roles and the consumers of three streams."""

    database: Database
    rpc: Pool
    worker: Pool

    def __post_init__(self) -> None:
        self._consumers = {
            projector.source: InboxConsumer(self.worker, Client(), projector.subscription()) for projector in PROJECTORS
        }

    async def receive(self, events: Iterable[InboxEvent]) -> None:
        """Receive the events in this order, neighbours of one source as one batch."""
        for source, batch in groupby(events, key=lambda event: event.source):
            await self._consumers[source].apply(list(batch))

    async def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row, whole, by table."""
        found = {table: await self.worker.fetch(f"select * from {table}") for table in TABLES}
        return {table: sorted((tuple(row) for row in rows), key=repr) for table, rows in found.items()}

    async def empty(self) -> None:
        """Empty inbox, empty tables."""
        whole = ", ".join((*TABLES, "inbox", "inbox_offset", "parked", "dead_letter"))
        connection = await self.superuser()
        try:
            await connection.execute(f"set session_replication_role = replica; truncate {whole}")
        finally:
            await connection.close()

    async def superuser(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection that no policy binds."""
        return await asyncpg.connect(self.database.dsn())


@pytest.fixture(scope="session")
async def shared_metrics(postgres_server: PostgresServer) -> AsyncIterator[MetricsDatabase]:
    """One database for the folder."""
    database = postgres_server.create_database("metrics", f"metrics_{uuid4().hex[:8]}")
    rpc = await open_rpc_pool(pool_settings(database, "rpc"))
    worker = await open_worker_pool(pool_settings(database, "worker"), DISTRICT)
    yield MetricsDatabase(database, rpc, worker)
    rpc.terminate()
    worker.terminate()


@pytest.fixture
async def metrics(shared_metrics: MetricsDatabase) -> MetricsDatabase:
    """The database with nothing in it."""
    await shared_metrics.empty()
    return shared_metrics


def in_turns(events: Sequence[InboxEvent], size: int) -> list[list[InboxEvent]]:
    """The events in batches of at most `size`."""
    return [list(events[start : start + size]) for start in range(0, len(events), size)]
