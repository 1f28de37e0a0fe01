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
from tests.service.chassis.conftest import PACE, Service, hears
from tests.service.chassis.test_inbox import Poisoned, a_hearing, enter, events_of
from tests.support.ledger import MORNING, a_key
from tests.support.servers import PostgresServer


def plan(service: Service) -> Rebuild:
    return Rebuild(["ledger", "tally"], [hears()], lambda _kind: service.files)


async def content(service: Service) -> list[object]:
    return [
        await service.value(f"select md5(string_agg(t::text, '' order by t::text)) from {table} t")
        for table in ("ledger", "tally")
    ]


async def filled(hearer: Service, client: Client) -> None:
    for amount in range(1, 8):
        key = a_key()
        await enter(hearer, key, amount, 1)
        await a_hearing(hearer, client).apply(events_of(key, amount, 2, 3))


async def test_a_rebuild_of_what_is_right_changes_nothing(hearer: Service, client: Client) -> None:
    await filled(hearer, client)
    before = await content(hearer)
    assert await rebuild(hearer.worker, plan(hearer)) == {"ledger": 0, "tally": 0}
    assert await content(hearer) == before
    assert await hearer.value("select count(*) from fact") == 14


async def test_a_rebuild_puts_right_what_was_wrong_missing_or_invented(hearer: Service, client: Client) -> None:
    await filled(hearer, client)
    before = await content(hearer)
    await hearer.worker.execute("delete from ledger where total = 2")
    await hearer.worker.execute("update ledger set total = 99 where total = 3")
    await hearer.worker.execute("update tally set events = 0")
    await hearer.worker.execute(
        "insert into ledger select district, street, gen_random_uuid(), 1, 1, now() from ledger"
    )
    differed = await rebuild(hearer.worker, plan(hearer))
    assert differed["tally"] == 7
    assert differed["ledger"] > 0
    assert await content(hearer) == before
    assert await hearer.value("select count(*) from pg_class where relnamespace = 'rebuilding'::regnamespace") == 0


async def test_dead_letters_are_told_without_their_content(hearer: Service, client: Client) -> None:
    key = a_key()
    await InboxConsumer(hearer.worker, client, hears(Poisoned(13)), tuning=PACE).apply(events_of(key, 1, 13))
    (letter,) = await dead_letters(hearer.worker)
    assert (letter.key, letter.revision, letter.error) == (key, 2, "LookupError")


async def test_a_lost_stream_is_filled_again_from_the_facts(service: Service) -> None:
    await enter(service, a_key(), 1, 2, 3)
    await service.worker.execute("delete from outbox")
    assert await republish(service.worker, MORNING, page=2) == 3
    assert await republish(service.worker, MORNING, page=2) == 3
    assert await service.value("select count(*) from outbox") == 3


async def test_what_is_wrong_is_counted_and_stays_where_only_a_check_was_asked_for(
    hearer: Service, client: Client
) -> None:
    await filled(hearer, client)
    await hearer.worker.execute("update ledger set total = 99 where total = 3")
    before = await content(hearer)
    assert await rebuild(hearer.worker, plan(hearer), repair=False) == {"ledger": 1, "tally": 0}
    assert await content(hearer) == before


async def test_what_an_ended_attempt_left_behind_is_in_nobodys_way(hearer: Service, client: Client) -> None:
    await filled(hearer, client)
    await hearer.worker.execute("create table rebuilding.due (n integer)")
    await hearer.worker.execute("create table rebuilding.ledger (n integer)")
    assert await rebuild(hearer.worker, plan(hearer)) == {"ledger": 0, "tally": 0}


async def test_a_file_that_cannot_be_read_is_named_and_nothing_is_changed(
    hearer: Service, client: Client, postgres_server: PostgresServer
) -> None:
    await filled(hearer, client)
    await hearer.worker.execute("update ledger set total = 99 where total = 3")
    before, damaged = await content(hearer), await hearer.value("select min(file_id::text) from fact")
    owner = await asyncpg.connect(postgres_server.dsn(await hearer.value("select current_database()")))
    await owner.execute("set session_replication_role = replica")
    await owner.execute("update fact set body = 'no ledger' where file_id::text = $1", damaged)
    await owner.close()
    with pytest.raises(FactUnreadable, match=damaged):
        await rebuild(hearer.worker, plan(hearer))
    assert await content(hearer) == before


async def test_two_do_not_fold_the_same_projections_at_once(hearer: Service) -> None:
    async with hearer.worker.acquire() as connection:
        await connection.execute("select pg_advisory_lock($1)", lock_key("rebuild"))
        with pytest.raises(RebuildUnderWay):
            await rebuild(hearer.worker, plan(hearer))
        await connection.execute("select pg_advisory_unlock_all()")
    assert await rebuild(hearer.worker, plan(hearer)) == {"ledger": 0, "tally": 0}


async def test_a_rebuild_while_files_change_and_events_come_misses_none(hearer: Service, client: Client) -> None:
    await filled(hearer, client)
    await hearer.worker.execute("update tally set events = 0")
    going_on = asyncio.Event()

    async def busy() -> None:
        hearing = a_hearing(hearer, client)
        while not going_on.is_set():
            key = a_key()
            await enter(hearer, key, 1, 1)
            await hearing.apply(events_of(key, 1, 2))

    working = asyncio.create_task(busy())
    assert (await rebuild(hearer.worker, plan(hearer)))["tally"] == 7
    going_on.set()
    await working
    assert await rebuild(hearer.worker, plan(hearer)) == {"ledger": 0, "tally": 0}


async def test_a_table_that_holds_more_than_follows_from_events_stays_as_it_is(hearer: Service, client: Client) -> None:
    await filled(hearer, client)
    await hearer.worker.execute("update tally set total = 0")
    before = await content(hearer)
    beside = replace(plan(hearer), tables=["ledger"], scratch_tables=["tally"])
    assert await rebuild(hearer.worker, beside) == {"ledger": 0}
    assert await content(hearer) == before


async def test_events_that_change_rows_of_own_files_find_them(hearer: Service, client: Client) -> None:
    key = a_key()
    await enter(hearer, key, 1)
    await a_hearing(hearer, client, noted).apply(events_of(key, 5))
    assert await hearer.value("select total from ledger") == 6
    noting = replace(plan(hearer), tables=["ledger"], subscriptions=[hears(noted)])
    assert await rebuild(hearer.worker, noting) == {"ledger": 0}


async def noted(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
    """An effect that finds nothing to change where the own file was not folded before it."""
    for event in events:
        await tx.execute("update ledger set total = total + 5 where file_id = $1", event.key.file_id)
