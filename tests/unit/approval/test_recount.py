"""期限重算: the days of an open leg by a later calendar, and the cards that they give no more. (行政许可法 82)"""

from dataclasses import replace
from datetime import date

import pytest

from law.desk import Actor
from law.notices import Holiday, Notice
from law.recount import DateKind, MovedDate, RecountCause
from law.workdays import Calendar, state_council
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.facts import CardIssued, CardLevel, Leg, Outcome
from services.approval.domain.case.open_case import open_street_leg
from services.approval.domain.case.recount import recount
from services.approval.domain.case.state import Case
from services.approval.domain.supervision.cards import issue_cards
from tests.unit.approval.matters import APPLICATION, CALENDAR, HEAD, accepted, after, leg, reviewed

CORRECTED_ON = date(2016, 3, 17)
CAUSE = RecountCause(("国办发明电〔2016〕1号",), "corrected")
_NOTICE = next(notice for notice in CALENDAR.notices if notice.year == 2016)


def corrected(*off: date) -> Calendar:
    """The calendar of 2016 with more days of rest."""
    correction = Notice(2016, "国办发明电〔2016〕1号", (Holiday("", off),), amends=_NOTICE.number)
    return CALENDAR.with_notice(correction, "corrected")


TWO_DAYS_LATER = corrected(date(2016, 3, 14), date(2016, 3, 15))
"""14 and 15 March are ordered as rest: the promise of the 15th ends on the 17th, the law's 29th on the 31st."""


def opened() -> Case:
    """A case whose dates are the acts' own, also that of the warning."""
    return after(None, open_street_leg(None, accepted(), CALENDAR))


def test_both_limits_and_the_lamp_move_with_the_calendar() -> None:
    (fact,) = recount(opened(), TWO_DAYS_LATER, CAUSE, CORRECTED_ON)
    moved = {each.kind: (each.from_on.day, each.to_on.day) for each in fact.moved}
    assert moved[DateKind.PROMISED] == (15, 17)
    assert moved[DateKind.LEGAL] == (29, 31)
    assert moved[DateKind.YELLOW] == (16, 18)
    assert MovedDate(DateKind.RED, date(2016, 3, 30), date(2016, 4, 1)) in fact.moved
    assert moved[DateKind.EARLY] == (15, 17)
    assert (fact.cause, fact.leg, fact.term.calendar_version) == (CAUSE, Leg.STREET, "corrected")
    case = after(opened(), [fact])
    assert case.term == fact.term
    assert recount(case, TWO_DAYS_LATER, CAUSE, CORRECTED_ON) == [], "a second time nothing moves"


def test_a_case_that_the_changed_days_do_not_touch_has_no_fact() -> None:
    assert recount(opened(), corrected(date(2016, 5, 3)), CAUSE, CORRECTED_ON) == []


def test_provisional_days_become_firm_without_a_move() -> None:
    case = opened()
    provisional = replace(case, term=replace(case.term, provisional=True))
    (fact,) = recount(provisional, CALENDAR, CAUSE, CORRECTED_ON)
    assert (fact.moved, fact.was_provisional, fact.term.provisional) == ((), True, False)


def test_a_card_that_the_new_days_do_not_give_is_void_and_comes_again_when_it_is_due() -> None:
    case = opened()
    cards = [CardIssued(date(2016, 3, 16), APPLICATION, level, on) for level, on in case.card_dates()[:2]]
    case = after(case, cards)
    (fact,) = recount(case, TWO_DAYS_LATER, CAUSE, CORRECTED_ON)
    assert fact.void_cards == (CardLevel.YELLOW,), "the warning of the 11th stands, since its new day has come as well"
    case = after(case, [fact])
    assert [card.level for card in issue_cards(case, CORRECTED_ON, state_council())] == []
    assert [card.level for card in issue_cards(case, date(2016, 3, 18), state_council())] == [CardLevel.YELLOW]


def test_the_leg_of_the_district_moves_by_its_own_days() -> None:
    (fact,) = recount(leg(), TWO_DAYS_LATER, CAUSE, CORRECTED_ON)
    assert fact.leg is Leg.DISTRICT and fact.moved


@pytest.mark.parametrize("actor", [HEAD])
def test_a_closed_case_never_moves(actor: Actor) -> None:
    case = reviewed()
    closed = after(case, [decide(case, Decide(actor, Outcome.GRANTED, "", "决1号"), date(2016, 3, 10))])
    assert recount(closed, TWO_DAYS_LATER, CAUSE, CORRECTED_ON) == []
    assert recount(None, TWO_DAYS_LATER, CAUSE, CORRECTED_ON) == []


def test_the_opening_stays_as_it_was() -> None:
    (fact,) = open_street_leg(None, accepted(), CALENDAR)
    assert fact.term.promised_due_on == date(2016, 3, 15)
