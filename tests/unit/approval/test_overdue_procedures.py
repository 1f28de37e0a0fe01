"""The expected end of a special procedure: a reminder from the day after it, once. (行政许可法 45)"""

from dataclasses import replace
from datetime import date

from services.approval.domain.case.pause import overdue_procedure
from tests.unit.approval.matters import CALENDAR, PROMISED, after, opened
from tests.unit.approval.pauses import DAY, FROM, UNTIL, ordered, paused, resumed


def test_a_procedure_is_overdue_from_the_day_after_its_expected_end_and_once() -> None:
    case = paused(opened())
    assert overdue_procedure(case, date(2016, 3, 21)) == []
    (fact,) = overdue_procedure(case, date(2016, 3, 22))
    assert (fact.paused_on, fact.expected_end_on) == (FROM, date(2016, 3, 21))
    reminded = after(case, [fact])
    assert reminded.procedures.overdue
    assert overdue_procedure(reminded, date(2016, 3, 23)) == []
    ended = resumed(reminded, UNTIL)
    assert (ended.procedures.overdue, overdue_procedure(ended, UNTIL)) == (False, [])


def test_an_order_that_waits_is_not_overdue() -> None:
    assert overdue_procedure(ordered(opened()), date(2016, 6, 1)) == []


def test_a_second_procedure_has_a_reminder_of_its_own() -> None:
    case = paused(opened())
    case = resumed(after(case, overdue_procedure(case, UNTIL)), UNTIL)
    again = paused(case, date(2016, 3, 24))
    assert overdue_procedure(again, date(2016, 4, 20))


def test_a_provisional_end_is_not_overdue_while_a_notice_may_still_make_it_later() -> None:
    year = CALENDAR.notices[-1].year
    begins = date(year, 12, 28)
    case = opened(PROMISED)
    case = replace(case, term=replace(case.term, starts_on=date(year, 12, 21), legal_due_on=date(year + 1, 1, 20)))
    case = paused(case, begins)
    expected = case.procedures.running.expected if case.procedures.running else None
    assert expected is not None and expected.provisional
    assert overdue_procedure(case, expected.on + DAY) == []
    assert overdue_procedure(case, expected.overdue_on)
