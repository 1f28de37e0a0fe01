"""Delivery of one obligation to the district's system; its outcome is written by the recorder."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import structlog
from onewindow.district.v1 import district_service_pb2 as pb

from services.approval.handoff.adapters.client import (
    DistrictClient,
    DistrictRefusal,
    DistrictUnreachable,
    district_number_in,
)
from services.approval.handoff.adapters.obligations import RECEIVE
from services.approval.handoff.adapters.package import OpinionMissing, PackagePapers, Packages
from services.approval.handoff.adapters.queue import DueObligation
from services.approval.handoff.domain.acknowledge import Acknowledgement

_log = structlog.get_logger()


class DeliveryOutcome(StrEnum):
    """Outcome of a delivery; the value is the label of the metric."""

    DELIVERED = "told"
    BLOCKED = "blocked"
    """Refused by name, or not fit to be sent: a person has to settle it."""
    UNREACHED = "unreached"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """Result of one delivery."""

    due: DueObligation
    outcome: DeliveryOutcome
    reason: str = ""
    receipt: Acknowledgement | None = None
    """Answer of the district to a package."""
    papers: PackagePapers | None = None
    """The leg as it was read for the package."""
    answered: bool = False
    """True when the destination has answered at all."""


@dataclass(frozen=True, slots=True)
class ObligationDelivery:
    """Calls the district; a case that may have arrived before is looked up before it is sent again."""

    client: DistrictClient
    packages: Packages

    async def deliver(self, due: DueObligation, papers: PackagePapers | None) -> DeliveryResult:
        """Deliver one obligation; a package needs its papers. Raises nothing."""
        try:
            receipt = None
            if due.kind == RECEIVE and papers is not None:
                receipt = await self._hand_over(due, papers)
            else:
                await self._report_withdrawal(due)
        except DistrictRefusal as error:
            return DeliveryResult(due, DeliveryOutcome.BLOCKED, str(error), answered=True)
        except OpinionMissing:
            return DeliveryResult(due, DeliveryOutcome.BLOCKED, "街道意见已按规定清除，无法转送。")
        except DistrictUnreachable as error:
            return DeliveryResult(due, DeliveryOutcome.UNREACHED, str(error))
        except Exception as error:
            _log.exception("handoff_failed", kind=due.kind)
            return DeliveryResult(due, DeliveryOutcome.FAILED, type(error).__name__)
        return DeliveryResult(due, DeliveryOutcome.DELIVERED, receipt=receipt, papers=papers, answered=True)

    async def _hand_over(self, due: DueObligation, papers: PackagePapers) -> Acknowledgement:
        existing = await self.client.find(str(due.leg.file_id)) if due.uncertain else None
        answer: pb.DistrictCase | pb.ReceiveCaseResponse
        answer = existing or await self.client.receive(self.packages.request(due, papers))
        try:
            number = district_number_in(answer.district_number)
        except ValueError as error:
            raise DistrictRefusal("district_number is not one line of at most 64 signs") from error
        try:
            return Acknowledgement(number, date.fromisoformat(answer.received_on))
        except ValueError as error:
            raise DistrictRefusal(f"received_on is no date: {answer.received_on[:20]}") from error

    async def _report_withdrawal(self, due: DueObligation) -> None:
        key = str(due.leg.file_id)
        if await self.client.find(key) is not None:
            withdrawn_on = due.owed_on.isoformat()
            await self.client.withdraw(pb.WithdrawCaseRequest(key=key, case_id=key, withdrawn_on=withdrawn_on))
