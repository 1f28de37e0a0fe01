"""A tiny district system on the loopback: it keeps what it received, and fails as it is told to."""

from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio
from onewindow.district.v1 import district_service_pb2 as pb
from onewindow.district.v1.district_service_pb2_grpc import (
    DistrictApprovalServiceServicer,
    add_DistrictApprovalServiceServicer_to_server,
)


@dataclass
class DistrictSystem(DistrictApprovalServiceServicer):
    """Answers like a district whose people are quick."""

    cases: dict[str, pb.DistrictCase] = field(default_factory=dict)
    packages: list[pb.ReceiveCaseRequest] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    changes: list[pb.DistrictCase] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)
    page: int = 1
    """Changes told in one page: one, so that cursors are used."""
    faults: list[grpc.StatusCode] = field(default_factory=list)
    """Answers to the next calls that hand something over, in place of a good one."""
    after_execution: bool = False
    """Whether a fault comes only after the call was carried out."""

    async def ReceiveCase(self, request: pb.ReceiveCaseRequest, context: Any) -> pb.ReceiveCaseResponse:
        """Takes a package; a repeat of the key gets the first answer."""
        if not self.after_execution:
            await self._fail(context)
        self.packages.append(request)
        case = self.cases.setdefault(
            request.key,
            pb.DistrictCase(
                key=request.key,
                case_id=request.case_id,
                district_number=f"Q-{len(self.cases) + 1}",
                stage=pb.DISTRICT_STAGE_RECEIVED,
                received_on=request.referred_on,
            ),
        )
        await self._fail(context)
        return pb.ReceiveCaseResponse(district_number=case.district_number, received_on=case.received_on)

    async def GetCase(self, request: pb.GetCaseRequest, context: Any) -> pb.GetCaseResponse:
        """Tells whether a key is known."""
        self.asked.append(request.key)
        if not self.after_execution:
            await self._fail(context)
        case = self.cases.get(request.key)
        return pb.GetCaseResponse(known=case is not None, case=case)

    async def ListCaseChanges(self, request: pb.ListCaseChangesRequest, context: Any) -> pb.ListCaseChangesResponse:
        """Tells what changed, page by page."""
        self.cursors.append(request.cursor)
        begin = int(request.cursor or 0)
        page = self.changes[begin : begin + self.page]
        end = begin + len(page)
        return pb.ListCaseChangesResponse(changes=page, cursor=str(end), more=end < len(self.changes))

    async def WithdrawCase(self, request: pb.WithdrawCaseRequest, context: Any) -> pb.WithdrawCaseResponse:
        """Notes a withdrawal."""
        await self._fail(context)
        self.withdrawn.append(request.key)
        return pb.WithdrawCaseResponse()

    async def _fail(self, context: Any) -> None:
        if self.faults:
            await context.abort(self.faults.pop(0), "as the test wants it")


async def open_system(system: DistrictSystem, address: str = "127.0.0.1:0") -> tuple[grpc.aio.Server, str]:
    """Serves it; the server and its HOST:PORT."""
    server = grpc.aio.server()
    add_DistrictApprovalServiceServicer_to_server(system, server)
    port = server.add_insecure_port(address)
    await server.start()
    return server, f"127.0.0.1:{port}"
