"""The demo plays any plan to exactly its figures, also when services are killed while it runs."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from catalogue.check import load
from tests.journeys.hall_figures import HallFigures
from tests.journeys.kills import VICTIMS, drawn, kill_each
from tests.journeys.matters import demand_equal
from tests.journeys.played import Playhouse, demand_figures, playhouse
from tests.simulate.walk import works

ITEMS = Path(str(files("catalogue"))) / "items"
pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

PLAN: Mapping[str, Any] = {
    "year": 2016,
    "seed": 11,
    "volume": 240,
    "items": {
        "再生育子女审批": {"applied": 3},
        "廉租房申请初审": {"applied": 12, "refused": 2},
        "广东省居住证核发": {"applied": 20},
    },
    "instant": 150,
    "late": 3,
    "last_day": 5,
    "dissatisfied": 2,
    "among": {"corrected": 6, "deemed": 4},
    "beside": {"withdrawn": 3, "not_corrected": 2},
}


@pytest.fixture
def house() -> Iterator[Playhouse]:
    with playhouse(PLAN) as house:
        yield house


YEAR = HallFigures(PLAN, date(2016, 12, 31))
HALF = HallFigures(PLAN, date(2016, 6, 30))


def test_the_schedule_comes_to_the_figures_of_the_plan() -> None:
    assert (len(YEAR.received), len(YEAR.accepted), len(YEAR.closed)) == (245, 240, 240)
    assert YEAR.items == {
        "再生育子女审批": (3, 3, 3, 3, 0),
        "廉租房申请初审": (12, 12, 12, 10, 2),
        "广东省居住证核发": (20, 20, 20, 20, 0),
    }
    assert YEAR.rates == {
        "early": (232, 240),
        "on_time": (237, 240),
        "satisfied": (238, 240),
        "instant": (150, 240),
    }


async def test_a_plan_is_played_to_exactly_its_figures(house: Playhouse) -> None:
    async with house.demo() as running:
        assert await running.wait() == 0, house.said
    figures = house.figures
    demand_figures(figures, YEAR)
    percents = {name: rate["percent"] for name, rate in figures["rates"].items()}
    assert percents == {"early": 96.67, "on_time": 98.75, "satisfied": 99.17, "instant": 62.50}
    assert await house.command("up") == 0
    try:
        await _views_agree(house, figures)
        await _last_days_hold(house)
    finally:
        assert await house.command("down") == 0


def test_what_differs_between_two_years_is_named_column_by_column() -> None:
    application = '{"item_name": "廉租房申请初审", "closed_on": "%s"}'
    quiet = {7: {"intake.application": application % "2016-03-04", "metrics.card 1.2016-03-01": "{}"}, 8: {"a": "{}"}}
    late = {7: {"intake.application": application % "2016-03-07"}, 8: {"a": "{}"}}
    demand_equal(quiet, {**quiet})
    with pytest.raises(AssertionError) as found:
        demand_equal(quiet, late)
    assert str(found.value).splitlines()[:3] == [
        "1 of 2 matters differ; the first:",
        "matter 7 廉租房申请初审: intake.application: closed_on: 2016-03-04 → 2016-03-07",
        "matter 7 廉租房申请初审: metrics.card 1.2016-03-01: missing with kills",
    ]


def test_six_kills_in_a_row_meet_each_victim() -> None:
    planned = drawn(seed=5, times=14, year=2016, days=360)
    victims = [kill.victim for kill in planned]
    assert set(victims[:6]) == set(victims[6:12]) == set(VICTIMS)
    assert [kill.on for kill in planned] == sorted(kill.on for kill in planned)


async def test_killed_services_change_no_figure(house: Playhouse) -> None:
    planned = drawn(seed=5, times=6, year=PLAN["year"], days=120)
    async with house.demo("--months", str(HALF.until.month)) as running:
        killing = asyncio.create_task(kill_each(house, running, planned))
        assert await running.wait() == 0, house.said
    assert await killing == len(planned), "the half-year was over before every kill took place"
    demand_figures(house.figures, HALF)


async def test_a_demo_whose_stack_is_taken_down_ends_and_says_so(house: Playhouse) -> None:
    async with house.demo() as running:
        async with asyncio.timeout(60):
            while house.clock is None or house.clock.date() < date(PLAN["year"], 1, 6):
                await asyncio.sleep(0.05)
        assert await house.command("down") == 0
        assert await running.wait() == 1
        assert "演示没有演完：环境中途被停止了" in house.said


async def _views_agree(house: Playhouse, figures: Mapping[str, Any]) -> None:
    url = (await house.status())["postgres"]["url"]
    intake = await asyncpg.connect(url, database="intake")
    approval = await asyncpg.connect(url, database="approval")
    try:
        counted = await intake.fetchrow(
            "select count(*) applied, count(accepted_on) accepted, count(*) filter (where on_time) on_time,"
            " count(*) filter (where early) early from figures"
        )
        legs = await approval.fetchrow(
            "select count(*) accepted, count(*) filter (where on_time) on_time, count(*) filter (where early) early"
            " from figures"
        )
    finally:
        await intake.close()
        await approval.close()
    assert counted is not None
    assert legs is not None
    assert tuple(counted) == (
        245,
        240,
        figures["rates"]["on_time"]["numerator"],
        figures["rates"]["early"]["numerator"],
    )
    assert (legs["accepted"], legs["on_time"], legs["early"]) == (90, 87, 82)


LAST_DAYS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "intake": ("application", ("answer_due_on", "supply_by", "promised_due_on", "legal_due_on")),
    "approval": ("case_file", ("promised_due_on", "legal_due_on")),
    "notify": ("dossier", ("deliver_by",)),
    "metrics": ("matter", ("answer_due_on", "promised_due_on", "legal_due_on", "deliver_by")),
}
"""Last days that the law or a promise gives, by table."""
_BEYOND_THE_STREET = """
    select count(*) filter (where leg.promised_due_on > mine.promised_due_on or leg.legal_due_on > mine.legal_due_on),
        count(*)
    from case_file leg join case_file mine on mine.application_id = leg.application_id and mine.leg = 1
    where leg.leg = 2 and mine.item_code = any ($1)
"""


async def _last_days_hold(house: Playhouse) -> None:
    """No promise ends after the law, no last day is a day of rest, and the district has the matter's own end."""
    url = (await house.status())["postgres"]["url"]
    for service, (table, columns) in LAST_DAYS.items():
        connection = await asyncpg.connect(url, database=service)
        try:
            if "promised_due_on" in columns:
                late = "count(*) filter (where promised_due_on > legal_due_on)"
                row = await connection.fetchrow(
                    f"select {late} as late, count(promised_due_on) as promised from {table}"
                )
                assert row is not None
                assert (row["late"], row["promised"] > 0) == (0, True), service
            for column in columns:
                days = await connection.fetch(f"select distinct {column} from {table} where {column} is not null")
                assert all(works(day) for (day,) in days), f"{service}.{table}.{column}"
            if service == "approval":
                ends_at_the_district = [item.code for item in load(ITEMS) if item.closes_on == "district_decision"]
                row = await connection.fetchrow(_BEYOND_THE_STREET, ends_at_the_district)
                assert row is not None
                assert tuple(row) == (0, PLAN["items"]["广东省居住证核发"]["applied"])
        finally:
            await connection.close()
