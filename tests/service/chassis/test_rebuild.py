"""Projections are what the facts say: folded again they are the same, and what was wrong is put right."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import asyncpg
import pytest
from nats.aio.client import Client

from chassis.inbox import (
    FactUnreadable,
    InboxConsumer,
    InboxEvent,
    InboxTransaction,
    Rebuild,
    RebuildUnderWay,
    dead_letters,
    rebuild,
)
from chassis.outbox.publisher import republish
from chassis.postgres.leader import lock_key
from tests.service.chassis.conftest import TUNING, Service, a_subscription
from tests.service.chassis.test_inbox import Poisoned, a_consumer, enter, events_of
from tests.support.ledger import MORNING, a_key
from tests.support.servers import PostgresServer


def plan(service: Service) -> Rebuild:
    return Rebuild(["ledger", "tally"], [a_subscription()], lambda _kind: service.files)


async def content(service: Service) -> list[object]:
    return [
        await service.value(f"select md5(string_agg(t::text, '' order by t::text)) from {table} t")
        for table in ("ledger", "tally")
    ]


async def filled(receiver: Service, client: Client) -> None:
    for amount in range(1, 8):
        key = a_key()
        await enter(receiver, key, amount, 1)
        await a_consumer(receiver, client).apply(events_of(key, amount, 2, 3))


async def test_a_rebuild_of_what_is_right_changes_nothing(receiver: Service, client: Client) -> None:
    await filled(receiver, client)
    before = await content(receiver)
    assert await rebuild(receiver.worker, plan(receiver)) == {"ledger": 0, "tally": 0}
    assert await content(receiver) == before
    assert await receiver.value("select count(*) from fact") == 14


async def test_a_rebuild_puts_right_what_was_wrong_missing_or_invented(receiver: Service, client: Client) -> None:
    await filled(receiver, client)
    before = await content(receiver)
    await receiver.worker.execute("delete from ledger where total = 2")
    await receiver.worker.execute("update ledger set total = 99 where total = 3")
    await receiver.worker.execute("update tally set events = 0")
    await receiver.worker.execute(
        "insert into ledger select district, street, gen_random_uuid(), 1, 1, now() from ledger"
    )
    differed = await rebuild(receiver.worker, plan(receiver))
    assert differed["tally"] == 7
    assert differed["ledger"] > 0
    assert await content(receiver) == before
    assert await receiver.value("select count(*) from pg_class where relnamespace = 'rebuilding'::regnamespace") == 0


async def test_dead_letters_are_listed_without_their_content(receiver: Service, client: Client) -> None:
    key = a_key()
    await InboxConsumer(receiver.worker, client, a_subscription(Poisoned(13)), tuning=TUNING).apply(
        events_of(key, 1, 13)
    )
    (letter,) = await dead_letters(receiver.worker)
    assert (letter.key, letter.revision, letter.error) == (key, 2, "LookupError")


async def test_a_lost_stream_is_filled_again_from_the_facts(service: Service) -> None:
    await enter(service, a_key(), 1, 2, 3)
    await service.worker.execute("delete from outbox")
    assert await republish(service.worker, MORNING, page=2) == 3
    assert await republish(service.worker, MORNING, page=2) == 3
    assert await service.value("select count(*) from outbox") == 3


async def test_a_check_counts_differences_and_leaves_them(receiver: Service, client: Client) -> None:
    await filled(receiver, client)
    await receiver.worker.execute("update ledger set total = 99 where total = 3")
    before = await content(receiver)
    assert await rebuild(receiver.worker, plan(receiver), repair=False) == {"ledger": 1, "tally": 0}
    assert await content(receiver) == before


async def test_what_an_ended_attempt_left_behind_is_in_nobodys_way(receiver: Service, client: Client) -> None:
    await filled(receiver, client)
    await receiver.worker.execute("create table rebuilding.due (n integer)")
    await receiver.worker.execute("create table rebuilding.ledger (n integer)")
    assert await rebuild(receiver.worker, plan(receiver)) == {"ledger": 0, "tally": 0}


async def test_a_file_that_cannot_be_read_is_named_and_nothing_is_changed(
    receiver: Service, client: Client, postgres_server: PostgresServer
) -> None:
    await filled(receiver, client)
    await receiver.worker.execute("update ledger set total = 99 where total = 3")
    before, damaged = await content(receiver), await receiver.value("select min(file_id::text) from fact")
    owner = await asyncpg.connect(postgres_server.dsn(await receiver.value("select current_database()")))
    await owner.execute("set session_replication_role = replica")
    await owner.execute("update fact set body = 'no ledger' where file_id::text = $1", damaged)
    await owner.close()
    with pytest.raises(FactUnreadable, match=damaged):
        await rebuild(receiver.worker, plan(receiver))
    assert await content(receiver) == before


async def test_two_do_not_fold_the_same_projections_at_once(receiver: Service) -> None:
    async with receiver.worker.acquire() as connection:
        await connection.execute("select pg_advisory_lock($1)", lock_key("rebuild"))
        with pytest.raises(RebuildUnderWay):
            await rebuild(receiver.worker, plan(receiver))
        await connection.execute("select pg_advisory_unlock_all()")
    assert await rebuild(receiver.worker, plan(receiver)) == {"ledger": 0, "tally": 0}


async def test_a_rebuild_while_files_change_and_events_come_misses_none(receiver: Service, client: Client) -> None:
    await filled(receiver, client)
    await receiver.worker.execute("update tally set events = 0")
    going_on = asyncio.Event()

    async def busy() -> None:
        consumer = a_consumer(receiver, client)
        while not going_on.is_set():
            key = a_key()
            await enter(receiver, key, 1, 1)
            await consumer.apply(events_of(key, 1, 2))

    working = asyncio.create_task(busy())
    assert (await rebuild(receiver.worker, plan(receiver)))["tally"] == 7
    going_on.set()
    await working
    assert await rebuild(receiver.worker, plan(receiver)) == {"ledger": 0, "tally": 0}


async def test_a_table_with_more_than_follows_from_events_is_left_alone(receiver: Service, client: Client) -> None:
    await filled(receiver, client)
    await receiver.worker.execute("update tally set total = 0")
    before = await content(receiver)
    extra = replace(plan(receiver), tables=["ledger"], scratch_tables=["tally"])
    assert await rebuild(receiver.worker, extra) == {"ledger": 0}
    assert await content(receiver) == before


async def test_events_that_change_rows_of_own_files_find_them(receiver: Service, client: Client) -> None:
    key = a_key()
    await enter(receiver, key, 1)
    await a_consumer(receiver, client, noted).apply(events_of(key, 5))
    assert await receiver.value("select total from ledger") == 6
    noting = replace(plan(receiver), tables=["ledger"], subscriptions=[a_subscription(noted)])
    assert await rebuild(receiver.worker, noting) == {"ledger": 0}


async def noted(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
    """An effect that finds nothing to change where the own file was not folded before it."""
    for event in events:
        await tx.execute("update ledger set total = total + 5 where file_id = $1", event.key.file_id)
