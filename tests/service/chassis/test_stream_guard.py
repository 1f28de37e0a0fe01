"""A stream that lost what it had acknowledged is noticed; what is missing is published again, and applied once."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from prometheus_client import REGISTRY

from chassis.event_store import FileKey
from chassis.inbox import InboxConsumer
from chassis.nats import broker
from chassis.nats.broker import StoredBatch
from chassis.nats.broker_access import BrokerAccess
from chassis.outbox import publisher
from chassis.outbox.publisher import FactOutbox, OutboxPublisher, SealedOutbox
from chassis.outbox.stream_guard import refill_losses
from tests.service.chassis.conftest import (
    STREAM,
    TUNING,
    Broker,
    Service,
    a_subscription,
    add_up,
    make_stream,
    running,
    until,
)
from tests.support.ledger import Entered, a_cause, a_key

QUICK = replace(TUNING, watch_poll=0.1)
REPORTING = replace(QUICK, self_healing=False)


def value(name: str) -> float:
    return REGISTRY.get_sample_value(name, {"source": "ledger"}) or 0.0


def a_publisher(service: Service, client: Client, tuning: Any = QUICK) -> OutboxPublisher:
    made = OutboxPublisher(service.worker, client, FactOutbox("ledger"), tuning)
    service.woken[:] = [made.wake]
    return made


def a_consumer(receiver: Service, client: Client) -> InboxConsumer:
    return InboxConsumer(receiver.worker, client, a_subscription(add_up), tuning=QUICK)


async def enter(service: Service, *keys: FileKey, amount: int = 1) -> None:
    for key in keys:
        await service.files.change(key, a_cause(), lambda *_: [Entered(amount)], actor="clerk")


def empty(service: Service) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return (await service.value("select exists (select from outbox)")) is False

    return look


def counted(receiver: Service, keys: list[FileKey], events: int) -> Callable[[], Awaitable[bool]]:
    """True when each file was applied so many times; more or fewer is neither lost nor doubled silently."""

    async def look() -> bool:
        return await receiver.totals() == {key.file_id: (events, events) for key in keys}

    return look


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Broker]:
    """A server of the test's own, whose store it may put back."""
    server = Broker(tmp_path / "nats")
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def own_client(own_broker: Broker) -> AsyncIterator[Client]:
    client = await broker.connect(BrokerAccess(own_broker.url), "test", reconnect_wait=0.05)
    await make_stream(client)
    yield client
    await client.close()


def put_back(server: Broker, tmp_path: Path) -> None:
    """The store as it was copied to `kept`."""
    server.stop()
    shutil.rmtree(server._home.nats)
    shutil.copytree(tmp_path / "kept", server._home.nats)
    server.start()


def keep(server: Broker, tmp_path: Path) -> None:
    server.stop()
    shutil.copytree(server._home.nats, tmp_path / "kept")
    server.start()


async def connected(client: Client) -> None:
    async def look() -> bool:
        try:
            await client.jetstream().stream_info(STREAM)
        except Exception:
            return False
        return True

    await until(look)


async def test_facts_that_a_store_put_back_has_no_more_are_published_again(
    service: Service, receiver: Service, own_client: Client, own_broker: Broker, tmp_path: Path
) -> None:
    keys = [a_key() for _ in range(4)]
    losses = value("onewindow_stream_losses_total")
    async with running(a_publisher(service, own_client).run):
        await enter(service, *keys)
        await until(empty(service))
        async with running(a_consumer(receiver, own_client).run):
            await until(counted(receiver, keys, 1))
        keep(own_broker, tmp_path)
        await connected(own_client)
        await enter(service, *keys)
        await until(empty(service))  # acknowledged, and heard by nobody
        put_back(own_broker, tmp_path)
        await connected(own_client)
        async with running(a_consumer(receiver, own_client).run):
            await until(counted(receiver, keys, 2))
            await enter(service, *keys)
            await until(counted(receiver, keys, 3))
        assert value("onewindow_stream_losses_total") == losses + 1, "one loss, told once"
        assert value("onewindow_stream_losses_open") == 0
    assert await receiver.value("select count(*) from inbox") == 12
    assert await service.value("select count(*) from stream_loss where refilled_at is not null") == 1


