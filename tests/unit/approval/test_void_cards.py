"""Cards that an act which is reported late shows were never due: its fact names them, and they come again when due.

Accepted on Tuesday 1 March 2016; ten working days end on the 15th, so that yellow is the 16th, with the warning of the
11th; twenty in law end on the 29th, so that red is the 30th.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import CardIssued, CardLevel, CaseWithdrawn, Outcome, SpecialProcedure
from services.approval.domain.case.item import AcceptedItem, Limit, LimitUnit, PartLimits
from services.approval.domain.case.open_case import open_district_leg
from services.approval.domain.case.pause import PauseTerm, pause
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case
from services.approval.domain.case.withdraw import withdraw
from services.approval.domain.supervision.cards import issue_cards
from services.approval.handoff.domain.acknowledge import Acknowledgement, acknowledge
from services.approval.handoff.domain.district_clock import (
    ExtensionReport,
    PauseReport,
    clock_on_street_leg,
    district_extend,
    district_pause,
    district_resume,
)
from services.approval.handoff.domain.district_decide import DecisionReport, district_decide
from services.approval.handoff.domain.return_case import ReturnReport, return_case
from tests.unit.approval.matters import (
    APPLICATION,
    CALENDAR,
    FORWARDED,
    HEAD,
    RESIDENCE,
    STREET,
    after,
    opened,
    reviewed,
)

WARNING, YELLOW, RED = CardLevel
DAYS = {WARNING: date(2016, 3, 11), YELLOW: date(2016, 3, 16), RED: date(2016, 3, 30)}


def march(day: int) -> date:
    """A day of March 2016."""
    return date(2016, 3, day)


def with_cards(case: Case, until: int) -> Case:
    """The case with the cards that the sweeps of so many days of March issue."""
    for day in range(1, until + 1):
        case = after(case, issue_cards(case, march(day), CALENDAR))
    return case


def at_district(item: AcceptedItem = RESIDENCE) -> Case:
    """The district's leg, referred on the 4th."""
    referral = refer(reviewed(item), Refer(HEAD, "0f"), march(4))
    return after(None, open_district_leg(None, referral, STREET, CALENDAR))


@pytest.mark.parametrize(
    ("decided_on", "void"),
    [(10, [WARNING, YELLOW]), (11, [YELLOW]), (15, [YELLOW]), (16, []), (18, [])],
)
def test_a_decision_heard_late_voids_the_cards_of_days_after_it(decided_on: int, void: Sequence[CardLevel]) -> None:
    leg = with_cards(at_district(), until=18)
    assert leg.cards == {WARNING: DAYS[WARNING], YELLOW: DAYS[YELLOW]}
    (fact,) = district_decide(leg, DecisionReport("r-1", Outcome.GRANTED, march(decided_on)), march(18))
    assert list(fact.void_cards) == void
    assert {*after(leg, [fact]).cards} == {WARNING, YELLOW} - {*void}


def test_a_return_and_a_withdrawal_heard_late_void_them_too() -> None:
    leg = with_cards(at_district(), until=18)
    (returned,) = return_case(leg, ReturnReport("r-1", "0f", march(14)), march(18))
    assert returned.void_cards == (YELLOW,)
    (withdrawn,) = withdraw(leg, march(14))
    assert isinstance(withdrawn, CaseWithdrawn)
    assert withdrawn.void_cards == (YELLOW,)


def test_a_decision_while_a_procedure_goes_on_voids_the_cards_since_it_began() -> None:
    leg = with_cards(at_district(), until=18)
    leg = after(leg, district_pause(leg, PauseReport(SpecialProcedure.APPRAISAL, march(11)), march(18), CALENDAR))
    (fact,) = district_decide(leg, DecisionReport("r-1", Outcome.GRANTED, march(17)), march(18))
    assert fact.void_cards == (WARNING, YELLOW)


def test_a_hearing_entered_late_voids_the_cards_of_its_days_and_they_come_again() -> None:
    """Five working days from the 14th on move the promise to the 22nd: yellow is the 23rd, the warning stays."""
    case = with_cards(opened(), until=19)
    command = PauseTerm(HEAD, SpecialProcedure.HEARING, 0, "0f", first_on=march(14), last_on=march(18))
    facts = pause(case, command, march(21), CALENDAR)
    case = after(case, facts)
    assert [getattr(fact, "void_cards", ()) for fact in facts] == [(), (YELLOW,)]
    assert {*case.cards} == {WARNING}
    assert not issue_cards(case, march(22), CALENDAR)
    assert issue_cards(case, march(23), CALENDAR) == [CardIssued(march(23), APPLICATION, YELLOW, march(23))]


def test_a_warning_of_a_day_before_an_extension_or_a_hearing_stands() -> None:
    case = with_cards(opened(), until=14)
    assert not extend(case, Extend(HEAD, 5, "0f"), march(14), CALENDAR).void_cards
    command = PauseTerm(HEAD, SpecialProcedure.HEARING, 0, "0f", first_on=march(14), last_on=march(14))
    assert not any(getattr(fact, "void_cards", ()) for fact in pause(case, command, march(14), CALENDAR))
    case = after(case, pause(case, command, march(14), CALENDAR))
    assert case.cards == {WARNING: DAYS[WARNING]}


def test_what_the_district_reports_late_voids_cards_of_its_own_leg_alone() -> None:
    leg, street = with_cards(at_district(), until=18), with_cards(reviewed(RESIDENCE), until=11)
    street = after(street, [refer(street, Refer(HEAD, "0f"), march(11))])
    (extended,) = district_extend(leg, ExtensionReport(5, march(14)), march(18), CALENDAR)
    assert extended.void_cards == (YELLOW,)
    begun = district_pause(leg, PauseReport(SpecialProcedure.APPRAISAL, march(14)), march(18), CALENDAR)
    (resumed,) = district_resume(after(leg, begun), march(17), march(18), CALENDAR)
    assert resumed.void_cards == (YELLOW,)
    for fact in (extended, resumed):
        (told,) = clock_on_street_leg(street, fact)
        assert not getattr(told, "void_cards", ()), "the street's warning was due while it had the matter"


def test_a_receipt_reported_late_voids_what_was_counted_from_the_referral() -> None:
    part = PartLimits(Limit(5, LimitUnit.WORKING_DAYS, "行政许可法 42"))
    leg = with_cards(at_district(replace(FORWARDED, district_part=part)), until=14)
    assert {*leg.cards} == {WARNING, YELLOW, RED}
    (fact,) = acknowledge(leg, Acknowledgement("Q-1", march(14)), march(14), CALENDAR)
    assert fact.void_cards == (WARNING, YELLOW, RED)
    assert not after(leg, [fact]).cards
