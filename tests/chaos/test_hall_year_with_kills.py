"""A whole hall year, during which services are killed at random moments: not one figure changes."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.journeys.hall_figures import HallFigures
from tests.journeys.played import Playhouse, demand_figures, playhouse

pytestmark = pytest.mark.timeout(3600)

SERVICES = ("approval", "intake", "metrics", "notify")
_LOOK = 0.02
_LONGEST_RECOVERY = 60.0


@dataclass(frozen=True, slots=True)
class Kill:
    """Which service is killed, on which day of the office, how many seconds after that day began."""

    service: str
    on: date
    after: float


def drawn(seed: int, times: int, year: int) -> Sequence[Kill]:
    """Kills spread over the year: one in each equal part of it, somewhere in that part."""
    draw, part = random.Random(seed), 350 / times
    days = [date(year, 1, 4) + timedelta(days=int(part * n + draw.uniform(0, part))) for n in range(times)]
    return [Kill(draw.choice(SERVICES), on, draw.uniform(0.0, 0.8)) for on in days]


async def test_services_that_are_killed_during_the_year_change_no_figure(
    plan: Mapping[str, Any], kills: int, seed: int
) -> None:
    planned = drawn(seed, kills, plan["year"])
    _print(f"seed {seed}: {kills} kills in {plan['year']}, {plan['volume']} matters")
    with playhouse(plan) as house:
        async with house.demo() as running:
            killing = asyncio.create_task(_kill_each(house, planned))
            code = await running.wait()
            assert code == 0, house.said
            assert not killing.cancelled(), house.said
        assert await killing == kills, "the year was over before every kill took place"
        demand_figures(house.figures, HallFigures(plan, date(plan["year"], 12, 31)))
        facts, rates = house.figures["facts"], house.figures["rates"]
        _print(
            f"facts {facts}; parked 0, dead letters 0; { ({name: rate['percent'] for name, rate in rates.items()}) }"
        )


async def _kill_each(house: Playhouse, planned: Sequence[Kill]) -> int:
    for kill in planned:
        while house.clock is None or house.clock.date() < kill.on:
            await asyncio.sleep(_LOOK)
        await asyncio.sleep(kill.after)
        service = (await house.status())["services"][kill.service]
        os.kill(int(service["pid"]), signal.SIGKILL)
        killed = time.monotonic()
        await _until_serving(service["health"])
        _print(f"{kill.on} {kill.service} killed, serving again after {time.monotonic() - killed:.1f} s")
    return len(planned)


async def _until_serving(address: str) -> None:
    async with asyncio.timeout(_LONGEST_RECOVERY), grpc.aio.insecure_channel(address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        while True:
            try:
                answer = await health.Check(health_pb2.HealthCheckRequest(), timeout=1.0)
            except grpc.aio.AioRpcError:
                await asyncio.sleep(_LOOK)
                continue
            if answer.status == health_pb2.HealthCheckResponse.SERVING:
                return
            await asyncio.sleep(_LOOK)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
