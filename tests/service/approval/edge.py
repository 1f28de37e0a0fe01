"""Approval behind its real edge: tokens, access rules, refusals on the wire."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import grpc.aio
from onewindow.access.v1 import access_pb2
from onewindow.approval.v1 import approval_event_pb2 as event_pb2
from onewindow.approval.v1 import approval_service_pb2 as pb
from onewindow.approval.v1 import approval_service_pb2_grpc as pb_grpc
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway_pb
from onewindow.approval.v1 import district_gateway_service_pb2_grpc as gateway_grpc

from chassis.rpc.server import guarded_server, open_port
from protocol.known_places import place_rules
from services.approval.adapters.case.rpc import ApprovalServicer
from services.approval.app import ERRORS
from services.approval.handoff.adapters.inbound_reports import DistrictGatewayServicer
from tests.service.approval.office import World
from tests.support.caught_up import CAUGHT_UP
from tests.support.echo.edge import Issuer, settings
from tests.support.wire_refusal import WireRefusal, refusal_of
from tests.unit.approval.matters import PROMISED


@dataclass
class Door:
    """The service behind its real edge."""

    world: World
    issuer: Issuer
    desks: Any  # the generated stubs are typed for calls that do not wait
    gateway: Any

    def staff(self, number: str = "NH001", *posts: str, **claims: Any) -> list[tuple[str, str]]:
        """The headers of a member of staff."""
        return _bearer(self.issuer.token(sub=number, posts=list(posts) or ["REVIEWER"], **claims))

    def district_system(self) -> list[tuple[str, str]]:
        """The headers of the district's system."""
        return _bearer(self.district_token())

    def district_token(self) -> str:
        """The token of the district's system."""
        return self.issuer.token(sub="district-system", machine="DISTRICT_SYSTEM", place="*", posts=None)

    async def accept(self, item: object = PROMISED) -> str:
        """A matter is accepted; the street's case."""
        application = await self.world.accept(item)  # type: ignore[arg-type] # an item
        return str(self.world.street_key(application).file_id)

    async def review(self, case_id: str) -> None:
        """A reviewer agrees."""
        await self.desks.Claim(pb.ClaimRequest(request_id=a_key(), case_id=case_id), metadata=self.staff())
        agreed = pb.CompleteStepRequest(request_id=a_key(), case_id=case_id, opinion=event_pb2.OPINION_AGREE)
        await self.desks.CompleteStep(agreed, metadata=self.staff())


@asynccontextmanager
async def open_door(world: World, tmp_path: Path) -> AsyncIterator[Door]:
    """Approval behind its edge on a free port."""
    issuer = Issuer(tmp_path / "jwks.json")
    told = settings(issuer)
    contracts = [
        pb.DESCRIPTOR.services_by_name["ApprovalService"],
        gateway_pb.DESCRIPTOR.services_by_name["DistrictGatewayService"],
    ]
    server = guarded_server(told, contracts, access_pb2.allow, ERRORS, caller_places=place_rules())
    pb_grpc.add_ApprovalServiceServicer_to_server(ApprovalServicer(world.cases, world.lookups, world.clock), server)
    gateway_grpc.add_DistrictGatewayServiceServicer_to_server(
        DistrictGatewayServicer(world.files, world.reports, world.calendars, "district-system", CAUGHT_UP), server
    )
    port = open_port(server, told)
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Door(
            world,
            issuer,
            pb_grpc.ApprovalServiceStub(channel),
            gateway_grpc.DistrictGatewayServiceStub(channel),
        )
    await server.stop(None)


def a_key() -> str:
    """A request id of its own."""
    return uuid4().hex


def _bearer(token: str) -> list[tuple[str, str]]:
    return [("authorization", f"Bearer {token}")]


async def refused(call: Callable[[], Awaitable[object]]) -> WireRefusal:
    """What the client is told by a call that is refused."""
    return await refusal_of(call())
