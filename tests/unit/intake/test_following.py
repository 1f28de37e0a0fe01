"""上传, 撤回, 好差评, and the details a desk reads."""

from datetime import date

import pytest

from services.intake.domain.application.facts import MaterialForm
from services.intake.domain.application.papers import UnknownMaterial
from services.intake.domain.application.rate import RatedBefore, rate
from services.intake.domain.application.read_applicant import PassOfAnotherDesk, ReadPass, read_applicant
from services.intake.domain.application.receive_material import ArrivedPaper, DigestDiffers, receive_material
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import Application, ApplicationClosing, ApplicationStage
from services.intake.domain.application.withdraw import withdraw
from tests.unit.intake import hall
from tests.unit.intake.hall import PROMISED, REASON, RECEIVED_ON, paper

DIGEST, OTHER = "12" * 32, "34" * 32
GRANTED = ApplicationClosing(date(2016, 9, 29), "granted", on_time=True, early=False)


def arrival(code: str = "M01", sha256: str = DIGEST) -> ArrivedPaper:
    return ArrivedPaper(code, sha256, 4096, "application/pdf")


def test_a_paper_that_arrives_is_not_missing_any_more() -> None:
    state = hall.after(
        hall.submitted("M02"), [receive_material(hall.submitted("M02"), arrival(), PROMISED, RECEIVED_ON)]
    )
    assert state.missing == ()
    assert state.materials[-1] == paper("M01", MaterialForm.ELECTRONIC, DIGEST)


def test_the_bytes_are_those_of_the_paper_that_was_named() -> None:
    named = Application(stage=ApplicationStage.SUBMITTED, materials=(paper("M01", MaterialForm.ELECTRONIC, DIGEST),))
    receive_material(named, arrival(), PROMISED, RECEIVED_ON)
    with pytest.raises(DigestDiffers):
        receive_material(named, arrival(sha256=OTHER), PROMISED, RECEIVED_ON)


def test_bytes_of_a_demanded_paper_may_come_before_it_is_supplied() -> None:
    receive_material(hall.demanded("M01", "M02"), arrival(sha256=OTHER), PROMISED, RECEIVED_ON)


def test_a_paper_arrives_for_a_running_matter_and_for_the_item_alone() -> None:
    with pytest.raises(NotAtThisStage):
        receive_material(hall.completed(), arrival(), hall.INSTANT, RECEIVED_ON)
    with pytest.raises(UnknownMaterial):
        receive_material(hall.submitted(), arrival("M99"), PROMISED, RECEIVED_ON)


@pytest.mark.parametrize(("state", "known_to_desks"), [(hall.submitted(), False), (hall.accepted(), True)])
def test_the_desks_hear_of_a_withdrawal_only_when_the_matter_lies_with_them(
    state: Application, known_to_desks: bool
) -> None:
    fact = withdraw(state, REASON, RECEIVED_ON)
    assert fact.after_acceptance is known_to_desks
    assert hall.after(state, [fact]).stage is ApplicationStage.WITHDRAWN


@pytest.mark.parametrize("state", [hall.completed(), hall.accepted().closed_by(GRANTED), Application()])
def test_what_is_closed_is_not_withdrawn(state: Application) -> None:
    with pytest.raises(NotAtThisStage):
        withdraw(state, None, RECEIVED_ON)


def test_a_closed_matter_is_rated_once() -> None:
    state = hall.completed()
    fact = rate(state, 1, None, RECEIVED_ON)
    assert (fact.grade, fact.window) == (1, "W1")
    with pytest.raises(RatedBefore):
        rate(hall.after(state, [fact]), 5, None, RECEIVED_ON)


def test_a_matter_that_approval_closed_is_rated_as_well() -> None:
    assert rate(hall.accepted().closed_by(GRANTED), 2, REASON, RECEIVED_ON).remark is REASON


@pytest.mark.parametrize("state", [hall.submitted(), hall.accepted(), hall.accepted().closed_by(None)])
def test_nothing_is_rated_before_it_is_closed(state: Application) -> None:
    with pytest.raises(NotAtThisStage):
        rate(state, 1, None, RECEIVED_ON)


def test_a_withdrawal_at_the_desks_closes_as_a_withdrawal() -> None:
    state = hall.accepted().closed_by(ApplicationClosing(RECEIVED_ON, "withdrawn"))
    assert state.stage is ApplicationStage.WITHDRAWN


def test_a_read_pass_serves_its_bearer_for_its_application() -> None:
    shown = ReadPass("a", "c", "20001")
    assert read_applicant(shown, "a", "20001", RECEIVED_ON).case_id == "c"
    for application, reader in [("b", "20001"), ("a", "20002")]:
        with pytest.raises(PassOfAnotherDesk):
            read_applicant(shown, application, reader, RECEIVED_ON)
