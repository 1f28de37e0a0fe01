"""区已接收: the district's clock counts from the day it received the package. (行政许可法 35, 43)"""

from dataclasses import replace
from datetime import date

import pytest

from services.approval.domain.case.withdraw import withdraw
from services.approval.handoff.domain.acknowledge import Acknowledgement, ReceiptDateImpossible, acknowledge
from tests.unit.approval.matters import CALENDAR, FORWARDED, after, leg, received

RECEIVED_ON = date(2016, 3, 10)
TOLD = Acknowledgement("Q-1", RECEIVED_ON)


def test_the_clock_of_the_leg_begins_with_receipt() -> None:
    case = after(leg(), acknowledge(leg(), TOLD, RECEIVED_ON, CALENDAR))
    assert (case.term.starts_on, case.term.promised_due_on) == (RECEIVED_ON, date(2016, 4, 8))
    assert (case.referral.acknowledged, case.referral.district_number) == (True, "Q-1")


def test_the_district_cannot_have_received_it_before_it_was_referred() -> None:
    (fact,) = acknowledge(leg(), Acknowledgement("Q-1", date(2016, 3, 1)), RECEIVED_ON, CALENDAR)
    assert fact.received_on == date(2016, 3, 8)


@pytest.mark.parametrize("on", [date(9999, 12, 31), date(2016, 3, 12)])
def test_a_receipt_is_not_of_a_day_to_come(on: date) -> None:
    with pytest.raises(ReceiptDateImpossible) as refused:
        acknowledge(leg(), Acknowledgement("Q-1", on), RECEIVED_ON, CALENDAR)
    assert refused.value.field == "received_on"


def test_a_district_whose_day_begins_a_little_earlier_is_believed() -> None:
    (fact,) = acknowledge(leg(), Acknowledgement("Q-1", date(2016, 3, 11)), RECEIVED_ON, CALENDAR)
    assert fact.received_on == date(2016, 3, 11)


def test_a_receipt_counts_once() -> None:
    assert acknowledge(received(), TOLD, RECEIVED_ON, CALENDAR) == []


def test_a_receipt_for_a_leg_that_ended_meanwhile_changes_nothing() -> None:
    ended = after(leg(), withdraw(leg(), RECEIVED_ON))
    assert acknowledge(ended, TOLD, RECEIVED_ON, CALENDAR) == []


def test_the_districts_desks_acknowledge_nothing() -> None:
    assert acknowledge(leg(replace(FORWARDED, refers_to="")), TOLD, RECEIVED_ON, CALENDAR) == []
