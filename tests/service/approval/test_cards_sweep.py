"""The cards of a morning: one indexed query, the act on each file, once for each day since the last."""

from datetime import date

import pytest

from chassis.sweeps.sweeper import Sweeper
from protocol.calendars import ReceivedCalendars
from services.approval.adapters.case.parts import cards_sweep, procedures_sweep
from services.approval.domain.case.facts import CardLevel, SpecialProcedure
from services.approval.domain.case.pause import PauseTerm
from tests.service.approval.office import World
from tests.unit.approval.matters import HEAD

pytestmark = pytest.mark.integration


def sweeper(world: World) -> Sweeper:
    """The sweeps of the service."""
    cards = cards_sweep(world.files, ReceivedCalendars(world.worker, "440105"))
    return Sweeper(world.worker, world.clock, "440105", [cards, procedures_sweep(world.files)])


async def issued(world: World) -> list[tuple[str, date]]:
    """The days on which cards were issued."""
    rows = await world.worker.fetch("select kind, occurred_on from fact where kind = 'card_issued' order by seq")
    return [(row["kind"], row["occurred_on"]) for row in rows]


async def test_each_card_is_issued_on_its_own_day_also_when_nobody_swept_for_weeks(world: World) -> None:
    application = await world.accept()
    await sweeper(world).sweep_up_to(date(2016, 3, 2))
    await sweeper(world).sweep_up_to(date(2016, 4, 5))
    days = [day for _, day in await issued(world)]
    assert days == [date(2016, 3, 11), date(2016, 3, 16), date(2016, 3, 30)]
    assert {*(await world.street(application)).cards} == {*CardLevel}


async def test_a_morning_is_swept_once(world: World) -> None:
    await world.accept()
    for _ in range(2):
        await sweeper(world).sweep_up_to(date(2016, 3, 11))
    await sweeper(world).sweep_up_to(date(2016, 3, 12))
    assert len(await issued(world)) == await world.value("select count(*) from fact where kind = 'card_issued'") <= 1


async def test_nothing_falls_due_while_the_clock_stands(world: World) -> None:
    application = await world.accept()
    await sweeper(world).sweep_up_to(date(2016, 3, 1))
    await world.cases.pause(
        world.call(application, HEAD), PauseTerm(HEAD, SpecialProcedure.APPRAISAL, 20, ""), "鉴定。"
    )
    await sweeper(world).sweep_up_to(date(2016, 4, 29))
    assert await issued(world) == []
    world.clock.set(date(2016, 4, 29))
    await world.cases.resume(world.call(application, HEAD), None)
    await sweeper(world).sweep_up_to(date(2016, 5, 30))
    assert [on for _, on in await issued(world)] == [date(2016, 5, 12), date(2016, 5, 17)]


async def test_a_procedure_that_should_have_ended_comes_back_to_its_desk_and_once(world: World) -> None:
    application = await world.accept()
    on_list = "select waits, procedure_overdue, procedure, procedure_ends_on from case_file"
    await world.cases.pause(world.call(application, HEAD), PauseTerm(HEAD, SpecialProcedure.HEARING, 5, ""), "听证。")
    await sweeper(world).sweep_up_to(date(2016, 3, 7))
    assert tuple((await world.worker.fetch(on_list))[0]) == (False, False, "听证", date(2016, 3, 7))
    await sweeper(world).sweep_up_to(date(2016, 4, 7))
    reminders = await world.worker.fetch("select occurred_on from fact where kind = 'procedure_overdue'")
    assert [row["occurred_on"] for row in reminders] == [date(2016, 3, 8)]
    assert tuple((await world.worker.fetch(on_list))[0])[:2] == (True, True)
    await world.cases.resume(world.call(application, HEAD), None)
    assert tuple((await world.worker.fetch(on_list))[0])[:3] == (True, False, "")


async def test_the_day_waits_for_the_sweep(world: World) -> None:
    assert await world.value("select unsettled($1)", date(2016, 3, 11)) == ["sweep:cards", "sweep:procedures"]
    await sweeper(world).sweep_up_to(date(2016, 3, 11))
    assert await world.value("select unsettled($1)", date(2016, 3, 11)) == []


async def test_the_mornings_query_reads_an_index(world: World) -> None:
    plan = await world.worker.fetch(
        "explain select district, street, case_id from case_file"
        " where next_card_on <= '2016-03-11' order by next_card_on, street, case_id limit 500"
    )
    assert any("case_file_cards" in row[0] for row in plan), [row[0] for row in plan]
