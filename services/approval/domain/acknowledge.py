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
    received_on = max(told.received_on, case.referral.referred_on or told.received_on)
    term = days.begun(received_on, case.term.promised_limit, case.term.legal_limit, calendar)
    return [HandoffAcknowledged(today, case.application_id, told.district_number, received_on, term)]
