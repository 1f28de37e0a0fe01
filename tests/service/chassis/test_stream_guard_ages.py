"""Messages that a stream never had, or removed by their age, are no loss; young ones that were purged are."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from tests.service.chassis.conftest import STREAM, Service
from tests.service.chassis.test_stream_guard import a_publisher, enter, value
from tests.support.ledger import a_key


async def later(service: Service, span: timedelta) -> None:
    """All marks as they are when so much time has passed."""
    await service.worker.execute("update stream_mark set at = at - $1::interval, begun = begun - $1::interval", span)


async def test_the_first_message_of_a_stream_that_stayed_empty_is_no_loss(service: Service, client: Client) -> None:
    losses, leader = value("onewindow_stream_losses_total"), a_publisher(service, client)
    await leader._guard.begin()
    await later(service, timedelta(minutes=2))
    await leader._guard.look()
    for published in (1, 2):
        await enter(service, a_key())
        assert await leader.publish_batch() == (1, 0)
        await leader._guard.look()
        assert (await client.jetstream().stream_info(STREAM)).state.last_seq == published
        await later(service, timedelta(minutes=2))
    leader._guard.rest()
    await leader._guard.begin()
    assert await service.value("select count(*) from stream_loss") == 0
    assert value("onewindow_stream_losses_open") == 0
    assert value("onewindow_stream_losses_total") == losses


async def test_marks_of_an_empty_stream_by_the_release_before_tell_no_loss(service: Service, client: Client) -> None:
    await a_publisher(service, client)._guard.begin()
    await service.worker.execute("update stream_mark set first_seq = 0")
    leader = a_publisher(service, client)
    await leader._guard.begin()
    await enter(service, a_key())
    await leader.publish_batch()
    await leader._guard.look()
    assert await service.value("select count(*) from stream_loss") == 0


async def test_a_stream_whose_messages_all_grew_too_old_goes_on_without_a_loss(
    service: Service, client: Client
) -> None:
    leader = a_publisher(service, client)
    await enter(service, a_key(), a_key())
    await leader.publish_batch()
    await later(service, timedelta(days=14))
    await client.jetstream().purge_stream(STREAM)
    for _ in range(2):
        await leader._guard.look()
        await enter(service, a_key())
        await leader.publish_batch()
        await later(service, timedelta(minutes=2))
    await leader._guard.look()
    assert await service.value("select count(*) from stream_loss") == 0


async def test_a_first_mark_does_not_make_old_messages_young(
    service: Service, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard began with an upgrade thirteen days after the last message; a day later the stream removes it."""
    await enter(service, a_key())
    await service.worker.execute("delete from outbox")
    await client.jetstream().publish("onewindow.ledger.v1.entered.440105.440105008", b"")
    leader = a_publisher(service, client)
    described = leader._guard._describe

    async def long_ago() -> Any:
        answer = await described()
        assert answer is not None
        stored = datetime.fromisoformat(answer["state"]["last_ts"]) - timedelta(days=13)
        return {**answer, "state": {**answer["state"], "last_ts": stored.isoformat()}}

    monkeypatch.setattr(leader._guard, "_describe", long_ago)
    await leader._guard.begin()
    await later(service, timedelta(days=1))
    await client.jetstream().purge_stream(STREAM)
    await leader._guard.look()
    assert await service.value("select count(*) from stream_loss") == 0


async def test_young_messages_of_before_the_first_mark_that_were_purged_are_a_loss(
    service: Service, client: Client
) -> None:
    await enter(service, a_key())
    await service.worker.execute("delete from outbox")
    await client.jetstream().publish("onewindow.ledger.v1.entered.440105.440105008", b"")
    leader = a_publisher(service, client)
    await leader._guard.begin()
    await client.jetstream().purge_stream(STREAM)
    await leader._guard.look()
    assert await service.value("select count(*) from stream_loss") == 1
