"""What is heard together is as if it came one by one, and costs no more the more of it there is."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from chassis.inbox import InboxEvent, InboxTransaction
from services.approval.adapters.case.leg_subscription import LegEffects
from services.approval.domain.case.facts import Outcome
from services.approval.domain.case.state import CaseClosing, CaseStage
from services.approval.handoff.domain.district_decide import DecisionReport
from services.approval.handoff.usecases import put_on_file
from tests.service.approval.office import World, acceptance, withdrawal
from tests.unit.approval.matters import ACCEPTED_ON, FORWARDED, HEAD, RESIDENCE

pytestmark = pytest.mark.integration


async def test_fifty_referrals_take_as_many_statements_as_one(world: World) -> None:
    await referred(world)
    one = await statements(world, await world.unheard())
    applications = [await referred(world) for _ in range(50)]
    assert await statements(world, await world.unheard()) == one
    assert await world.value("select count(*) from handoff where state = 'waiting'") == 51
    for application in applications:
        assert (await world.district(application)).stage is CaseStage.REFERRED


async def test_fifty_decisions_of_the_district_take_as_many_statements_as_one(world: World) -> None:
    applications = [await referred(world, RESIDENCE) for _ in range(51)]
    await world.settle()
    await decide(world, applications[0])
    one = await statements(world, await world.unheard())
    for application in applications[1:]:
        await decide(world, application)
    assert await statements(world, await world.unheard()) == one
    for application in applications:
        assert (await world.street(application)).closing is CaseClosing.GRANTED


async def test_fifty_withdrawals_take_as_many_statements_as_one(world: World) -> None:
    applications = [await referred(world, RESIDENCE) for _ in range(51)]
    await world.settle()
    await world.stop(applications[0])
    one = await statements(world, await world.unheard())
    await world.intake.apply([withdrawal(application, 2, ACCEPTED_ON) for application in applications[1:]])
    assert await statements(world, await world.unheard()) == one
    assert await world.value("select count(*) from handoff where kind = 'withdraw' and state = 'waiting'") == 51
    assert await world.value("select count(*) from handoff where kind = 'receive' and state = 'withdrawn'") == 51


async def test_one_batch_opens_a_leg_and_tells_another_street_what_the_district_decided(world: World) -> None:
    decided = await world.refer(RESIDENCE)
    await decide(world, decided)
    opened = await referred(world)
    await world.own.apply(await world.unheard())
    assert (await world.street(decided)).closing is CaseClosing.GRANTED
    assert (await world.district(opened)).stage is CaseStage.REFERRED


async def test_a_referral_and_the_withdrawal_after_it_in_one_batch_leave_a_leg_that_ended_as_it_began(
    world: World,
) -> None:
    application = await referred(world, RESIDENCE)
    await world.stop(application)
    batch = await world.unheard()
    assert batch[-1].kind == "case_referred"
    await world.own.apply(batch)
    assert await world.kinds(world.leg_key(application)) == ["case_opened", "case_withdrawn"]
    await world.settle()
    assert (await world.street(application)).closing is CaseClosing.WITHDRAWN
    assert await world.value("select count(*) from handoff") == 0


@pytest.mark.parametrize("item", [FORWARDED, RESIDENCE], ids=["closed by the referral", "waiting for the district"])
async def test_a_withdrawal_that_races_the_referral_ends_both_legs_whoever_is_first(world: World, item: object) -> None:
    applications = [await referred(world, item) for _ in range(8)]
    batch, stopped = await world.unheard(), [withdrawal(application, 2, ACCEPTED_ON) for application in applications]
    await asyncio.gather(world.own.apply(batch), world.intake.apply(stopped[:4]), world.intake.apply(stopped[4:]))
    await world.settle()
    for application in applications:
        assert (await world.district(application)).closing is CaseClosing.WITHDRAWN
    assert await world.value("select count(*) from handoff where state = 'waiting' and kind = 'receive'") == 0


async def test_an_acceptance_and_the_withdrawal_after_it_in_one_batch_close_the_case_that_it_opens(
    world: World,
) -> None:
    application = UUID(int=1)
    await world.intake.apply(
        [acceptance(application, FORWARDED, 1, ACCEPTED_ON), withdrawal(application, 2, ACCEPTED_ON)]
    )
    assert (await world.street(application)).closing is CaseClosing.WITHDRAWN


@pytest.mark.parametrize("rebuilding", [False, True])
async def test_a_whole_life_heard_once_more_in_one_batch_changes_nothing(world: World, rebuilding: bool) -> None:
    application = await world.refer(RESIDENCE)
    await decide(world, application)
    await world.settle()
    await world.stop(await world.refer(RESIDENCE))
    await world.settle()
    before = await stored(world)
    async with world.worker.acquire() as connection, connection.transaction():
        hearing = LegEffects(world.files, world.calendars)
        await hearing.apply(InboxTransaction(connection, rebuilding=rebuilding), await everything(world))
    assert await stored(world) == before


async def referred(world: World, item: object = FORWARDED) -> UUID:
    """A matter that the street has referred, which nobody has heard yet; its application."""
    application = await world.accept(item)  # type: ignore[arg-type] # an item, listed as a parameter
    await world.review(application)
    await world.cases.refer(world.call(application, HEAD), "同意转报。")
    return application


async def decide(world: World, application: UUID) -> None:
    """The district's system reports a grant, which nobody has heard yet."""
    report = DecisionReport(f"report-{application}", Outcome.GRANTED, ACCEPTED_ON)
    await put_on_file(world.files, world.reports.decided(world.leg_key(application), report, ""), "district-system")


async def statements(world: World, batch: list[InboxEvent]) -> int:
    """How many statements it takes to hear a batch of our own facts."""
    ran: list[Any] = []
    async with world.worker.acquire() as connection:  # the one given back last is taken first
        connection.add_query_logger(ran.append)
    await world.own.apply(batch)
    async with world.worker.acquire() as connection:
        connection.remove_query_logger(ran.append)
    assert ran
    return len(ran)


async def everything(world: World) -> list[InboxEvent]:
    """All our facts, in the order in which they were stored."""
    await world.worker.execute("insert into outbox (seq, district) select seq, district from fact")
    return await world.unheard()


async def stored(world: World) -> list[tuple[Any, ...]]:
    """How far every file is, and what is owed."""
    files = await world.worker.fetch("select file_id, count(*) from fact group by 1 order by 1")
    owed = await world.worker.fetch("select case_id, kind, state from handoff order by 1, 2")
    return [tuple(row) for row in (*files, *owed)]
