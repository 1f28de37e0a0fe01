"""Read your writes: a call waits until its position was received, and is refused when that takes too long."""

import asyncio

import pytest
from nats.aio.client import Client

from chassis.event_store import Position, PositionSignal, PositionSources, PositionWaiter, StoreSettings, position_of
from chassis.inbox import InboxOffsets
from chassis.refusals import NotYetHere
from tests.service.chassis.conftest import Service, running
from tests.service.chassis.test_inbox import a_consumer, a_publisher, events_of
from tests.support.ledger import DISTRICT, Entered, a_cause, a_key

SOURCES = PositionSources("tally", received=("ledger",))


async def test_a_call_waits_until_its_position_is_reached(service: Service, receiver: Service, client: Client) -> None:
    signal, key = PositionSignal(), a_key()
    waiter = PositionWaiter(SOURCES, InboxOffsets(receiver.rpc), signal, StoreSettings(after_limit=10), DISTRICT)
    changed = await service.files.change(key, a_cause(), lambda *_: [Entered(7)], actor="clerk")
    waiting = asyncio.create_task(waiter.until_reached(f"{changed.position},tally/440105/440105008/{key.file_id}/9"))
    async with running(a_publisher(service, client).run, a_consumer(receiver, client, signal=signal).run):
        await waiting
    assert await receiver.totals() == {key.file_id: (7, 1)}


async def test_a_position_that_is_not_reached_in_time_is_refused(receiver: Service) -> None:
    waiter = PositionWaiter(
        SOURCES, InboxOffsets(receiver.rpc), PositionSignal(), StoreSettings(after_limit=0.05), DISTRICT
    )
    with pytest.raises(NotYetHere):
        await waiter.until_reached(position_of("ledger", a_key(), 1))


async def test_the_signal_wakes_a_call_before_it_looks_again(receiver: Service, client: Client) -> None:
    signal, key = PositionSignal(), a_key()
    looks: list[Position] = []

    async def look(position: Position) -> bool:
        looks.append(position)
        return len(looks) > 1

    waiter = PositionWaiter(SOURCES, look, signal, StoreSettings(after_limit=30, after_recheck=3600), DISTRICT)
    waiting = asyncio.create_task(waiter.until_reached(position_of("ledger", key, 1)))
    while not looks:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    await a_consumer(receiver, client, signal=signal).apply(events_of(key, 1))
    await waiting
    assert len(looks) == 2, "one before it waited and one when it was woken, long before the next was due"
