"""Which act an application allows at which stage."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from law.not_allowed import NotAllowed
from services.intake.domain.application import Application, Stage


class Act(StrEnum):
    """What can be done with an application, as a clerk says it."""

    ACCEPT = "受理"
    DECLINE = "不予受理"
    CORRECT = "当场更正"
    REQUEST_CORRECTION = "一次性告知"
    SUPPLY = "补交材料"
    COMPLETE = "当场办结"
    RECEIVE = "上传材料"
    WITHDRAW = "撤回"
    RATE = "评价"


class NotAtThisStage(NotAllowed):
    """The act is not possible at the stage the application has reached."""

    sentence = "申请当前为“{stage}”，不能{act}；现在可以：{possible}。"


class AnswerTooLate(NotAllowed):
    """What nobody answered within the five days is accepted by the law: no later answer undoes it. (行政许可法 32)"""

    article = "行政许可法 32"
    sentence = "五个工作日的答复期限已于{due_on}届满，申请自收到之日起视为受理，不能再{act}。"


def allow(application: Application, act: Act) -> None:
    """Nothing when the stage allows the act; raises NotAtThisStage naming what is possible now."""
    possible = _POSSIBLE[application.stage]
    if act not in possible:
        told = "、".join(possible) or "无"
        raise NotAtThisStage(stage=_NAMES[application.stage], act=act, possible=told)


def allow_answer(application: Application, act: Act, today: date) -> None:
    """Nothing when the office may still answer in this way; raises NotAtThisStage, AnswerTooLate.

    The sweep writes the acceptance a moment after midnight, or later where it was held up: the law waits for neither.
    """
    allow(application, act)
    due_on = application.answer_due_on
    if due_on is not None and today > due_on:
        raise AnswerTooLate(due_on=due_on, act=act)


_POSSIBLE: Mapping[Stage, tuple[Act, ...]] = {
    Stage.UNKNOWN: (),
    Stage.SUBMITTED: (
        Act.ACCEPT,
        Act.DECLINE,
        Act.CORRECT,
        Act.REQUEST_CORRECTION,
        Act.COMPLETE,
        Act.RECEIVE,
        Act.WITHDRAW,
    ),
    Stage.CORRECTION: (Act.SUPPLY, Act.RECEIVE, Act.WITHDRAW),
    Stage.ACCEPTED: (Act.RECEIVE, Act.WITHDRAW),
    Stage.DECLINED: (),
    Stage.WITHDRAWN: (),
    Stage.LAPSED: (),
    Stage.CLOSED: (Act.RATE,),
}
_NAMES: Mapping[Stage, str] = {
    Stage.UNKNOWN: "未收件",
    Stage.SUBMITTED: "已收件",
    Stage.CORRECTION: "待补正",
    Stage.ACCEPTED: "已受理",
    Stage.DECLINED: "不予受理",
    Stage.WITHDRAWN: "已撤回",
    Stage.LAPSED: "补正不来办结",
    Stage.CLOSED: "已办结",
}
