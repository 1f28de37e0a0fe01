"""不予受理 and 不受理. (行政许可法 32(1), 32(2))"""

import pytest

from services.intake.domain.application.decline import Decline, ProperOrganNeeded, ProperOrganOutOfPlace, decline
from services.intake.domain.application.facts import DeclineGround, VaultText
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import ApplicationStage
from tests.unit.intake import hall
from tests.unit.intake.hall import REASON, RECEIVED_ON

ORGAN = VaultText("decline.proper_organ", "0f" * 32)


def command(ground: DeclineGround, organ: VaultText | None = None) -> Decline:
    return Decline(ground, REASON, organ, "440105008不受〔2016〕0001号")


def test_what_is_not_ours_is_declined_with_the_proper_organ() -> None:
    fact = decline(hall.submitted(), command(DeclineGround.NOT_OURS, ORGAN), RECEIVED_ON)
    state = hall.after(hall.submitted(), [fact])
    assert state.stage is ApplicationStage.DECLINED
    assert state.declined is fact
    assert fact.proper_organ == ORGAN


def test_what_needs_no_licence_is_declined_without_an_organ() -> None:
    decline(hall.submitted(), command(DeclineGround.NOT_NEEDED), RECEIVED_ON)
    with pytest.raises(ProperOrganOutOfPlace):
        decline(hall.submitted(), command(DeclineGround.NOT_NEEDED, ORGAN), RECEIVED_ON)


def test_the_proper_organ_is_named() -> None:
    with pytest.raises(ProperOrganNeeded):
        decline(hall.submitted(), command(DeclineGround.NOT_OURS), RECEIVED_ON)


def test_an_accepted_matter_is_not_declined() -> None:
    with pytest.raises(NotAtThisStage):
        decline(hall.accepted(), command(DeclineGround.NOT_NEEDED), RECEIVED_ON)
