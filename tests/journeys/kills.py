"""Processes of the stack killed at random moments of a hall year that is being played; the moments are office days."""

import asyncio
import random
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

import aiohttp
import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.journeys.played import Playhouse

SERVICES = ("approval", "intake", "metrics", "notify")
DISTRICT, NATS = "district", "nats"
VICTIMS = (*SERVICES, DISTRICT, NATS)
"""Whatever may be killed: the four services, the district's own system, the server of the facts."""
_SIGNS = {DISTRICT: ("district.control", "/pending"), NATS: ("nats.monitor", "/healthz?js-enabled-only=true")}
"""Door and path that answer over HTTP as soon as what is no service of ours works again."""
_LOOK = 0.02
_LONGEST_RECOVERY = 60.0
_FIRST_DAY = (1, 4)


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill: the victim, the day of the office, and the seconds after that day began."""

    victim: str
    on: date
    after: float


def drawn(seed: int, times: int, year: int, days: int) -> Sequence[Kill]:
    """Kills spread over the first `days` days of a year: one in each equal part of them, somewhere in that part.

    The victims are drawn in rounds, so that six kills in a row meet each of the six.
    """
    draw, part = random.Random(seed), days / times
    on = [date(year, *_FIRST_DAY) + timedelta(days=int(part * n + draw.uniform(0, part))) for n in range(times)]
    rounds = [victim for _ in range(0, times, len(VICTIMS)) for victim in draw.sample(VICTIMS, len(VICTIMS))]
    return [Kill(victim, day, draw.uniform(0.0, 0.8)) for victim, day in zip(rounds, on, strict=False)]


async def kill_each(house: Playhouse, running: asyncio.subprocess.Process, planned: Sequence[Kill]) -> int:
    """Kills as planned, each when the victim before works again; the number of kills while the year was played."""
    killed = 0
    for kill in planned:
        while house.clock is None or house.clock.date() < kill.on:
            if running.returncode is not None:
                return killed
            await asyncio.sleep(_LOOK)
        await asyncio.sleep(kill.after)
        while (process := house.process(kill.victim)) is None:
            if running.returncode is not None:
                return killed
            await asyncio.sleep(_LOOK)
        process.signal(signal.SIGKILL)
        began, killed = time.monotonic(), killed + 1
        async with asyncio.timeout(_LONGEST_RECOVERY):
            await _until_working(house, kill.victim)
        say(f"{kill.on} {kill.victim} killed, works again after {time.monotonic() - began:.1f} s")
    return killed


def say(line: str) -> None:
    """Prints a line of progress."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _until_working(house: Playhouse, victim: str) -> None:
    if victim in _SIGNS:
        door, path = _SIGNS[victim]
        await _until_answered(f"http://{house.address(door)}{path}")
    # Without facts no service is ready: the server is of use again when all four are.
    for service in SERVICES if victim == NATS else {victim} & set(SERVICES):
        await _until_serving(house.address(f"{service}.health"))


async def _until_answered(url: str) -> None:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1.0)) as session:
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(url) as answer:
                    if answer.ok:
                        return
            await asyncio.sleep(_LOOK)


async def _until_serving(address: str) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        while True:
            with suppress(grpc.aio.AioRpcError):
                answer = await health.Check(health_pb2.HealthCheckRequest(), timeout=1.0)
                if answer.status == health_pb2.HealthCheckResponse.SERVING:
                    return
            await asyncio.sleep(_LOOK)
