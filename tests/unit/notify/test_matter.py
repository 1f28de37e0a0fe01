"""A matter as far as it is known: reports and catalogue joined in any order."""

from datetime import date
from itertools import permutations

import pytest

from services.notify.domain.matter import UNKNOWN_MATTER, KnownMatter, joined, joined_with_item, messages_wanted
from services.notify.domain.stage_reports import DecisionStage, PublishedItem, Stage
from tests.unit.notify.reports import (
    CORRECTION,
    DECIDED,
    DECLINED,
    EXTENDED,
    ITEM,
    NUMBER,
    PAUSED,
    REFERRED,
    SUBMITTED,
    WITHDRAWN,
    acceptance,
    published,
)


def test_a_submission_names_the_item() -> None:
    assert joined(UNKNOWN_MATTER, SUBMITTED) == KnownMatter(item_code=ITEM, item_version=1)


def test_an_acceptance_names_item_number_and_applicant() -> None:
    matter = joined(UNKNOWN_MATTER, acceptance(item_version=3, sensitive=True))
    assert (matter.item_code, matter.item_version, matter.item_name) == (ITEM, 3, "居住证核发")
    assert (matter.number, matter.applicant_index, matter.sensitive, matter.sms) == (NUMBER, "aa", True, True)


def test_an_acceptance_replaces_the_item_of_the_submission() -> None:
    matter = joined(joined(UNKNOWN_MATTER, SUBMITTED), acceptance(item_version=2))
    assert matter.item_version == 2


def test_a_decision_gives_outcome_and_day() -> None:
    matter = joined(UNKNOWN_MATTER, DECIDED)
    assert (matter.outcome, matter.decided_on) == ("granted", date(2016, 3, 1))


def test_the_first_decision_stays() -> None:
    matter = joined(joined(UNKNOWN_MATTER, DECIDED), DecisionStage("refused", date(2016, 3, 2)))
    assert (matter.outcome, matter.decided_on) == ("granted", date(2016, 3, 1))


def test_a_withdrawal_stays() -> None:
    matter = joined(joined(UNKNOWN_MATTER, WITHDRAWN), acceptance())
    assert matter.withdrawn and matter.number == NUMBER


@pytest.mark.parametrize("stage", [CORRECTION, DECLINED, REFERRED, PAUSED, EXTENDED])
def test_other_stages_change_nothing_of_the_matter(stage: Stage) -> None:
    matter = joined(UNKNOWN_MATTER, acceptance())
    assert joined(matter, stage) == matter


def test_reports_of_different_streams_join_in_any_order() -> None:
    ends, every = set(), list[Stage]([acceptance(), DECIDED, WITHDRAWN])
    for stages in permutations(every):
        matter = UNKNOWN_MATTER
        for stage in stages:
            matter = joined(matter, stage)
        ends.add(matter)
    assert len(ends) == 1


def test_the_published_item_completes_a_matter_before_acceptance() -> None:
    matter = joined_with_item(joined(UNKNOWN_MATTER, SUBMITTED), published(sensitive=True))
    assert (matter.item_name, matter.sensitive, matter.sms) == ("居住证核发", True, True)


@pytest.mark.parametrize(
    "item", [None, published(version=2), published(code="another")], ids=["none", "another version", "another item"]
)
def test_only_the_version_of_the_submission_counts(item: PublishedItem | None) -> None:
    matter = joined(UNKNOWN_MATTER, SUBMITTED)
    assert joined_with_item(matter, item) == matter


def test_an_item_that_is_known_already_is_not_read_from_the_catalogue() -> None:
    matter = joined(UNKNOWN_MATTER, acceptance(item_name="原名"))
    assert joined_with_item(matter, published(name="新名")) == matter


@pytest.mark.parametrize(
    ("sms", "instant", "wanted"),
    [(True, False, True), (True, True, False), (False, False, False), (False, True, False)],
)
def test_messages_are_wanted_for_items_that_have_them_and_are_not_instant(
    sms: bool, instant: bool, wanted: bool
) -> None:
    assert messages_wanted(published(sms=sms, instant=instant)) is wanted
    assert messages_wanted(acceptance(sms=sms, instant=instant)) is wanted
    assert joined(UNKNOWN_MATTER, acceptance(sms=sms, instant=instant)).sms is wanted
