"""Services killed at random moments of a hall year that is being played; the moments are days of the office."""

import asyncio
import random
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.journeys.played import Playhouse

SERVICES = ("approval", "intake", "metrics", "notify")
_LOOK = 0.02
_LONGEST_RECOVERY = 60.0
_FIRST_DAY = (1, 4)


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill: the service, the day of the office, and the seconds after that day began."""

    service: str
    on: date
    after: float


def drawn(seed: int, times: int, year: int, days: int) -> Sequence[Kill]:
    """Kills spread over the first `days` days of a year: one in each equal part of them, somewhere in that part."""
    draw, part = random.Random(seed), days / times
    on = [date(year, *_FIRST_DAY) + timedelta(days=int(part * n + draw.uniform(0, part))) for n in range(times)]
    return [Kill(draw.choice(SERVICES), day, draw.uniform(0.0, 0.8)) for day in on]


async def kill_each(house: Playhouse, running: asyncio.subprocess.Process, planned: Sequence[Kill]) -> int:
    """Kills as planned, each when the service before serves again; the number of kills while the year was played."""
    killed = 0
    for kill in planned:
        while house.clock is None or house.clock.date() < kill.on:
            if running.returncode is not None:
                return killed
            await asyncio.sleep(_LOOK)
        await asyncio.sleep(kill.after)
        while (process := house.process(kill.service)) is None:
            if running.returncode is not None:
                return killed
            await asyncio.sleep(_LOOK)
        process.signal(signal.SIGKILL)
        began, killed = time.monotonic(), killed + 1
        await _until_serving(house.health(kill.service))
        say(f"{kill.on} {kill.service} killed, serving again after {time.monotonic() - began:.1f} s")
    return killed


def say(line: str) -> None:
    """Prints a line of progress."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


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
