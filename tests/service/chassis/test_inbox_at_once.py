"""A batch in order is stored and told in one statement; any other takes the careful road to the same state."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

from nats.aio.client import Client

from chassis.event_store import FileKey
from chassis.inbox import Apply, InboxConsumer, InboxEvent, InboxTransaction, Subscription, row_projection
from tests.service.chassis.conftest import CONSUMER, PACE, STREAM, Service, add_up, tallied
from tests.service.chassis.test_inbox import events_of
from tests.support.ledger import a_key


async def never(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
    """For batches whose effect must not need a transaction of several statements."""
    raise AssertionError("the careful road")


def a_projecting_inbox(hearer: Service, apply: Apply | None = None) -> InboxConsumer:
    hears = Subscription(CONSUMER, STREAM, "ledger", apply or row_projection(tallied), ("entered",), projector=tallied)
    return InboxConsumer(hearer.worker, Client(), hears, tuning=PACE)


async def test_a_batch_in_order_is_told_without_a_second_statement(hearer: Service) -> None:
    one, other = a_key(), a_key()
    await a_projecting_inbox(hearer, never).apply(
        [*events_of(one, 1, 2), *events_of(other, 5), *events_of(one, 4, first=3)]
    )
    assert await hearer.totals() == {one.file_id: (7, 3), other.file_id: (5, 1)}
    assert await hearer.value("select count(*) from inbox") == 4
    assert await hearer.value("select revision from inbox_offset where file_id = $1", one.file_id) == 3


async def test_what_is_told_twice_or_too_early_counts_once_and_in_its_turn(hearer: Service) -> None:
    key, hearing = a_key(), a_projecting_inbox(hearer)
    one, two, three = events_of(key, 1, 2, 4)
    await hearing.apply([two])
    assert await hearer.totals() == {}
    await hearing.apply([one, one])
    await hearing.apply([two, three, three])
    assert await hearer.totals() == {key.file_id: (7, 3)}
    assert await hearer.value("select count(*) from parked") == 0


async def test_two_that_lead_for_a_moment_tell_an_event_once(hearer: Service) -> None:
    keys = [a_key() for _ in range(20)]
    batch = [event for key in keys for event in events_of(key, 1, 2)]
    await asyncio.gather(*(a_projecting_inbox(hearer).apply(batch) for _ in range(4)))
    assert await hearer.totals() == {key.file_id: (3, 2) for key in keys}
    assert await hearer.value("select count(*) from dead_letter") == 0


async def test_an_event_that_cannot_be_told_parks_its_file_and_no_other(hearer: Service) -> None:
    sick, well = a_key(), a_key()
    unreadable = InboxEvent("ledger", sick, 2, uuid4(), "entered", b"no JSON")
    hearing = a_projecting_inbox(hearer)
    await hearing.apply([*events_of(sick, 1), *events_of(well, 5), unreadable, *events_of(sick, 4, first=3)])
    assert await hearer.totals() == {sick.file_id: (1, 1), well.file_id: (5, 1)}
    assert await hearer.value("select error from dead_letter") == "JSONDecodeError"
    assert await hearer.value("select reason from parked") == "behind_dead_letter"


async def test_what_the_database_refuses_to_be_told_leaves_nothing_of_its_event(hearer: Service) -> None:
    sick, well = a_key(), a_key()
    await a_projecting_inbox(hearer).apply([*events_of(well, 5), *events_of(sick, 2**80)])
    assert await hearer.totals() == {well.file_id: (5, 1)}
    assert await hearer.value("select array_agg(file_id) from inbox") == [well.file_id]
    assert await hearer.value("select file_id from dead_letter") == sick.file_id


def a_selective_hearing(hearer: Service, woken: list[str], apply: Apply = add_up) -> InboxConsumer:
    """Follows entries alone; a note is known, and nothing follows from it."""

    def verify(event: InboxEvent) -> None:
        assert event.kind == "entered", "nobody reads a note"

    hears = Subscription(
        CONSUMER, STREAM, "ledger", apply, ("entered", "noted"), verify=verify, applied_kinds=frozenset({"entered"})
    )
    return InboxConsumer(hearer.worker, Client(), hears, tuning=PACE, wake=lambda: woken.append("woken"))


def note(key: FileKey, revision: int) -> InboxEvent:
    return InboxEvent("ledger", key, revision, uuid4(), "noted", b"nobody reads this")


async def test_facts_from_which_nothing_follows_are_kept_in_their_order_and_wake_nobody(hearer: Service) -> None:
    woken: list[str] = []
    key, hearing = a_key(), a_selective_hearing(hearer, woken, never)
    await hearing.apply([note(key, 1), note(key, 2)])
    await hearing.apply([note(key, 4)])
    assert await hearer.value("select array_agg(revision order by revision) from inbox") == [1, 2]
    assert await hearer.value("select reason from parked") == "gap"
    assert woken == []


async def test_an_event_is_applied_among_those_from_which_nothing_follows(hearer: Service) -> None:
    woken: list[str] = []
    key, hearing = a_key(), a_selective_hearing(hearer, woken)
    entered = events_of(key, 7, first=2)
    await hearing.apply([*entered, note(key, 3)])
    assert (await hearer.totals(), woken) == ({}, [])
    await hearing.apply([note(key, 1)])
    assert await hearer.totals() == {key.file_id: (7, 1)}
    assert await hearer.value("select revision from inbox_offset") == 3
    assert woken == ["woken"]
