"""Stored facts are published: none lost, none out of order, whatever dies in between."""

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import pytest
from nats.aio.client import Client
from prometheus_client import REGISTRY

from chassis.event_store import FileKey
from chassis.nats.broker import BatchPublisher, OutgoingMessage
from chassis.outbox.publisher import FactOutbox, OutboxPublisher, OutboxRow, removable_rows
from tests.service.chassis.conftest import STREAM, TUNING, Broker, Service, make_stream, running, until
from tests.support.ledger import DISTRICT, OTHER_STREET, STREET, Entered, a_cause, a_key


def a_publisher(service: Service, client: Client) -> OutboxPublisher:
    publisher = OutboxPublisher(service.worker, client, FactOutbox("ledger"), TUNING)
    service.woken.append(publisher.wake)
    return publisher


async def enter(service: Service, key: FileKey, *amounts: int) -> None:
    for amount in amounts:
        await service.files.change(key, a_cause(), lambda *_, amount=amount: [Entered(amount)], actor="clerk")


async def published(client: Client) -> list[tuple[str, dict[str, str], int]]:
    """Subject, headers and revision of every message in the stream, in order."""
    jetstream = client.jetstream()
    state = (await jetstream.stream_info(STREAM)).state
    messages = [await jetstream.get_msg(STREAM, seq) for seq in range(state.first_seq, state.last_seq + 1)]
    return [(str(m.subject), m.headers or {}, json.loads(m.data or b"")["revision"]) for m in messages]


def empty(service: Service) -> Callable[[], Awaitable[bool]]:
    async def nothing_waits() -> bool:
        return await service.value("select count(*) = 0 from outbox") is True

    return nothing_waits


async def test_a_fact_is_published_on_the_subject_of_its_kind_and_place(service: Service, client: Client) -> None:
    publisher, key = a_publisher(service, client), a_key()
    async with running(publisher.run):
        await enter(service, key, 5)
        await until(empty(service))
    ((subject, headers, revision),) = await published(client)
    assert subject == f"onewindow.ledger.v1.entered.{DISTRICT}.{STREET}"
    assert headers["Onewindow-Kind"] == "entered"
    assert headers["Onewindow-Position"] == f"ledger/{DISTRICT}/{STREET}/{key.file_id}/1"
    assert headers["Nats-Msg-Id"] == str(await service.value("select event_id from fact"))
    assert revision == 1


async def test_facts_of_a_file_are_published_in_order(service: Service, client: Client) -> None:
    keys = [a_key(street) for street in (STREET, OTHER_STREET, STREET)]
    async with running(a_publisher(service, client).run):
        await asyncio.gather(*(enter(service, key, *range(20)) for key in keys))
        await until(empty(service))
    subjects: dict[str, list[int]] = {}
    for _, headers, revision in await published(client):
        subjects.setdefault(headers["Onewindow-Position"].split("/")[3], []).append(revision)
    assert subjects == {str(key.file_id): list(range(1, 21)) for key in keys}


async def test_a_change_wakes_the_publisher_of_its_process(service: Service, client: Client) -> None:
    sleepy = OutboxPublisher(service.worker, client, FactOutbox("ledger"), type(TUNING)(outbox_poll=3600))
    service.woken.append(sleepy.wake)
    async with running(sleepy.run):
        await until(lambda: service.value("select count(*) > 0 from pg_locks where locktype = 'advisory'"))
        await asyncio.sleep(0)
        await enter(service, a_key(), 1)
        await until(empty(service))


async def test_killed_between_commit_and_publish_nothing_is_lost(service: Service, client: Client) -> None:
    await enter(service, a_key(), 1, 2, 3)  # committed, and the process dies before any relay ran
    async with running(a_publisher(service, client).run):
        await until(empty(service))
    assert [revision for *_, revision in await published(client)] == [1, 2, 3]


class DiesBeforeDeleting:
    """A pool that breaks when published rows are to be deleted."""

    def __init__(self, service: Service) -> None:
        self._pool = service.worker

    def __getattr__(self, name: str) -> object:
        return getattr(self._pool, name)

    async def execute(self, *_: object) -> None:
        raise ConnectionResetError


async def test_killed_between_publish_and_delete_nothing_is_stored_twice(service: Service, client: Client) -> None:
    await enter(service, a_key(), 1, 2)
    dying = OutboxPublisher(DiesBeforeDeleting(service), client, FactOutbox("ledger"), TUNING)  # type: ignore[arg-type] # the rest is passed on
    with pytest.raises(ConnectionResetError):
        await dying.publish_batch()
    assert await service.value("select count(*) from outbox") == 2
    assert await a_publisher(service, client).publish_batch() == (2, 0)
    assert [revision for *_, revision in await published(client)] == [1, 2]
    assert await service.value("select count(*) from outbox") == 0


async def test_what_the_stream_does_not_take_stays(service: Service, client: Client) -> None:
    await enter(service, a_key(), 1)
    await client.jetstream().delete_stream(STREAM)
    assert await a_publisher(service, client).publish_batch() == (1, 1)
    await make_stream(client)
    assert await a_publisher(service, client).publish_batch() == (1, 0)
    assert len(await published(client)) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_a_restart_of_nats_loses_nothing(
    service: Service, client: Client, broker_server: Broker, number: signal.Signals
) -> None:
    key = a_key()
    async with running(a_publisher(service, client).run):
        await enter(service, key, 1)
        await until(empty(service))
        broker_server.stop(number)
        await enter(service, key, 2, 3)
        assert await service.value("select count(*) from outbox") == 2
        broker_server.start()
        await until(empty(service))
    assert [revision for *_, revision in await published(client)] == [1, 2, 3]


async def test_a_publisher_that_leads_no_more_shows_no_waiting_rows(service: Service, client: Client) -> None:
    async def shown() -> bool:
        return bool(REGISTRY.get_sample_value("onewindow_outbox_rows", {"outbox": "outbox"}))

    await client.jetstream().delete_stream(STREAM)
    async with running(a_publisher(service, client).run):
        await enter(service, a_key(), 1, 2)
        await until(shown)
    assert not await shown()
    await make_stream(client)


async def test_one_of_two_relays_publishes(service: Service, client: Client) -> None:
    async with running(a_publisher(service, client).run, a_publisher(service, client).run):
        await enter(service, a_key(), *range(10))
        await until(empty(service))
        held = "select count(*) from pg_locks where locktype = 'advisory' and database ="
        assert await service.value(f"{held} (select oid from pg_database where datname = current_database())") == 1
    assert len(await published(client)) == 10


async def test_a_publisher_returns_the_stored_messages(client: Client) -> None:
    taken, foreign = "onewindow.ledger.v1.entered.a.b", "onewindow.nobody.v1.entered.a.b"
    messages = [OutgoingMessage(subject, b"", str(n), {}) for n, subject in enumerate((taken, foreign, taken))]
    stored = await BatchPublisher(client).publish(messages, 2.0)
    assert (stored.places, stored.highest - stored.lowest) == ({0, 2}, 1)


def rows(*files: int) -> Sequence[OutboxRow]:
    return [OutboxRow(n, UUID(int=file), OutgoingMessage("", b"", "", {})) for n, file in enumerate(files)]


def test_a_file_stops_at_its_first_refusal_and_the_others_go_on() -> None:
    assert removable_rows(rows(1, 1, 2, 1, 2), {0, 2, 3, 4}) == [0, 2, 4]
    assert removable_rows(rows(1, 2), set()) == []
    assert removable_rows(rows(1, 2), {0, 1}) == [0, 1]
