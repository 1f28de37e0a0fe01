"""Every act at every stage: done, or refused with the name of the stage and the acts that are possible now."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from law.not_allowed import NotAllowed
from law.workdays import state_council
from services.intake.domain.application.accept import accept, complete
from services.intake.domain.application.correction import (
    CorrectionNotice,
    CorrectionRequestedBefore,
    SuppliedTooLate,
    WindowCorrection,
    correct_on_the_spot,
    lapse,
    request_correction,
    supply_correction,
)
from services.intake.domain.application.decline import Decline, decline
from services.intake.domain.application.facts import DeclineGround
from services.intake.domain.application.receive_material import ArrivedPaper, receive_material
from services.intake.domain.application.stages import (
    AnswerTooLate,
    ApplicationAct,
    CorrectionOverdue,
    NotAtThisStage,
    allow,
    allow_answer,
)
from services.intake.domain.application.state import Application, ApplicationClosing, ApplicationStage
from services.intake.domain.application.withdraw_and_rate import TooLateToWithdraw, rate, withdraw
from services.intake.domain.catalogue.item import CatalogueItem
from tests.unit.intake import hall
from tests.unit.intake.hall import INSTANT, NUMBER, PROMISED, REASON, RECEIVED_ON, day, papers

LAST_DAY, DAY_AFTER = date(2016, 9, 22), date(2016, 9, 23)
LETTER = "440105008不受〔2016〕0001号"
DECLINE = Decline(DeclineGround.NOT_NEEDED, REASON, None, LETTER)
NOTICE = CorrectionNotice("440105008补告〔2016〕0001号", (("M01", REASON), ("M02", REASON)))
PAPER = ArrivedPaper("M01", "12" * 32, 4096, "image/png")


def declined() -> Application:
    return hall.after(hall.whole(), [decline(hall.whole(), DECLINE, RECEIVED_ON, state_council())])


def withdrawn() -> Application:
    return hall.after(hall.whole(), [withdraw(hall.whole(), None, RECEIVED_ON)])


def lapsed() -> Application:
    waiting = hall.demanded("M01", "M02")
    return hall.after(waiting, [lapse(waiting, date(2016, 10, 15), state_council())])


def closed() -> Application:
    return hall.accepted().closed_by(ApplicationClosing(date(2016, 9, 29), "granted", on_time=True, early=False))


STATES: Mapping[ApplicationStage, Callable[[], Application]] = {
    ApplicationStage.UNKNOWN: Application,
    ApplicationStage.SUBMITTED: hall.whole,
    ApplicationStage.CORRECTION: lambda: hall.demanded("M01", "M02"),
    ApplicationStage.ACCEPTED: hall.accepted,
    ApplicationStage.DECLINED: declined,
    ApplicationStage.WITHDRAWN: withdrawn,
    ApplicationStage.LAPSED: lapsed,
    ApplicationStage.CLOSED: closed,
}
NAMES = {
    ApplicationStage.UNKNOWN: "未收件",
    ApplicationStage.SUBMITTED: "已收件",
    ApplicationStage.CORRECTION: "待补正",
    ApplicationStage.ACCEPTED: "已受理",
    ApplicationStage.DECLINED: "不予受理",
    ApplicationStage.WITHDRAWN: "已撤回",
    ApplicationStage.LAPSED: "补正不来办结",
    ApplicationStage.CLOSED: "已办结",
}
ALLOWED = {
    (ApplicationStage.SUBMITTED, ApplicationAct.ACCEPT),
    (ApplicationStage.SUBMITTED, ApplicationAct.DECLINE),
    (ApplicationStage.SUBMITTED, ApplicationAct.CORRECT),
    (ApplicationStage.SUBMITTED, ApplicationAct.REQUEST_CORRECTION),
    (ApplicationStage.SUBMITTED, ApplicationAct.COMPLETE),
    (ApplicationStage.SUBMITTED, ApplicationAct.RECEIVE),
    (ApplicationStage.SUBMITTED, ApplicationAct.WITHDRAW),
    (ApplicationStage.CORRECTION, ApplicationAct.SUPPLY),
    (ApplicationStage.CORRECTION, ApplicationAct.DECLINE),
    (ApplicationStage.CORRECTION, ApplicationAct.RECEIVE),
    (ApplicationStage.CORRECTION, ApplicationAct.WITHDRAW),
    (ApplicationStage.ACCEPTED, ApplicationAct.RECEIVE),
    (ApplicationStage.ACCEPTED, ApplicationAct.WITHDRAW),
    (ApplicationStage.CLOSED, ApplicationAct.RATE),
}
ALL = [(stage, act) for stage in ApplicationStage for act in ApplicationAct]
ANSWERS = {
    ApplicationAct.ACCEPT,
    ApplicationAct.DECLINE,
    ApplicationAct.CORRECT,
    ApplicationAct.REQUEST_CORRECTION,
    ApplicationAct.COMPLETE,
}
"""Answers of the office (行政许可法 32); the other acts are the applicant's."""
WAITING_FOR_AN_ANSWER = sorted({act for stage, act in ALLOWED if stage is ApplicationStage.SUBMITTED})


def done(act: ApplicationAct, state: Application, item: CatalogueItem, on: date = RECEIVED_ON) -> object:
    """The act as the use cases do it."""
    match act:
        case ApplicationAct.ACCEPT:
            return accept(state, item, NUMBER, day(on))
        case ApplicationAct.DECLINE:
            return decline(state, DECLINE, on, state_council())
        case ApplicationAct.CORRECT:
            return correct_on_the_spot(state, WindowCorrection(papers("M02"), REASON), item, hall.day(on))
        case ApplicationAct.REQUEST_CORRECTION:
            return request_correction(state, NOTICE, item, day(on))
        case ApplicationAct.SUPPLY:
            return supply_correction(state, papers("M01"), item, day(on))
        case ApplicationAct.COMPLETE:
            return complete(state, item, NUMBER, day(on))
        case ApplicationAct.RECEIVE:
            return receive_material(state, PAPER, item, on)
        case ApplicationAct.WITHDRAW:
            return withdraw(state, REASON, on)
    return rate(state, 1, None, on)


