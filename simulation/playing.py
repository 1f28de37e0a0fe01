"""A whole hall year against a running stack: the play and its figures."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import aiohttp
import asyncpg
import nats
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1 import desk_pb2 as desk
from onewindow.metrics.v1 import metrics_service_pb2 as metrics

from simulation.acts import Hall
from simulation.desks import Desks
from simulation.figures import Flow, YearFigures
from simulation.hall_year import HallYear, OfficeTime, Progress
from simulation.plan import Plan
from simulation.schedule import Matter

DISTRICT, STREET = "440105", "440105008"
"""海珠区, and the street whose report we play beside."""
SUPERVISOR = "HZQ-002"
"""Who reads the figures for the district."""
_WRITERS = ("intake", "approval", "notify")
_STREAMS = ("OW_INTAKE", "OW_APPROVAL", "OW_NOTIFY")


@dataclass(frozen=True, slots=True)
class Where:
    """Where the running stack answers."""

    services: Mapping[str, str]
    """HOST:PORT of each service's calls."""
    district_control: str
    """HOST:PORT of the district simulator's control paths."""
    postgres_url: str
    nats_url: str
    echo_per_second: float
    """Bare gRPC calls a second on this machine, measured just before: the yardstick beside what a year takes."""


@dataclass(frozen=True, slots=True)
class Playbill:
    """What is to be played, up to which day."""

    plan: Plan
    items: Sequence[catalogue.Item]
    windows: Sequence[catalogue.Window]
    matters: Sequence[Matter]
    until: date

    @property
    def whole(self) -> bool:
        """Whether the year is played to its end."""
        return (self.until.month, self.until.day) == (12, 31)


async def play(
    bill: Playbill, desks: Desks, where: Where, clock: OfficeTime, tell: Callable[[Progress], None]
) -> YearFigures:
    """Play the year and ask metrics for its figures."""
    started = time.perf_counter()
    hall = Hall(
        desks=desks,
        place=desk.Place(district=DISTRICT, street=STREET),
        items={item.code: item for item in bill.items},
        seed=bill.plan.seed,
    )
    year = HallYear(hall, clock, tell)
    await year.publish(bill.windows)
    await year.play(bill.matters, bill.until)
    if bill.whole:
        await year.play_out(bill.until, lambda: _open_at_district(where.district_control))
    report = await _report(desks, bill.plan.year)
    return YearFigures(
        year=bill.plan.year,
        named=tuple(bill.plan.items),
        report=report,
        flow=await _flow(where, report.facts),
        echo_per_second=where.echo_per_second,
        seconds=time.perf_counter() - started,
    )


async def facts_stored(postgres_url: str) -> int:
    """How many facts the three services that write any have stored."""
    return sum([await _count(postgres_url, name, "select count(*) from fact") for name in _WRITERS])


async def _report(desks: Desks, year: int) -> metrics.GetReportResponse:
    request = metrics.GetReportRequest(kind=metrics.PERIOD_KIND_YEAR, period=str(year), street=STREET)
    report: metrics.GetReportResponse = await desks.call(SUPERVISOR, desks.metrics.GetReport, request)
    return report


async def _flow(where: Where, heard: metrics.FactCounts) -> Flow:
    client = await nats.connect(where.nats_url)
    try:
        jetstream = client.jetstream()
        published = sum([(await jetstream.stream_info(stream)).state.messages for stream in _STREAMS])
    finally:
        await client.close()
    databases = (*_WRITERS, "metrics")
    dead = sum([await _count(where.postgres_url, name, "select count(*) from dead_letter") for name in databases])
    parked = sum([await _count(where.postgres_url, name, "select count(*) from parked") for name in databases])
    return Flow(await facts_stored(where.postgres_url), published, heard.consumed, parked, dead)


async def _open_at_district(control: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"http://{control}/pending") as answer:
        return int((await answer.json())["open"])


async def _count(postgres_url: str, database: str, sql: str) -> int:
    connection = await asyncpg.connect(postgres_url, database=database)
    try:
        return int(await connection.fetchval(sql))
    finally:
        await connection.close()
