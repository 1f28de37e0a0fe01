"""Papers of an application: those of the list, and those without which it is not accepted. (行政许可法 31, 32)"""

from dataclasses import replace

import pytest

from law.not_allowed import Malformed
from services.intake.domain.application import papers
from services.intake.domain.application.facts import HandedIn, MaterialForm
from services.intake.domain.application.papers import (
    DigestMissing,
    MaterialsMissing,
    MaterialTwice,
    UnknownMaterial,
)
from services.intake.domain.catalogue.item import Material
from tests.unit.intake.hall import PROMISED, paper

ELECTRONIC = MaterialForm.ELECTRONIC
DIGEST = "12" * 32


@pytest.mark.parametrize(
    "given",
    [
        (),
        (paper("M01"),),
        (paper("M04"), paper("M03"), paper("M02"), paper("M01")),
        (paper("M01", MaterialForm.COPY), paper("M02", ELECTRONIC, DIGEST)),
        (paper("M01", MaterialForm.ORIGINAL, DIGEST),),
    ],
)
def test_papers_of_the_list_pass_in_any_order_and_form(given: tuple[HandedIn, ...]) -> None:
    papers.check(given, PROMISED)


@pytest.mark.parametrize(
    ("given", "wrong", "field", "sentence"),
    [
        ((paper("M99"),), UnknownMaterial, "materials[0].material_code", "事项材料清单中没有材料M99。"),
        ((paper("M01"), paper("m01")), UnknownMaterial, "materials[1].material_code", "事项材料清单中没有材料m01。"),
        ((paper("M01"), paper("M02"), paper("M01")), MaterialTwice, "materials[2].material_code", "材料M01重复列出。"),
        ((paper("M01", ELECTRONIC),), DigestMissing, "materials[0].sha256", "电子材料M01缺少SHA-256摘要。"),
        (
            (paper("M01"), paper("M02", ELECTRONIC)),
            DigestMissing,
            "materials[1].sha256",
            "电子材料M02缺少SHA-256摘要。",
        ),
    ],
)
def test_a_paper_that_does_not_pass_is_named_by_its_place(
    given: tuple[HandedIn, ...], wrong: type[Malformed], field: str, sentence: str
) -> None:
    with pytest.raises(wrong) as refused:
        papers.check(given, PROMISED)
    assert (refused.value.field, refused.value.sentence) == (field, sentence)


def test_the_first_paper_that_does_not_pass_is_named() -> None:
    given = [paper("M01"), paper("M02", ELECTRONIC), paper("M01"), paper("M99")]
    with pytest.raises(DigestMissing):
        papers.check(given, PROMISED)


@pytest.mark.parametrize(
    ("required", "deferrable", "missing"),
    [(True, False, ("M01",)), (True, True, ()), (False, False, ()), (False, True, ())],
)
def test_a_paper_is_missing_when_it_is_required_and_cannot_be_deferred(
    required: bool, deferrable: bool, missing: tuple[str, ...]
) -> None:
    item = replace(PROMISED, materials=(Material("M01", "申请表", required=required, deferrable=deferrable),))
    assert papers.missing([], item) == missing
    assert papers.missing([paper("M01")], item) == ()


def test_missing_papers_are_listed_in_the_order_of_the_item() -> None:
    assert papers.missing([paper("M03")], PROMISED) == ("M01", "M02")
    reversed_list = replace(PROMISED, materials=PROMISED.materials[::-1])
    assert papers.missing([], reversed_list) == ("M02", "M01")


def test_a_complete_application_passes() -> None:
    papers.require_complete((), PROMISED)


def test_what_is_missing_is_named_by_code_and_name() -> None:
    with pytest.raises(MaterialsMissing) as refused:
        papers.require_complete(("M01", "M02"), PROMISED)
    assert refused.value.sentence == "材料不齐，缺少：M01 申请表、M02 居民身份证。请一次性告知补正。"
    assert (refused.value.field, refused.value.article) == ("materials", "行政许可法 32")


def test_papers_are_read_out_in_the_order_of_the_item() -> None:
    assert papers.named(("M03", "M01"), PROMISED) == "M01 申请表、M03 居民户口簿"
    assert papers.named((), PROMISED) == ""
