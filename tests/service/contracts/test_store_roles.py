"""Rights enforced by PostgreSQL itself: facts are append-only, calls stay in their place, workers in their district."""

from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from chassis.event_store import FileRepository, PostgresStore, Scope
from chassis.postgres.database import scoped
from tests.support.ledger import (
    DISTRICT,
    OTHER_STREET,
    STREET,
    Entered,
    Ledger,
    LedgerCodec,
    StillClock,
    a_cause,
    a_key,
)
from tests.support.servers import Database

ROLES = ("owner", "rpc", "worker", "")
APPEND_ONLY = ("fact", "inbox")


@pytest.fixture
async def filled(postgres_store: PostgresStore) -> FileRepository[Ledger, Entered]:
    files: FileRepository[Ledger, Entered] = FileRepository(postgres_store, LedgerCodec(), StillClock())
    for street in (STREET, OTHER_STREET):
        await files.change(a_key(street), a_cause(), lambda *_: [Entered(1)], actor="clerk")
    return files


@pytest.fixture(params=ROLES, ids=["owner", "rpc", "worker", "superuser"])
async def anyone(request: pytest.FixtureRequest, store_database: Database) -> AsyncIterator[asyncpg.Connection]:
    settings = {"app.district": DISTRICT, "app.street": "*"}
    connection = await asyncpg.connect(store_database.dsn(request.param), server_settings=settings)
    yield connection
    await connection.close()


@pytest.fixture
async def witness(store_database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(store_database.dsn())
    await connection.execute(
        "insert into inbox values ('intake', '440105', '440105008', gen_random_uuid(), 1, gen_random_uuid(), 'k', '')"
    )
    yield connection
    await connection.close()


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("forbidden", ["update {} set kind = 'other'", "delete from {}", "truncate {}"])
async def test_no_role_changes_append_only_tables(
    anyone: asyncpg.Connection,
    witness: asyncpg.Connection,
    filled: FileRepository[Ledger, Entered],
    table: str,
    forbidden: str,
) -> None:
    content = f"select count(*), md5(string_agg(t::text, '' order by t::text)) from {table} t"
    before = await witness.fetchrow(content)
    assert before is not None
    assert before["count"] > 0
    with suppress(asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError):
        await anyone.execute(forbidden.format(table))
    assert await witness.fetchrow(content) == before


@pytest.mark.parametrize("right", ["update", "delete", "truncate"])
async def test_no_login_role_has_the_right_to_change_append_only_tables(
    witness: asyncpg.Connection, store_database: Database, right: str
) -> None:
    granted = "select bool_or(has_table_privilege($1, t, $2)) from unnest(array['fact', 'inbox']) t"
    for kind in ("rpc", "worker"):
        assert await witness.fetchval(granted, store_database.role(kind), right) is False


async def test_every_table_of_a_place_is_under_forced_row_level_security(store_database: Database) -> None:
    connection = await asyncpg.connect(store_database.dsn())
    open_tables = await connection.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
        " and not (relrowsecurity and relforcerowsecurity)"
        " and relname not in ('schema_migrations', 'schema_rule', 'schema_sql', 'sweep_name')"
    )
    await connection.close()
    assert [row["relname"] for row in open_tables] == []


async def test_a_connection_without_a_scope_sees_nothing(
    store_database: Database, filled: FileRepository[Ledger, Entered]
) -> None:
    for role in ("rpc", "worker"):
        connection = await asyncpg.connect(store_database.dsn(role))
        assert await connection.fetchval("select count(*) from fact") == 0
        await connection.close()


async def test_a_list_shows_the_rows_of_its_scope_alone(
    postgres_store: PostgresStore, filled: FileRepository[Ledger, Entered]
) -> None:
    for scope, streets in {
        Scope(DISTRICT, STREET): {STREET},
        Scope(DISTRICT, "*"): {STREET, OTHER_STREET},
        Scope("440106", "*"): set(),
    }.items():
        async with scoped(postgres_store._rpc, scope) as connection:
            rows = await connection.fetch("select distinct street from ledger")
        assert {row["street"] for row in rows} == streets


async def test_the_projection_equals_the_fold_of_the_facts(
    postgres_store: PostgresStore, filled: FileRepository[Ledger, Entered]
) -> None:
    key = a_key()
    for amount in (3, 4):
        changed = await filled.change(key, a_cause(), lambda *_, amount=amount: [Entered(amount)], actor="clerk")
    async with scoped(postgres_store._rpc, key.scope) as connection:
        row = await connection.fetchrow("select total, revision from ledger where file_id = $1", key.file_id)
    assert row is not None
    assert tuple(row) == (changed.state.total, changed.revision)


async def test_a_fact_and_its_outbox_row_are_written_together_or_not_at_all(
    store_database: Database, filled: FileRepository[Ledger, Entered]
) -> None:
    connection = await asyncpg.connect(store_database.dsn())
    unpublished = "select count(*) from fact f where not exists (select from outbox o where o.seq = f.seq)"
    orphans = "select count(*) from outbox o where not exists (select from fact f where o.seq = f.seq)"
    assert [await connection.fetchval(query) for query in (unpublished, orphans)] == [0, 0]
    await connection.close()
