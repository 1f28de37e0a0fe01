"""A day is settled when nothing is left to publish, to receive, to sweep: checked on real servers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import asyncpg
import nats
import pytest

from chassis.clock import SHANGHAI
from embedded import ports
from embedded.quiescence import NotSettled, Quiescence, SettleLimits
from tests.support.servers import NatsServer, PostgresServer, nats_on, open_home

NOW = datetime(2016, 3, 1, 9, 0, tzinfo=SHANGHAI)
UNDONE = """
create table if not exists undone(thing text);
truncate undone;
create or replace function unsettled(day date) returns text[] language sql
    as $$ select coalesce(array_agg(thing), '{}') from undone $$;
"""


@pytest.fixture
async def database(postgres_server: PostgresServer) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres_server.dsn())
    await connection.execute(UNDONE)
    yield connection
    await connection.close()


@pytest.fixture
async def quiescence(postgres_server: PostgresServer, nats_server: NatsServer) -> AsyncIterator[Quiescence]:
    nats_server.reset_streams()
    async with await Quiescence.connect(
        postgres_server.dsn(), nats_server.url, SettleLimits(within=0.2), ["postgres"]
    ) as quiescence:
        yield quiescence


async def test_an_idle_office_rests(quiescence: Quiescence, database: asyncpg.Connection) -> None:
    await quiescence.wait(NOW)
    assert await quiescence.unfinished(NOW) == []


async def test_what_a_database_has_not_done_is_named_with_its_service(
    quiescence: Quiescence, database: asyncpg.Connection
) -> None:
    await database.execute("insert into undone values ('sweep:lamps')")
    with pytest.raises(NotSettled) as refused:
        await quiescence.wait(NOW)
    assert refused.value.unfinished == ("postgres：sweep:lamps",)


async def test_a_queue_is_asked_up_to_the_instant_of_the_office(
    quiescence: Quiescence, database: asyncpg.Connection
) -> None:
    due = "$$ select array_agg(distinct at) from (select current_setting('app.now') as at) as told $$"
    await database.execute(f"create or replace function unsettled(day date) returns text[] language sql as {due}")
    assert await quiescence.unfinished(NOW) == ["postgres：2016-03-01T09:00:00+08:00"]


async def test_a_fact_not_heard_by_everyone_is_named_with_its_hearer(
    quiescence: Quiescence, database: asyncpg.Connection, nats_server: NatsServer
) -> None:
    client = await nats.connect(nats_server.url)
    await client.jetstream().publish("onewindow.sealed.v1.envelope.440105.440105008", b"sealed")
    assert await quiescence.unfinished(NOW) == ["OW_SEALED/notify：还有1条未收取"]
    subscription = await client.jetstream().pull_subscribe_bind("notify", "OW_SEALED")
    (message,) = await subscription.fetch(1)
    assert await quiescence.unfinished(NOW) == ["OW_SEALED/notify：还有1条未收取"]
    await message.ack_sync()
    await quiescence.wait(NOW)
    await client.close()


async def test_a_receiver_without_its_subscription_is_named(quiescence: Quiescence, nats_server: NatsServer) -> None:
    client = await nats.connect(nats_server.url)
    await client.jetstream().delete_consumer("OW_APPROVAL", "metrics")
    assert await quiescence.unfinished(NOW) == ["OW_APPROVAL/metrics：没有订阅"]
    await client.close()


async def test_a_day_that_comes_to_rest_late_is_waited_for(
    quiescence: Quiescence, postgres_server: PostgresServer, nats_server: NatsServer, database: asyncpg.Connection
) -> None:
    await database.execute("insert into undone values ('outbox')")
    async with await Quiescence.connect(
        postgres_server.dsn(), nats_server.url, SettleLimits(within=30), ["postgres"]
    ) as patient:
        waiting = asyncio.create_task(patient.wait(NOW))
        assert await quiescence.unfinished(NOW) == ["postgres：outbox"]
        assert not waiting.done()
        await database.execute("truncate undone")
        await waiting


async def test_while_nats_is_between_two_starts_the_office_does_not_rest(
    postgres_server: PostgresServer, database: asyncpg.Connection
) -> None:
    with open_home() as home:
        chosen = ports.choose({"nats": 0, "nats.monitor": 0})
        with nats_on(home, chosen) as server:
            server.reset_streams()
            quiescence = await Quiescence.connect(
                postgres_server.dsn(), server.url, SettleLimits(within=30.0), ["postgres"]
            )
            assert await quiescence.unfinished(NOW) == []
        async with quiescence:
            assert await quiescence.unfinished(NOW) == ["nats：没有应答"]
            with nats_on(home, chosen):
                await quiescence.wait(NOW)


async def test_a_demo_s_day_lasts_until_the_district_has_what_was_referred_on_it(
    postgres_server: PostgresServer, nats_server: NatsServer, database: asyncpg.Connection
) -> None:
    nats_server.reset_streams()
    await database.execute("drop database if exists approval with (force)")
    await database.execute("create database approval")
    approval = await asyncpg.connect(postgres_server.dsn(), database="approval")
    await approval.execute(UNDONE)
    await approval.execute("create table handoff (destination text, state text, told_on date)")
    await approval.execute(
        "insert into handoff values ('housing', 'waiting', '2016-03-01'), ('housing', 'done', '2016-03-01'),"
        " ('civil', 'blocked', '2016-03-01'), ('police', 'waiting', '2016-03-02')"
    )
    for handed_over, awaited in ((True, ["approval：handoff:housing"]), (False, [])):
        limits = SettleLimits(within=0.2, handed_over=handed_over)
        async with await Quiescence.connect(postgres_server.dsn(), nats_server.url, limits, ["approval"]) as rest:
            assert await rest.unfinished(NOW) == awaited
    await approval.close()
