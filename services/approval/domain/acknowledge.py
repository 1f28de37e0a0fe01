"""The district's system has the package: its clock counts from the day it received it. (行政许可法 35, 43)"""

from dataclasses import dataclass
from datetime import date, timedelta

from law.not_allowed import Malformed
from law.workdays import Calendar
from services.approval.domain import days
from services.approval.domain.case import Case
from services.approval.domain.facts import HandoffAcknowledged

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
    received_on = _received_on(case, told, today)
    term = days.begun(received_on, case.term.promised_limit, case.term.legal_limit, calendar)
    return [HandoffAcknowledged(today, case.application_id, told.district_number, received_on, term)]


def acknowledge_again(case: Case, told: Acknowledgement, today: date) -> list[HandoffAcknowledged]:
    """The receipt of a district that had lost the package and was handed it once more; its days go on from the first.

    Nothing where it says what is known, or the leg ended meanwhile. Raises ReceiptDateImpossible.
    """
    received_on, known = _received_on(case, told, today), case.referral
    unchanged = (told.district_number, received_on) == (known.district_number, known.received_on)
    if not known.acknowledged or case.closed or unchanged:
        return []
    return [HandoffAcknowledged(today, case.application_id, told.district_number, received_on, case.term)]


def _received_on(case: Case, told: Acknowledgement, today: date) -> date:
    """Not before it was referred, nor on a day to come."""
    if told.received_on > today + _OTHER_CLOCK:
        raise ReceiptDateImpossible("received_on", last=today + _OTHER_CLOCK)
    return max(told.received_on, case.referral.referred_on or told.received_on)
