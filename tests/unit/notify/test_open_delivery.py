"""行政许可法 44: ten working days from the decision."""

from datetime import date

import pytest

from law.workdays import state_council
from services.notify.domain.dossier import BLANK, fold
from services.notify.domain.open_delivery import Decided, open_delivery


@pytest.mark.parametrize(
    ("decided_on", "deliver_by"),
    [
        (date(2016, 3, 1), date(2016, 3, 15)),
        (date(2016, 2, 4), date(2016, 2, 23)),  # over 春节, with a Saturday and a Sunday worked
        (date(2016, 9, 28), date(2016, 10, 17)),  # over 国庆, again with a weekend worked
    ],
)
def test_a_decision_is_delivered_within_ten_working_days(decided_on: date, deliver_by: date) -> None:
    (fact,) = open_delivery(BLANK, Decided(decided_on, "granted", "N"), state_council())
    assert (fact.occurred_on, fact.deliver_by, fact.provisional) == (decided_on, deliver_by, False)


def test_a_delivery_is_opened_once() -> None:
    decided = Decided(date(2016, 3, 1), "granted", "N")
    (fact,) = open_delivery(BLANK, decided, state_council())
    assert open_delivery(fold(BLANK, fact), decided, state_council()) == []


def test_a_last_day_in_a_year_without_a_notice_is_provisional() -> None:
    last_year = max(notice.year for notice in state_council().notices)
    (fact,) = open_delivery(BLANK, Decided(date(last_year, 12, 28), "refused", "N"), state_council())
    assert fact.provisional
