"""Two equal requests at the same time: whenever the first is committed, the second gets its answer."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from chassis.event_store import Author, Decision, FileRepository, PostgresStore
from chassis.event_store.postgres_store import append_many
from tests.support.ledger import DISTRICT, MORNING, Entered, Ledger, LedgerCodec, StillClock, a_cause, a_key
from tests.support.servers import Database

_WAITS = "select count(*) from pg_locks where relation = $1::regclass and not granted"


@pytest.fixture
async def anyone(store_database: Database) -> AsyncIterator[asyncpg.Connection]:
    settings = {"app.district": DISTRICT, "app.street": "*"}
    connection = await asyncpg.connect(store_database.dsn(), server_settings=settings)
    yield connection
    await connection.close()


@pytest.mark.parametrize("table", ["fact", "cause"])
async def test_the_second_sees_the_answer_wherever_its_reading_stood_when_the_first_was_committed(
    postgres_store: PostgresStore, anyone: asyncpg.Connection, table: str
) -> None:
    files: FileRepository[Ledger, Entered] = FileRepository(postgres_store, LedgerCodec(), StillClock())
    key, cause = a_key(), a_cause("content")
    await files.change(key, a_cause(), lambda *_: [Entered(1)], actor="clerk")
    loaded = await postgres_store.load(key, None)
    decision = Decision([Entered(2)], answer=b"number 1")
    first = files.unit_of_work.prepare(key, loaded, files.unit_of_work.state(loaded), decision, Author("clerk", cause))
    async with anyone.transaction():
        await anyone.execute(f"lock table {table} in access exclusive mode")
        second = asyncio.create_task(postgres_store.load(key, cause))
        async with asyncio.timeout(30):
            while not await anyone.fetchval(_WAITS, table):
                await asyncio.sleep(0.01)
        await append_many(anyone, [first.change], MORNING)
    seen = await second
    assert seen.answered is not None
    assert (seen.answered.answer, seen.revision, len(seen.bodies)) == (b"number 1", 2, 2)
