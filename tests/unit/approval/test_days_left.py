"""剩余天数与逾期天数: counted in the unit of the limit, standing still in a pause and after the closing."""

from dataclasses import replace
from datetime import date

import pytest

from services.approval.domain.case.due_dates import days_left
from services.approval.domain.case.facts import SpecialProcedure
from services.approval.domain.case.item import Limit, LimitUnit
from services.approval.domain.case.pause import PauseTerm, ResumeTerm, pause, resume
from services.approval.domain.case.state import Case
from tests.unit.approval.matters import CALENDAR, HEAD, REVIEWER, after, opened

PROMISED_DUE_ON = date(2016, 3, 15)
"""The last day of the ten working days from 2016-03-01, a Tuesday."""
HEARING = PauseTerm(HEAD, SpecialProcedure.HEARING, 10, "0f")


def promised_left(case: Case, today: date) -> int:
    return days_left(case, today, CALENDAR)[0]


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2016, 3, 1), 10),
        (date(2016, 3, 14), 1),
        (date(2016, 3, 15), 0),
        (date(2016, 3, 16), -1),
        (date(2016, 3, 19), -3),
        (date(2016, 3, 20), -3),
        (date(2016, 3, 21), -4),
    ],
    ids=["day of acceptance", "day before the last", "last day", "first day over", "Saturday", "Sunday", "Monday"],
)
def test_working_days_are_counted_to_the_last_day_and_beyond(today: date, left: int) -> None:
    assert opened().term.promised_due_on == PROMISED_DUE_ON
    assert promised_left(opened(), today) == left


def test_in_a_pause_they_stand_still_and_go_on_after_it() -> None:
    paused = after(opened(), pause(opened(), HEARING, date(2016, 3, 8), CALENDAR))
    before = promised_left(opened(), date(2016, 3, 7))
    assert [promised_left(paused, date(2016, 3, day)) for day in (8, 15, 31)] == [before] * 3
    resumed = after(paused, [resume(paused, ResumeTerm(REVIEWER), date(2016, 3, 22), CALENDAR)])
    assert promised_left(resumed, date(2016, 3, 22)) == before
    assert promised_left(resumed, date(2016, 3, 23)) == before - 1


def test_a_pause_after_the_promise_was_broken_stops_the_days_of_the_law_alone() -> None:
    late = opened()
    paused = after(late, pause(late, HEARING, date(2016, 3, 18), CALENDAR))
    assert days_left(late, date(2016, 3, 17), CALENDAR) == (-2, 8)
    assert days_left(paused, date(2016, 4, 1), CALENDAR) == (-13, 8)
    resumed = after(paused, [resume(paused, ResumeTerm(REVIEWER), date(2016, 4, 1), CALENDAR)])
    assert days_left(resumed, date(2016, 4, 1), CALENDAR) == (-13, 8)


def test_after_the_closing_they_are_those_of_its_day() -> None:
    closed = replace(opened(), closed_on=date(2016, 3, 17))
    assert promised_left(closed, date(2016, 12, 1)) == -2


def test_calendar_days_are_counted_through_rest_days() -> None:
    limit = Limit(10, LimitUnit.CALENDAR_DAYS, "")
    term = replace(opened().term, legal_limit=limit, legal_due_on=date(2016, 3, 11))
    case = replace(opened(), term=term)
    assert [days_left(case, date(2016, 3, day), CALENDAR)[1] for day in (5, 11, 13)] == [6, 0, -2]
