"""视为受理: five days without an answer. (行政许可法 32(4))"""

from collections.abc import Callable
from datetime import date

import pytest

from services.intake.domain.application.accept import AnswerNotOverdue, accept, complete, deem
from services.intake.domain.application.correction import CorrectionNotice, request_correction, supply_correction
from services.intake.domain.application.decline import Decline, decline
from services.intake.domain.application.facts import AcceptanceGround, DeclineGround
from services.intake.domain.application.stages import AnswerTooLate
from services.intake.domain.application.state import Application
from tests.unit.intake import hall
from tests.unit.intake.hall import INSTANT, NUMBER, PROMISED, REASON, RECEIVED_ON, day, papers

LAST_DAY, DAY_AFTER = date(2016, 9, 22), date(2016, 9, 23)


def test_it_takes_effect_on_the_day_of_receipt_so_that_days_are_used_already() -> None:
    acceptance = deem(hall.submitted(), PROMISED, NUMBER, day(DAY_AFTER))
    assert (acceptance.ground, acceptance.occurred_on) == (AcceptanceGround.DEEMED, DAY_AFTER)
    assert (acceptance.accepted_on, acceptance.received_on) == (RECEIVED_ON, RECEIVED_ON)
    assert acceptance.promised_due_on == date(2016, 9, 29)


@pytest.mark.parametrize(
    ("state", "on"),
    [
        (hall.submitted(), LAST_DAY),
        (hall.accepted(), DAY_AFTER),
        (hall.demanded("M01", "M02"), DAY_AFTER),
        (Application(), DAY_AFTER),
    ],
)
def test_nothing_is_deemed_while_the_office_may_answer_or_has_answered(state: Application, on: date) -> None:
    with pytest.raises(AnswerNotOverdue):
        deem(state, PROMISED, NUMBER, day(on))


def test_after_a_correction_it_takes_effect_on_the_day_all_was_supplied() -> None:
    supplied_on = date(2016, 9, 20)
    state = hall.demanded("M01", "M02")
    state = hall.after(state, [supply_correction(state, papers("M01", "M02"), PROMISED, day(supplied_on))])
    assert state.answer_due_on == date(2016, 9, 27)
    acceptance = deem(state, PROMISED, NUMBER, day(date(2016, 9, 28)))
    assert (acceptance.accepted_on, acceptance.ground) == (supplied_on, AcceptanceGround.DEEMED)


def test_an_instant_item_without_a_route_gets_a_desk_that_decides() -> None:
    item = deem(hall.submitted(item=INSTANT), INSTANT, NUMBER, day(DAY_AFTER)).item
    assert [step.code for step in item.route] == ["S1"]
    assert (item.promised_limit.days, item.legal_limit.days, item.legal_limit.article) == (1, 20, "行政许可法 42")


def test_what_the_law_has_accepted_is_not_answered_otherwise_though_the_sweep_is_late() -> None:
    notice = CorrectionNotice("440105008补告〔2016〕0001号", (("M01", REASON), ("M02", REASON)))
    declining = Decline(DeclineGround.NOT_NEEDED, REASON, None, "440105008不受〔2016〕0001号")
    answers: list[Callable[[date], object]] = [
        lambda on: accept(hall.whole(), PROMISED, NUMBER, day(on)),
        lambda on: complete(hall.whole(item=INSTANT), INSTANT, NUMBER, day(on)),
        lambda on: request_correction(hall.submitted(), notice, PROMISED, day(on)),
        lambda on: decline(hall.submitted(), declining, on),
    ]
    for answer in answers:
        answer(LAST_DAY)
        with pytest.raises(AnswerTooLate):
            answer(DAY_AFTER)
