"""Acts that an application allows at each stage."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from law import term_clock, terms
from law.not_allowed import NotAllowed
from law.term_clock import TermClock
from law.workdays import Calendar
from services.intake.domain.application.facts import CorrectionRequested
from services.intake.domain.application.state import Application, ApplicationStage


class ApplicationAct(StrEnum):
    """Acts on an application, in the words of a clerk."""

    ACCEPT = "受理"
    DECLINE = "不予受理"
    CORRECT = "当场更正"
    REQUEST_CORRECTION = "一次性告知"
    SUPPLY = "补交材料"
    COMPLETE = "当场办结"
    RECEIVE = "上传材料"
    WITHDRAW = "撤回"
    RATE = "评价"


_POSSIBLE: Mapping[ApplicationStage, tuple[ApplicationAct, ...]] = {
    ApplicationStage.UNKNOWN: (),
    ApplicationStage.SUBMITTED: (
        ApplicationAct.ACCEPT,
        ApplicationAct.DECLINE,
        ApplicationAct.CORRECT,
        ApplicationAct.REQUEST_CORRECTION,
        ApplicationAct.COMPLETE,
        ApplicationAct.RECEIVE,
        ApplicationAct.WITHDRAW,
    ),
    ApplicationStage.CORRECTION: (
        ApplicationAct.SUPPLY,
        ApplicationAct.DECLINE,
        ApplicationAct.RECEIVE,
        ApplicationAct.WITHDRAW,
    ),
    ApplicationStage.ACCEPTED: (ApplicationAct.RECEIVE, ApplicationAct.WITHDRAW),
    ApplicationStage.DECLINED: (),
    ApplicationStage.WITHDRAWN: (),
    ApplicationStage.LAPSED: (),
    ApplicationStage.CLOSED: (ApplicationAct.RATE,),
}
_NAMES: Mapping[ApplicationStage, str] = {
    ApplicationStage.UNKNOWN: "未收件",
    ApplicationStage.SUBMITTED: "已收件",
    ApplicationStage.CORRECTION: "待补正",
    ApplicationStage.ACCEPTED: "已受理",
    ApplicationStage.DECLINED: "不予受理",
    ApplicationStage.WITHDRAWN: "已撤回",
    ApplicationStage.LAPSED: "补正不来办结",
    ApplicationStage.CLOSED: "已办结",
}


class NotAtThisStage(NotAllowed):
    """The act is not possible at the stage the application has reached."""

    sentence = "申请当前为“{stage}”，不能{act}；现在可以：{possible}。"
    at_the_desks: bool = False
    """True when approval has the matter, so that its end may be on its way."""


class AnswerTooLate(NotAllowed):
    """An application that was not answered within the five days is accepted by the law. (行政许可法 32)

    No later answer undoes it.
    """

    article = "行政许可法 32"
    sentence = "五个工作日的答复期限已于{due_on}届满，申请自收到之日起视为受理，不能再{act}。"


class CorrectionOverdue(NotAllowed):
    """An application whose correction was not supplied in time ends by that, and is not declined any more."""

    sentence = "补正期限已于{supply_by}届满，申请按补正不来办结，不能再{act}。"


def allow(application: Application, act: ApplicationAct) -> None:
    """Passes when the stage allows the act; raises NotAtThisStage, which lists the acts that are possible now."""
    possible = _POSSIBLE[application.stage]
    if application.with_district:
        possible = (*possible, ApplicationAct.WITHDRAW)
    if act not in possible:
        refusal = NotAtThisStage(stage=_NAMES[application.stage], act=act, possible="、".join(possible) or "无")
        refusal.at_the_desks = application.stage is ApplicationStage.ACCEPTED
        raise refusal


def last_to_answer(application: Application, calendar: Calendar) -> date | None:
    """Last day on which an answer can be lawful: beyond the stored one while a coming notice may still move it."""
    due_on, since = application.answer_due_on, application.whole_since
    if due_on is None or since is None:
        return due_on
    return max(due_on, term_clock.latest_due_on(TermClock.of(terms.ANSWER, since), calendar))


def allow_answer(application: Application, act: ApplicationAct, today: date, calendar: Calendar) -> None:
    """Passes when the office may still answer by this act; raises NotAtThisStage, AnswerTooLate.

    The sweep records the deemed acceptance after midnight, later if it was held up. The law does not wait for it. An
    answer after a provisional last day is in time while it can still turn out to be.
    """
    allow(application, act)
    due_on = last_to_answer(application, calendar)
    if due_on is not None and today > due_on:
        raise AnswerTooLate(due_on=due_on, act=act)


def last_to_supply(correction: CorrectionRequested, calendar: Calendar) -> date:
    """Last day on which a supply can be in time: later than the stored one while a notice may make that a rest day."""
    return calendar.widest.nth(correction.supply_by - timedelta(days=1), 1)


def require_not_overdue(application: Application, act: ApplicationAct, today: date, calendar: Calendar) -> None:
    """Passes unless a correction was not supplied in time, whose end does not wait for the sweep.

    Raises CorrectionOverdue.
    """
    correction = application.correction
    if application.stage is not ApplicationStage.CORRECTION or correction is None:
        return
    if today > last_to_supply(correction, calendar):
        raise CorrectionOverdue(supply_by=correction.supply_by, act=act)
