"""What the district's list says of a case, in words that can be compared, its texts cleaned for whoever reads them."""

import re
from dataclasses import dataclass
from uuid import UUID

from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.district.v1 import district_service_pb2 as pb

from services.approval.domain.reconcile import Ending, Standing

_LONGEST = 200
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DECIDED = {approval.OUTCOME_GRANTED: Ending.GRANTED, approval.OUTCOME_REFUSED: Ending.REFUSED}
_ENDINGS = {
    pb.DISTRICT_STAGE_RECEIVED: Ending.OPEN,
    pb.DISTRICT_STAGE_REVIEWING: Ending.OPEN,
    pb.DISTRICT_STAGE_RETURNED: Ending.RETURNED,
    pb.DISTRICT_STAGE_WITHDRAWN: Ending.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the district's list."""

    key: str
    leg: UUID | None
    """The leg of ours that the key names; None where it is no key that we ever gave."""
    standing: Standing


def listed(change: pb.DistrictCase) -> Listed:
    """An entry as it is compared."""
    try:
        leg = UUID(change.key)
    except ValueError:
        leg = None
    return Listed(str(leg) if leg else clean(change.key), leg, standing_there(change))


def standing_there(change: pb.DistrictCase) -> Standing:
    """How the district has it."""
    decided = change.stage == pb.DISTRICT_STAGE_DECIDED
    ending = _DECIDED.get(change.outcome) if decided else _ENDINGS.get(change.stage)
    return Standing(
        district_number=clean(change.district_number),
        received_on=clean(change.received_on),
        ending=ending or Ending.UNSTATED,
        decided_on=clean(change.decided_on) if decided else "",
    )


def clean(text: str) -> str:
    """One line that a terminal can bear."""
    return _UNPRINTABLE.sub("?", text)[:_LONGEST]
