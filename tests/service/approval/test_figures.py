"""approval.figures: one row for each street leg, as reports count it."""

from datetime import date

import pytest

from services.approval.domain.case.facts import Outcome
from services.approval.handoff.domain.district_decide import DecisionReport
from services.approval.handoff.usecases import put_on_file
from tests.service.approval.office import World
from tests.unit.approval.matters import FORWARDED, HEAD, PROMISED, RESIDENCE

pytestmark = pytest.mark.integration

ON = date(2016, 3, 1)


async def figures(world: World) -> dict[str, tuple[object, ...]]:
    """Day of closing, outcome, on time, early, by item."""
    rows = await world.worker.fetch("select * from figures")
    return {row["item"]: (row["closed_on"], row["outcome"], row["on_time"], row["early"]) for row in rows}


async def test_each_street_leg_is_one_row_and_the_districts_legs_are_none(world: World) -> None:
    decided = await world.accept(PROMISED)
    await world.review(decided)
    await world.cases.decide(world.call(decided, HEAD), Outcome.REFUSED, "不符合条件。", "")
    await world.refer(FORWARDED)
    await world.refer(RESIDENCE)
    assert await figures(world) == {
        PROMISED.name: (ON, "refused", True, True),
        FORWARDED.name: (ON, "referred", True, True),
        RESIDENCE.name: (None, None, None, None),
    }


async def test_a_permit_closes_on_the_day_of_the_decision_however_late_the_report_is(world: World) -> None:
    """Last day of the promise 15 March, reported on 4 April: still on time, in both legs."""
    application, made_on = await world.refer(RESIDENCE), date(2016, 3, 15)
    world.clock.set(date(2016, 4, 4))
    report = world.reports.decided(world.leg_key(application), DecisionReport("report-1", Outcome.GRANTED, made_on), "")
    await put_on_file(world.files, report, "district-system")
    await world.settle()
    assert await figures(world) == {RESIDENCE.name: (made_on, "granted", True, False)}
    assert await world.value("select closed_on from case_file where leg = 2") == made_on


async def test_a_withdrawal_closes_and_is_neither_on_time_nor_late(world: World) -> None:
    await world.stop(await world.accept(PROMISED))
    assert await figures(world) == {PROMISED.name: (ON, "withdrawn", None, None)}


async def test_the_columns_that_others_rely_on_come_first(world: World) -> None:
    columns = await world.worker.fetch(
        "select column_name from information_schema.columns where table_name = 'figures' order by ordinal_position"
    )
    assert [row["column_name"] for row in columns][:9] == [
        *("number", "item", "received_on", "accepted_on", "due_on", "closed_on", "outcome", "on_time", "early")
    ]


async def test_a_street_sees_its_own_rows_alone(world: World) -> None:
    await world.accept(PROMISED)
    counts = []
    for street in ("440105008", "440105001"):
        async with world.rpc.acquire() as connection, connection.transaction():
            await connection.execute("select set_config('app.district', '440105', true)")
            await connection.execute("select set_config('app.street', $1, true)", street)
            counts.append(await connection.fetchval("select count(*) from figures"))
    assert counts == [1, 0]
