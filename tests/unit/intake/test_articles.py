"""A refusal names the article that its own description rests on, for the clerk. (行政许可法 30, 31, 32, 34, 72)"""

import pytest

from law.not_allowed import NotAllowed
from services.intake.domain import complete, decline, offering, papers, request_correction, supply

REFUSALS = [
    (offering.NotYetEffective, "30"),
    (offering.NoLongerEffective, "30"),
    (offering.ItemNotActive, "30"),
    (offering.OutOfSeason, "30"),
    (offering.WrongAcceptPoint, "30"),
    (papers.UnknownMaterial, "31"),
    (papers.MaterialsMissing, "32"),
    (request_correction.NoticeIncomplete, "32"),
    (request_correction.CorrectionRequestedBefore, "72"),
    (supply.NotInNotice, "32"),
    (decline.ProperOrganNeeded, "32"),
    (decline.ProperOrganOutOfPlace, "32"),
    (complete.NotInstant, "34"),
]


@pytest.mark.parametrize(("refusal", "article"), REFUSALS)
def test_a_refusal_by_statute_names_its_article(refusal: type[NotAllowed], article: str) -> None:
    assert refusal.article == f"行政许可法 {article}"