def item_for(act: ApplicationAct) -> CatalogueItem:
    """The item whose matters know the act."""
    return INSTANT if act is ApplicationAct.COMPLETE else PROMISED


@pytest.mark.parametrize("stage", ApplicationStage)
def test_an_application_can_be_brought_to_each_stage(stage: ApplicationStage) -> None:
    assert STATES[stage]().stage is stage


@pytest.mark.parametrize(("stage", "act"), sorted(ALLOWED), ids=lambda value: value.name)
def test_an_act_that_the_stage_allows_is_done(stage: ApplicationStage, act: ApplicationAct) -> None:
    item = item_for(act)
    state = hall.whole(item) if stage is ApplicationStage.SUBMITTED else STATES[stage]()
    assert done(act, state, item) is not None


@pytest.mark.parametrize(("stage", "act"), sorted(set(ALL) - ALLOWED), ids=lambda value: value.name)
def test_an_act_that_the_stage_does_not_allow_is_refused(stage: ApplicationStage, act: ApplicationAct) -> None:
    before = {NotAtThisStage, CorrectionRequestedBefore, TooLateToWithdraw}
    with pytest.raises(NotAllowed) as refused:
        done(act, STATES[stage](), item_for(act))
    assert type(refused.value) in before


@pytest.mark.parametrize(("stage", "act"), sorted(set(ALL) - ALLOWED), ids=lambda value: value.name)
def test_the_sentence_names_the_stage_the_act_and_what_is_possible(
    stage: ApplicationStage, act: ApplicationAct
) -> None:
    with pytest.raises(NotAtThisStage) as refused:
        allow(STATES[stage](), act)
    possible = [str(other) for other in ApplicationAct if (stage, other) in ALLOWED] or ["无"]
    listed = refused.value.sentence.partition("现在可以：")[2].rstrip("。").split("、")
    assert refused.value.sentence.startswith(f"申请当前为“{NAMES[stage]}”，不能{act}；")
    assert sorted(listed) == sorted(possible)
    assert refused.value.field == "", "no part of the request stands in the way, but the file"


def test_a_corrected_application_gets_no_second_notice_at_whatever_stage() -> None:
    waiting = hall.demanded("M01", "M02")
    supplied = hall.after(waiting, [supply_correction(waiting, papers("M01", "M02"), PROMISED, day())])
    accepted = hall.after(supplied, [accept(supplied, PROMISED, NUMBER, day())])
    for state in (waiting, accepted, lapsed()):
        with pytest.raises(CorrectionRequestedBefore) as refused:
            request_correction(state, NOTICE, PROMISED, day())
        assert refused.value.article == "行政许可法 72"


@pytest.mark.parametrize("act", sorted(ANSWERS), ids=lambda act: act.name)
def test_an_answer_is_given_on_the_last_day_and_not_on_the_day_after(act: ApplicationAct) -> None:
    item = item_for(act)
    done(act, hall.whole(item), item, LAST_DAY)
    with pytest.raises(AnswerTooLate) as refused:
        done(act, hall.whole(item), item, DAY_AFTER)
    sentence = f"五个工作日的答复期限已于2016-09-22届满，申请自收到之日起视为受理，不能再{act}。"
    assert (refused.value.sentence, refused.value.article) == (sentence, "行政许可法 32")


@pytest.mark.parametrize("act", sorted(set(WAITING_FOR_AN_ANSWER) - ANSWERS), ids=lambda act: act.name)
def test_an_act_that_is_no_answer_is_done_after_the_five_days_too(act: ApplicationAct) -> None:
    assert done(act, hall.whole(), PROMISED, DAY_AFTER) is not None


@pytest.mark.parametrize("act", WAITING_FOR_AN_ANSWER, ids=lambda act: act.name)
def test_after_a_correction_each_answer_has_the_five_days_of_the_supply(act: ApplicationAct) -> None:
    item = item_for(act)
    waiting = hall.demanded("M01", "M02", item=item)
    supply = supply_correction(waiting, papers("M01", "M02"), item, day(date(2016, 9, 23), after_hours=True))
    state = hall.after(waiting, [supply])
    assert done(act, state, item, date(2016, 10, 8)) is not None
    if act in ANSWERS:
        with pytest.raises(AnswerTooLate):
            done(act, state, item, date(2016, 10, 9))
    else:
        assert done(act, state, item, date(2016, 10, 9)) is not None


@pytest.mark.parametrize("act", [ApplicationAct.SUPPLY, ApplicationAct.DECLINE], ids=lambda act: act.name)
def test_a_correction_that_is_overdue_is_ended_by_that_alone(act: ApplicationAct) -> None:
    waiting = hall.demanded("M01", "M02")
    assert done(act, waiting, PROMISED, date(2016, 10, 14)) is not None
    with pytest.raises((SuppliedTooLate, CorrectionOverdue)) as refused:
        done(act, waiting, PROMISED, date(2016, 10, 15))
    assert "补正期限已于2016-10-14届满" in refused.value.sentence


def test_an_application_whose_answer_is_not_due_is_never_too_late() -> None:
    state = Application(stage=ApplicationStage.SUBMITTED)
    allow_answer(state, ApplicationAct.ACCEPT, date(2199, 12, 31), state_council())
