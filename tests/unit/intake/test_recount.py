"""期限重算: the open day of an application by a later calendar. (行政许可法 32, 82)"""

from datetime import date

from law.notices import Holiday, Notice
from law.recount import DateKind, MovedDate, RecountCause
from law.workdays import state_council
from services.intake.domain.application.due_dates import DueDates, OfficeDay
from services.intake.domain.application.recount import recount
from services.intake.domain.application.state import Application
from tests.unit.intake import hall

CAUSE = RecountCause(("国办发明电〔2016〕1号",), "corrected")
_NOTICE = next(notice for notice in state_council().notices if notice.year == 2016)


def day(*off: date, supply_days: int = 30) -> OfficeDay:
    """20 September 2016, in a calendar with more days of rest."""
    correction = Notice(2016, "国办发明电〔2016〕1号", (Holiday("", off),), amends=_NOTICE.number)
    calendar = state_council().with_notice(correction, "corrected")
    return OfficeDay(date(2016, 9, 20), DueDates(calendar), supply_days=supply_days)


def moved(application: Application, on: OfficeDay) -> tuple[MovedDate, ...]:
    """The dates that a recount moves."""
    (fact,) = recount(application, CAUSE, on)
    return fact.moved


def test_the_five_days_to_answer_move() -> None:
    waiting = hall.whole()
    due = waiting.answer_due_on
    assert due is not None
    (fact,) = recount(waiting, CAUSE, day(date(2016, 9, 21)))
    assert fact.moved == (MovedDate(DateKind.ANSWER, due, date(2016, 9, 23)),)
    state = hall.after(waiting, [fact])
    assert (state.answer_due_on, state.calendar_version) == (date(2016, 9, 23), "corrected")
    assert recount(state, CAUSE, day(date(2016, 9, 21))) == []


def test_the_last_day_of_a_correction_moves_off_a_new_day_of_rest() -> None:
    waiting = hall.demanded("M01", "M02")
    assert waiting.correction is not None
    last = waiting.correction.supply_by
    (fact,) = recount(waiting, CAUSE, day(last))
    assert fact.moved[0].kind is DateKind.SUPPLY and fact.moved[0].from_on == last < fact.moved[0].to_on
    state = hall.after(waiting, [fact])
    assert state.correction is not None and state.correction.supply_by == fact.supply_by
    assert state.answer_due_on is None


def test_a_correction_keeps_the_days_that_its_notice_gave() -> None:
    assert recount(hall.demanded("M01", "M02"), CAUSE, day(date(2016, 9, 21), supply_days=60)) == []


def test_an_application_without_an_open_day_does_not_move() -> None:
    assert recount(hall.accepted(), CAUSE, day(date(2016, 9, 21))) == []
    assert recount(hall.completed(), CAUSE, day(date(2016, 9, 21))) == []
