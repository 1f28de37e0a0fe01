"""A whole hall year, during which services are killed at random moments: not one figure changes."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.journeys.hall_figures import HallFigures
from tests.journeys.kills import drawn, kill_each, say
from tests.journeys.played import demand_figures, playhouse

pytestmark = pytest.mark.timeout(3600)

_DAYS = 350


async def test_services_that_are_killed_during_the_year_change_no_figure(
    plan: Mapping[str, Any], kills: int, seed: int
) -> None:
    planned = drawn(seed, kills, plan["year"], _DAYS)
    say(f"seed {seed}: {kills} kills in {plan['year']}, {plan['volume']} matters")
    with playhouse(plan) as house:
        async with house.demo() as running:
            killing = asyncio.create_task(kill_each(house, running, planned))
            assert await running.wait() == 0, house.said
        assert await killing == kills, "the year was over before every kill took place"
        demand_figures(house.figures, HallFigures(plan, date(plan["year"], 12, 31)))
        facts, rates = house.figures["facts"], house.figures["rates"]
        percents = {name: rate["percent"] for name, rate in rates.items()}
        say(f"facts {facts}; parked 0, dead letters 0; {percents}")
