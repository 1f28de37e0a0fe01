"""The district's system has the package: its clock counts from the day it received it. (行政许可法 35, 43)"""

from dataclasses import dataclass
from datetime import date

from law.workdays import Calendar

from . import days
from .case import Case
from .facts import HandoffAcknowledged


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the district's system answered."""

    district_number: str
    received_on: date


def acknowledge(case: Case, told: Acknowledgement, today: date, calendar: Calendar) -> list[HandoffAcknowledged]:
    """The receipt with the dates from it on; nothing when it is known already, or the leg ended meanwhile."""
    if case.referral.acknowledged or case.closed or not case.handed_over:
        return []
    received_on = _received_on(case, told)
    term = days.begun(received_on, case.term.promised_limit, case.term.legal_limit, calendar)
    return [HandoffAcknowledged(today, case.application_id, told.district_number, received_on, term)]


def acknowledge_again(case: Case, told: Acknowledgement, today: date) -> list[HandoffAcknowledged]:
    """The receipt of a district that had lost the package and was handed it once more; its days go on from the first.

    Nothing where it says what is known, or the leg ended meanwhile.
    """
    received_on, known = _received_on(case, told), case.referral
    unchanged = (told.district_number, received_on) == (known.district_number, known.received_on)
    if not known.acknowledged or case.closed or unchanged:
        return []
    return [HandoffAcknowledged(today, case.application_id, told.district_number, received_on, case.term)]


def _received_on(case: Case, told: Acknowledgement) -> date:
    """Not before it was referred."""
    return max(told.received_on, case.referral.referred_on or told.received_on)
