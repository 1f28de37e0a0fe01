"""Special procedures of a case as tests order, approve and end them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from services.approval.domain.case.facts import SpecialProcedure
from services.approval.domain.case.pause import PauseTerm, ResumeTerm, approve_pause, pause, resume
from services.approval.domain.case.state import Case
from tests.unit.approval.matters import CALENDAR, HEAD, REVIEWER, after

FROM, UNTIL = date(2016, 3, 8), date(2016, 3, 22)
DAY = timedelta(days=1)
HEARING = PauseTerm(REVIEWER, SpecialProcedure.HEARING, 10, "0f")


def ordered(case: Case, on: date = FROM, **changed: Any) -> Case:
    return after(case, pause(case, replace(HEARING, **changed), on, CALENDAR))


def approved(case: Case, on: date = FROM) -> Case:
    return after(case, approve_pause(case, HEAD, on, CALENDAR))


def paused(case: Case, on: date = FROM) -> Case:
    return approved(ordered(case, on), on)


def resumed(case: Case, on: date = UNTIL, last_on: date | None = None) -> Case:
    return after(case, [resume(case, ResumeTerm(REVIEWER, last_on), on, CALENDAR)])
