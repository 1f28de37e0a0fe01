"""撤回: the applicant stops the matter, at any point before it is closed."""

from dataclasses import replace
from datetime import date

import pytest

from services.intake.domain.application.facts import VaultText
from services.intake.domain.application.stages import ApplicationAct, NotAtThisStage, allow
from services.intake.domain.application.state import (
    Application,
    ApplicationClosing,
    ApplicationStage,
    WithdrawalState,
    withdrawal_state,
)
from services.intake.domain.application.withdraw_and_rate import TooLateToWithdraw, withdraw
from tests.unit.intake import hall
from tests.unit.intake.hall import REASON, RECEIVED_ON

GRANTED = ApplicationClosing(date(2016, 9, 29), "granted", on_time=True, early=False)


@pytest.mark.parametrize(
    ("state", "after_acceptance"),
    [(hall.submitted(), False), (hall.whole(), False), (hall.demanded("M01", "M02"), False), (hall.accepted(), True)],
)
def test_approval_receives_the_withdrawal_of_an_accepted_matter_alone(
    state: Application, after_acceptance: bool
) -> None:
    fact = withdraw(state, REASON, RECEIVED_ON)
    assert fact.after_acceptance is after_acceptance
    assert hall.after(state, [fact]).stage is ApplicationStage.WITHDRAWN


@pytest.mark.parametrize("reason", [REASON, None])
def test_a_reason_may_be_given_and_need_not(reason: VaultText | None) -> None:
    assert withdraw(hall.submitted(), reason, RECEIVED_ON).reason is reason


def test_the_matter_ends_on_the_day_of_the_withdrawal() -> None:
    on = date(2016, 9, 20)
    state = hall.after(hall.accepted(), [withdraw(hall.accepted(), None, on)])
    assert state.closing == ApplicationClosing(on, "withdrawn")
    assert state.answer_due_on is None


REFERRED = ApplicationClosing(date(2016, 9, 29), "referred", on_time=True)


@pytest.mark.parametrize("decision", ["granted", "refused"])
@pytest.mark.parametrize("by_district", [False, True])
def test_a_decided_matter_is_not_withdrawn_whoever_decided_it(decision: str, by_district: bool) -> None:
    closing = replace(REFERRED, district_outcome=decision, district_decided_on=date(2016, 10, 9))
    state = hall.accepted().closed_by(closing if by_district else ApplicationClosing(date(2016, 10, 9), decision))
    with pytest.raises(TooLateToWithdraw) as refused:
        withdraw(state, None, RECEIVED_ON)
    assert refused.value.sentence == "该件已于2016-10-09作出决定，不能再撤回。"


def test_a_matter_that_is_at_the_district_is_withdrawn_once() -> None:
    state = hall.accepted().closed_by(REFERRED)
    fact = withdraw(state, None, RECEIVED_ON)
    assert fact.after_acceptance
    with pytest.raises(NotAtThisStage):
        withdraw(hall.after(hall.accepted(), [fact]).closed_by(REFERRED), None, RECEIVED_ON)
    with pytest.raises(NotAtThisStage) as refused:
        allow(state, ApplicationAct.ACCEPT)
    assert refused.value.sentence == "申请当前为“已办结”，不能受理；现在可以：评价、撤回。"


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (None, WithdrawalState.PENDING),
        (REFERRED, WithdrawalState.PENDING),
        (GRANTED, WithdrawalState.TOO_LATE),
        (replace(REFERRED, district_outcome="granted"), WithdrawalState.TOO_LATE),
        (ApplicationClosing(RECEIVED_ON, "withdrawn"), WithdrawalState.EFFECTIVE),
        (ApplicationClosing(RECEIVED_ON, "withdrawn", district_outcome="granted"), WithdrawalState.EFFECTIVE),
    ],
)
def test_approval_has_the_last_word_on_the_withdrawal_of_an_accepted_matter(
    closing: ApplicationClosing | None, expected: WithdrawalState
) -> None:
    state = hall.after(hall.accepted(), [withdraw(hall.accepted(), None, RECEIVED_ON)])
    assert withdrawal_state(state, closing) is expected
    assert withdrawal_state(hall.accepted(), closing) is None


def test_a_withdrawal_before_acceptance_is_effective_at_once() -> None:
    state = hall.after(hall.submitted(), [withdraw(hall.submitted(), None, RECEIVED_ON)])
    assert withdrawal_state(state, None) is WithdrawalState.EFFECTIVE


@pytest.mark.parametrize("state", [hall.completed(), Application()])
def test_a_closed_matter_is_not_withdrawn(state: Application) -> None:
    with pytest.raises(NotAtThisStage) as refused:
        withdraw(state, None, RECEIVED_ON)
    assert "不能撤回" in refused.value.sentence


def test_a_matter_is_withdrawn_once() -> None:
    state = hall.after(hall.submitted(), [withdraw(hall.submitted(), None, RECEIVED_ON)])
    with pytest.raises(NotAtThisStage):
        withdraw(state, None, RECEIVED_ON)


def test_a_withdrawal_at_the_desks_closes_as_a_withdrawal() -> None:
    state = hall.accepted().closed_by(ApplicationClosing(RECEIVED_ON, "withdrawn"))
    assert state.stage is ApplicationStage.WITHDRAWN
    with pytest.raises(NotAtThisStage):
        withdraw(state, None, RECEIVED_ON)
