"""The clock runs again after a special procedure. (行政许可法 45)"""

from dataclasses import replace
from datetime import date

from law.desk import Actor, Post
from law.term_clock import Pause
from law.workdays import Calendar
from services.approval.domain import days
from services.approval.domain.case import Case
from services.approval.domain.facts import TermResumed
from services.approval.domain.stages import Act, NotAtThisStage, allow, require_post


def resume(case: Case, actor: Actor, today: date, calendar: Calendar) -> TermResumed:
    """The end of the pause, with the dates from now on; today is the last day that does not count."""
    allow(case, Act.RESUME)
    require_post(case, actor, Post.REVIEWER, Post.HEAD)
    paused_on = case.paused_on
    if paused_on is None:
        raise NotAtThisStage(stage="计时中", act=Act.RESUME, possible="查询")
    paused = replace(case, pauses=(*case.pauses, Pause(paused_on, today)))
    return TermResumed(today, case.application_id, paused_on, today, days.recomputed(paused, calendar))
