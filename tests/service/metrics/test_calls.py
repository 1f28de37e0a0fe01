"""The service itself: facts published shuffled and twice, then everything it answers, by gRPC with tokens."""

import asyncio
import json
import os
import random
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import grpc
import grpc.aio
import pytest
from onewindow.metrics.v1 import metrics_service_pb2 as pb
from onewindow.metrics.v1.metrics_service_pb2_grpc import MetricsServiceStub

from chassis.clock import SHANGHAI, set_office_clock
from chassis.event_store.read_your_writes import position_of
from chassis.inbox import InboxEvent
from chassis.nats import broker
from chassis.nats.broker import BatchPublisher, OutgoingMessage
from chassis.nats.broker_access import BrokerAccess
from chassis.outbox.publisher import KIND, POSITION
from cli.report.report import fetch_report
from client.office import OfficeClient
from embedded.errors import StackError
from embedded.services import python_module
from protocol.streams import SERVICES
from tests.service.metrics.lives import (
    CODE,
    DAY,
    DISTRICT,
    INSTANT,
    OTHER_STREET,
    PEPPER,
    STREET,
    Life,
    catalogue_events,
)
from tests.support.echo.edge import ISSUER, Issuer
from tests.support.servers import NatsServer, PostgresServer
from tests.support.wire_refusal import WireRefusal, refusal_of
from tests.unit.contracts.requests import awaiting

ROOT = Path(__file__).resolve().parents[3]
MONTH: dict[str, Any] = {"kind": pb.PERIOD_KIND_MONTH, "period": "2016-03"}


@dataclass
class Running:
    """The service as a process of its own, and a channel to it."""

    child: Process
    ports: dict[str, Any]
    issuer: Issuer
    nats_url: str
    stub: Any  # the generated stub is typed for calls that block

    def as_(self, place: str = f"{DISTRICT}000", post: str = "SUPERVISOR") -> list[tuple[str, str]]:
        """The headers of a member of staff."""
        token = self.issuer.token(posts=[post], place=place)
        return [("authorization", f"Bearer {token}")]

    async def publish(self, events: list[InboxEvent]) -> None:
        """As the relays do; every message must be stored."""
        client = await broker.connect(BrokerAccess(self.nats_url), "test")
        stored = await BatchPublisher(client).publish([_message(event) for event in events], 20)
        await client.close()
        assert len(stored.places) == len(events)

    async def report(self, **asked: Any) -> pb.GetReportResponse:
        """The month's figures for the district's supervisor."""
        request = pb.GetReportRequest(**{**MONTH, **asked})
        answer: pb.GetReportResponse = await self.stub.GetReport(request, metadata=self.as_(), timeout=10)
        return answer


def _message(event: InboxEvent) -> OutgoingMessage:
    key = event.key
    subject = f"onewindow.{event.source}.v1.{event.kind}.{key.district}.{key.street}"
    headers = {KIND: event.kind, POSITION: position_of(event.source, key, event.revision)}
    return OutgoingMessage(subject, event.body, str(event.event_id), headers)


def lives() -> list[Life]:
    """Forty matters at two streets."""
    told = []
    for n in range(40):
        life = Life(f"call {n}", (STREET, OTHER_STREET)[n % 2], INSTANT if n % 3 else 2).submitted(DAY).accepted(DAY)
        told.append(life.ended("completed_on_the_spot", DAY) if n % 3 else life.decided("granted", DAY, early=True))
    return told


