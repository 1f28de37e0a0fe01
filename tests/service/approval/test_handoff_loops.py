"""Loops of the hand-off as the service runs them: sender, puller and nightly reconciliation, while they lead."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from prometheus_client import REGISTRY

from services.approval.handoff.adapters.client import DistrictClient
from services.approval.handoff.adapters.delivery import ObligationDelivery, Packages
from services.approval.handoff.adapters.nightly import NightlyReconciliation
from services.approval.handoff.adapters.puller import Puller, PullSettings
from services.approval.handoff.adapters.queue import BreakerSettings, HandoffQueue
from services.approval.handoff.adapters.reconciler import Reconciler
from services.approval.handoff.adapters.recorder import Recorder, RetrySettings
from services.approval.handoff.adapters.sender import Sender, SenderSettings
from tests.service.approval.office import World
from tests.service.approval.reference import PAGE, Reference, open_reference
from tests.unit.approval.matters import FORWARDED

pytestmark = pytest.mark.integration

WITHIN = 30.0
HOURS = 3_600.0


@pytest.fixture
async def reference(world: World) -> AsyncIterator[Reference]:
    """A reference system that knows nothing yet."""
    async with open_reference(world) as opened:
        yield opened


@asynccontextmanager
async def running(loop: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """The loop, until the block ends."""
    task = asyncio.create_task(loop())
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], object]) -> None:
    """Waits for a condition; fails when it does not come true in time."""
    async with asyncio.timeout(WITHIN):
        while not condition():
            await asyncio.sleep(0.02)


def sender(world: World, client: DistrictClient, poll: float) -> Sender:
    """A sender that looks at the queue so often without being woken."""
    queue = HandoffQueue(world.worker, BreakerSettings())
    packages = Packages(world.worker, world.files, world.vault, world.passes, "district-system")
    recorder = Recorder(world.worker, queue, world.files, world.reports, world.calendars, RetrySettings())
    delivery = ObligationDelivery(client, packages)
    settings = SenderSettings(concurrency=4, poll=poll)
    return Sender(world.worker, queue, delivery, recorder, world.clock, settings, world.owed)


def puller(world: World, client: DistrictClient) -> Puller:
    """A puller that reads the list once an hour."""
    settings = PullSettings(seconds=HOURS)
    return Puller(world.worker, client, world.files, world.reports, world.calendars, world.clock, settings)


def waiting(state: str) -> float | None:
    """The gauge of obligations in a state."""
    labels = {"destination": "housing", "state": state}
    return REGISTRY.get_sample_value("onewindow_handoff_obligations", labels)


async def test_a_sender_that_rests_is_woken_by_an_obligation(world: World, reference: Reference) -> None:
    async with running(sender(world, reference.client, poll=HOURS).run):
        await asyncio.sleep(0)
        await world.refer(FORWARDED)
        await until(reference.register.count)
        second = await world.refer(FORWARDED)
        await until(lambda: reference.register.count() == 2)
    assert reference.register.find(str(world.leg_key(second).file_id)) is not None


async def test_a_sender_finds_by_itself_what_nobody_woke_it_for(world: World, reference: Reference) -> None:
    async with running(sender(world, reference.client, poll=0.05).run):
        await world.refer(FORWARDED)
        world.owed.clear()
        await until(reference.register.count)


async def test_obligations_are_counted_while_a_sender_leads(world: World, reference: Reference) -> None:
    reference.faults.order("refuse", 1)
    await world.refer(FORWARDED)
    async with running(sender(world, reference.client, poll=0.05).run):
        await until(lambda: waiting("blocked") == 1.0)
    assert waiting("blocked") is None, "the next leader counts"


async def test_a_puller_reads_at_once_and_again_when_the_clock_moves(world: World, reference: Reference) -> None:
    first, second = [world.leg_key(await world.refer(FORWARDED)).file_id for _ in range(2)]
    work = sender(world, reference.client, poll=HOURS)
    while await work.round():
        pass
    reference.decide(first, "granted", world.clock.today().isoformat())
    async with running(puller(world, reference.client).run):
        await closed(world, 1)
        reference.decide(second, "granted", world.clock.today().isoformat())
        world.clock.set(world.clock.today())
        await closed(world, 2)


async def closed(world: World, legs: int) -> None:
    """Waits until so many legs of the district are closed."""
    async with asyncio.timeout(WITHIN):
        while await world.value("select count(*) from case_file where leg = 2 and closed_on is not null") != legs:
            await asyncio.sleep(0.02)


async def test_a_puller_outlives_a_district_that_is_away(world: World, reference: Reference) -> None:
    leg = world.leg_key(await world.refer(FORWARDED)).file_id
    work = sender(world, reference.client, poll=HOURS)
    while await work.round():
        pass
    reference.decide(leg, "granted", world.clock.today().isoformat())
    reference.faults.order("unavailable", 1)
    async with running(puller(world, reference.client).run):
        await until(lambda: reference.faults.left == 0)
        world.clock.set(world.clock.today())
        await closed(world, 1)


async def test_a_new_leader_reconciles_at_once(world: World, reference: Reference) -> None:
    await world.refer(FORWARDED)
    reconciler = Reconciler(
        world.worker, world.files, reference.client, puller(world, reference.client), "440105", PAGE
    )
    nightly = NightlyReconciliation(world.worker, reconciler)

    def found() -> float | None:
        return REGISTRY.get_sample_value("onewindow_district_unmatched", {"found": "only_here"})

    async with running(nightly.run):
        await until(lambda: found() == 0.0)
    assert found() is None, "the next leader counts"