async def test_a_stream_that_went_back_is_noticed_by_the_number_of_the_next_message(
    service: Service, own_client: Client, own_broker: Broker, tmp_path: Path
) -> None:
    """The publisher may be quicker than its look at the stream."""
    leader, key = a_publisher(service, own_client), a_key()
    await enter(service, key)
    assert await leader.publish_batch() == (1, 0)
    keep(own_broker, tmp_path)
    await connected(own_client)
    await enter(service, key, key)
    assert await leader.publish_batch() == (2, 0)
    put_back(own_broker, tmp_path)
    await connected(own_client)
    await enter(service, key)
    await leader.publish_batch()
    assert await service.value("select array_agg((stream_seq, messages)::text) from stream_loss") == ["(1,2)"]
    assert await service.value("select array_agg(seq order by seq) from outbox") == [1, 2, 3]


async def test_without_healing_a_loss_stays_open_until_it_is_refilled(
    service: Service, own_client: Client, own_broker: Broker, tmp_path: Path
) -> None:
    key = a_key()
    async with running(a_publisher(service, own_client, REPORTING).run):
        await enter(service, key)
        await until(empty(service))
        keep(own_broker, tmp_path)
        await connected(own_client)
        await enter(service, key)
        await until(empty(service))
        put_back(own_broker, tmp_path)

        async def told() -> bool:
            return value("onewindow_stream_losses_open") == 1

        await until(told)
        assert (await own_client.jetstream().stream_info(STREAM)).state.messages == 1
        assert await refill_losses(service.worker, FactOutbox("ledger")) == 2

        async def whole() -> bool:
            state = (await own_client.jetstream().stream_info(STREAM)).state
            return state.messages == 2 and value("onewindow_stream_losses_open") == 0

        await until(whole)
    assert await service.value("select count(*) from stream_loss") == 1, "it is no new loss"


async def test_a_stream_made_anew_is_filled_again(service: Service, receiver: Service, client: Client) -> None:
    keys = [a_key() for _ in range(3)]
    async with running(a_publisher(service, client).run):
        await enter(service, *keys)
        await until(empty(service))
        await client.jetstream().delete_stream(STREAM)
        await make_stream(client)

        async def filled() -> bool:
            return (await client.jetstream().stream_info(STREAM)).state.messages == 3

        await until(filled)
        async with running(a_consumer(receiver, client).run):
            await until(counted(receiver, keys, 1))


async def test_a_stream_that_was_deleted_while_nobody_published_is_noticed_at_the_start(
    service: Service, client: Client
) -> None:
    first = a_publisher(service, client)
    await enter(service, a_key(), a_key())
    assert await first.publish_batch() == (2, 0)
    await client.jetstream().delete_stream(STREAM)
    await make_stream(client)
    async with running(a_publisher(service, client).run):

        async def filled() -> bool:
            return (await client.jetstream().stream_info(STREAM)).state.messages == 2

        await until(filled)


async def test_a_purged_stream_is_filled_again_and_only_once(
    service: Service, receiver: Service, client: Client
) -> None:
    keys = [a_key() for _ in range(3)]
    config = (await client.jetstream().stream_info(STREAM)).config
    await client.jetstream().update_stream(config.evolve(duplicate_window=1.0))
    async with running(a_publisher(service, client).run):
        await enter(service, *keys)
        await until(empty(service))
        await client.jetstream().purge_stream(STREAM)
        async with running(a_consumer(receiver, client).run):
            await until(counted(receiver, keys, 1))
        await enter(service, *keys)
        await until(empty(service))
        async with running(a_consumer(receiver, client).run):
            await until(counted(receiver, keys, 2))
    assert await service.value("select count(*) from stream_loss") == 1


async def test_messages_that_the_stream_removed_by_their_age_are_no_loss(service: Service, client: Client) -> None:
    leader = a_publisher(service, client)
    await enter(service, a_key())
    await leader.publish_batch()
    await service.worker.execute(
        "update stream_mark set at = at - $1::interval, begun = begun - $1::interval", timedelta(days=14)
    )
    await client.jetstream().purge_stream(STREAM)
    await leader._guard.look()
    assert await service.value("select count(*) from stream_loss") == 0