@pytest.fixture(scope="module")
async def running(
    postgres_server: PostgresServer, nats_server: NatsServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Running]:
    """The service with forty matters heard, shuffled, a third of their facts twice."""
    folder = tmp_path_factory.mktemp("metrics")
    issuer = Issuer(folder / "jwks.json")
    (folder / "pepper").write_bytes(PEPPER)
    set_office_clock(folder / "clock", datetime(2016, 3, 1, 10, tzinfo=SHANGHAI))
    nats_server.reset_streams()
    database = postgres_server.create_database("metrics", f"metrics_{uuid4().hex[:8]}")
    told = {
        "ENVIRONMENT": "embedded", "RPC_ADDRESS": "127.0.0.1:0", "HEALTH_ADDRESS": "127.0.0.1:0",
        "METRICS_ADDRESS": "127.0.0.1:0", "DISTRICT": DISTRICT, "JWKS_FILE": issuer.file, "TOKEN_ISSUER": ISSUER,
        "CLOCK": "office", "CLOCK_FILE": folder / "clock", "NATS_URL": nats_server.url,
        "QUERY_CODE_PEPPER_FILE": folder / "pepper", "DRAIN_SECONDS": 0, "BOARD_PAUSE_SECONDS": 0.1,
        "BOARD_LIMIT_SECONDS": 3, "KPI_REFRESH_SECONDS": 0.2, "OPEN_CALLS_BURST": 8,
    }  # fmt: skip # settings read well a few in a line
    environment = {f"ONEWINDOW_{name}": str(value) for name, value in told.items()} | database.environment()
    child = await asyncio.create_subprocess_exec(
        *python_module("tests.support.forgetful", "services.metrics"), cwd=ROOT, stdout=PIPE,
        env={"PATH": os.defpath, "PYTHONPATH": f"{ROOT}:{ROOT / 'gen'}"} | environment,
    )  # fmt: skip # a command and its surroundings
    try:
        ports = await _serving(child)
        async with grpc.aio.insecure_channel(f"127.0.0.1:{ports['rpc']}") as channel:
            service = Running(child, ports, issuer, nats_server.url, MetricsServiceStub(channel))
            await _tell_everything(service)
            yield service
    finally:
        child.terminate()
        await child.wait()


async def _serving(child: Process) -> dict[str, Any]:
    assert child.stdout is not None
    while line := await asyncio.wait_for(child.stdout.readline(), 30):
        told: dict[str, Any] = json.loads(line)
        if told["msg"] == "serving":
            return told
    raise AssertionError("the service ended before it served")


async def _tell_everything(service: Running) -> None:
    events = [*catalogue_events(), *(event for life in lives() for event in life.events)]
    mixed = [*events, *events[::3]]
    random.Random(8).shuffle(mixed)
    await service.publish(mixed)
    last = [position_of(event.source, event.key, event.revision) for life in lives() for event in life.events[-1:]]
    async with asyncio.timeout(30):
        while (await service.report()).facts.consumed < len(events):
            await asyncio.sleep(0.05)
    await service.report(after=last[0])


async def refused(call: Any) -> tuple[str, str, list[tuple[str, str]]]:
    """Status, reason and fields of a call that is refused."""
    told = await refusal_of(call)
    return told.code, told.why.reason, [(fault.field, fault.reason) for fault in told.fields]


async def test_a_report_counts_what_was_published_once(running: Running) -> None:
    report = await running.report()
    assert (report.volume, report.applied, report.closed) == (40, 40, 40)
    assert (getattr(report, "from"), report.to) == ("2016-03-01", "2016-03-31")
    rates = {rate.code: (rate.numerator, rate.denominator, rate.percent) for rate in report.indicators}
    assert rates["early"] == (40, 40, 100.0)
    assert rates["instant"] == (26, 40, 65.0)
    assert rates["early_promised"] == (14, 14, 100.0)
    assert (report.facts.parked, report.facts.dead_letters) == (0, 0)
    assert [item.item_name for item in report.items] == ["老年人优待证（第2版）"]


async def test_a_street_reads_its_own_figures_and_no_others(running: Running) -> None:
    own = running.as_(STREET, "HEAD")
    report = await running.stub.GetReport(pb.GetReportRequest(**MONTH), metadata=own)
    assert report.volume == 20
    assert {window.street for window in report.windows} == {STREET}
    assert (await running.report(street=OTHER_STREET)).volume == 20
    elsewhere = pb.GetReportRequest(**MONTH, street=OTHER_STREET)
    assert (await refused(running.stub.GetReport(elsewhere, metadata=own)))[:2] == ("PERMISSION_DENIED", "WRONG_DESK")
    foreign = pb.GetReportRequest(**MONTH, street="440106001")
    assert (await refused(running.stub.GetReport(foreign, metadata=running.as_())))[0] == "PERMISSION_DENIED"
    clerk = running.as_(STREET, "CLERK")
    assert (await refused(running.stub.GetReport(pb.GetReportRequest(**MONTH), metadata=clerk)))[1] == "NOT_PERMITTED"


