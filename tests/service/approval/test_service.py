"""The service as it is shipped: one process, its ports, its loops, a real stream in and out, a district beside it."""

import asyncio
import base64
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import grpc.aio
import nats
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from onewindow.approval.v1 import approval_event_pb2 as event_pb2
from onewindow.approval.v1 import approval_service_pb2 as pb
from onewindow.approval.v1 import approval_service_pb2_grpc as pb_grpc
from onewindow.approval.v1 import case_pb2
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway_pb
from onewindow.approval.v1 import district_gateway_service_pb2_grpc as gateway_grpc

from chassis.inbox import InboxEvent
from chassis.outbox.publisher import KIND, POSITION
from embedded import ports
from embedded.services import environment, python_module
from protocol.identifiers import street_leg_id
from tests.service.approval.district_system import DistrictSystem, open_system
from tests.service.approval.office import acceptance
from tests.support.echo.edge import ISSUER, Issuer
from tests.support.servers import Database, NatsServer
from tests.support.wire_refusal import refusal_of
from tests.unit.approval.matters import RESIDENCE
from tests.unit.notify.matter_events import street_event

pytestmark = pytest.mark.integration

WITHIN = 30.0


@dataclass
class Running:
    """A process that serves approval, and what a caller needs."""

    child: asyncio.subprocess.Process
    desks: Any  # the generated stubs are typed for calls that do not wait
    gateway: Any
    issuer: Issuer

    def headers(self, number: str, *posts: str, **claims: Any) -> list[tuple[str, str]]:
        """The headers of a caller."""
        return [("authorization", f"Bearer {self.issuer.token(sub=number, posts=list(posts), **claims)}")]


