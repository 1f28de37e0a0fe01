"""Days of the district's leg: the matter's own where it closes by the decision, else the district's own part."""

from dataclasses import replace
from datetime import date

import pytest

from services.approval.domain.case.due_dates import clocks_of_both_levels, first_term, recomputed_term
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import CaseReferred, Outcome
from services.approval.domain.case.item import Limit, LimitUnit, PartLimits, TermLedger, WholeTerm
from services.approval.domain.case.open_case import DISTRICT_LIMIT, open_district_leg
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case
from services.approval.handoff.domain.acknowledge import Acknowledgement, acknowledge, acknowledge_again
from services.approval.handoff.domain.district_decide import DecisionReport, decision_on_street_leg, district_decide
from tests.unit.approval.matters import (
    ACCEPTED_ON,
    CALENDAR,
    FORWARDED,
    HEAD,
    RESIDENCE,
    STREET,
    after,
    leg,
    referral,
    referred,
    reviewed,
)

REFERRED_ON = date(2016, 3, 8)
WORKING, CALENDAR_DAYS = LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS


def days(number: int, unit: LimitUnit = WORKING) -> Limit:
    """A limit of so many days."""
    return Limit(number, unit, "行政许可法 42")


def leg_of(told: CaseReferred) -> Case:
    """The leg that a referral opens."""
    return after(None, open_district_leg(None, told, STREET, CALENDAR))


def received_on(case: Case, on: date) -> Case:
    """The leg whose system reports that day of receipt."""
    return after(case, acknowledge(case, Acknowledgement("Q-1", on), date(2016, 6, 1), CALENDAR))


def test_the_leg_that_closes_the_matter_has_the_matters_own_end() -> None:
    told = referral(RESIDENCE)
    assert leg_of(told).term == told.term == reviewed(RESIDENCE).term


@pytest.mark.parametrize("on", [REFERRED_ON, date(2016, 3, 9), date(2016, 4, 20)])
def test_no_receipt_moves_the_end_of_the_matter(on: date) -> None:
    case = received_on(leg(RESIDENCE), on)
    assert case.term == reviewed(RESIDENCE).term
    again = acknowledge_again(case, Acknowledgement("Q-2", on), date(2016, 6, 1))
    assert after(case, again).term == case.term


def test_what_moved_the_streets_term_before_the_referral_moves_the_legs() -> None:
    street = reviewed(RESIDENCE)
    street = after(street, [extend(street, Extend(HEAD, 5, "0f"), date(2016, 3, 2), CALENDAR)])
    case = leg_of(refer(street, Refer(HEAD, "0e"), REFERRED_ON))
    assert case.term == street.term and case.extended_by == 5
    assert recomputed_term(case, CALENDAR) == street.term, "a calendar is all that is needed to compute it anew"


def test_both_legs_are_punctual_alike() -> None:
    for decided_on in (date(2016, 3, 14), date(2016, 3, 15), date(2016, 3, 16)):
        case = received_on(leg(RESIDENCE), date(2016, 3, 10))
        report = DecisionReport("r-1", Outcome.GRANTED, decided_on)
        (told,) = district_decide(case, report, date(2016, 6, 1))
        (street,) = decision_on_street_leg(referred(RESIDENCE), told)
        assert (told.on_time, told.early) == (street.on_time, street.early)


def test_one_card_for_one_promise_on_the_leg_where_the_matter_stands() -> None:
    assert referred(RESIDENCE).next_card is None
    assert leg(RESIDENCE).next_card == reviewed(RESIDENCE).term.warn_on


def test_other_legs_have_the_limits_that_the_item_publishes_from_the_receipt() -> None:
    item = replace(FORWARDED, district_part=PartLimits(days(15), days(8, CALENDAR_DAYS)))
    case = received_on(leg(item), date(2016, 3, 10))
    expected = first_term(date(2016, 3, 10), days(8, CALENDAR_DAYS), days(15), CALENDAR)
    assert case.term == expected
    assert leg(item).term == first_term(REFERRED_ON, days(8, CALENDAR_DAYS), days(15), CALENDAR)