async def test_what_is_no_period_or_indicator_is_told_by_field(running: Running) -> None:
    asked = pb.GetReportRequest(kind=pb.PERIOD_KIND_MONTH, period="2016-13")
    told = await refused(running.stub.GetReport(asked, metadata=running.as_()))
    assert told == ("INVALID_ARGUMENT", "NOT_A_PERIOD", [("period", "NOT_A_PERIOD")])
    speed = pb.ListCasesBehindRequest(**MONTH, indicator="speed", side=pb.SIDE_REST)
    told = await refused(running.stub.ListCasesBehind(speed, metadata=running.as_()))
    assert told == ("INVALID_ARGUMENT", "UNKNOWN_INDICATOR", [("indicator", "UNKNOWN_INDICATOR")])
    page = pb.ListCasesBehindRequest(**MONTH, indicator="early", side=pb.SIDE_REST, page_token="!")
    told = await refused(running.stub.ListCasesBehind(page, metadata=running.as_()))
    assert (told[0], told[2][0][0]) == ("INVALID_ARGUMENT", "page_token")


async def test_pages_lead_through_exactly_the_matters_behind_a_number(running: Running) -> None:
    numbers: list[str] = []
    token = ""
    while True:
        asked = pb.ListCasesBehindRequest(
            **MONTH, indicator="instant", side=pb.SIDE_NUMERATOR, page_size=10, page_token=token
        )
        page = await running.stub.ListCasesBehind(asked, metadata=running.as_())
        assert page.total == 26
        numbers += [matter.number for matter in page.matters]
        if not (token := page.next_page_token):
            break
    assert numbers == sorted(life.number for life in lives() if life.kind == INSTANT)


async def test_progress_needs_the_number_and_its_code_and_tells_nothing_else_apart(running: Running) -> None:
    life = lives()[1]
    for number in (life.number, life.serial_number):
        told = await running.stub.GetProgress(pb.GetProgressRequest(number=number, query_code=CODE))
        assert [stage.name for stage in told.stages] == ["已收件", "已受理", "已当场办结"]
        assert (told.outcome, told.stages[0].on) == ("completed", "2016-03-01")
    wrong = await refused(running.stub.GetProgress(pb.GetProgressRequest(number=life.number, query_code="AAAA2222")))
    unknown = await refused(running.stub.GetProgress(pb.GetProgressRequest(number="N" * 20, query_code=CODE)))
    assert wrong == unknown
    assert wrong[:2] == ("NOT_FOUND", "NOT_FOUND")


async def test_the_board_is_sent_when_it_changes_and_its_stream_ends(running: Running) -> None:
    answers = aiter(running.stub.WatchBoard(pb.WatchBoardRequest(street=STREET), metadata=running.as_()))
    first = await anext(answers)
    assert (first.on, first.normal, sum(window.accepted for window in first.windows)) == ("2016-03-01", 0, 20)
    await running.publish(Life("shown", window="W2").submitted(DAY).accepted(DAY).events)
    rest = [answer async for answer in answers]
    assert len(rest) <= 4, "nothing is sent while nothing changes"
    assert (rest[-1].normal, sum(window.accepted for window in rest[-1].windows)) == (1, 21)


async def test_prometheus_reads_the_figures_on_the_metrics_port(running: Running) -> None:
    address = f"http://127.0.0.1:{running.ports['metrics']}/metrics"
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        while "onewindow_kpi_leader 1.0" not in (text := await (await session.get(address)).text()):
            await asyncio.sleep(0.05)
    assert f'onewindow_matters_instant{{period="today",street="{STREET}"}} 13.0' in text


async def test_the_command_asks_as_the_districts_supervisor_and_tells_a_refusal(running: Running) -> None:
    address, token = f"127.0.0.1:{running.ports['rpc']}", running.issuer.token(posts=["SUPERVISOR"], place="440105000")
    year = pb.GetReportRequest(kind=pb.PERIOD_KIND_YEAR, period="2016", street=OTHER_STREET)
    wrong = pb.GetReportRequest(kind=pb.PERIOD_KIND_MONTH, period="2016-13")
    async with OfficeClient(dict.fromkeys(SERVICES, address), {"report": token}) as client:
        assert (await fetch_report(client, "report", year)).volume == 20
        with pytest.raises(StackError, match="2016-13"):
            await fetch_report(client, "report", wrong)


async def test_every_call_waits_for_what_its_caller_has_seen_elsewhere(running: Running) -> None:
    places = {name: f"{name}/{DISTRICT}/{STREET}/{uuid4()}/1" for name in ("intake", "approval", "notify")}
    calls = [
        getattr(running.stub, name)(request, metadata=running.as_())
        for position in places.values()
        for name, request in awaiting("MetricsService", position).items()
    ]
    assert len(calls) == 9
    for refusal in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(refusal, grpc.aio.AioRpcError)
        told = WireRefusal(refusal)
        assert (told.code, told.why.reason, told.has_retry) == ("UNAVAILABLE", "NOT_YET_HERE", True)