@asynccontextmanager
async def serving(told: dict[str, str], issuer: Issuer) -> AsyncIterator[Running]:
    """`python -m services.approval` until the block ends, then SIGTERM and a clean exit."""
    address = told["RPC_ADDRESS"]
    child = await asyncio.create_subprocess_exec(
        *python_module("tests.support.forgetful", "services.approval"),
        env=environment(told),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with grpc.aio.insecure_channel(address) as channel:
            async with asyncio.timeout(WITHIN):
                await channel.channel_ready()
            desks = pb_grpc.ApprovalServiceStub(channel)
            yield Running(child, desks, gateway_grpc.DistrictGatewayServiceStub(channel), issuer)
        child.send_signal(signal.SIGTERM)
        async with asyncio.timeout(WITHIN):
            assert await child.wait() == 0
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


@pytest.fixture
async def system() -> AsyncIterator[tuple[DistrictSystem, str]]:
    """A district system and where it listens."""
    served = DistrictSystem()
    server, address = await open_system(served)
    yield served, address
    await server.stop(None)


@pytest.fixture
def told(
    create_database: Callable[..., Database],
    nats_server: NatsServer,
    tmp_path: Path,
    system: tuple[DistrictSystem, str],
) -> dict[str, str]:
    """The settings of the process, without the prefix."""
    nats_server.reset_streams()
    database = create_database("approval", "approval_process")
    chosen = ports.choose({"rpc": 0, "health": 0, "metrics": 0})
    keys, signing, clock = tmp_path / "vault.json", tmp_path / "pass.pem", tmp_path / "clock"
    keys.write_text(json.dumps({"current": 1, "keys": {"1": base64.b64encode(b"k" * 32).decode()}}))
    private = ec.generate_private_key(ec.SECP256R1())
    signing.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    clock.write_text("2016-03-01T09:00:00+08:00")
    own = {name.removeprefix("ONEWINDOW_"): value for name, value in database.environment().items()}
    return own | {
        "ENVIRONMENT": "embedded",
        "CLOCK": "office",
        "CLOCK_FILE": str(clock),
        "RPC_ADDRESS": f"127.0.0.1:{chosen['rpc']}",
        "HEALTH_ADDRESS": f"127.0.0.1:{chosen['health']}",
        "METRICS_ADDRESS": f"127.0.0.1:{chosen['metrics']}",
        "DRAIN_SECONDS": "0",
        "GRACE_SECONDS": "5",
        "DISTRICT": "440105",
        "NATS_URL": nats_server.url,
        "TOKEN_ISSUER": ISSUER,
        "JWKS_FILE": str(tmp_path / "jwks.json"),
        "VAULT_KEY_FILE": str(keys),
        "READ_PASS_PRIVATE_KEY_FILE": str(signing),
        "DISTRICT_TARGET": system[1],
        "LOG_LEVEL": "warning",
    }


async def publish(url: str, event: InboxEvent) -> None:
    """Intake publishes a fact."""
    client = await nats.connect(url)
    key = event.key
    headers = {
        "Nats-Msg-Id": str(event.event_id),
        KIND: event.kind,
        POSITION: f"intake/{key.district}/{key.street}/{key.file_id}/{event.revision}",
    }
    subject = f"onewindow.intake.v1.{event.kind}.{key.district}.{key.street}"
    await client.jetstream().publish(subject, event.body, headers=headers)
    await client.close()


async def until(condition: Callable[[], bool]) -> None:
    """Waits for a condition; fails when it does not come true in time."""
    async with asyncio.timeout(WITHIN):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_matter_goes_through_the_running_service_to_the_district_and_back(
    told: dict[str, str], nats_server: NatsServer, tmp_path: Path, system: tuple[DistrictSystem, str]
) -> None:
    issuer, application = Issuer(tmp_path / "jwks.json"), uuid4()
    case_id, position = str(street_leg_id(application)), f"intake/440105/440105008/{application}/1"
    async with serving(told, issuer) as service:
        await publish(nats_server.url, acceptance(application, RESIDENCE, 1, date(2016, 3, 1)))
        reviewer, head = service.headers("NH001", "REVIEWER"), service.headers("NH900", "HEAD")
        claim = pb.ClaimRequest(request_id=uuid4().hex, case_id=case_id, after=position)
        await until_answered(lambda: service.desks.Claim(claim, metadata=reviewer))
        agreed = pb.CompleteStepRequest(request_id=uuid4().hex, case_id=case_id, opinion=event_pb2.OPINION_AGREE)
        await service.desks.CompleteStep(agreed, metadata=reviewer)
        refer = pb.ReferRequest(request_id=uuid4().hex, case_id=case_id, opinion="同意转报。")
        referred = await service.desks.Refer(refer, metadata=head)
        await until(lambda: bool(system[0].packages))
        assert system[0].packages[0].case_id == referred.linked_case_id
        assert system[0].packages[0].opinion == "同意转报。"
        report = gateway_pb.ReportDecisionRequest(
            report_key=uuid4().hex,
            case_id=referred.linked_case_id,
            outcome=event_pb2.OUTCOME_GRANTED,
            decided_on="2016-03-01",
        )
        machine = service.headers("district-system", machine="DISTRICT_SYSTEM", place="*")
        await service.gateway.ReportDecision(report, metadata=machine)
        case = case_pb2.Case()
        async with asyncio.timeout(WITHIN):
            while (case.outcome, case.district_number) != ("granted", "Q-1"):
                case = (await service.desks.GetCase(pb.GetCaseRequest(case_id=case_id), metadata=reviewer)).case
                await asyncio.sleep(0.02)
        assert case.on_time


async def test_a_token_of_a_street_that_nobody_published_is_refused_by_the_running_service(
    told: dict[str, str], nats_server: NatsServer, tmp_path: Path
) -> None:
    issuer, street, application = Issuer(tmp_path / "jwks.json"), street_event("440105701"), uuid4()
    lists = pb.ListWorklistRequest()
    seen = pb.ListWorklistRequest(after=f"intake/440105/440105000/{street.key.file_id}/1")
    async with serving(told, issuer) as service:
        at = {
            place: service.headers("NH001", "REVIEWER", place=place)
            for place in ("440105701", "440105702", "440105008", "440105000")
        }
        for place in ("440105701", "440105702", "440105008"):
            await refused_as_unpublished(partial(service.desks.ListWorklist, lists, metadata=at[place]))
        refusal = await refusal_of(service.desks.ListWorklist(seen, metadata=at["440105701"]))
        assert (refusal.why.reason, refusal.has_retry) == ("NOT_YET_HERE", True)
        await service.desks.ListWorklist(lists, metadata=at["440105000"])
        await publish(nats_server.url, street)
        await service.desks.ListWorklist(seen, metadata=at["440105701"])
        await publish(nats_server.url, acceptance(application, RESIDENCE, 1, date(2016, 3, 1)))
        assert (await service.desks.ListWorklist(lists, metadata=at["440105008"])).total == 1
    async with serving(told, issuer) as again:
        for place in ("440105701", "440105008", "440105000"):
            await again.desks.ListWorklist(lists, metadata=at[place])
        await refused_as_unpublished(partial(again.desks.ListWorklist, lists, metadata=at["440105702"]))


async def refused_as_unpublished(call: Callable[[], Any]) -> None:
    """The token's street is refused; NOT_YET_HERE until the service has its stream."""
    told = await refusal_of(call())
    async with asyncio.timeout(WITHIN):
        while told.why.reason == "NOT_YET_HERE":
            assert told.has_retry
            told = await refusal_of(call())
    assert (told.code, told.why.reason) == ("PERMISSION_DENIED", "STREET_NOT_PUBLISHED")
    assert [fault.field for fault in told.fields] == ["authorization"]


async def until_answered(call: Callable[[], Any]) -> None:
    """Calls until the service has heard as far as the caller has seen."""
    async with asyncio.timeout(WITHIN):
        while True:
            try:
                await call()
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.UNAVAILABLE:
                    raise
            else:
                return


async def test_a_service_that_is_told_nothing_says_all_that_it_needs() -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.approval", env=environment({}), stderr=asyncio.subprocess.PIPE
    )
    _, said = await child.communicate()
    assert child.returncode == 1
    assert "ONEWINDOW_READ_PASS_PRIVATE_KEY_FILE: is not set" in said.decode()
