"""预警, 黄牌, 红牌: issued on the day they fall due, once per case and level."""

from datetime import date

import pytest

from services.approval.domain.case.facts import CardLevel
from services.approval.domain.case.supervision import issue_cards
from services.approval.domain.case.withdraw import withdraw
from tests.unit.approval.matters import after, leg, opened, referred

WARN_ON, YELLOW_ON, RED_ON = date(2016, 3, 11), date(2016, 3, 16), date(2016, 3, 30)


@pytest.mark.parametrize(
    ("on", "levels"),
    [
        (date(2016, 3, 10), []),
        (WARN_ON, [CardLevel.WARNING]),
        (YELLOW_ON, [CardLevel.WARNING, CardLevel.YELLOW]),
        (RED_ON, [CardLevel.WARNING, CardLevel.YELLOW, CardLevel.RED]),
    ],
)
def test_every_level_that_is_due_is_issued_mildest_first(on: date, levels: list[CardLevel]) -> None:
    assert [card.level for card in issue_cards(opened(), on)] == levels


def test_a_card_says_which_date_made_it_due() -> None:
    assert [card.due_on for card in issue_cards(opened(), RED_ON)] == [WARN_ON, YELLOW_ON, RED_ON]


def test_a_level_is_issued_once() -> None:
    case = after(opened(), issue_cards(opened(), YELLOW_ON))
    assert issue_cards(case, YELLOW_ON) == []
    assert [card.level for card in issue_cards(case, RED_ON)] == [CardLevel.RED]


def test_the_next_card_is_the_first_that_is_not_issued() -> None:
    case = after(opened(), issue_cards(opened(), WARN_ON))
    assert (opened().next_card, case.next_card) == (WARN_ON, YELLOW_ON)


def test_what_is_closed_gets_no_card() -> None:
    assert issue_cards(after(opened(), withdraw(opened(), WARN_ON)), RED_ON) == []
    assert issue_cards(referred(), RED_ON) == []
    assert referred().next_card is None


def test_a_leg_at_the_district_gets_its_cards_like_any_other() -> None:
    assert [card.level for card in issue_cards(leg(), date(2016, 4, 7))] == list(CardLevel)
