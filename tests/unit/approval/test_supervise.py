"""督办: the district demands attention to a case, with its own due date."""

from datetime import date

import pytest

from law.term_clock import TooFarAhead
from services.approval.domain.case.stages import NotWithDistrict
from services.approval.domain.case.withdraw import withdraw
from services.approval.domain.supervision.supervision_order import (
    DueBeforeToday,
    SupervisionOrder,
    issue_supervision_order,
)
from tests.unit.approval.matters import after, opened, received

ON = date(2016, 3, 14)
DEMAND = SupervisionOrder("o-1", "0f", date(2016, 3, 18))


def test_the_demand_is_on_file_with_its_due_date() -> None:
    fact = issue_supervision_order(received(), DEMAND, ON)
    assert (fact.order_key, fact.due_on, fact.content.name) == ("o-1", date(2016, 3, 18), "supervision.3/o-1")


def test_it_changes_nothing_in_the_case() -> None:
    assert after(received(), [issue_supervision_order(received(), DEMAND, ON)]) == received()


def test_supervision_looks_back_on_closed_legs_too() -> None:
    assert issue_supervision_order(after(received(), withdraw(received(), ON)), DEMAND, ON).due_on == date(2016, 3, 18)


def test_a_demand_leaves_at_least_today() -> None:
    with pytest.raises(DueBeforeToday) as refused:
        issue_supervision_order(received(), DEMAND, date(2016, 3, 19))
    assert refused.value.field == "due_on"


def test_a_demand_for_a_day_that_nobody_lives_to_see_is_a_slip_of_the_pen() -> None:
    with pytest.raises(TooFarAhead) as refused:
        issue_supervision_order(received(), SupervisionOrder("o-1", "0f", date(9999, 12, 31)), ON)
    assert refused.value.field == "due_on"


def test_a_leg_of_the_street_is_not_the_districts_to_order() -> None:
    with pytest.raises(NotWithDistrict):
        issue_supervision_order(opened(), DEMAND, ON)
