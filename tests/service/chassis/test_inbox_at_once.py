"""A batch in order is stored and told in one statement; any other takes the careful road to the same state."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import pytest
from nats.aio.client import Client
from prometheus_client import REGISTRY

from chassis.event_store import FileKey
from chassis.inbox import Apply, InboxConsumer, InboxEvent, InboxTransaction, Subscription, row_projection
from chassis.inbox.store import InboxStore
from tests.service.chassis.conftest import CONSUMER, STREAM, TUNING, Service, add_up, running, tallied, until
from tests.service.chassis.test_inbox import a_consumer, events_of, has_totals
from tests.support.ledger import a_key


async def never(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
    """For batches whose effect must not need a transaction of several statements."""
    raise AssertionError("the careful road")


def a_projecting_consumer(receiver: Service, apply: Apply | None = None) -> InboxConsumer:
    a_subscription = Subscription(
        CONSUMER, STREAM, "ledger", apply or row_projection(tallied), ("entered",), projector=tallied
    )
    return InboxConsumer(receiver.worker, Client(), a_subscription, tuning=TUNING)


async def test_a_batch_in_order_is_projected_in_one_statement(receiver: Service) -> None:
    one, other = a_key(), a_key()
    await a_projecting_consumer(receiver, never).apply(
        [*events_of(one, 1, 2), *events_of(other, 5), *events_of(one, 4, first=3)]
    )
    assert await receiver.totals() == {one.file_id: (7, 3), other.file_id: (5, 1)}
    assert await receiver.value("select count(*) from inbox") == 4
    assert await receiver.value("select revision from inbox_offset where file_id = $1", one.file_id) == 3


async def test_repeated_and_early_events_are_projected_once_and_in_order(receiver: Service) -> None:
    key, consumer = a_key(), a_projecting_consumer(receiver)
    one, two, three = events_of(key, 1, 2, 4)
    await consumer.apply([two])
    assert await receiver.totals() == {}
    await consumer.apply([one, one])
    await consumer.apply([two, three, three])
    assert await receiver.totals() == {key.file_id: (7, 3)}
    assert await receiver.value("select count(*) from parked") == 0


async def test_two_leaders_at_one_moment_project_an_event_once(receiver: Service) -> None:
    keys = [a_key() for _ in range(20)]
    batch = [event for key in keys for event in events_of(key, 1, 2)]
    await asyncio.gather(*(a_projecting_consumer(receiver).apply(batch) for _ in range(4)))
    assert await receiver.totals() == {key.file_id: (3, 2) for key in keys}
    assert await receiver.value("select count(*) from dead_letter") == 0


async def test_an_event_that_cannot_be_projected_parks_its_file_and_no_other(receiver: Service) -> None:
    sick, well = a_key(), a_key()
    unreadable = InboxEvent("ledger", sick, 2, uuid4(), "entered", b"no JSON")
    consumer = a_projecting_consumer(receiver)
    await consumer.apply([*events_of(sick, 1), *events_of(well, 5), unreadable, *events_of(sick, 4, first=3)])
    assert await receiver.totals() == {sick.file_id: (1, 1), well.file_id: (5, 1)}
    assert await receiver.value("select error from dead_letter") == "JSONDecodeError"
    assert await receiver.value("select reason from parked") == "behind_dead_letter"


async def test_rows_that_the_database_refuses_leave_nothing_of_their_event(receiver: Service) -> None:
    sick, well = a_key(), a_key()
    await a_projecting_consumer(receiver).apply([*events_of(well, 5), *events_of(sick, 2**80)])
    assert await receiver.totals() == {well.file_id: (5, 1)}
    assert await receiver.value("select array_agg(file_id) from inbox") == [well.file_id]
    assert await receiver.value("select file_id from dead_letter") == sick.file_id


def a_selective_consumer(receiver: Service, woken: list[str], apply: Apply = add_up) -> InboxConsumer:
    """Follows entries alone; a note is known, and nothing follows from it."""

    def verify(event: InboxEvent) -> None:
        assert event.kind == "entered", "nobody reads a note"

    a_subscription = Subscription(
        CONSUMER, STREAM, "ledger", apply, ("entered", "noted"), verify=verify, applied_kinds=frozenset({"entered"})
    )
    return InboxConsumer(receiver.worker, Client(), a_subscription, tuning=TUNING, wake=lambda: woken.append("woken"))


def note(key: FileKey, revision: int) -> InboxEvent:
    return InboxEvent("ledger", key, revision, uuid4(), "noted", b"nobody reads this")


async def test_facts_without_effect_are_stored_in_order_and_wake_no_loop(receiver: Service) -> None:
    woken: list[str] = []
    key, consumer = a_key(), a_selective_consumer(receiver, woken, never)
    await consumer.apply([note(key, 1), note(key, 2)])
    await consumer.apply([note(key, 4)])
    assert await receiver.value("select array_agg(revision order by revision) from inbox") == [1, 2]
    assert await receiver.value("select reason from parked") == "gap"
    assert woken == []


async def test_an_event_is_applied_among_those_from_which_nothing_follows(receiver: Service) -> None:
    woken: list[str] = []
    key, consumer = a_key(), a_selective_consumer(receiver, woken)
    entered = events_of(key, 7, first=2)
    await consumer.apply([*entered, note(key, 3)])
    assert (await receiver.totals(), woken) == ({}, [])
    await consumer.apply([note(key, 1)])
    assert await receiver.totals() == {key.file_id: (7, 1)}
    assert await receiver.value("select revision from inbox_offset") == 3
    assert woken == ["woken"]


async def test_of_repeats_and_early_events_only_the_newly_parked_are_counted(receiver: Service) -> None:
    def parked() -> float:
        return REGISTRY.get_sample_value("onewindow_parked_total", {"source": "ledger"}) or 0.0

    key, before = a_key(), parked()
    consumer = a_projecting_consumer(receiver)
    first, second, third = events_of(key, 1, 2, 3)
    await consumer.apply([first])
    await consumer.apply([first, first, third])
    await consumer.apply([third, first])
    assert parked() == before + 1
    await consumer.apply([second, third])
    assert parked() == before + 1
    assert await receiver.totals() == {key.file_id: (6, 3)}


@pytest.mark.parametrize("applied", [1, 2], ids=["its predecessor", "itself"])
async def test_an_event_parked_beside_a_second_leader_does_not_wait_for_ever(
    receiver: Service, client: Client, applied: int
) -> None:
    key, leading = a_key(), a_consumer(receiver, client)
    one, two = events_of(key, 1, 2)
    async with running(leading.run), receiver.worker.acquire() as replaced:
        store = InboxStore("ledger", ["entered"], ordered=True)
        async with replaced.transaction():
            assert await store.admit(replaced, [two], alone=False) == [], "the file is not known yet"
            await leading.apply([one, two][:applied])
        await until(has_totals(receiver, {key.file_id: (3, 2)}))
        await until(lambda: receiver.value("select not exists(select from parked)"))
