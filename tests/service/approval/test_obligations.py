"""What is owed to the district: once, and never for matters that a test of the running system made up."""

from dataclasses import replace
from uuid import uuid4

import pytest

from chassis.event_store import FileKey
from chassis.inbox import InboxTransaction
from protocol.identifiers import district_leg_id, street_leg_id
from services.approval.handoff.adapters.obligations import (
    Obligation,
    owe_packages,
    owe_withdrawals,
    withdrawal_obligation,
)
from tests.service.approval.office import World
from tests.unit.approval.matters import ACCEPTED_ON, APPLICATION, FORWARDED, STREET, leg


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


def test_a_withdrawn_leg_of_the_districts_system_is_told_to_it() -> None:
    owed = withdrawal_obligation(district_leg_id(APPLICATION, 1), leg(), ACCEPTED_ON)
    assert owed is not None
    assert (owed.street, owed.destination) == (FileKey("440105", STREET.street, street_leg_id(APPLICATION)), "housing")


def test_a_withdrawn_leg_of_the_districts_desks_is_told_to_nobody() -> None:
    native = leg(replace(FORWARDED, refers_to=""))
    assert withdrawal_obligation(district_leg_id(APPLICATION, 1), native, ACCEPTED_ON) is None
