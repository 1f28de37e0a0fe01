"""The district's system has the package: its clock counts from the day it received it. (行政许可法 35, 43)"""

from dataclasses import dataclass
from datetime import date, timedelta

from law.not_allowed import Malformed
from law.workdays import Calendar

from . import days
from .case import Case
from .facts import HandoffAcknowledged

_OTHER_CLOCK = timedelta(days=1)
"""Around midnight the district's calendar may be a day ahead of ours."""


class ReceiptDateImpossible(Malformed):
    """The district has received what it has received: its clock does not begin on a day to come."""

    sentence = "区接收日期不能晚于{last}。"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the district's system answered."""

    district_number: str
    received_on: date


def acknowledge(case: Case, told: Acknowledgement, today: date, calendar: Calendar) -> list[HandoffAcknowledged]:
    """The receipt with the dates from it on; nothing when it is known already, or the leg ended meanwhile.

    Raises ReceiptDateImpossible.
    """
    if case.referral.acknowledged or case.closed or not case.handed_over:
        return []
    if told.received_on > today + _OTHER_CLOCK:
        raise ReceiptDateImpossible("received_on", last=today + _OTHER_CLOCK)
    received_on = max(told.received_on, case.referral.referred_on or told.received_on)
    term = days.begun(received_on, case.term.promised_limit, case.term.legal_limit, calendar)
    return [HandoffAcknowledged(today, case.application_id, told.district_number, received_on, term)]
