"""The database goes back to an earlier instant, the district's does not: what closes the gap, and what is listed."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from services.approval.domain.case.state import CaseClosing
from services.approval.handoff.domain.reconciliation import Advice, LegEnding, Verdict
from tests.service.approval.conftest import open_world
from tests.service.approval.office import World
from tests.service.approval.reference import Roads, open_reference, summary
from tests.support.servers import Database, PostgresServer
from tests.unit.approval.matters import ACCEPTED_ON, FORWARDED, HEAD, RESIDENCE, STREET

pytestmark = pytest.mark.integration

TODAY = ACCEPTED_ON.isoformat()


@dataclass(frozen=True)
class Lost:
    """Matters to which something happened after the instant to which the database goes back."""

    decided: UUID
    returned: UUID
    withdrawn: UUID
    referred: UUID


async def _before(roads: Roads) -> Lost:
    """Up to the instant: three that the district has, one that is reviewed."""
    world = roads.world
    decided, returned, withdrawn = [await world.refer(RESIDENCE) for _ in range(3)]
    await roads.hand_over()
    await roads.pull()
    reviewed = await world.accept(FORWARDED)
    await world.review(reviewed)
    return Lost(decided, returned, withdrawn, reviewed)


async def _meanwhile(roads: Roads, lost: Lost) -> UUID:
    """After the instant: all of it is known on both sides; a matter that did not exist before."""
    world, reference = roads.world, roads.reference
    await _refer(world, lost.referred)
    unheard_of = await world.refer(FORWARDED)
    await world.stop(lost.withdrawn)
    await world.settle()
    await roads.hand_over()
    reference.decide(world.leg_key(lost.decided).file_id, "granted", TODAY)
    reference.register.close(str(world.leg_key(lost.returned).file_id), "returned", "", "", "材料不清。")
    await roads.pull()
    assert (await roads.reconcile()).differences == ()
    return unheard_of


async def _refer(world: World, application: UUID) -> None:
    await world.cases.refer(world.call(application, HEAD), "同意转报。")
    await world.settle()


@pytest.fixture
async def gone_back(
    create_database: Callable[..., Database], postgres_server: PostgresServer, tmp_path: Path
) -> AsyncIterator[tuple[Roads, Lost, UUID]]:
    """Cursor, queue and files are those of an earlier instant; the district's register is not."""
    database = create_database("approval", "approval_before")
    async with open_world(database, tmp_path) as world, open_reference(world) as reference:
        lost = await _before(Roads(world, reference))
    restored = await _copy(postgres_server, database, "approval_restored")
    async with open_world(database, tmp_path) as world, open_reference(world, reference.register) as known:
        unheard_of = await _meanwhile(Roads(world, known), lost)
    async with open_world(restored, tmp_path) as world, open_reference(world, reference.register) as known:
        yield Roads(world, known), lost, unheard_of


async def test_after_a_restore_reports_are_read_in_and_what_is_lost_here_is_listed(
    gone_back: tuple[Roads, Lost, UUID],
) -> None:
    roads, lost, unheard_of = gone_back
    world, found = roads.world, await roads.reconcile()
    assert found.read_in == 2
    assert (await world.district(lost.decided)).closing is CaseClosing.GRANTED
    assert (await world.district(lost.returned)).closing is CaseClosing.RETURNED
    legs = [str(world.leg_key(each).file_id) for each in (lost.withdrawn, lost.referred, unheard_of)]
    assert {summary(line) for line in found.differences} == {
        (legs[0], Verdict.DIFFERS, ("ending",), Advice.WITHDRAW_HERE),
        (legs[1], Verdict.ONLY_THERE, (), Advice.REFER_AGAIN),
        (legs[2], Verdict.ONLY_THERE, (), Advice.FIND_HERE),
    }
    (line,) = [line for line in found.differences if line.key == legs[1]]
    street = await world.street(lost.referred)
    assert (line.number, line.street) == (street.number, STREET.street), "named by the matter that it belongs to"
    assert line.theirs is not None and line.theirs.ending is LegEnding.OPEN


async def test_a_referral_that_a_restore_lost_is_made_again_under_its_key(gone_back: tuple[Roads, Lost, UUID]) -> None:
    roads, lost, _ = gone_back
    world, key = roads.world, roads.world.leg_key(lost.referred).file_id
    received = roads.reference.register.count()
    roads.reference.decide(key, "granted", TODAY)
    await roads.pull()
    await _refer(world, lost.referred)
    await roads.hand_over()
    assert roads.reference.register.count() == received, "no second case"
    assert (await world.district(lost.referred)).closing is None, "the cursor is past its decision"
    found = await roads.reconcile()
    assert (await world.district(lost.referred)).closing is CaseClosing.GRANTED
    assert str(key) not in {line.key for line in found.differences}


async def _copy(server: PostgresServer, database: Database, name: str) -> Database:
    """The database as it stands, under another name: a restore to this instant."""
    connection = await asyncpg.connect(server.dsn())
    try:
        await connection.execute(f"drop database if exists {name} with (force)")
        await connection.execute(f"create database {name} template {database.name}")
    finally:
        await connection.close()
    return replace(database, name=name)
