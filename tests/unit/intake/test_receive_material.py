"""上传: the bytes of an electronic paper arrive. (行政许可法 29)"""

from dataclasses import replace

import pytest

from services.intake.domain.application.facts import HandedIn, MaterialForm, MaterialUploaded
from services.intake.domain.application.papers import UnknownMaterial
from services.intake.domain.application.receive_material import ArrivedPaper, DigestDiffers, receive_material
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import Application, ApplicationStage
from tests.unit.intake import hall
from tests.unit.intake.hall import PROMISED, RECEIVED_ON, paper

DIGEST, OTHER = "12" * 32, "34" * 32


def arrived(code: str = "M01", sha256: str = DIGEST) -> ArrivedPaper:
    return ArrivedPaper(code, sha256, 4096, "application/pdf")


def with_papers(*on_file: HandedIn) -> Application:
    return Application(stage=ApplicationStage.SUBMITTED, materials=on_file)


def test_the_fact_has_size_and_media_type_and_the_paper_in_electronic_form() -> None:
    fact = receive_material(hall.submitted(), arrived(), PROMISED, RECEIVED_ON)
    expected = HandedIn("M01", MaterialForm.ELECTRONIC, 1, DIGEST)
    assert fact == MaterialUploaded(RECEIVED_ON, expected, 4096, "application/pdf")


def test_a_paper_that_arrives_is_not_missing_any_more() -> None:
    before = hall.submitted("M02")
    state = hall.after(before, [receive_material(before, arrived(), PROMISED, RECEIVED_ON)])
    assert state.missing == ()
    assert state.materials[-1] == paper("M01", MaterialForm.ELECTRONIC, DIGEST)


def test_the_bytes_are_those_of_the_paper_that_was_named() -> None:
    named = with_papers(paper("M01", MaterialForm.ELECTRONIC, DIGEST))
    receive_material(named, arrived(), PROMISED, RECEIVED_ON)
    with pytest.raises(DigestDiffers) as refused:
        receive_material(named, arrived(sha256=OTHER), PROMISED, RECEIVED_ON)
    assert (refused.value.field, "M01" in refused.value.sentence) == ("sha256", True)


def test_the_digest_of_another_paper_is_no_obstacle() -> None:
    named = with_papers(paper("M02", MaterialForm.ELECTRONIC, OTHER))
    assert receive_material(named, arrived(), PROMISED, RECEIVED_ON).material.sha256 == DIGEST


def test_an_original_on_file_names_no_digest() -> None:
    assert receive_material(with_papers(paper("M01")), arrived(), PROMISED, RECEIVED_ON).material.sha256 == DIGEST


def test_bytes_of_a_demanded_paper_may_come_before_it_is_supplied() -> None:
    fact = receive_material(hall.demanded("M01", "M02"), arrived(sha256=OTHER), PROMISED, RECEIVED_ON)
    assert fact.material.sha256 == OTHER


def test_a_demanded_paper_may_differ_from_the_one_that_was_defective() -> None:
    defective = replace(hall.demanded("M01", "M02"), materials=(paper("M01", MaterialForm.ELECTRONIC, DIGEST),))
    fact = receive_material(defective, arrived(sha256=OTHER), PROMISED, RECEIVED_ON)
    assert fact.material.sha256 == OTHER
    supplied = replace(defective, still_missing=("M02",))
    with pytest.raises(DigestDiffers):
        receive_material(supplied, arrived(sha256=OTHER), PROMISED, RECEIVED_ON)


def test_a_paper_outside_the_list_of_the_item_is_refused() -> None:
    with pytest.raises(UnknownMaterial) as refused:
        receive_material(hall.submitted(), arrived("M99"), PROMISED, RECEIVED_ON)
    assert refused.value.field == "material_code"


@pytest.mark.parametrize("state", [hall.submitted(), hall.demanded("M01", "M02"), hall.accepted()])
def test_a_paper_arrives_for_a_running_matter(state: Application) -> None:
    assert receive_material(state, arrived(), PROMISED, RECEIVED_ON).occurred_on == RECEIVED_ON


@pytest.mark.parametrize("state", [hall.completed(), Application()])
def test_a_paper_arrives_for_no_other(state: Application) -> None:
    with pytest.raises(NotAtThisStage):
        receive_material(state, arrived(), hall.INSTANT, RECEIVED_ON)
