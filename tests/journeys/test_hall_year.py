"""The demo plays any plan to exactly its figures, also when services are killed while it runs."""

import asyncio
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml

from tests.journeys.hall_figures import HallFigures

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
def home() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="onewindow-year-"))
    root.chmod(0o755)  # PostgreSQL's account walks through it
    written = yaml.safe_dump(dict(PLAN), allow_unicode=True, sort_keys=False)  # the order of items is part of a draw
    (root / "plan.yaml").write_text(written, encoding="utf-8")
    yield root
    shutil.rmtree(root, ignore_errors=True)


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


async def test_a_plan_is_played_to_exactly_its_figures(home: Path) -> None:
    async with _demo(home) as running:
        assert await running.wait() == 0, _said(home)
    figures = _figures(home)
    _holds(figures, YEAR)
    percents = {name: rate["percent"] for name, rate in figures["rates"].items()}
    assert percents == {"early": 96.67, "on_time": 98.75, "satisfied": 99.17, "instant": 62.50}
    assert await _onewindow(home, "up") == 0
    try:
        await _views_agree(home, figures)
    finally:
        assert await _onewindow(home, "down") == 0


async def test_killed_services_change_no_figure(home: Path) -> None:
    async with _demo(home, "--months", str(HALF.until.month)) as running:
        killed = await _kill_while(running, home, times=6)
        assert await running.wait() == 0, _said(home)
    assert killed >= 3, "the half-year was over before enough services were killed"
    _holds(_figures(home), HALF)


def _holds(figures: Mapping[str, Any], expected: HallFigures) -> None:
    counts = len(expected.received), len(expected.accepted), len(expected.closed)
    assert (figures["applied"], figures["volume"], figures["closed"]) == counts
    assert {
        name: (item["applied"], item["accepted"], item["on_time"], item["agreed"], item["refused"])
        for name, item in figures["items"].items()
    } == expected.items
    rates = {name: (rate["numerator"], rate["denominator"]) for name, rate in figures["rates"].items()}
    assert rates == expected.rates
    facts = figures["facts"]
    assert facts["stored"] == facts["published"] == facts["consumed"] > 0
    assert (figures["parked"], figures["dead_letters"]) == (0, 0)


async def _views_agree(home: Path, figures: Mapping[str, Any]) -> None:
    url = (await _status(home))["postgres"]["url"]
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


def _said(home: Path) -> str:
    return (home / "said.txt").read_text(encoding="utf-8")[-4000:]


def _figures(home: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((home / "figures.json").read_text(encoding="utf-8"))
    return found


@asynccontextmanager
async def _demo(home: Path, *more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    files = "--plan", str(home / "plan.yaml"), "--json", str(home / "figures.json")
    running = await _start(home, "demo", *files, *more)
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):
            running.terminate()
        await running.wait()
        await _onewindow(home, "down")


async def _kill_while(running: asyncio.subprocess.Process, home: Path, times: int) -> int:
    draw, killed = random.Random(5), 0
    while killed < times and running.returncode is None:
        await asyncio.sleep(draw.uniform(1.0, 4.0))
        with suppress(Exception):
            status = await _status(home)
            name = draw.choice(sorted(status["services"]))
            os.kill(int(status["services"][name]["pid"]), signal.SIGKILL)
            killed += 1
    return killed


async def _status(home: Path) -> Mapping[str, Any]:
    asked = await _start(home, "status", "--json", stdout=asyncio.subprocess.PIPE)
    told, _ = await asked.communicate()
    found: Mapping[str, Any] = json.loads(told)
    return found


async def _onewindow(home: Path, command: str) -> int:
    return await (await _start(home, command)).wait()


async def _start(home: Path, *arguments: str, stdout: int = asyncio.subprocess.DEVNULL) -> asyncio.subprocess.Process:
    environment = {**os.environ, "ONEWINDOW_HOME": str(home / ".onewindow")}  # noqa: TID251 # a command of its own home
    with (home / "said.txt").open("ab") as said:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli.main", *arguments, stdout=stdout, stderr=said, env=environment
        )
