"""Last days as they stand on file: those of a delivery, and those that a recount moves. (行政许可法 44)"""

from datetime import date

import pytest

from law import terms
from law.recount import DateKind, MovedDate, RecountCause
from law.term_clock import TermClock
from law.term_proof import StoredDay
from law.workdays import state_council
from services.notify.domain.delivery.open_delivery import recount_delivery, stored_days
from services.notify.domain.dossier import UNDECIDED, DecisionDelivery
from services.notify.domain.facts import DeliveryOpened
from services.notify.domain.stage_reports import RecountStage, moved_day

DECIDED_ON, LAST_DAY = date(2016, 3, 1), date(2016, 3, 15)


@pytest.mark.parametrize("provisional", [True, False])
def test_the_day_on_file_of_a_delivery_has_its_term_its_calendar_and_whether_it_may_move(provisional: bool) -> None:
    opened = DeliveryOpened(DECIDED_ON, "N1", "granted", LAST_DAY, provisional, "state-council-2016")
    term = TermClock.of(terms.DELIVERY, DECIDED_ON)
    assert stored_days(DecisionDelivery(opened)) == [
        StoredDay(DateKind.DELIVER, term, LAST_DAY, provisional, "state-council-2016")
    ]
    assert stored_days(UNDECIDED) == []


def test_a_recount_of_a_delivery_that_only_becomes_firm_says_so_under_its_number() -> None:
    opened = DeliveryOpened(DECIDED_ON, "N1", "granted", LAST_DAY, provisional=True)
    cause = RecountCause(("国办发明电〔2015〕18号",), "state-council-2016")
    (fact,) = recount_delivery(DecisionDelivery(opened), state_council(), cause, date(2016, 3, 2))
    assert (fact.number, fact.cause, fact.moved, fact.deliver_by) == ("N1", cause, (), LAST_DAY)
    assert (fact.was_provisional, fact.provisional) == (True, False)


def test_the_applicant_is_told_of_the_moved_day_of_one_kind_alone() -> None:
    supply = MovedDate(DateKind.SUPPLY, date(2016, 3, 1), date(2016, 3, 2))
    promised = MovedDate(DateKind.PROMISED, date(2016, 3, 8), date(2016, 3, 9))
    moved = (MovedDate(DateKind.RED, date(2016, 3, 10), date(2016, 3, 11)), supply, promised)
    assert moved_day(moved, DateKind.SUPPLY) == RecountStage(supply=True, day=date(2016, 3, 2))
    assert moved_day(moved, DateKind.PROMISED) == RecountStage(supply=False, day=date(2016, 3, 9))
    assert moved_day(moved, DateKind.DELIVER) is None
    assert moved_day((), DateKind.SUPPLY) is None
