"""Connections are lent, come back, are replaced when they die, and are never more than allowed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from chassis.database import Pool, away_as_refusal, is_away, open_rpc_pool, reached, scoped
from chassis.refusals import Away
from chassis.scope import Scope
from tests.support.ledger import DISTRICT, ledger_database, pool_settings
from tests.support.servers import Database, PostgresServer


@pytest.fixture(scope="module")
def database(postgres_server: PostgresServer) -> Database:
    return ledger_database(postgres_server, f"ledger_{uuid4().hex[:8]}")


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    """Two connections, and little patience."""
    async with open_rpc_pool(replace(pool_settings(database, "rpc"), connections=2, acquire_timeout=0.3)) as pool:
        yield pool


async def test_no_more_connections_are_made_than_allowed(pool: Pool) -> None:
    pids = await asyncio.gather(*(pool.fetchval("select pg_backend_pid()") for _ in range(50)))
    assert 1 <= len(set(pids)) <= 2


async def test_the_connection_used_last_is_used_next(pool: Pool) -> None:
    assert len({await pool.fetchval("select pg_backend_pid()") for _ in range(5)}) == 1


async def test_who_waits_too_long_for_a_connection_is_told_that_it_is_away(pool: Pool) -> None:
    async with pool.acquire(), pool.acquire():
        with pytest.raises(Away), away_as_refusal():
            await pool.fetchval("select 1")
    assert await pool.fetchval("select 1") == 1


async def test_a_waiting_call_gets_the_connection_that_comes_back(pool: Pool) -> None:
    async with pool.acquire():
        async with pool.acquire() as second:
            waiting = asyncio.create_task(pool.fetchval("select pg_backend_pid()"))
            await asyncio.sleep(0)
            pid = second.get_server_pid()
        assert await waiting == pid


async def test_a_call_cancelled_while_it_waits_takes_no_connection_with_it(pool: Pool) -> None:
    async with pool.acquire():
        async with pool.acquire():
            waiting = asyncio.create_task(pool.fetchval("select 1"))
            await asyncio.sleep(0)
        waiting.cancel()  # in the very step in which it was given one
        await asyncio.gather(waiting, return_exceptions=True)
        assert await pool.fetchval("select 1") == 1


async def test_a_cancelled_statement_leaves_its_connection_usable(pool: Pool) -> None:
    for _ in range(4):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await pool.fetchval("select pg_sleep(60)")
    assert await asyncio.gather(*(pool.fetchval("select 1") for _ in range(4))) == [1] * 4


async def test_a_transaction_that_was_left_open_is_not_lent_again(pool: Pool) -> None:
    async with pool.acquire() as connection:
        pid = connection.get_server_pid()
        await connection.execute("begin")
    assert await pool.fetchval("select pg_backend_pid()") != pid


async def test_a_dead_connection_is_replaced(pool: Pool, database: Database) -> None:
    pid = await pool.fetchval("select pg_backend_pid()")
    superuser = await asyncpg.connect(database.dsn())
    await superuser.execute("select pg_terminate_backend($1, 5000)", pid)
    await superuser.close()
    for _ in range(3):
        if await reached(pool):
            break
    assert await pool.fetchval("select pg_backend_pid()") != pid


async def test_a_server_that_is_not_there_is_away_and_takes_no_place(database: Database) -> None:
    nowhere = replace(pool_settings(database, "rpc"), host="/nowhere", connections=1)
    async with open_rpc_pool(nowhere) as pool:
        for _ in range(3):
            assert not await reached(pool)


async def test_a_scope_ends_with_its_list(pool: Pool) -> None:
    async with scoped(pool, Scope(DISTRICT, "*")) as connection:
        assert await connection.fetchval("select current_setting('app.district', true)") == DISTRICT
    assert await pool.fetchval("select current_setting('app.district', true)") in (None, "")


async def test_a_list_cannot_write(pool: Pool) -> None:
    with pytest.raises(Away):
        async with scoped(pool, Scope(DISTRICT, "*")) as connection:
            await connection.execute("insert into serial values ($1, 'n', 1)", DISTRICT)


def test_an_argument_of_the_wrong_kind_is_a_mistake_and_not_an_absence() -> None:
    class Wrong(asyncpg.InterfaceError, ValueError):
        pass

    assert is_away(asyncpg.InterfaceError("closed"))
    assert not is_away(Wrong("a date"))
