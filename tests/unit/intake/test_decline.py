"""不予受理 and 不受理. (行政许可法 32(1), 32(2))"""

from datetime import date

import pytest

from law.not_allowed import Malformed
from law.workdays import state_council
from services.intake.domain.application.correction import CorrectionNotOverdue, lapse
from services.intake.domain.application.decline import Decline, ProperOrganNeeded, ProperOrganOutOfPlace, decline
from services.intake.domain.application.facts import ApplicationDeclined, DeclineGround, VaultText
from services.intake.domain.application.stages import AnswerTooLate, NotAtThisStage
from services.intake.domain.application.state import Application, ApplicationClosing, ApplicationStage
from tests.unit.intake import hall
from tests.unit.intake.hall import REASON, RECEIVED_ON

ORGAN = VaultText("decline.proper_organ", "0f" * 32)
LETTER = "440105008不受〔2016〕0001号"


def command(ground: DeclineGround, organ: VaultText | None = None) -> Decline:
    return Decline(ground, REASON, organ, LETTER)


def test_a_matter_of_another_organ_is_declined_with_that_organ() -> None:
    fact = decline(hall.submitted(), command(DeclineGround.NOT_OURS, ORGAN), RECEIVED_ON, state_council())
    assert fact == ApplicationDeclined(RECEIVED_ON, DeclineGround.NOT_OURS, REASON, ORGAN, LETTER)
    state = hall.after(hall.submitted(), [fact])
    assert (state.stage, state.declined) == (ApplicationStage.DECLINED, fact)
    assert state.closing == ApplicationClosing(RECEIVED_ON, "declined")


def test_a_matter_that_needs_no_licence_is_declined_without_an_organ() -> None:
    fact = decline(hall.submitted(), command(DeclineGround.NOT_NEEDED), RECEIVED_ON, state_council())
    assert (fact.ground, fact.proper_organ) == (DeclineGround.NOT_NEEDED, None)


@pytest.mark.parametrize(
    ("ground", "organ", "wrong"),
    [
        (DeclineGround.NOT_OURS, None, ProperOrganNeeded),
        (DeclineGround.NOT_NEEDED, ORGAN, ProperOrganOutOfPlace),
    ],
)
def test_the_organ_is_named_exactly_where_the_law_asks_for_it(
    ground: DeclineGround, organ: VaultText | None, wrong: type[Malformed]
) -> None:
    with pytest.raises(wrong) as refused:
        decline(hall.submitted(), command(ground, organ), RECEIVED_ON, state_council())
    assert (refused.value.field, refused.value.article) == ("proper_organ", "行政许可法 32")


@pytest.mark.parametrize("state", [hall.submitted(), hall.submitted("M01"), hall.whole()])
def test_an_incomplete_application_is_declined_like_a_complete_one(state: Application) -> None:
    assert decline(state, command(DeclineGround.NOT_NEEDED), RECEIVED_ON, state_council()).letter_number == LETTER


@pytest.mark.parametrize("ground", DeclineGround)
def test_a_matter_is_declined_while_its_correction_is_awaited(ground: DeclineGround) -> None:
    waiting, organ = hall.demanded("M01", "M02"), ORGAN if ground is DeclineGround.NOT_OURS else None
    fact = decline(waiting, command(ground, organ), date(2016, 9, 30), state_council())
    state = hall.after(waiting, [fact])
    assert (state.stage, state.closing) == (
        ApplicationStage.DECLINED,
        ApplicationClosing(date(2016, 9, 30), "declined"),
    )
    with pytest.raises(CorrectionNotOverdue):
        lapse(state, date(2016, 12, 1), state_council())
    with pytest.raises(ProperOrganNeeded):
        decline(waiting, command(DeclineGround.NOT_OURS), date(2016, 9, 30), state_council())


@pytest.mark.parametrize("state", [Application(), hall.accepted(), hall.completed()])
def test_a_matter_that_awaits_no_answer_is_not_declined(state: Application) -> None:
    with pytest.raises(NotAtThisStage):
        decline(state, command(DeclineGround.NOT_NEEDED), RECEIVED_ON, state_council())


def test_a_matter_is_declined_once() -> None:
    state = hall.after(
        hall.whole(), [decline(hall.whole(), command(DeclineGround.NOT_NEEDED), RECEIVED_ON, state_council())]
    )
    with pytest.raises(NotAtThisStage):
        decline(state, command(DeclineGround.NOT_NEEDED), RECEIVED_ON, state_council())


def test_the_stage_is_checked_before_the_organ_and_the_term_as_well() -> None:
    with pytest.raises(NotAtThisStage):
        decline(hall.accepted(), command(DeclineGround.NOT_OURS), RECEIVED_ON, state_council())
    with pytest.raises(AnswerTooLate):
        decline(hall.submitted(), command(DeclineGround.NOT_OURS), date(2016, 9, 23), state_council())
