"""撤回: the applicant stops the matter, at any point before it is closed."""

from datetime import date

import pytest

from services.intake.domain.application.facts import VaultText
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import Application, ApplicationClosing, ApplicationStage
from services.intake.domain.application.withdraw_and_rate import withdraw
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


@pytest.mark.parametrize("state", [hall.completed(), hall.accepted().closed_by(GRANTED), Application()])
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