@pytest.mark.parametrize(
    ("part", "promised", "legal"),
    [
        (None, DISTRICT_LIMIT, DISTRICT_LIMIT),
        (PartLimits(), DISTRICT_LIMIT, DISTRICT_LIMIT),
        (PartLimits(legal=days(7)), days(7), days(7)),
        (PartLimits(promised=days(7)), days(7), DISTRICT_LIMIT),
    ],
)
def test_what_the_item_does_not_name_follows_from_the_law(
    part: PartLimits | None, promised: Limit, legal: Limit
) -> None:
    case = leg(replace(FORWARDED, district_part=part))
    assert (case.term.promised_limit, case.term.legal_limit) == (promised, legal)
    assert DISTRICT_LIMIT.assumed


def test_no_leg_lasts_beyond_the_limit_of_both_levels_together() -> None:
    """30 calendar days from 1 March end on Thursday the 31st, twenty working days from the 10th on 8 April."""
    item = replace(FORWARDED, whole=PartLimits(days(30, CALENDAR_DAYS)))
    case = received_on(leg(item), date(2016, 3, 10))
    assert (case.term.promised_due_on, case.term.legal_due_on) == (date(2016, 3, 31), date(2016, 3, 31))
    assert (case.term.yellow_on, case.term.red_on) == (date(2016, 4, 1), date(2016, 4, 1))
    assert case.term.warn_on <= date(2016, 3, 31)
    assert recomputed_term(case, CALENDAR) == case.term
    assert case.punctuality(date(2016, 3, 31)) == (True, False)


def test_a_promise_for_the_whole_bounds_the_promise_alone() -> None:
    item = replace(FORWARDED, whole=PartLimits(promised=days(16)))
    case = leg(item)
    assert (case.term.promised_due_on, case.term.legal_due_on) == (date(2016, 3, 23), date(2016, 4, 6))


def test_an_early_part_of_the_district_is_not_stretched_to_the_whole() -> None:
    item = replace(FORWARDED, district_part=PartLimits(days(5)), whole=PartLimits(days(45)))
    assert leg(item).term.legal_due_on == date(2016, 3, 15)


def test_what_moved_the_street_moves_the_whole() -> None:
    item = replace(FORWARDED, whole=PartLimits(days(15)))
    street = reviewed(item)
    street = after(street, [extend(street, Extend(HEAD, 5, "0f"), date(2016, 3, 2), CALENDAR)])
    case = leg_of(refer(street, Refer(HEAD, "0e"), REFERRED_ON))
    assert case.term.whole is not None and case.term.whole.starts_on == ACCEPTED_ON
    assert case.term.legal_due_on == first_term(ACCEPTED_ON, days(20), days(20), CALENDAR).legal_due_on


def test_a_part_whose_last_calendar_day_moved_off_a_rest_day_is_early_before_the_day_it_was_counted_to() -> None:
    part = PartLimits(days(4, CALENDAR_DAYS))
    term = leg(replace(FORWARDED, district_part=part, whole=PartLimits(days(45)))).term
    assert (term.promised_due_on, term.early_before) == (date(2016, 3, 14), date(2016, 3, 12))


def test_both_levels_together_are_extended_by_what_each_of_them_extended() -> None:
    whole = WholeTerm(ACCEPTED_ON, days(40), days(30), TermLedger(5, WORKING, 3))
    term = replace(leg(FORWARDED).term, whole=whole, ledger=TermLedger(4, WORKING, 2))
    clocks = clocks_of_both_levels(term)
    assert clocks is not None
    assert (clocks.promised.days, clocks.legal.days) == (30 + 3 + 2, 40 + 5 + 4)
    assert (clocks.promised.from_on, clocks.legal.from_on) == (ACCEPTED_ON, ACCEPTED_ON)
