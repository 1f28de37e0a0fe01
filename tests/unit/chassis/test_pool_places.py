"""Pool and leader election over connections of this process: places, turns, rotation, loss of leadership."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from chassis.postgres import leader, pool
from chassis.postgres.leader import LeaderSettings, lead
from chassis.postgres.pool import Connection, Pool
from tests.support.examples import examples

QUICK = LeaderSettings(retry=0.0, heartbeat=0.001, heartbeat_limit=1.0)


class FakeConnection:
    """A connection that answers at once, until it breaks."""

    def __init__(self, server: "FakeServer") -> None:
        self._server = server
        self.closed = False
        self.in_transaction = False
        self.statements: list[str] = []

    def is_closed(self) -> bool:
        return self.closed

    def is_in_transaction(self) -> bool:
        return self.in_transaction

    async def close(self) -> None:
        self._end()

    def terminate(self) -> None:
        self._end()

    def _end(self) -> None:
        if not self.closed:
            self.closed = True
            self._server.open.discard(self)
            self._server.locks = {key: holder for key, holder in self._server.locks.items() if holder is not self}

    async def fetch(self, statement: str, *arguments: object) -> list[tuple[object, ...]]:
        self.statements.append(statement)
        await asyncio.sleep(0)
        return [arguments or (1,)]

    async def fetchrow(self, statement: str, *arguments: object) -> tuple[object, ...] | None:
        rows = await self.fetch(statement, *arguments)
        return None if "nothing" in statement else rows[0]

    async def fetchval(self, statement: str, key: int) -> bool:
        await asyncio.sleep(0)
        return self._server.locks.setdefault(key, self) is self

    async def execute(self, statement: str, *arguments: object, timeout: float = 0.0) -> str:
        self.statements.append(statement)
        await asyncio.sleep(0)
        if self.closed:
            raise ConnectionResetError
        if "unlock_all" in statement:
            self._server.locks = {key: holder for key, holder in self._server.locks.items() if holder is not self}
        return "SELECT 1"


class FakeServer:
    """Connections made so far, those still open, and the advisory locks they hold."""

    def __init__(self) -> None:
        self.made: list[FakeConnection] = []
        self.open: set[FakeConnection] = set()
        self.locks: dict[int, FakeConnection] = {}
        self.away = False
        self.login = "first"

    async def connect(self) -> Connection:
        await asyncio.sleep(0)
        if self.away:
            raise ConnectionRefusedError
        made = FakeConnection(self)
        self.made.append(made)
        self.open.add(made)
        return cast("Connection", made)

    def pool(self, size: int = 2, acquire_timeout: float = 5.0) -> Pool:
        return Pool(self.connect, size, acquire_timeout, lambda: self.login)


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


async def test_statements_go_through_the_connection_used_last(server: FakeServer) -> None:
    async with server.pool() as two:
        async with two.acquire(), two.acquire():
            assert len(server.open) == 2
        assert await two.fetchval("select", 7) == 7
        assert await two.fetchval("select nothing") is None
        assert [tuple(row) for row in await two.fetch("select", 7)] == [(7,)]
        assert await two.execute("select") == "SELECT 1"
        first, second = server.made
        assert (len(first.statements), len(second.statements)) in ((4, 0), (0, 4))
    assert server.open == set(), "closed at the end"


async def test_a_call_waits_for_its_turn_and_gets_the_connection_handed_over(server: FakeServer) -> None:
    one = server.pool(size=1)
    order: list[str] = []

    async def call(name: str) -> None:
        async with one.acquire():
            order.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(*(call(name) for name in "abcd"))
    assert order == list("abcd")
    assert len(server.made) == 1


async def test_a_broken_connection_gives_its_place_to_the_next_in_the_queue(server: FakeServer) -> None:
    one = server.pool(size=1)
    async with one.acquire() as connection:
        waiting = asyncio.create_task(one.fetchval("select", 1))
        await asyncio.sleep(0)
        connection.terminate()
    assert await waiting == 1
    assert len(server.made) == 2


async def test_a_connection_that_broke_while_it_was_idle_is_not_used(server: FakeServer) -> None:
    one = server.pool(size=1)
    await one.execute("select")
    server.made[0].terminate()
    await one.execute("select")
    assert len(server.made) == 2


async def test_a_connection_left_in_a_transaction_is_dropped(server: FakeServer) -> None:
    one = server.pool(size=1)
    async with one.acquire() as connection:
        cast("Any", connection).in_transaction = True
    assert server.open == set()
    assert await one.fetchval("select", 1) == 1


async def test_a_failed_connect_takes_no_place(server: FakeServer) -> None:
    one, server.away = server.pool(size=1), True
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            await one.execute("select")
    server.away = False
    assert await one.execute("select") == "SELECT 1"


async def test_a_call_that_waits_too_long_gives_up_and_takes_nothing_with_it(server: FakeServer) -> None:
    one = server.pool(size=1, acquire_timeout=0.001)
    async with one.acquire():
        with pytest.raises(TimeoutError):
            await one.execute("select")
    assert await one.execute("select") == "SELECT 1"
    assert len(server.made) == 1


async def test_the_turn_of_a_cancelled_call_goes_on_to_the_next(server: FakeServer) -> None:
    one = server.pool(size=1)
    async with one.acquire():
        cancelled, waiting = (asyncio.create_task(one.fetchval("select", number)) for number in (1, 2))
        await asyncio.sleep(0)
    cancelled.cancel()  # the connection was handed to it in the same moment
    assert await waiting == 2
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert len(server.made) == 1


async def test_an_uncounted_connection_leaves_its_place_to_others(server: FakeServer) -> None:
    one = server.pool(size=1)
    async with one.acquire():
        with one.uncounted():
            assert await one.fetchval("select", 1) == 1
            assert len(server.open) == 2
        assert len(server.open) == 2
    await one.close()
    assert server.open == set()


async def test_one_connection_too_many_is_closed_when_it_comes_back(server: FakeServer) -> None:
    one = server.pool(size=1)
    async with one.acquire():
        with one.uncounted():
            await one.fetchval("select", 1)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(server.open) == 1


async def test_connections_of_an_old_login_are_renewed(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LOOK_SECONDS", 0.0)
    two = server.pool()
    async with two.acquire() as held:
        await two.execute("select")
        server.login = "second"
        while not two.outdated(held):
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert server.open == {cast("Any", held)}, "the idle one is closed at once"
        await two.execute("select")
        assert len(server.open) == 2
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert cast("Any", held).closed, "the one in use after its statement"
    await two.close()


async def test_a_dropped_pool_is_empty_at_once(server: FakeServer) -> None:
    two = await server.pool()
    async with two.acquire():
        await two.execute("select")
        two.terminate()
        assert server.open == set()


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.sampled_from(["call", "break", "cancel", "long"]), min_size=1, max_size=20), st.integers(1, 3))
async def test_whatever_happens_the_limit_holds_and_no_place_is_lost(steps: list[str], size: int) -> None:
    server = FakeServer()
    shared = server.pool(size)
    most = 0

    async def call(step: str) -> None:
        nonlocal most
        async with shared.acquire() as connection:
            most = max(most, len(server.open))
            await asyncio.sleep(0)
            if step == "break":
                connection.terminate()
            elif step == "long":
                await asyncio.sleep(0)

    calls = [asyncio.create_task(call(step)) for step in steps]
    await asyncio.sleep(0)
    for step, task in zip(steps, calls, strict=True):
        if step == "cancel":
            task.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    assert most <= size
    async with asyncio.timeout(5):
        assert await asyncio.gather(*(shared.fetchval("select", number) for number in range(size * 2))) == [
            *range(size * 2)
        ]
    await shared.close()


def shown(loop: str) -> float | None:
    return REGISTRY.get_sample_value("onewindow_leader", {"loop": loop})


async def test_one_replica_leads_and_the_next_follows_when_its_connection_is_lost(server: FakeServer) -> None:
    led: list[str] = []

    async def work(name: str) -> None:
        led.append(name)
        await asyncio.Event().wait()

    replicas = [asyncio.create_task(lead(server.pool(), "loop", partial(work, name), QUICK)) for name in "ab"]
    while not led:
        await asyncio.sleep(0)
    assert shown("loop") == 1
    (holder,) = server.locks.values()
    holder.terminate()
    while len(led) < 2:
        await asyncio.sleep(0)
    for replica in replicas:
        replica.cancel()
    await asyncio.gather(*replicas, return_exceptions=True)
    assert shown("loop") == 0
    assert server.locks == {}, "the lock is given back"


async def test_a_lock_may_have_another_name_than_its_loop(server: FakeServer) -> None:
    started = asyncio.Event()

    async def work() -> None:
        started.set()
        await asyncio.Event().wait()

    leading = asyncio.create_task(lead(server.pool(), "outbox:outbox", work, QUICK, lock="relay:outbox"))
    await started.wait()
    assert list(server.locks) == [leader.lock_key("relay:outbox")]
    leading.cancel()
    with suppress(asyncio.CancelledError):
        await leading


async def test_an_error_of_the_work_ends_the_loop_for_its_supervisor(server: FakeServer) -> None:
    async def work() -> None:
        raise LookupError("a mistake")

    with pytest.raises(LookupError):
        await lead(server.pool(), "broken", work, QUICK)
    assert server.locks == {}


async def test_work_that_finds_postgresql_away_is_led_again(server: FakeServer) -> None:
    tries: list[int] = []

    async def work() -> None:
        tries.append(len(tries))
        if len(tries) < 3:
            raise ConnectionResetError
        await asyncio.Event().wait()

    leading = asyncio.create_task(lead(server.pool(), "again", work, QUICK))
    while len(tries) < 3:
        await asyncio.sleep(0)
    leading.cancel()
    with suppress(asyncio.CancelledError):
        await leading


async def test_a_leader_whose_login_was_rotated_resigns(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LOOK_SECONDS", 0.0)
    led: list[object] = []

    async def work() -> None:
        led.append(next(iter(server.locks.values())))
        await asyncio.Event().wait()

    shared = server.pool()
    leading = asyncio.create_task(lead(shared, "rotated", work, QUICK))
    while not led:
        await asyncio.sleep(0)
    server.login = "second"
    while len(led) < 2:
        await asyncio.sleep(0)
    assert led[0] is not led[1], "the next connection is made with the new login"
    leading.cancel()
    with suppress(asyncio.CancelledError):
        await leading
    await shared.close()
