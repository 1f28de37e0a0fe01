"""ApprovalService: requests become acts, and the changed case becomes the answer.

Every answer follows from the case at the revision that the change left, so that a repeat gets the same answer.
"""

from typing import Any, TypeAlias
from uuid import UUID

from onewindow.access.v1 import access_pb2
from onewindow.approval.v1 import approval_service_pb2 as pb
from onewindow.approval.v1.approval_service_pb2_grpc import ApprovalServiceServicer

from chassis.clock import Clock
from chassis.event_store import Scope
from chassis.rpc.access import bare_name
from chassis.rpc.identity.caller import current_caller
from chassis.scope import acting_in
from protocol.requests import page_that_fits, readable_scope
from services.approval.adapters.case.answers import (
    approval_answer,
    case_message,
    last_days,
    pause_answer,
    proof_message,
    with_position,
    worklist_entry,
)
from services.approval.adapters.case.requests import (
    case_call,
    day_of,
    key_behind,
    leg_of,
    pause_of,
    worklist_desk,
    worklist_page,
)
from services.approval.domain.case.facts import Opinion, Outcome
from services.approval.domain.case.state import Case
from services.approval.handoff.adapters.inbound_reports import approval_of
from services.approval.usecases.case import CaseLookups, Cases, existing

Context: TypeAlias = Any  # no method uses it


class ApprovalServicer(ApprovalServiceServicer):
    """Servicer of the desks."""

    def __init__(self, cases: Cases, lookups: CaseLookups, clock: Clock) -> None:
        self._cases = cases
        self._lookups = lookups
        self._clock = clock

    async def ListWorklist(self, request: pb.ListWorklistRequest, _context: Context) -> pb.ListWorklistResponse:
        """Lists the steps that wait for the caller's desk."""
        caller, page = current_caller(), worklist_page(request.page_size, request.page_token)
        post = bare_name(access_pb2.Post.DESCRIPTOR, request.post) if request.post else ""
        rows, total = await self._lookups.worklist(worklist_desk(caller, post, mine=request.mine), page, request.after)
        entries, token = page_that_fits(
            rows, page.size, lambda row: worklist_entry(row, self._clock.today()), key_behind
        )
        return pb.ListWorklistResponse(entries=entries, next_page_token=token, total=total)

    async def Claim(self, request: pb.ClaimRequest, _context: Context) -> pb.ClaimResponse:
        """Takes the open step and gives a read pass."""
        changed = await self._cases.claim(case_call("Claim", request), request.after, _claim_answer)
        return with_position(pb.ClaimResponse.FromString(changed.answer), changed)

    async def Release(self, request: pb.ReleaseRequest, _context: Context) -> pb.ReleaseResponse:
        """Gives the step back."""
        return with_position(pb.ReleaseResponse(), await self._cases.release(case_call("Release", request)))

    async def CompleteStep(self, request: pb.CompleteStepRequest, _context: Context) -> pb.CompleteStepResponse:
        """Puts an opinion on file."""
        call = case_call("CompleteStep", request)
        changed = await self._cases.complete_step(call, Opinion(request.opinion), request.remark)
        step = existing(changed.state).step
        return with_position(pb.CompleteStepResponse(step=step.code if step else ""), changed)

    async def Refer(self, request: pb.ReferRequest, _context: Context) -> pb.ReferResponse:
        """Sends the matter to the district."""
        changed = await self._cases.refer(case_call("Refer", request), request.opinion)
        return with_position(pb.ReferResponse(linked_case_id=str(existing(changed.state).referral.case_id)), changed)

    async def Decide(self, request: pb.DecideRequest, _context: Context) -> pb.DecideResponse:
        """Grants, or refuses with reasons."""
        call = case_call("Decide", request)
        changed = await self._cases.decide(call, Outcome(request.outcome), request.reasons, request.after)
        case = existing(changed.state)
        answer = pb.DecideResponse(
            decision_number=case.decision.number, closed_on=str(case.closed_on), on_time=bool(case.on_time)
        )
        return with_position(answer, changed)

    async def Extend(self, request: pb.ExtendRequest, _context: Context) -> pb.ExtendResponse:
        """Extends the term once."""
        call, approval = case_call("Extend", request), approval_of(request)
        changed = await self._cases.extend(call, request.days, request.reason, approval)
        return with_position(pb.ExtendResponse(**last_days(changed)), changed)

    async def Pause(self, request: pb.PauseRequest, _context: Context) -> pb.PauseResponse:
        """Orders a special procedure."""
        call = case_call("Pause", request)
        changed = await self._cases.pause(call, pause_of(request, call), request.reason)
        return with_position(pause_answer(changed), changed)

    async def ApprovePause(self, request: pb.ApprovePauseRequest, _context: Context) -> pb.ApprovePauseResponse:
        """Stops the clock by the order that waits."""
        changed = await self._cases.approve_pause(case_call("ApprovePause", request))
        return with_position(approval_answer(changed), changed)

    async def DeclinePause(self, request: pb.DeclinePauseRequest, _context: Context) -> pb.DeclinePauseResponse:
        """Declines the order that waits."""
        changed = await self._cases.decline_pause(case_call("DeclinePause", request), request.reason)
        return with_position(pb.DeclinePauseResponse(), changed)

    async def Resume(self, request: pb.ResumeRequest, _context: Context) -> pb.ResumeResponse:
        """Starts the clock again."""
        call = case_call("Resume", request)
        changed = await self._cases.resume(call, day_of(request.last_on, "last_on"))
        return with_position(pb.ResumeResponse(**last_days(changed)), changed)

    async def GetCase(self, request: pb.GetCaseRequest, _context: Context) -> pb.GetCaseResponse:
        """Reads one case, by id or by number."""
        caller = current_caller()
        case_id = UUID(request.case_id) if request.case_id else None
        await self._lookups.until_reached(request.after, readable_scope(caller))
        key = await self._lookups.find(readable_scope(caller), case_id, request.number, leg_of(caller))
        # A supervisor's scope is the whole district; the file is read at its own place.
        with acting_in(Scope(key.district, key.street)):
            read, status = await self._lookups.read(key)
        return pb.GetCaseResponse(case=case_message(read, status, self._clock.today()), position=read.position)

    async def GetTermProof(self, request: pb.GetTermProofRequest, _context: Context) -> pb.GetTermProofResponse:
        """Proves the due dates, day by day."""
        caller = current_caller()
        await self._lookups.until_reached(request.after, readable_scope(caller))
        key = await self._lookups.find(readable_scope(caller), UUID(request.case_id), "", leg_of(caller))
        return proof_message(await self._lookups.prove(key, self._clock.today()))


def _claim_answer(case: Case, read_pass: str) -> bytes:
    step = case.step.code if case.step else ""
    return pb.ClaimResponse(step=step, read_pass=read_pass, application_id=str(case.application_id)).SerializeToString()
