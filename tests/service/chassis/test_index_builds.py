"""Indexes of tables that are in use are built while services write to them, and are whole at the end."""

import asyncio
import re
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import asyncpg
import pytest

from chassis.postgres.schema import folders_of
from embedded import postgres
from operations.migrate import migrate
from protocol.streams import SERVICES
from tests.support.ledger import DISTRICT
from tests.support.servers import Database, PostgresServer

STREET = "440105008"
GOLDEN = Path(__file__).parents[2] / "golden" / "database_0_1"


@pytest.mark.parametrize("service", SERVICES)
def test_no_step_since_the_last_release_builds_an_index_in_a_transaction_on_a_table_that_is_there(service: str) -> None:
    golden = (GOLDEN / f"{service}.sql").read_text("utf-8")
    released = re.search(r"^COPY public.schema_migrations .*\n((?:\d+\n)+)", golden, re.MULTILINE)
    assert released is not None
    for file in (file for folder in folders_of(service) for file in folder.glob("*.sql")):
        text = file.read_text("utf-8")
        for concurrent, table in re.findall(r"create (?:unique )?index (concurrently )?.*?\bon (\w+)", text, re.DOTALL):
            made_here = f"create table {table} " in text
            assert file.name[:4] in released.group(1).split() or made_here or concurrent, file.name


INDEX_STEP = "0008"
VALID = "select indisvalid from pg_index where indexrelid = 'inbox_event_id'::regclass"
WAITS = "select count(*) from pg_stat_activity where datname = $1 and wait_event_type = 'Lock' and query like '%index%'"


Superuser: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def _without_index(server: PostgresServer) -> tuple[Database, Superuser]:
    """A database from before the step that builds the index, and a superuser in it."""
    database = server.create_database("metrics", f"metrics_{uuid4().hex[:8]}")
    superuser = await asyncpg.connect(database.dsn())
    await superuser.execute("delete from schema_migrations where version = $1", INDEX_STEP)
    await superuser.execute("drop index inbox_event_id")
    return database, superuser


async def _upgrade(database: Database) -> None:
    await migrate(database.address.server(), "metrics", database.name, postgres.owner("metrics"))


async def test_services_write_to_the_inbox_while_its_index_is_built(postgres_server: PostgresServer) -> None:
    database, superuser = await _without_index(postgres_server)
    scope = {"app.district": DISTRICT, "app.street": "*", "lock_timeout": "3s"}
    slow, quick = [await asyncpg.connect(database.dsn("worker"), server_settings=scope) for _ in range(2)]
    insert = "insert into inbox (source, district, street, file_id, revision, event_id, kind, body)"
    entry = f"{insert} values ('ledger', '{DISTRICT}', '{STREET}', $1, 1, $1, 'entered', '')"
    unfinished = slow.transaction()
    await unfinished.start()
    await slow.execute(entry, uuid4())
    upgrade = asyncio.create_task(_upgrade(database))
    async with asyncio.timeout(60):
        while not await superuser.fetchval(WAITS, database.name):
            await asyncio.sleep(0.02)
    await quick.execute(entry, uuid4())
    await unfinished.commit()
    await upgrade
    assert await superuser.fetchval(VALID)
    for connection in (slow, quick):
        await connection.close()
    await superuser.close()


async def test_an_index_whose_build_broke_off_is_built_again(postgres_server: PostgresServer) -> None:
    database, superuser = await _without_index(postgres_server)
    await superuser.execute("create index inbox_event_id on inbox using brin (event_id)")
    await superuser.execute("update pg_index set indisvalid = false where indexrelid = 'inbox_event_id'::regclass")
    await _upgrade(database)
    assert await superuser.fetchval(VALID)
    await superuser.close()
