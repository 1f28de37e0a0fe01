"""Entries of the district's list as comparable records; texts are cleaned for terminals."""

import re
from dataclasses import dataclass
from uuid import UUID

from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.district.v1 import district_service_pb2 as pb

from services.approval.handoff.domain.reconciliation import LegEnding, LegRecord

_LONGEST = 200
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DECIDED = {approval.OUTCOME_GRANTED: LegEnding.GRANTED, approval.OUTCOME_REFUSED: LegEnding.REFUSED}
_ENDINGS = {
    pb.DISTRICT_STAGE_RECEIVED: LegEnding.OPEN,
    pb.DISTRICT_STAGE_REVIEWING: LegEnding.OPEN,
    pb.DISTRICT_STAGE_RETURNED: LegEnding.RETURNED,
    pb.DISTRICT_STAGE_WITHDRAWN: LegEnding.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One entry of the district's list."""

    key: str
    leg: UUID | None
    """Our leg that the key names; None for a text that is no key of ours."""
    record: LegRecord


def listed_case(case: pb.DistrictCase) -> ListedCase:
    """An entry of the list as it is compared."""
    try:
        leg = UUID(case.key)
    except ValueError:
        leg = None
    return ListedCase(str(leg) if leg else clean(case.key), leg, record_of(case))


def record_of(case: pb.DistrictCase) -> LegRecord:
    """A case as the district has it."""
    decided = case.stage == pb.DISTRICT_STAGE_DECIDED
    ending = _DECIDED.get(case.outcome) if decided else _ENDINGS.get(case.stage)
    return LegRecord(
        district_number=clean(case.district_number),
        received_on=clean(case.received_on),
        ending=ending or LegEnding.UNSTATED,
        decided_on=clean(case.decided_on) if decided else "",
        returned_on=clean(case.returned_on) if case.stage == pb.DISTRICT_STAGE_RETURNED else "",
    )


def clean(text: str) -> str:
    """One line of at most 200 characters without control characters."""
    return _UNPRINTABLE.sub("?", text)[:_LONGEST]
