"""转报材料: street and district compute one digest over the same package. (行政许可法 35)"""

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.approval.domain.case.facts import CaseMaterial
from services.approval.domain.case.refer import Refer, package_digest, refer
from services.approval.domain.case.state import Case
from tests.support.examples import examples
from tests.unit.approval.matters import FORWARDED, HEAD, leg, reviewed

PAPERS = (CaseMaterial("M02", 2, "ab" * 32), CaseMaterial("M01", 1, ""))
EXPECTED = "\n".join(
    [
        "11440105K316057885444010500100120160301",
        "11440105K3160578854440105001001",
        "3",
        "housing",
        "M01\t1\t",
        "M02\t2\t" + "ab" * 32,
    ]
)


def package(**changed: object) -> Case:
    """A reviewed matter with two papers."""
    case = replace(reviewed(FORWARDED), number="11440105K316057885444010500100120160301", materials=PAPERS)
    return replace(case, **changed)  # type: ignore[arg-type] # fields by name


def test_the_digest_is_that_of_the_lines_of_the_contract() -> None:
    assert package_digest(package()) == hashlib.sha256(EXPECTED.encode()).hexdigest()


def test_a_package_without_papers_has_four_lines() -> None:
    lines = EXPECTED.split("\n")[:4]
    assert package_digest(package(materials=())) == hashlib.sha256("\n".join(lines).encode()).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "other"},
        {"item": replace(FORWARDED, code="other")},
        {"item": replace(FORWARDED, version=4)},
        {"item": replace(FORWARDED, refers_to="public_security")},
        {"materials": PAPERS[:1]},
        {"materials": (replace(PAPERS[0], copies=3), PAPERS[1])},
        {"materials": (replace(PAPERS[0], sha256="cd" * 32), PAPERS[1])},
        {"materials": (replace(PAPERS[0], material_code="M03"), PAPERS[1])},
        {"materials": (*PAPERS, PAPERS[0])},
    ],
    ids=lambda each: next(iter(each)),
)
def test_every_part_of_the_package_counts(changed: dict[str, object]) -> None:
    assert package_digest(package(**changed)) != package_digest(package())


@pytest.mark.parametrize(
    "changed", [{"window": "W9"}, {"claimed_by": "NH900"}, {"item": replace(FORWARDED, name="另一个名称")}]
)
def test_nothing_else_counts(changed: dict[str, object]) -> None:
    assert package_digest(package(**changed)) == package_digest(package())


MATERIALS = st.lists(
    st.builds(
        CaseMaterial,
        st.sampled_from(["M01", "M02", "M10"]),
        st.integers(0, 99),
        st.sampled_from(["", "ab" * 32, "cd" * 32]),
    ),
    max_size=6,
)


@settings(max_examples=examples(100))
@given(papers=MATERIALS, seed=st.randoms())
def test_the_order_of_the_papers_does_not_count(papers: list[CaseMaterial], seed: object) -> None:
    shuffled = list(papers)
    seed.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random
    assert package_digest(package(materials=tuple(shuffled))) == package_digest(package(materials=tuple(papers)))


def test_the_referral_and_both_legs_carry_the_digest() -> None:
    case = reviewed(FORWARDED)
    fact = refer(case, Refer(HEAD, "0f"), date(2016, 3, 8))
    assert fact.package_digest == package_digest(case) == leg().referral.package_digest
