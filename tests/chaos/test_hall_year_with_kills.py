"""A hall year played twice, the second time while services, district and NATS are killed: no matter differs."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.conftest import ChaosOptions
from tests.journeys.hall_figures import HallFigures
from tests.journeys.kills import drawn, kill_each, say
from tests.journeys.matters import Matters, demand_equal, stored_matters, write_matters
from tests.journeys.played import Playhouse, demand_figures, demand_flow, playhouse

pytestmark = pytest.mark.timeout(4 * 3600)

_DAYS_OF_A_MONTH, _LAST_DAYS = 29, 8
"""Days of each month among which kills are drawn, without the last ones: what is killed works again before the end."""
_MEASURED = ("echo_calls_per_second", "seconds", "facts")


async def test_what_is_killed_during_the_year_changes_no_matter(options: ChaosOptions, tmp_path: Path) -> None:
    folder = options.kept or tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    planned = drawn(options.seed, options.kills, options.plan["year"], options.months * _DAYS_OF_A_MONTH - _LAST_DAYS)
    say(f"seed {options.seed}: {options.kills} kills in {options.months} months of {options.plan['year']}")

    async def kill(house: Playhouse, running: asyncio.subprocess.Process) -> None:
        assert await kill_each(house, running, planned) == options.kills, "all was over before every kill took place"

    async def look_on(_: Playhouse, running: asyncio.subprocess.Process) -> None:
        await running.wait()

    quiet, matters = await _played_or_kept(options, folder / f"undisturbed-{options.months}", look_on)
    figures, disturbed = await _played(options, folder / f"killed-{options.months}", kill)
    demand_equal(matters, disturbed)
    assert _compared(figures) == _compared(quiet)
    say(f"{len(disturbed)} matters equal in every column; {figures['facts']}, undisturbed {quiet['facts']}")


Meanwhile = Callable[[Playhouse, asyncio.subprocess.Process], Coroutine[Any, Any, None]]
Outcome = tuple[Mapping[str, Any], Matters]


async def _played_or_kept(options: ChaosOptions, kept: Path, meanwhile: Meanwhile) -> Outcome:
    if kept.with_suffix(".jsonl").exists():
        return json.loads(kept.with_suffix(".json").read_text(encoding="utf-8")), stored_matters(
            kept.with_suffix(".jsonl")
        )
    return await _played(options, kept, meanwhile)


async def _played(options: ChaosOptions, kept: Path, meanwhile: Meanwhile) -> Outcome:
    with playhouse(options.plan) as house:
        async with house.demo("--months", str(options.months)) as running:
            beside = asyncio.create_task(meanwhile(house, running))
            assert await running.wait() == 0, house.said
        await beside
        figures, matters = house.figures, await house.matters()
    demand_flow(figures)
    if options.months == 12:
        demand_figures(figures, HallFigures(options.plan, date(options.plan["year"], 12, 31)))
    kept.with_suffix(".json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    write_matters(matters, kept.with_suffix(".jsonl"))
    percents = {name: rate["percent"] for name, rate in figures["rates"].items()}
    say(f"{kept.name}: {len(matters)} matters, {figures['seconds']} s, facts {figures['facts']}, {percents}")
    return figures, matters


def _compared(figures: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in figures.items() if name not in _MEASURED}
