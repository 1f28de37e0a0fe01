"""Envelopes are kept for as long as their stream reaches back: one that was lost gets them again."""

from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client
from nats.js.api import StreamConfig

from chassis.event_store import Decision, FileKey
from chassis.outbox.publisher import OutboxPublisher, SealedOutbox, republish
from tests.service.chassis.conftest import TUNING, Service
from tests.support.ledger import MORNING, Entered, a_cause, a_key

_NAME, _SUBJECT = "SEALED", "onewindow.sealed.v1.>"
_SEALED = StreamConfig(name=_NAME, subjects=[_SUBJECT])


@pytest.fixture
async def publisher(service: Service, client: Client) -> AsyncIterator[OutboxPublisher]:
    await client.jetstream().add_stream(_SEALED)
    yield OutboxPublisher(service.worker, client, SealedOutbox(), TUNING)
    await client.jetstream().delete_stream(_NAME)


async def seal(service: Service, key: FileKey, *, erase: bool = False) -> None:
    sealed = None if erase else b"envelope"
    decided = Decision([Entered(1)], sealed=sealed, erase=erase)
    await service.files.change(key, a_cause(), lambda *_: decided, actor="clerk")


async def state(service: Service) -> tuple[int, int]:
    """Envelopes that wait, and those that their stream has."""
    counted = [await service.value(f"select count(*) from {table}") for table in ("sealed_outbox", "sealed_sent")]
    return counted[0], counted[1]


async def event_id(client: Client) -> str:
    last = await client.jetstream().get_last_msg(_NAME, _SUBJECT)
    return str((last.headers or {})["Nats-Msg-Id"])


async def test_a_lost_stream_gets_its_envelopes_again_under_their_own_ids(
    service: Service, client: Client, publisher: OutboxPublisher
) -> None:
    await seal(service, a_key())
    assert await publisher.publish_batch() == (1, 0)
    first = await event_id(client)
    await client.jetstream().delete_stream(_NAME)
    await client.jetstream().add_stream(_SEALED)
    assert await republish(service.worker, MORNING) == 1
    assert await republish(service.worker, MORNING) == 1
    assert await state(service) == (1, 0)
    assert await publisher.publish_batch() == (1, 0)
    assert await event_id(client) == first
    assert await state(service) == (0, 1)


async def test_an_envelope_goes_when_the_stream_reaches_back_no_more_and_with_the_file_that_is_erased(
    service: Service, publisher: OutboxPublisher
) -> None:
    erased = a_key()
    await seal(service, erased)
    await publisher.publish_batch()
    await service.worker.execute(
        "insert into sealed_sent select gen_random_uuid(), district, street, gen_random_uuid(), revision, body,"
        " now() - interval '15 days' from sealed_sent"
    )
    assert await state(service) == (0, 2)
    await seal(service, a_key())
    await publisher.publish_batch()
    assert await state(service) == (0, 2)
    await seal(service, erased, erase=True)
    assert await state(service) == (0, 1)
