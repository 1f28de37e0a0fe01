"""DistrictGatewayService: a report of the district's system is on file before it is acknowledged."""

from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from onewindow.approval.v1 import district_gateway_service_pb2 as pb
from onewindow.approval.v1.approval_service_pb2 import ExtendRequest
from onewindow.approval.v1.district_gateway_service_pb2_grpc import DistrictGatewayServiceServicer
from onewindow.district.v1.district_service_pb2 import DistrictExtension

from chassis.event_store import FileKey
from chassis.inbox import CatchUp
from chassis.refusals import RequestIdReused
from chassis.rpc.identity.caller import DISTRICT, current_caller
from law.not_allowed import WrongDesk
from protocol.requests import civil_day
from services.approval.domain.case.facts import Outcome, SpecialProcedure
from services.approval.domain.case.item import GovernmentApproval
from services.approval.handoff.adapters.obligations import district_key
from services.approval.handoff.domain.district_clock import ExtensionReport, PauseReport
from services.approval.handoff.domain.district_decide import DecisionReport
from services.approval.handoff.usecases import DistrictReport, DistrictReports, put_on_file
from services.approval.ports import CurrentCalendar
from services.approval.usecases.case import CASE_SOURCES, CaseFiles, ChangedCase, rests_on_others

Context: TypeAlias = Any  # no method uses it


class DistrictGatewayServicer(DistrictGatewayServiceServicer):
    """Servicer of the district's systems; a repeat of a report key gets the first answer.

    `system` is the one that packages go to. Another reports on referrals to the destinations of its registration alone.
    """

    def __init__(
        self, files: CaseFiles, reports: DistrictReports, calendars: CurrentCalendar, system: str, catch_up: CatchUp
    ) -> None:
        self._files = files
        self._calendars = calendars
        self._reports = reports
        self._system = system
        self._catch_up = catch_up

    async def ReportProgress(self, request: pb.ReportProgressRequest, _context: Context) -> pb.ReportProgressResponse:
        """Puts the progress of a referred case on file."""
        report = self._reports.progressed(_leg(request.case_id), request.report_key, request.stage)
        changed = await self._put_on_file(report)
        return pb.ReportProgressResponse(revision=changed.revision, position=changed.position)

    async def ReportDecision(self, request: pb.ReportDecisionRequest, _context: Context) -> pb.ReportDecisionResponse:
        """Puts the decision on a referred case on file."""
        decided_on = civil_day(request.decided_on, "decided_on")
        decision = DecisionReport(request.report_key, Outcome(request.outcome), decided_on)
        report = self._reports.decided(_leg(request.case_id), decision, request.reasons)
        changed = await self._put_on_file(report)
        return pb.ReportDecisionResponse(revision=changed.revision, position=changed.position)

    async def ReturnCase(self, request: pb.ReturnCaseRequest, _context: Context) -> pb.ReturnCaseResponse:
        """Takes a referred case back."""
        returned_on = civil_day(request.returned_on, "returned_on") if request.returned_on else None
        report = self._reports.returned(_leg(request.case_id), request.report_key, request.reasons, returned_on)
        changed = await self._put_on_file(report)
        return pb.ReturnCaseResponse(revision=changed.revision, position=changed.position)

    async def ReportPause(self, request: pb.ReportPauseRequest, _context: Context) -> pb.ReportPauseResponse:
        """Puts the beginning of a special procedure on file."""
        first_on = civil_day(request.first_on, "first_on")
        procedure = SpecialProcedure(request.procedure) if request.procedure else None
        begun = PauseReport(procedure, first_on, kind=request.kind)
        calendar = await self._calendars.current()
        report = self._reports.paused(_leg(request.case_id), request.report_key, begun, request.reason, calendar)
        changed = await self._put_on_file(report)
        return pb.ReportPauseResponse(revision=changed.revision, position=changed.position)

    async def ReportResumption(
        self, request: pb.ReportResumptionRequest, _context: Context
    ) -> pb.ReportResumptionResponse:
        """Puts the end of a special procedure on file."""
        last_on, calendar = civil_day(request.last_on, "last_on"), await self._calendars.current()
        report = self._reports.resumed(_leg(request.case_id), request.report_key, last_on, calendar)
        changed = await self._put_on_file(report)
        return pb.ReportResumptionResponse(revision=changed.revision, position=changed.position)

    async def ReportExtension(
        self, request: pb.ReportExtensionRequest, _context: Context
    ) -> pb.ReportExtensionResponse:
        """Puts an extension on file."""
        decided_on, approval = civil_day(request.decided_on, "decided_on"), approval_of(request)
        extension = ExtensionReport(request.days, decided_on, approval=approval)
        key, calendar = _leg(request.case_id), await self._calendars.current()
        report = self._reports.extended(key, request.report_key, extension, request.reason, calendar)
        changed = await self._put_on_file(report)
        return pb.ReportExtensionResponse(revision=changed.revision, position=changed.position)

    async def IssueSupervisionOrder(
        self, request: pb.IssueSupervisionOrderRequest, _context: Context
    ) -> pb.IssueSupervisionOrderResponse:
        """Puts a supervision order on file."""
        key, due_on = _leg(request.case_id), civil_day(request.due_on, "due_on")
        report = self._reports.supervision_ordered(key, request.order_key, request.content, due_on)
        changed = await self._put_on_file(report, key_field="order_key")
        return pb.IssueSupervisionOrderResponse(revision=changed.revision, position=changed.position)

    async def _put_on_file(self, report: DistrictReport, key_field: str = "report_key") -> ChangedCase:
        caller = current_caller()
        own = caller.subject == self._system  # packages go to it, so it is known without a list of destinations
        destinations = caller.destinations if own else caller.destinations or frozenset()
        report = report.of_system("" if own else caller.whole_name, destinations)
        try:
            put = partial(put_on_file, self._files, report, caller.whole_name)
            return await self._catch_up.done(CASE_SOURCES, put, rests_on_others)
        except RequestIdReused as reused:
            raise RequestIdReused(fields=[(key_field, reused.sentence)]) from reused


def _leg(case_id: str) -> FileKey:
    """The district's leg. Raises WrongDesk for a system that was registered for a street."""
    caller = current_caller()
    if caller.level != DISTRICT:
        raise WrongDesk("case_id")
    return district_key(caller.district, UUID(case_id))


def approval_of(request: ExtendRequest | pb.ReportExtensionRequest | DistrictExtension) -> GovernmentApproval | None:
    """The government's approval of an extension; None where the request has none. Raises Invalid."""
    if not request.HasField("approval"):
        return None
    approval = request.approval
    approved_on = civil_day(approval.approved_on, "approval.approved_on")
    return GovernmentApproval(approval.number, approved_on, approval.approved_by)
