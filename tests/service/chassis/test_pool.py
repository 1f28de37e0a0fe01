"""Connections are lent, come back, are replaced when they die, and are never more than allowed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from prometheus_client import REGISTRY

from chassis.postgres.connect import LoginRefused
from chassis.postgres.database import Pool, away_as_refusal, is_away, open_rpc_pool, reached, scoped
from chassis.postgres.leader import LeaderSettings, lead, lock_key
from chassis.refusals import Away
from chassis.scope import Scope
from chassis.settings.login import LoginFolder
from tests.support.certificates import mount
from tests.support.ledger import DISTRICT, ledger_database, pool_settings
from tests.support.servers import Database, PostgresServer


@pytest.fixture(scope="module")
def database(postgres_server: PostgresServer) -> Database:
    return ledger_database(postgres_server, f"ledger_{uuid4().hex[:8]}")


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    """Two connections."""
    async with open_rpc_pool(replace(pool_settings(database, "rpc"), connections=2)) as pool:
        yield pool


async def test_no_more_connections_are_made_than_allowed(pool: Pool) -> None:
    pids = await asyncio.gather(*(pool.fetchval("select pg_backend_pid()") for _ in range(50)))
    assert 1 <= len(set(pids)) <= 2


async def test_the_connection_used_last_is_used_next(pool: Pool) -> None:
    assert len({await pool.fetchval("select pg_backend_pid()") for _ in range(5)}) == 1


async def test_a_call_that_waits_too_long_for_a_connection_is_refused_as_away(pool: Pool) -> None:
    pool._acquire_timeout = 0.1
    async with pool.acquire(), pool.acquire():
        with pytest.raises(Away), away_as_refusal():
            await pool.fetchval("select 1")
    assert await pool.fetchval("select 1") == 1


async def test_a_leader_of_every_loop_has_as_many_connections_for_work_as_a_leader_of_none(pool: Pool) -> None:
    led: set[str] = set()

    async def work(loop: str) -> None:
        assert await pool.fetchval("select 1") == 1
        led.add(loop)
        await asyncio.Event().wait()

    loops = [f"loop {number}" for number in range(5)]
    leading = [asyncio.create_task(lead(pool, loop, partial(work, loop))) for loop in loops]
    async with asyncio.timeout(10):
        while led != set(loops):
            await asyncio.sleep(0.01)
    async with pool.acquire(), pool.acquire():
        pass
    for task in leading:
        task.cancel()
    await asyncio.gather(*leading, return_exceptions=True)
    pids = await asyncio.gather(*(pool.fetchval("select pg_backend_pid()") for _ in range(50)))
    assert 1 <= len(set(pids)) <= 2


async def test_work_whose_cancellation_got_lost_does_not_go_on_without_the_lock(pool: Pool) -> None:
    led: list[int] = []

    async def work() -> None:
        here = "database = (select oid from pg_database where datname = current_database())"
        led.append(await pool.fetchval(f"select pid from pg_locks where locktype = 'advisory' and {here}"))
        for _ in range(2):
            with suppress(asyncio.CancelledError):  # as a rollback does that raises because its connection is gone
                await asyncio.Event().wait()
        led.append(0)
        await asyncio.Event().wait()

    leading = asyncio.create_task(lead(pool, "lost", work, LeaderSettings(retry=0.02, heartbeat=0.02)))
    async with asyncio.timeout(10):
        while not led:
            await asyncio.sleep(0.01)
        await pool.fetchval("select pg_terminate_backend($1)", led[0])
        while len(led) < 3:
            await asyncio.sleep(0.01)
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)
    assert led[1] == 0
    assert led[2] not in {0, led[0]}


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


async def test_a_missing_server_is_away_and_takes_no_place(database: Database) -> None:
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


_CURRENT_USER = "select session_user::text from pg_sleep(0.01)"


class Rotation:
    """A role's login in a mounted folder, of the ledger's database."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder, self.database = folder, database
        self.settings = replace(pool_settings(database, "rpc"), login=LoginFolder(folder, "rpc"), connections=3)

    async def make(self, user: str) -> str:
        superuser = await asyncpg.connect(self.database.dsn())
        await superuser.execute(f"create role {user} login in role {self.database.role('rpc')}")
        await superuser.close()
        return user

    def mount(self, user: str, password: str = "of no use over a socket") -> None:
        mount(self.folder, **{"rpc.username": user.encode(), "rpc.password": password.encode()})


