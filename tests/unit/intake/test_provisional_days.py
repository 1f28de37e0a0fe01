"""Last days in a year without a notice: nobody is held to one while a later answer or supply may be in time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from law.notices import Notice, statutory_days
from law.workdays import Calendar, state_council
from services.intake.domain.application.accept import accept
from services.intake.domain.application.correction import (
    CorrectionNotice,
    CorrectionNotOverdue,
    SuppliedTooLate,
    lapse,
    request_correction,
    supply_correction,
)
from services.intake.domain.application.deem import AnswerNotOverdue, deem
from services.intake.domain.application.due_dates import DueDates, OfficeDay
from services.intake.domain.application.stages import (
    AnswerTooLate,
    ApplicationAct,
    CorrectionOverdue,
    require_not_overdue,
)
from tests.unit.intake import hall
from tests.unit.intake.hall import NUMBER, PROMISED, REASON, papers

ONE_DAY = timedelta(days=1)
RECEIVED, LAST_DAY, BOUND = date(2026, 12, 28), date(2027, 1, 5), date(2027, 1, 15)
"""Five working days from 28 December 2026 by week and Regulation; and without 28 December to 10 January."""
SHIPPED = state_council()


def published(*more: date) -> Calendar:
    """The calendar once the notice of 2027 has come, with these days off beside the statutory ones."""
    return SHIPPED.with_notice(Notice.read_back(2027, "国办发明电〔2026〕9号", {*statutory_days(2027), *more}, ()), "x")


def at(on: date, calendar: Calendar = SHIPPED) -> OfficeDay:
    return OfficeDay(on, DueDates(calendar))


WAITING = hall.submitted("M01", "M02", on=at(RECEIVED))


def test_the_last_day_is_provisional_and_its_bound_is_known() -> None:
    due = at(RECEIVED).answer_due()
    assert (due.due_on, due.provisional, WAITING.answer_due_on) == (LAST_DAY, True, LAST_DAY)


@pytest.mark.parametrize("on", [LAST_DAY + ONE_DAY, BOUND])
def test_the_sweep_waits_and_the_office_may_answer_until_no_notice_can_move_the_day(on: date) -> None:
    with pytest.raises(AnswerNotOverdue):
        deem(WAITING, PROMISED, NUMBER, at(on))
    assert accept(WAITING, PROMISED, NUMBER, at(on)).accepted_on == on


def test_after_the_bound_the_application_is_deemed_accepted_and_the_office_is_late() -> None:
    assert deem(WAITING, PROMISED, NUMBER, at(BOUND + ONE_DAY)).accepted_on == RECEIVED
    with pytest.raises(AnswerTooLate):
        accept(WAITING, PROMISED, NUMBER, at(BOUND + ONE_DAY))


def test_once_the_notice_is_there_the_sweep_goes_by_it() -> None:
    on_time = at(LAST_DAY + ONE_DAY, published())
    assert deem(WAITING, PROMISED, NUMBER, on_time).accepted_on == RECEIVED
    longer = published(date(2027, 1, 4))
    with pytest.raises(AnswerNotOverdue):
        deem(WAITING, PROMISED, NUMBER, at(LAST_DAY + ONE_DAY, longer))
    assert deem(WAITING, PROMISED, NUMBER, at(LAST_DAY + 2 * ONE_DAY, longer)).accepted_on == RECEIVED


def test_a_correction_may_be_supplied_until_its_last_day_cannot_move_any_more() -> None:
    demanded_on = date(2026, 12, 5)
    state = hall.submitted(on=at(demanded_on))
    notice = CorrectionNotice("440105008补告〔2026〕0001号", (("M01", REASON), ("M02", REASON)))
    fact = request_correction(state, notice, PROMISED, at(demanded_on))
    waiting = hall.after(state, [fact])
    assert fact.supply_by == date(2027, 1, 4)
    for on in (date(2027, 1, 5), date(2027, 1, 11)):
        with pytest.raises(CorrectionNotOverdue):
            lapse(waiting, on, SHIPPED)
        require_not_overdue(waiting, ApplicationAct.DECLINE, on, SHIPPED)
        assert supply_correction(waiting, papers("M01", "M02"), PROMISED, at(on)).occurred_on == on
    late = date(2027, 1, 12)
    assert lapse(waiting, late, SHIPPED).supply_by == fact.supply_by
    assert lapse(waiting, date(2027, 1, 5), published()).supply_by == fact.supply_by
    with pytest.raises(SuppliedTooLate):
        supply_correction(waiting, papers("M01", "M02"), PROMISED, at(late))
    with pytest.raises(CorrectionOverdue):
        require_not_overdue(waiting, ApplicationAct.DECLINE, late, SHIPPED)


def test_a_stored_last_day_is_never_made_earlier_by_a_calendar() -> None:
    moved = replace(WAITING, answer_due_on=date(2027, 1, 20))
    with pytest.raises(AnswerNotOverdue):
        deem(moved, PROMISED, NUMBER, at(date(2027, 1, 20), published()))
