"""A refusal names the article that its own description rests on, for the clerk. (行政许可法 30, 31, 32, 34, 72)"""

import pytest

from law.not_allowed import NotAllowed
from services.intake.domain.application import accept, correction, decline, papers
from services.intake.domain.catalogue import offer

REFUSALS = [
    (offer.NotYetEffective, "30"),
    (offer.NoLongerEffective, "30"),
    (offer.ItemNotActive, "30"),
    (offer.OutOfSeason, "30"),
    (offer.WrongAcceptPoint, "30"),
    (papers.UnknownMaterial, "31"),
    (papers.MaterialsMissing, "32"),
    (correction.NoticeIncomplete, "32"),
    (correction.CorrectionRequestedBefore, "72"),
    (correction.NotInNotice, "32"),
    (decline.ProperOrganNeeded, "32"),
    (decline.ProperOrganOutOfPlace, "32"),
    (accept.NotInstant, "34"),
]


@pytest.mark.parametrize(("refusal", "article"), REFUSALS)
def test_a_refusal_by_statute_names_its_article(refusal: type[NotAllowed], article: str) -> None:
    assert refusal.article == f"行政许可法 {article}"
