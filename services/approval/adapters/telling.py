"""One obligation is told to the district: what came of it, and nothing is written here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import structlog
from onewindow.district.v1 import district_service_pb2 as pb

from services.approval.adapters.district import DistrictSystem, Refused, Unreached, number_of
from services.approval.adapters.handoff_queue import Owed
from services.approval.adapters.obligations import RECEIVE
from services.approval.adapters.package import OpinionMissing, Packages, Papers
from services.approval.domain.acknowledge import Acknowledgement

_log = structlog.get_logger()


class Ended(StrEnum):
    """How telling ended."""

    TOLD = "told"
    BLOCKED = "blocked"
    """Refused by name, or not to be told as it is: a human's task."""
    UNREACHED = "unreached"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of telling one obligation."""

    owed: Owed
    ended: Ended
    reason: str = ""
    receipt: Acknowledgement | None = None
    """What the district said when it took a package."""
    papers: Papers | None = None
    """The leg as it was read for it."""
    answered: bool = False
    """Whether the destination has shown that it is there."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Dials; what may have arrived is asked for before it is told again."""

    district: DistrictSystem
    packages: Packages

    async def tell(self, owed: Owed, papers: Papers | None) -> Answer:
        """Tell one obligation, a package with what lies here of it. Raises nothing."""
        try:
            receipt = None
            if owed.kind == RECEIVE and papers is not None:
                receipt = await self._hand_over(owed, papers)
            else:
                await self._tell_withdrawal(owed)
        except Refused as error:
            return Answer(owed, Ended.BLOCKED, str(error), answered=True)
        except OpinionMissing:
            return Answer(owed, Ended.BLOCKED, "街道意见已按规定清除，无法转送。")
        except Unreached as error:
            return Answer(owed, Ended.UNREACHED, str(error))
        except Exception as error:
            _log.exception("handoff_failed", kind=owed.kind)
            return Answer(owed, Ended.FAILED, type(error).__name__)
        return Answer(owed, Ended.TOLD, receipt=receipt, papers=papers, answered=True)

    async def _hand_over(self, owed: Owed, papers: Papers) -> Acknowledgement:
        known = await self.district.known(str(owed.leg.file_id)) if owed.uncertain else None
        told: pb.DistrictCase | pb.ReceiveCaseResponse
        told = known or await self.district.receive(self.packages.of(owed, papers))
        try:
            number = number_of(told.district_number)
        except ValueError as error:
            raise Refused("district_number is not one line of at most 64 signs") from error
        try:
            return Acknowledgement(number, date.fromisoformat(told.received_on))
        except ValueError as error:
            raise Refused(f"received_on is no date: {told.received_on[:20]}") from error

    async def _tell_withdrawal(self, owed: Owed) -> None:
        key = str(owed.leg.file_id)
        if await self.district.known(key) is not None:
            withdrawn_on = owed.told_on.isoformat()
            await self.district.withdraw(pb.WithdrawCaseRequest(key=key, case_id=key, withdrawn_on=withdrawn_on))
