"""Contract of the reference system: takes cases, looks them up by key, lists changes; goes wrong on demand."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import grpc
from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.district.v1 import district_service_pb2 as contract
from onewindow.district.v1 import district_service_pb2_grpc as contract_grpc

from chassis.clock import Clock
from law.workdays import Calendar
from simulation.district.register import DistrictRegister, RegisteredCase

OUTCOMES = {
    "": approval.OUTCOME_UNSPECIFIED,
    "granted": approval.OUTCOME_GRANTED,
    "refused": approval.OUTCOME_REFUSED,
}
"""Outcomes of the register in the words of the contract."""
_STAGES = {
    "received": contract.DISTRICT_STAGE_RECEIVED,
    "decided": contract.DISTRICT_STAGE_DECIDED,
    "returned": contract.DISTRICT_STAGE_RETURNED,
    "withdrawn": contract.DISTRICT_STAGE_WITHDRAWN,
}
_PAGE = 100
_SERIAL_DIGITS = 4
"""Last digits of a 办件编号, the serial number of the day."""
_QUICK = "public_security"
_QUICK_DAYS, _SLOW_DAYS = (1, 5), (3, 10)
FAULTS = ("unavailable", "lost_answer", "refuse", "slow")
"""Kinds of fault: UNAVAILABLE at once; UNAVAILABLE after the work is done; INVALID_ARGUMENT; an answer after 30 s."""
_SLOW_ANSWER_SECONDS = 30.0


@dataclass(slots=True)
class FaultPlan:
    """Faults of the next calls, of one kind at a time."""

    kind: str = ""
    left: int = 0

    def order(self, kind: str, count: int) -> None:
        """Let the next `count` calls go wrong in that way."""
        self.kind, self.left = kind, count

    async def before(self, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        """Go wrong before the work, if that is planned."""
        if self.kind == "lost_answer" or not self._strikes():
            return
        if self.kind == "slow":
            await asyncio.sleep(_SLOW_ANSWER_SECONDS)
        elif self.kind == "refuse":
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the district refuses the package")
        else:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the district's system is away")

    async def after(self, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        """Lose the answer after the work, if that is planned."""
        if self.kind == "lost_answer" and self._strikes():
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the answer is lost")

    def _strikes(self) -> bool:
        if self.left <= 0:
            return False
        self.left -= 1
        return True


class ReferenceSystem(contract_grpc.DistrictApprovalServiceServicer):
    """The part that a district's developers build on their side; every repeat gets the first answer."""

    def __init__(self, register: DistrictRegister, clock: Clock, calendar: Calendar, faults: FaultPlan) -> None:
        self._register = register
        self._clock = clock
        self._calendar = calendar
        self._faults = faults

    async def ReceiveCase(
        self,
        request: contract.ReceiveCaseRequest,
        context: grpc.aio.ServicerContext[contract.ReceiveCaseRequest, contract.ReceiveCaseResponse],
    ) -> contract.ReceiveCaseResponse:
        """Take a case and set the day of its decision."""
        await self._faults.before(context)
        if package_digest(request) != request.package_digest:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "package_digest: not that of the package")
        today, referred_on = self._clock.today(), date.fromisoformat(request.referred_on)
        case = self._register.receive(
            RegisteredCase(
                key=request.key,
                case_id=request.case_id,
                number=request.number,
                district_number=f"Q{today.year}{self._register.count() + 1:06}",
                received_on=today.isoformat(),
                # From the referral, so that a package that was held up a day is decided as if it had not been.
                decides_on=max(today, self._decides_on(request, min(today, referred_on))).isoformat(),
            )
        )
        await self._faults.after(context)
        return contract.ReceiveCaseResponse(district_number=case.district_number, received_on=case.received_on)

    async def GetCase(
        self,
        request: contract.GetCaseRequest,
        context: grpc.aio.ServicerContext[contract.GetCaseRequest, contract.GetCaseResponse],
    ) -> contract.GetCaseResponse:
        """Look a case up by its key."""
        await self._faults.before(context)
        case = self._register.find(request.key)
        return contract.GetCaseResponse(known=case is not None, case=_wire(case) if case else None)

    async def ListCaseChanges(
        self,
        request: contract.ListCaseChangesRequest,
        context: grpc.aio.ServicerContext[contract.ListCaseChangesRequest, contract.ListCaseChangesResponse],
    ) -> contract.ListCaseChangesResponse:
        """List the changes after the cursor."""
        await self._faults.before(context)
        if request.cursor and not request.cursor.isdigit():
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "cursor: not one of ours")
        size = request.page_size or _PAGE
        changes, cursor = self._register.changes(int(request.cursor or 0), size)
        return contract.ListCaseChangesResponse(
            changes=map(_wire, changes), cursor=str(cursor), more=len(changes) == size
        )

    async def WithdrawCase(
        self,
        request: contract.WithdrawCaseRequest,
        context: grpc.aio.ServicerContext[contract.WithdrawCaseRequest, contract.WithdrawCaseResponse],
    ) -> contract.WithdrawCaseResponse:
        """Stop a case that the applicant withdrew; a decided case stays as it is."""
        await self._faults.before(context)
        if self._register.find(request.key) is None:
            await context.abort(grpc.StatusCode.NOT_FOUND, "key: never received")
        self._register.withdraw(request.key)
        return contract.WithdrawCaseResponse()

    def _decides_on(self, request: contract.ReceiveCaseRequest, referred_on: date) -> date:
        fewest, most = _QUICK_DAYS if request.destination == _QUICK else _SLOW_DAYS
        # By what the street wrote, not by keys and serial numbers, which are drawn anew each time a year is played: a
        # matter has the same days in every run, whatever came late. The last digits of a number count the day.
        written = f"{request.number[:-_SERIAL_DIGITS]}/{request.opinion}"
        draw = int.from_bytes(hashlib.sha256(written.encode()).digest()[:4], "big")
        return self._calendar.nth(referred_on, fewest + draw % (most - fewest + 1))


def package_digest(request: contract.ReceiveCaseRequest) -> str:
    """SHA-256, hex, over the package as the contract describes it, computed from the request. (行政许可法 35)"""
    item = request.item
    papers = sorted(f"{each.material_code}\t{each.copies}\t{each.sha256}" for each in request.materials)
    lines = (request.number, item.code, str(item.version), request.destination, *papers)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _wire(case: RegisteredCase) -> contract.DistrictCase:
    return contract.DistrictCase(
        key=case.key,
        case_id=case.case_id,
        district_number=case.district_number,
        stage=_STAGES[case.stage],
        received_on=case.received_on,
        outcome=OUTCOMES[case.outcome],
        decided_on=case.decided_on if case.stage == "decided" else "",
        returned_on=case.decided_on if case.stage == "returned" else "",
        reasons=case.reasons,
        report_key=case.report_key,
    )
