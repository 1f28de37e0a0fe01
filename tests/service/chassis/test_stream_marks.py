"""A mark never says more than is so: before its row nothing waits, whatever was published meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest
from nats.aio.client import Client
from nats.js.api import StreamConfig

from chassis.event_store import Decision
from chassis.outbox import publisher
from chassis.outbox.publisher import FactOutbox, OutboxPublisher, SealedOutbox
from chassis.outbox.stream_guard import refill_losses
from tests.service.chassis.conftest import STREAM, Service, make_stream
from tests.service.chassis.test_stream_guard import QUICK, REPORTING, a_publisher, enter, value
from tests.support.ledger import Entered, a_cause, a_key

_SEALED = StreamConfig(name="OW_SEALED", subjects=["onewindow.sealed.v1.>"])


_SENT_EARLIER = """
with sent as (delete from sealed_sent returning *)
insert into sealed_sent (event_id, district, street, file_id, revision, body, since)
select event_id, district, street, file_id, revision, body, since - $1::interval from sent
"""
_WAITED_LONGER = """
with waits as (delete from sealed_outbox returning *)
insert into sealed_outbox (seq, district, street, file_id, revision, event_id, body, since) overriding system value
select seq, district, street, file_id, revision, event_id, body, since - $1::interval from waits
"""


async def later(service: Service) -> None:
    """All that is marked and published, as it is ten minutes later."""
    span = timedelta(minutes=10)
    await service.worker.execute("update stream_mark set begun = begun - $1::interval, at = at - $1::interval", span)
    await service.worker.execute(_SENT_EARLIER, span)
    await service.worker.execute(_WAITED_LONGER, span)


async def waiting(service: Service, table: str = "outbox") -> list[int]:
    return list(await service.value(f"select array_agg(seq order by seq) from {table}") or [])


async def lose(service: Service, leader: OutboxPublisher, left: int) -> None:
    """A loss as the guard finds it: the stream ends with this number."""
    await leader._guard._went_back(left, leader._guard.highest - left)
    await leader._guard._settle_losses()


async def test_rows_put_back_are_above_the_mark_until_they_are_published(service: Service, client: Client) -> None:
    """Two rows a batch; the second loss comes at each batch of the refill, when its marks are old enough."""
    leader, key = a_publisher(service, client, replace(QUICK, outbox_batch=2)), a_key()
    for _ in range(6):
        await enter(service, key, key)
        await leader.publish_batch()
        await later(service)
    leader._guard._highest = 14  # so that number 13, of the next message, was used before
    await enter(service, key)
    await leader.publish_batch()
    assert await service.value("select count(*) from stream_loss") == 1
    refilled = await waiting(service)
    assert refilled[0] < 12
    while (await leader.publish_batch())[0]:
        assert await service.value(
            "select bool_and(m.row_seq < (select coalesce(min(seq), m.row_seq + 1) from outbox)) from stream_mark m"
            " where begun = (select max(begun) from stream_mark)"
        )
        await later(service)
        if left := await waiting(service):
            sure = await service.value("select row_seq from stream_mark order by begun desc limit 1")
            assert sure < left[0]


async def test_a_second_loss_during_a_refill_loses_nothing(service: Service, client: Client) -> None:
    """Rows 13 to 20 are lost, which the number of row 21 tells; of the refill the numbers above 17 are lost again."""
    leader, key = a_publisher(service, client, replace(QUICK, outbox_batch=2)), a_key()
    for _ in range(6):
        await enter(service, key, key)
        await leader.publish_batch()
        await later(service)
    await enter(service, *[key] * 8)
    await service.worker.execute("delete from outbox")
    leader._guard._highest = 20
    await enter(service, key)
    while (await leader.publish_batch())[0]:
        await later(service)
    assert (await client.jetstream().stream_info(STREAM)).state.last_seq == 21
    await lose(service, leader, 17)
    assert {17, 18, 19, 20} <= set(await waiting(service))


async def test_a_stream_made_anew_that_is_noticed_by_a_number_is_one_loss_and_filled_once(
    service: Service, client: Client
) -> None:
    leader, key, losses = a_publisher(service, client), a_key(), value("onewindow_stream_losses_total")
    await enter(service, key, key, key)
    await leader.publish_batch()
    await client.jetstream().delete_stream(STREAM)
    await make_stream(client)
    await enter(service, key)
    while (await leader.publish_batch())[0]:
        pass
    assert (await client.jetstream().stream_info(STREAM)).state.messages == 4
    leader._guard.rest()
    for _ in range(2):
        await leader._guard.look()
    assert await service.value("select array_agg((stream_seq, messages)::text) from stream_loss") == ["(0,3)"]
    assert await service.value("select count(*) from outbox") == 0
    assert value("onewindow_stream_losses_total") == losses + 1


async def test_a_loss_that_is_not_refilled_yet_holds_the_marks_too(service: Service, client: Client) -> None:
    leader, key = a_publisher(service, client, REPORTING), a_key()
    await enter(service, key, key, key)
    await leader.publish_batch()
    await lose(service, leader, 1)
    await enter(service, key)
    await leader.publish_batch()
    assert await service.value("select row_seq from stream_mark order by begun desc limit 1") == 0
    assert await refill_losses(service.worker, FactOutbox("ledger")) == 4


async def test_a_fact_that_is_committed_late_and_refused_since_is_put_back(service: Service, client: Client) -> None:
    """Row 2 comes after row 4 was published, and waits while the marks grow old."""
    leader, key = a_publisher(service, client, replace(QUICK, outbox_batch=1)), a_key()
    await enter(service, key, a_key(), key, key)
    await service.worker.execute("delete from outbox where seq = 2")
    for _ in range(3):
        await leader.publish_batch()
    await later(service)
    await service.worker.execute("insert into outbox (seq, district) values (2, '440105')")
    await service.worker.execute("select stream_mark_reached('ledger', $1, 5, 4)", leader._guard.created)
    assert await service.value("select array_agg(row_seq order by begun) from stream_mark") == [4, 1]
    await service.worker.execute("delete from outbox where seq = 2")  # at last, with number 7
    leader._guard._highest = 7
    await lose(service, leader, 6)
    assert await waiting(service) == [2, 3, 4]


async def test_a_fact_that_waited_long_before_it_was_published_is_put_back(
    service: Service, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "_UNORDERED", 0)
    outbox = FactOutbox("ledger")
    await enter(service, a_key(), a_key(), a_key())
    await service.worker.execute("delete from outbox")
    assert await outbox.refill(service.worker, 1, await service.value("select now() + interval '1 hour'"), 10) == 2


async def test_an_envelope_that_waited_is_no_part_of_an_older_mark(service: Service, client: Client) -> None:
    """All are sealed at once and published one by one; the last one is lost when it has waited for fifty minutes."""
    await client.jetstream().add_stream(_SEALED)
    try:
        leader = OutboxPublisher(service.worker, client, SealedOutbox(), replace(QUICK, outbox_batch=1))
        sealed = Decision([Entered(1)], sealed=b"envelope")
        for _ in range(6):
            await service.files.change(a_key(), a_cause(), lambda *_: sealed, actor="clerk")
        for _ in range(6):
            await leader.publish_batch()
            await later(service)
        last = await service.value("select event_id from sealed_sent order by since desc limit 1")
        await lose(service, leader, 5)
        assert last in await service.value("select array_agg(event_id) from sealed_outbox")
        assert await service.value("select count(*) from sealed_sent") == 2, "those are surely in the stream"
        await leader.publish_batch()
        reached = await service.value("select row_seq from stream_mark order by begun desc limit 1")
        assert reached < (await waiting(service, "sealed_outbox"))[0]
    finally:
        await client.jetstream().delete_stream("OW_SEALED")
