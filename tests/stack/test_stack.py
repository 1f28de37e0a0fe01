"""Up, kill, status, down: what `onewindow up` promises, with real servers and two stand-ins."""

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import asyncpg
import nats
import pytest

from chassis.clock import SHANGHAI
from embedded.data_dir import DataDir
from embedded.errors import NotRunning, StackError
from embedded.readiness import accepts, serving
from embedded.stack import Stack
from embedded.supervision.state import read_state
from tests.stack.stand_ins import SETTINGS, SMALL_TABLE, programs_of
from tests.support.waiting import until

FIRST = datetime(2016, 1, 4, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def up(stack: Stack) -> Stack:
    stack.start()
    return stack


def test_up_returns_when_every_program_is_ready(up: Stack) -> None:
    status = up.status()
    assert serving(str(status["services"]["alpha"]["health"]))
    assert accepts(str(status["simulators"]["world"]["http"]))


def test_status_has_the_documented_shape(up: Stack) -> None:
    status = up.status()
    assert set(status) == {"services", "simulators", "postgres", "nats", "clock"}
    assert set(status["services"]["alpha"]) == {"rpc", "health", "metrics", "pid"}
    assert set(status["postgres"]) == set(status["nats"]) == {"url", "pid"}


def test_a_second_up_changes_nothing(up: Stack) -> None:
    before = up.status()
    Stack(up.data_dir, SETTINGS, SMALL_TABLE).start()
    assert up.status() == before


def test_a_service_that_is_killed_is_started_again(up: Stack) -> None:
    before = up.status()["services"]["alpha"]
    os.kill(int(str(before["pid"])), signal.SIGKILL)
    until(lambda: up.status()["services"]["alpha"]["pid"] not in (before["pid"], None))
    until(lambda: serving(str(before["health"])))


def test_postgres_that_is_killed_comes_back_with_what_it_had(up: Stack) -> None:
    status = up.status()
    asyncio.run(_on(status["postgres"]["url"], "create table kept as select 7 as seven"))
    os.kill(status["postgres"]["pid"] or 0, signal.SIGKILL)
    until(lambda: up.status()["postgres"]["pid"] not in (status["postgres"]["pid"], None))
    until(lambda: _answers(status["postgres"]["url"]))
    assert asyncio.run(_on(status["postgres"]["url"], "select seven from kept")) == 7


def test_nats_that_is_killed_comes_back_with_the_facts_it_had(up: Stack) -> None:
    before = up.status()["nats"]
    stored = asyncio.run(_published(before["url"]))
    os.kill(before["pid"] or 0, signal.SIGKILL)
    until(lambda: up.status()["nats"]["pid"] not in (before["pid"], None))
    until(lambda: accepts(before["url"].removeprefix("nats://")))
    assert asyncio.run(_published(before["url"])) == stored, "a fact that is published again is stored once"


def test_the_superuser_needs_the_password_on_the_loopback(up: Stack) -> None:
    url = up.status()["postgres"]["url"]
    with pytest.raises(asyncpg.InvalidPasswordError):
        asyncio.run(_on(url.replace(url.split(":")[2].split("@")[0], "guessed"), "select 1"))


def test_the_four_databases_are_there(up: Stack) -> None:
    names = "select array_agg(datname::text order by datname) from pg_database where datdba <> 10"
    found = asyncio.run(_on(up.status()["postgres"]["url"], names))
    assert found == ["approval", "intake", "metrics", "notify"]


def test_a_killed_supervisor_is_replaced_by_the_next_up(up: Stack) -> None:
    before = up.status()
    supervisor = read_state(up.data_dir).supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    until(lambda: not up.running())
    with pytest.raises(NotRunning):
        up.status()
    up.start()
    assert up.status()["services"]["alpha"]["pid"] != before["services"]["alpha"]["pid"]


def test_down_leaves_no_program_and_says_once_that_it_ended_something(up: Stack, home: DataDir) -> None:
    assert programs_of(home)
    assert up.stop()
    assert programs_of(home) == []
    assert not up.stop()
    with pytest.raises(NotRunning):
        up.status()


def test_a_stack_that_is_being_taken_down_does_not_remain(up: Stack) -> None:
    up.start()
    with ThreadPoolExecutor(1) as elsewhere:
        down = elsewhere.submit(Stack(up.data_dir, SETTINGS, SMALL_TABLE).stop)
        until(lambda: read_state(up.data_dir).pid("alpha") is None)
        assert not up.remains()
        assert down.result()
    assert not up.remains()


def test_down_ends_what_a_killed_supervisor_left_behind(up: Stack, home: DataDir) -> None:
    up.start()
    supervisor = read_state(home).supervisor
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    assert up.stop()
    assert programs_of(home) == []


def test_a_demo_begins_empty_and_never_costs_what_up_made(stack: Stack, home: DataDir) -> None:
    moved_to = stack.start(clock_start=FIRST, fresh=True)
    assert moved_to is not None and (moved_to / "postgres" / "PG_VERSION").exists()
    assert stack.status()["clock"] == "2016-01-04T09:00:00+08:00"
    with pytest.raises(StackError, match="onewindow down"):
        stack.start(fresh=True)
    stack.stop()

    assert stack.start(clock_start=FIRST, fresh=True) is None, "what a demo left is removed"
    asyncio.run(_on(stack.status()["postgres"]["url"], "create table played as select 1"))
    stack.stop()

    assert stack.start() is None, "up goes on with what the demo left"
    assert asyncio.run(_on(stack.status()["postgres"]["url"], "select 1 from played limit 1")) == 1
    stack.stop()
    assert stack.start(clock_start=FIRST, fresh=True) is not None, "and it is the data of up from then on"


async def _published(url: str) -> int:
    client = await nats.connect(url)
    await client.jetstream().publish(
        "onewindow.sealed.v1.envelope.440105.440105008", b"sealed", headers={"Nats-Msg-Id": "envelope-1"}
    )
    stored = (await client.jetstream().stream_info("OW_SEALED")).state.messages
    await client.close()
    return stored


async def _on(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def _answers(url: str) -> bool:
    try:
        return asyncio.run(_on(url, "select true")) is True
    except (OSError, asyncpg.PostgresError):
        return False