@pytest.fixture
def rotation(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rotation:
    """Looked at more often than in production, so that a test need not wait a second."""
    monkeypatch.setattr("chassis.postgres.pool.LOOK_SECONDS", 0.02)
    monkeypatch.setattr("chassis.postgres.connect.TRY_SECONDS", 0.05)
    return Rotation(tmp_path, database)


async def _comes_as(pool: Pool, user: str) -> None:
    async with asyncio.timeout(10):
        while await pool.fetchval("select session_user::text") != user:
            await asyncio.sleep(0.01)


async def test_a_rotated_login_serves_from_the_next_connection_on_and_fails_no_statement(rotation: Rotation) -> None:
    users = [await rotation.make(f"ledger_{uuid4().hex[:8]}") for _ in range(2)]
    rotation.mount(users[0])
    seen: set[str] = set()

    async def call(pool: Pool) -> None:
        while users[1] not in seen:
            seen.add(await pool.fetchval(_CURRENT_USER))

    async with open_rpc_pool(rotation.settings) as pool:
        assert await pool.fetchval("select session_user::text") == users[0]
        calls = [asyncio.create_task(call(pool)) for _ in range(6)]
        rotation.mount(users[1])
        async with asyncio.timeout(10):
            await asyncio.gather(*calls)
        async with asyncio.timeout(10):
            while set(await asyncio.gather(*(pool.fetchval(_CURRENT_USER) for _ in range(9)))) != {users[1]}:
                await asyncio.sleep(0.01)


async def test_a_connection_lent_for_long_is_known_to_be_outdated_and_replaced_when_it_comes_back(
    rotation: Rotation,
) -> None:
    users = [await rotation.make(f"ledger_{uuid4().hex[:8]}") for _ in range(2)]
    rotation.mount(users[0])
    async with open_rpc_pool(rotation.settings) as pool, pool.acquire() as held:
        assert not pool.outdated(held)
        rotation.mount(users[1])
        await _comes_as(pool, users[1])
        async with asyncio.timeout(10):
            while not pool.outdated(held):
                await asyncio.sleep(0.01)
        assert await held.fetchval("select session_user::text") == users[0]


async def test_a_leader_gives_its_outdated_connection_back_and_leads_on_a_new_one(rotation: Rotation) -> None:
    users = [await rotation.make(f"ledger_{uuid4().hex[:8]}") for _ in range(2)]
    rotation.mount(users[0])
    led: list[str] = []
    async with open_rpc_pool(rotation.settings) as pool:

        async def work() -> None:
            holder = "select usename::text from pg_stat_activity join pg_locks using (pid) where locktype = 'advisory'"
            led.append(await pool.fetchval(f"{holder} and usename = any ($1)", users))
            await asyncio.Event().wait()

        leading = asyncio.create_task(lead(pool, "rotated", work, LeaderSettings(retry=0.02, heartbeat=0.02)))
        async with asyncio.timeout(10):
            while len(led) < 1:
                await asyncio.sleep(0.01)
            rotation.mount(users[1])
            while len(led) < 2:
                await asyncio.sleep(0.01)
        leading.cancel()
        await asyncio.gather(leading, return_exceptions=True)
    assert led == users


async def test_a_login_that_is_not_known_yet_leaves_the_last_one_serving(rotation: Rotation) -> None:
    user, later = await rotation.make(f"ledger_{uuid4().hex[:8]}"), f"ledger_{uuid4().hex[:8]}"
    rotation.mount(user)
    async with open_rpc_pool(rotation.settings) as pool:
        await pool.fetchval("select 1")
        rotation.mount(later)
        async with asyncio.timeout(10):
            while not REGISTRY.get_sample_value("onewindow_database_login_refused", {"role": later}):
                assert await pool.fetchval("select session_user::text") == user
                await asyncio.sleep(0.01)
        await rotation.make(later)
        await _comes_as(pool, later)
        async with asyncio.timeout(10):
            while {await pool.fetchval("select session_user::text") for _ in range(3)} != {later}:
                await asyncio.sleep(0.01)
    assert REGISTRY.get_sample_value("onewindow_database_login_refused", {"role": later}) == 0


async def test_a_refused_login_that_was_replaced_clears_its_gauge(rotation: Rotation) -> None:
    user, wrong = await rotation.make(f"ledger_{uuid4().hex[:8]}"), f"ledger_{uuid4().hex[:8]}"
    rotation.mount(user)
    async with open_rpc_pool(rotation.settings) as pool, asyncio.timeout(10):
        await pool.fetchval("select 1")
        rotation.mount(wrong)
        while not REGISTRY.get_sample_value("onewindow_database_login_refused", {"role": wrong}):
            await asyncio.sleep(0.01)
        rotation.mount(user)
        while REGISTRY.get_sample_value("onewindow_database_login_refused", {"role": wrong}):
            await asyncio.sleep(0.01)


async def test_a_loop_without_a_leader_is_shown(rotation: Rotation) -> None:
    async def no_leader() -> None:
        raise AssertionError

    rotation.mount(await rotation.make(f"ledger_{uuid4().hex[:8]}"))
    async with open_rpc_pool(rotation.settings) as pool, asyncio.timeout(10), pool.acquire() as other:
        await other.execute("select pg_advisory_lock($1)", lock_key("taken"))
        waiting = asyncio.create_task(lead(pool, "taken", no_leader, LeaderSettings(retry=0.02)))
        while REGISTRY.get_sample_value("onewindow_leader", {"loop": "taken"}) != 0:
            await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


@pytest.mark.parametrize(
    "files, said",
    [({}, "缺失或为空"), ({"rpc.username": b"x", "rpc.password": b"\n"}, "缺失或为空")],
    ids=["missing", "empty"],
)
async def test_a_login_that_is_not_mounted_is_logged_and_counts_as_away(
    rotation: Rotation, files: dict[str, bytes], said: str
) -> None:
    mount(rotation.folder, **files)
    async with open_rpc_pool(rotation.settings) as pool:
        with pytest.raises(LoginRefused, match=said) as refused:
            await pool.fetchval("select 1")
    assert is_away(refused.value)


async def test_a_login_that_does_not_exist_is_logged(rotation: Rotation) -> None:
    rotation.mount("nobody_of_that_name")
    async with open_rpc_pool(rotation.settings) as pool:
        with pytest.raises(LoginRefused, match="数据库不接受账号 nobody_of_that_name"):
            await pool.fetchval("select 1")
