"""A whole hall year against a running stack, and its figures."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import aiohttp
import asyncpg
import nats
import stamina
import yaml
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1 import desk_pb2 as desk
from onewindow.metrics.v1 import metrics_service_pb2 as metrics

from chassis.nats.streams import Stream
from chassis.outbox.day_closer import DAY_CLOSED
from client.office import OfficeClient
from protocol.streams import PUBLISHERS, SERVICES
from simulation.acts import SimulatedHall
from simulation.hall_year import HallYear, OfficeTime, YearProgress
from simulation.plan import Plan
from simulation.schedule import PlannedMatter

_RATES = ("early", "on_time", "satisfied", "instant")
_HUNDREDTHS = 100
_DISTRICT_BACK_WITHIN = 60.0
"""Seconds in which the simulated district, which may be between two starts, has to answer."""
_FACTS = "select count(*) from fact where kind"


@dataclass(frozen=True, slots=True)
class Flow:
    """Facts stored in the three databases that have any, published on NATS, and received by metrics."""

    stored: int
    published: int
    consumed: int
    parked: int
    dead_letters: int


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The figures of a hall year."""

    year: int
    named: Sequence[str]
    """Items that the plan counts by name."""
    report: metrics.GetReportResponse
    flow: Flow
    echo_per_second: float
    seconds: float
    """Seconds that the year took to play."""

    def document(self) -> dict[str, Any]:
        """The document of `--json`."""
        flow = self.flow
        return {
            "year": self.year,
            "volume": self.report.volume,
            "applied": self.report.applied,
            "closed": self.report.closed,
            "items": {item.item_name: _counts(item) for item in self.named_items()},
            "rates": {rate.code: _rate(rate) for rate in self.report.indicators if rate.code in _RATES},
            "other_readings": {rate.code: _rate(rate) for rate in self.report.indicators if rate.code not in _RATES},
            "facts": {"stored": flow.stored, "published": flow.published, "consumed": flow.consumed},
            "parked": flow.parked,
            "dead_letters": flow.dead_letters,
            "echo_calls_per_second": round(self.echo_per_second),
            "seconds": round(self.seconds, 1),
        }

    def named_items(self) -> list[metrics.ItemFigures]:
        """The items that the plan counts by name, with zeros where nothing happened."""
        by_name = {item.item_name: item for item in self.report.items}
        return [by_name.get(name, metrics.ItemFigures(item_name=name)) for name in self.named]


def street_report(year: int) -> Mapping[str, Any]:
    """The street's own report of a year; empty where none is known."""
    path = files("simulation") / f"street_report_{year}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _counts(item: metrics.ItemFigures) -> dict[str, int]:
    names = ("applied", "accepted", "closed", "on_time", "early", "agreed", "refused")
    return {name: getattr(item, name) for name in names}


def _rate(rate: metrics.Indicator) -> dict[str, Any]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "percent": round(rate.percent * _HUNDREDTHS) / _HUNDREDTHS,
        "definition": rate.definition,
    }


DISTRICT, STREET = "440105", "440105008"
"""海珠区, and the street whose own report the year is compared with."""
SUPERVISOR = "HZQ-002"
"""The member of staff that reads the figures for the district."""


@dataclass(frozen=True, slots=True)
class StackAddresses:
    """Addresses of the running stack."""

    district_control: str
    """HOST:PORT of the district simulator's control paths."""
    postgres_url: str
    nats_url: str
    echo_per_second: float
    """Bare gRPC calls a second on this machine, measured just before: the yardstick for the duration of the year."""


@dataclass(frozen=True, slots=True)
class SimulatedYear:
    """The matters of a year with its catalogue, and the day up to which they are played."""

    plan: Plan
    items: Sequence[catalogue.Item]
    windows: Sequence[catalogue.Window]
    halls: Sequence[catalogue.Hall]
    matters: Sequence[PlannedMatter]
    until: date

    @property
    def whole(self) -> bool:
        """True when the year is played to its end."""
        return (self.until.month, self.until.day) == (12, 31)


async def play(
    simulated: SimulatedYear,
    client: OfficeClient,
    stack: StackAddresses,
    clock: OfficeTime,
    report: Callable[[YearProgress], None],
) -> YearFigures:
    """Plays the year; its figures as metrics counts them."""
    started = time.perf_counter()
    hall = SimulatedHall(
        client=client,
        place=desk.Place(district=DISTRICT, street=STREET),
        items={item.code: item for item in simulated.items},
        seed=simulated.plan.seed,
    )
    year = HallYear(hall, clock, report)
    await year.publish(simulated.windows, simulated.halls)
    await year.play(simulated.matters, simulated.until)
    if simulated.whole:
        await year.play_out(simulated.until, lambda: _open_at_district(stack.district_control))
    found = await _year_report(client, simulated.plan.year)
    return YearFigures(
        year=simulated.plan.year,
        named=tuple(simulated.plan.items),
        report=found,
        flow=await _flow(stack, found.facts),
        echo_per_second=stack.echo_per_second,
        seconds=time.perf_counter() - started,
    )


async def facts_stored(postgres_url: str) -> int:
    """Number of facts in the databases of all services that have facts of their own, without the counts of days."""
    return sum([await _count(postgres_url, name, f"{_FACTS} <> '{DAY_CLOSED}'") for name in PUBLISHERS])


async def _days_closed(postgres_url: str) -> int:
    """Number of the facts by which a service tells how many it recorded on a day: no figure counts them."""
    return sum([await _count(postgres_url, name, f"{_FACTS} = '{DAY_CLOSED}'") for name in PUBLISHERS])


async def _year_report(client: OfficeClient, year: int) -> metrics.GetReportResponse:
    request = metrics.GetReportRequest(kind=metrics.PERIOD_KIND_YEAR, period=str(year), street=STREET)
    return await client.call(SUPERVISOR, client.metrics.GetReport, request)


async def _flow(stack: StackAddresses, received: metrics.FactCounts) -> Flow:
    connection = await nats.connect(stack.nats_url)
    try:
        jetstream = connection.jetstream()
        names = [Stream(source).name for source in PUBLISHERS]
        published = sum([(await jetstream.stream_info(name)).state.messages for name in names])
    finally:
        await connection.close()
    dead = sum([await _count(stack.postgres_url, name, "select count(*) from dead_letter") for name in SERVICES])
    parked = sum([await _count(stack.postgres_url, name, "select count(*) from parked") for name in SERVICES])
    stored, published = await facts_stored(stack.postgres_url), published - await _days_closed(stack.postgres_url)
    return Flow(stored, published, received.consumed, parked, dead)


@stamina.retry(on=(aiohttp.ClientError, TimeoutError), timeout=_DISTRICT_BACK_WITHIN, wait_max=1.0)
async def _open_at_district(control: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"http://{control}/pending") as answer:
        return int((await answer.json())["open"])


async def _count(postgres_url: str, database: str, sql: str) -> int:
    connection = await asyncpg.connect(postgres_url, database=database)
    try:
        return int(await connection.fetchval(sql))
    finally:
        await connection.close()
