"""DistrictGatewayService: what the district's own system reports is on file before it is acknowledged."""

from typing import Any, TypeAlias
from uuid import UUID

from onewindow.approval.v1 import district_gateway_service_pb2 as pb
from onewindow.approval.v1.district_gateway_service_pb2_grpc import DistrictGatewayServiceServicer

from chassis.event_store import FileKey
from chassis.refusals import RequestIdReused
from chassis.rpc.identity.caller import current_caller
from law.desk import Place
from services.approval.adapters.answers import placed
from services.approval.adapters.asking import day
from services.approval.domain.district_decide import Report
from services.approval.domain.words import Outcome
from services.approval.usecases.changing import CaseFiles, ChangedCase
from services.approval.usecases.district import Reports, Told, put_on_file

Context: TypeAlias = Any  # the acts never touch it


class DistrictGatewayServicer(DistrictGatewayServiceServicer):
    """Answers the district's system; a repeat of a key gets the first answer."""

    def __init__(self, files: CaseFiles, reports: Reports) -> None:
        self._files = files
        self._reports = reports

    async def ReportProgress(self, request: pb.ReportProgressRequest, _context: Context) -> pb.ReportProgressResponse:
        """How far a referred case is."""
        told = self._reports.progressed(_leg(request.case_id), request.report_key, request.stage)
        return placed(pb.ReportProgressResponse(), await self._put(told))

    async def ReportDecision(self, request: pb.ReportDecisionRequest, _context: Context) -> pb.ReportDecisionResponse:
        """The decision on a referred case."""
        report = Report(request.report_key, Outcome(request.outcome), day(request.decided_on, "decided_on"))
        told = self._reports.decided(_leg(request.case_id), report, request.reasons)
        return placed(pb.ReportDecisionResponse(), await self._put(told))

    async def ReturnCase(self, request: pb.ReturnCaseRequest, _context: Context) -> pb.ReturnCaseResponse:
        """A referred case comes back."""
        told = self._reports.returned(_leg(request.case_id), request.report_key, request.reasons)
        return placed(pb.ReturnCaseResponse(), await self._put(told))

    async def IssueSupervisionOrder(
        self, request: pb.IssueSupervisionOrderRequest, _context: Context
    ) -> pb.IssueSupervisionOrderResponse:
        """Attention is demanded."""
        key, due_on = _leg(request.case_id), day(request.due_on, "due_on")
        told = self._reports.demanded(key, request.order_key, request.content, due_on)
        return placed(pb.IssueSupervisionOrderResponse(), await self._put(told, "order_key"))

    async def _put(self, told: Told, key: str = "report_key") -> ChangedCase:
        try:
            return await put_on_file(self._files, told, current_caller().subject)
        except RequestIdReused as reused:
            raise RequestIdReused(fields=[(key, reused.sentence)]) from reused


def _leg(case_id: str) -> FileKey:
    place = Place.of_district(current_caller().district)
    return FileKey(place.district, place.street, UUID(case_id))
