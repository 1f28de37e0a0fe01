"""预警, 黄牌, 红牌: issued on the day they fall due, once per case and level."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from law.notices import Notice, statutory_days
from law.workdays import state_council
from services.approval.domain.case.due_dates import first_term
from services.approval.domain.case.facts import CardIssued, CardLevel
from services.approval.domain.case.steps import claim
from services.approval.domain.case.withdraw import withdraw
from services.approval.domain.supervision.cards import issue_cards, with_due_cards
from tests.unit.approval.matters import REVIEWER, after, leg, opened, referred

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
    assert [card.level for card in issue_cards(opened(), on, state_council())] == levels


def test_a_card_says_which_date_made_it_due() -> None:
    assert [card.due_on for card in issue_cards(opened(), RED_ON, state_council())] == [WARN_ON, YELLOW_ON, RED_ON]


def test_a_level_is_issued_once() -> None:
    case = after(opened(), issue_cards(opened(), YELLOW_ON, state_council()))
    assert issue_cards(case, YELLOW_ON, state_council()) == []
    assert [card.level for card in issue_cards(case, RED_ON, state_council())] == [CardLevel.RED]


def test_the_next_card_is_the_first_that_is_not_issued() -> None:
    case = after(opened(), issue_cards(opened(), WARN_ON, state_council()))
    assert (opened().next_card, case.next_card) == (WARN_ON, YELLOW_ON)


def test_what_is_closed_gets_no_card() -> None:
    assert issue_cards(after(opened(), withdraw(opened(), WARN_ON)), RED_ON, state_council()) == []
    assert issue_cards(referred(), RED_ON, state_council()) == []
    assert referred().next_card is None


def test_a_leg_at_the_district_gets_its_cards_like_any_other() -> None:
    assert [card.level for card in issue_cards(leg(), date(2016, 4, 7), state_council())] == list(CardLevel)


def test_a_card_by_a_provisional_date_waits_until_no_notice_can_move_it() -> None:
    calendar = state_council()
    term = first_term(date(2026, 12, 21), opened().term.promised_limit, opened().term.legal_limit, calendar)
    latest = first_term(date(2026, 12, 21), term.promised_limit, term.legal_limit, calendar.widest)
    case = replace(opened(), term=term)
    assert term.provisional
    assert term.yellow_on < latest.yellow_on
    assert CardLevel.YELLOW not in {card.level for card in issue_cards(case, term.yellow_on, calendar)}
    before = latest.yellow_on - timedelta(days=1)
    assert CardLevel.YELLOW not in {card.level for card in issue_cards(case, before, calendar)}
    yellow = next(card for card in issue_cards(case, latest.yellow_on, calendar) if card.level is CardLevel.YELLOW)
    assert yellow.due_on == term.yellow_on
    notice = Notice.read_back(2027, "国办发明电〔2026〕9号", statutory_days(2027), ())
    published = calendar.with_notice(notice, "x")
    assert CardLevel.YELLOW in {card.level for card in issue_cards(case, term.yellow_on, published)}


@pytest.mark.parametrize(
    ("on", "levels"),
    [
        (date(2016, 3, 10), []),
        (WARN_ON, [CardLevel.WARNING]),
        (YELLOW_ON, [CardLevel.WARNING, CardLevel.YELLOW]),
        (RED_ON, list(CardLevel)),
    ],
)
def test_a_case_that_closes_before_the_sweep_of_the_morning_has_the_cards_of_that_day(
    on: date, levels: list[CardLevel]
) -> None:
    end = withdraw(opened(), on)
    facts = with_due_cards(opened(), end)
    assert [fact.level for fact in facts if isinstance(fact, CardIssued)] == levels
    assert list(facts[len(levels) :]) == end, "the cards stand before the end"
    swept_first = issue_cards(opened(), on, state_council())
    assert [*swept_first, *with_due_cards(after(opened(), swept_first), end)] == list(facts), "whichever came first"


def test_what_does_not_end_the_work_of_the_desk_brings_no_card() -> None:
    taken = claim(opened(), REVIEWER, RED_ON)
    assert with_due_cards(opened(), [taken]) == [taken]


def test_a_closing_by_provisional_dates_brings_no_card() -> None:
    case = replace(opened(), term=replace(opened().term, provisional=True))
    assert with_due_cards(case, withdraw(case, RED_ON)) == withdraw(case, RED_ON)
