"""Receipt of a package by the district, from which its own limits count, and its progress. (行政许可法 35, 43)"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from law.not_allowed import Malformed
from law.workdays import Calendar
from services.approval.domain.case import due_dates
from services.approval.domain.case.due_dates import with_void_cards
from services.approval.domain.case.facts import DistrictProgressed, HandoffAcknowledged
from services.approval.domain.case.stages import require_handed_over
from services.approval.domain.case.state import Case

_CLOCK_TOLERANCE = timedelta(days=1)
"""Around midnight the district's calendar may be a day ahead of ours."""


class ReceiptDateImpossible(Malformed):
    """The district received a package today or earlier, not on a day to come."""

    sentence = "区接收日期不能晚于{last}。"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Answer of the district's system to a package."""

    district_number: str
    received_on: date


def acknowledge(case: Case, receipt: Acknowledgement, today: date, calendar: Calendar) -> list[HandoffAcknowledged]:
    """The receipt, with the dates that count from it; none when one is on file, or the leg ended meanwhile.

    The end of a matter that closes by the district's decision is no matter of its receipt: those dates stay.

    Raises ReceiptDateImpossible.
    """
    if case.referral.acknowledged or case.closed or not case.handed_over:
        return []
    received_on = _received_on(case, receipt, today)
    term = case.term
    if not case.item.closes_at_district:
        term = due_dates.term_by(replace(term, starts_on=received_on), calendar)
    fact = HandoffAcknowledged(today, case.application_id, receipt.district_number, received_on, term)
    return with_void_cards(case, [fact])


def acknowledge_again(case: Case, receipt: Acknowledgement, today: date) -> list[HandoffAcknowledged]:
    """The second receipt of a package that the district had lost; the dates still count from the first one.

    None when it equals the one on file, or the leg ended meanwhile. Raises ReceiptDateImpossible.
    """
    received_on, on_file = _received_on(case, receipt, today), case.referral
    unchanged = (receipt.district_number, received_on) == (on_file.district_number, on_file.received_on)
    if not on_file.acknowledged or case.closed or unchanged:
        return []
    return [HandoffAcknowledged(today, case.application_id, receipt.district_number, received_on, case.term)]


def _received_on(case: Case, receipt: Acknowledgement, today: date) -> date:
    """The day that counts: that of the referral when the reported one is earlier. Raises ReceiptDateImpossible."""
    if receipt.received_on > today + _CLOCK_TOLERANCE:
        raise ReceiptDateImpossible("received_on", last=today + _CLOCK_TOLERANCE)
    return max(receipt.received_on, case.referral.referred_on or receipt.received_on)


def progress(case: Case, report_key: str, stage: str, today: date) -> DistrictProgressed:
    """The report, on file also when the leg has ended: reports may come out of order."""
    require_handed_over(case)
    return DistrictProgressed(today, case.application_id, report_key, stage)