async def test_the_first_mark_counts_all_that_was_published_before_as_being_there(
    service: Service, client: Client
) -> None:
    await enter(service, a_key(), a_key())
    await service.worker.execute("delete from outbox where seq = 1")  # published by the release before
    await client.jetstream().publish("onewindow.ledger.v1.entered.440105.440105008", b"")
    leader = a_publisher(service, client)
    await leader._guard.begin()
    assert await service.value("select (stream_seq, row_seq)::text from stream_mark") == "(1,1)"
    assert await service.value("select count(*) from stream_loss") == 0


async def test_marks_that_are_sure_bound_what_is_published_again(
    service: Service, own_client: Client, own_broker: Broker, tmp_path: Path
) -> None:
    leader, key = a_publisher(service, own_client, replace(QUICK, outbox_batch=2)), a_key()
    for minutes in (30, 20, 10):
        await enter(service, key, key)
        assert await leader.publish_batch() == (2, 0)
        await service.worker.execute(
            "update stream_mark set begun = begun - $1::interval where begun > now() - interval '1 minute'",
            timedelta(minutes=minutes),
        )
    keep(own_broker, tmp_path)
    await connected(own_client)
    await enter(service, key, key)
    await leader.publish_batch()
    put_back(own_broker, tmp_path)
    await connected(own_client)
    await leader._guard.look()
    # It ends with 6; a batch less is 4, reached twenty minutes ago; five minutes and more before that 2 was reached.
    assert await service.value("select array_agg(seq order by seq) from outbox") == [3, 4, 5, 6, 7, 8]


async def test_facts_of_before_the_streams_reach_are_not_published_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = FactOutbox("ledger")
    await enter(service, a_key(), a_key(), a_key())
    await service.worker.execute("delete from outbox")
    later = await service.value("select now() + interval '1 hour'")
    assert await outbox.refill(service.worker, 0, later, 10) == 3, "a margin for transactions that overlap"
    await service.worker.execute("delete from outbox")
    monkeypatch.setattr(publisher, "_UNORDERED", 0)
    assert await outbox.refill(service.worker, 0, later, 10) == 0
    second = await service.value("select event_id from fact where seq = 2")
    made = datetime.fromtimestamp((second.int >> 80) / 1000, UTC)
    assert await outbox.refill(service.worker, 0, made, 10) >= 2


async def test_envelopes_are_found_again_by_their_instant(service: Service) -> None:
    await service.worker.execute(
        "insert into sealed_sent (event_id, district, street, file_id, revision, body, since)"
        " select gen_random_uuid(), '440105', '440105008', gen_random_uuid(), 1, '', now() - n * interval '1 day'"
        " from generate_series(0, 2) n"
    )
    since = await service.value("select now() - interval '36 hours'")
    assert await SealedOutbox().refill(service.worker, 0, since, 10) == 2
    assert await service.value("select count(*) from sealed_outbox") == 2
    assert await service.value("select count(*) from sealed_sent") == 1


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([b'{"stream":"OW_LEDGER", "seq":57}'], (57, 57)),
        (
            [b'{"stream":"OW_LEDGER","seq":58,"duplicate":true}', b'{"stream":"OW_LEDGER","seq":60}'],
            (60, 60),
        ),
        ([b'{"stream":"OW_LEDGER","seq":9,"domain":"hub"}', b'{"stream":"OW_LEDGER","seq":8}'], (8, 9)),
        ([b'{"stream":"OW_LEDGER","seq":58,"duplicate": true}'], (0, 0)),
    ],
)
def test_a_repeat_says_nothing_of_the_end_of_the_stream(answers: list[bytes], expected: tuple[int, int]) -> None:
    batch = StoredBatch()
    for place, answer in enumerate(answers):
        batch.add(place, answer)
    assert (batch.lowest, batch.highest) == expected
    assert batch.places == set(range(len(answers)))
