"""What is owed to the district: once, and never for matters that a test of the running system made up."""

from dataclasses import replace
from uuid import uuid4

import pytest

from chassis.event_store import FileKey
from chassis.inbox import InboxTransaction
from protocol.identifiers import district_leg_id, street_leg_id
from services.approval.adapters.case.leg_subscription import LegEffects
from services.approval.handoff.adapters.obligations import (
    Obligation,
    owe_packages,
    owe_withdrawals,
    withdrawal_obligation,
)
from tests.service.approval.office import World
from tests.unit.approval.matters import ACCEPTED_ON, APPLICATION, FORWARDED, HEAD, STREET, leg


def obligation(street: str = STREET.street) -> Obligation:
    """A package that a street owes."""
    return Obligation(uuid4(), FileKey("440105", street, uuid4()), APPLICATION, "housing", ACCEPTED_ON, ACCEPTED_ON)


@pytest.mark.integration
async def test_a_package_is_owed_once(world: World) -> None:
    owed = obligation()
    async with world.worker.acquire() as connection, connection.transaction():
        await owe_packages(InboxTransaction(connection), [owed, owed])
        await owe_packages(InboxTransaction(connection), [owed])
    assert await world.value("select count(*) from handoff") == 1


@pytest.mark.integration
async def test_a_synthetic_matter_owes_nothing(world: World) -> None:
    async with world.worker.acquire() as connection, connection.transaction():
        await owe_packages(InboxTransaction(connection), [obligation("440105999")])
        await owe_withdrawals(InboxTransaction(connection), [obligation("440105999")])
    assert await world.value("select count(*) from handoff") == 0


@pytest.mark.integration
async def test_folding_projections_again_owes_nothing_again(world: World) -> None:
    async with world.worker.acquire() as connection, connection.transaction():
        await owe_packages(InboxTransaction(connection, rebuilding=True), [obligation()])
    assert await world.value("select count(*) from handoff") == 0


@pytest.mark.integration
async def test_the_sender_is_woken_once_something_is_owed(world: World) -> None:
    application = await world.accept(FORWARDED)
    await world.review(application)
    await world.settle()
    assert not world.owed.is_set(), "an acceptance and a review owe the district nothing"
    await world.cases.refer(world.call(application, HEAD), "同意转报。")
    assert not world.owed.is_set(), "the obligation follows by the stream"
    await world.settle()
    assert world.owed.is_set()
    world.owed.clear()
    await world.stop(application)
    assert world.owed.is_set(), "the street's leg is closed: the withdrawal goes to the district at once"


@pytest.mark.integration
async def test_the_sender_sleeps_on_when_the_transaction_is_rolled_back(world: World) -> None:
    application = await world.accept(FORWARDED)
    await world.review(application)
    await world.settle()
    await world.cases.refer(world.call(application, HEAD), "同意转报。")
    effects = LegEffects(world.files, world.calendars, world.owed.set)
    events = await world.unheard()
    async with world.worker.acquire() as connection:
        with pytest.raises(RuntimeError, match="rolled back"):
            async with connection.transaction():
                await effects.apply(InboxTransaction(connection), events)
                raise RuntimeError("rolled back")
    assert not world.owed.is_set()
    assert await world.value("select count(*) from handoff") == 0


def test_a_withdrawn_leg_of_the_districts_system_is_told_to_it() -> None:
    owed = withdrawal_obligation(district_leg_id(APPLICATION, 1), leg(), ACCEPTED_ON)
    assert owed is not None
    assert (owed.street, owed.destination) == (FileKey("440105", STREET.street, street_leg_id(APPLICATION)), "housing")


def test_a_withdrawn_leg_of_the_districts_desks_is_told_to_nobody() -> None:
    native = leg(replace(FORWARDED, refers_to=""))
    assert withdrawal_obligation(district_leg_id(APPLICATION, 1), native, ACCEPTED_ON) is None
