"""A database of the last release upgrades: nothing is lost, the schema is that of a fresh one."""

import subprocess
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from embedded import postgres
from operations import databases
from operations.migrate import migrate
from protocol.streams import SERVICES
from tests.support.servers import Database, PostgresServer
from tools import schema_dump

GOLDEN = Path(__file__).parents[2] / "golden" / "database_0_1"
TABLES = """
select relname from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') and relname not like 'schema\\_%' order by 1
"""
Rows = dict[str, list[str]]


async def _restored(server: PostgresServer, service: str) -> Database:
    """A database as release 0.1 left it."""
    database = Database(service, f"{service}_{uuid4().hex[:8]}", server.address)
    connection = await server.address.server().connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)
    await databases.make(connection, service, database.name)
    await connection.close()
    options = ["--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", f"--file={GOLDEN / service}.sql"]
    subprocess.run([str(postgres.binary("psql")), "--no-psqlrc", *options, database.dsn("owner")], check=True)
    return database


async def _upgrade(database: Database) -> None:
    owner = postgres.owner(database.service)
    await migrate(database.address.server(), database.service, database.name, owner)


async def _rows(database: Database) -> Rows:
    """Every row of every table and view, as the superuser sees them."""
    connection = await asyncpg.connect(database.dsn())
    found: Rows = {}
    for table in [row[0] for row in await connection.fetch(TABLES)]:
        rows = await connection.fetch(f"select t::text as row from {table} t order by 1")
        found[table] = [row["row"] for row in rows]
    await connection.close()
    return found


@pytest.mark.parametrize("service", SERVICES)
async def test_a_database_of_the_last_release_becomes_what_a_fresh_one_is(
    service: str, postgres_server: PostgresServer
) -> None:
    database = await _restored(postgres_server, service)
    before = await _rows(database)
    await _upgrade(database)
    found = schema_dump.schema_of(database.address, service, database.name)
    assert found == schema_dump.file_of(service).read_text(encoding="utf-8")
    after = await _rows(database)
    assert {table: after[table] for table in before} == before
