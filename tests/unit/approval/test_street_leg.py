"""街道与区: a decision or a return of the district, as the street's leg takes it up."""

from dataclasses import replace
from datetime import date

import pytest

from law.desk import Post
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.facts import CaseDecided, CaseReturned, DistrictDecided, Leg, Outcome, VaultText
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.handoff.domain.acknowledge import Acknowledgement, acknowledge, acknowledge_again
from services.approval.handoff.domain.district_decide import DecisionReport, decision_on_street_leg, district_decide
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from tests.unit.approval.matters import (
    CALENDAR,
    DISTRICT,
    FORWARDED,
    HEAD,
    RESIDENCE,
    after,
    leg,
    received,
    referred,
    staff,
)

ON = date(2016, 3, 14)
DISTRICT_HEAD = staff("QB001", Post.HEAD, place=DISTRICT)
DESKS = replace(RESIDENCE, refers_to="")
"""The same item where the district has no system of its own: its desks decide."""


def at_desks(outcome: Outcome = Outcome.GRANTED, reasons: str = "") -> CaseDecided:
    """A decision of the district's desks."""
    return decide(leg(DESKS), Decide(DISTRICT_HEAD, outcome, reasons, "440105〔2016〕决7号"), ON)


def test_a_decision_of_the_districts_desks_closes_the_street_that_waits_for_it() -> None:
    (fact,) = decision_on_street_leg(referred(DESKS), at_desks())
    assert fact == DistrictDecided(
        ON,
        fact.application_id,
        report_key="440105〔2016〕决7号",
        outcome=Outcome.GRANTED,
        decided_on=ON,
        reasons=None,
        closes=True,
        on_time=True,
        early=True,
        leg=Leg.STREET,
        closed_on=ON,
    )
    case = after(referred(DESKS), [fact])
    assert (case.closing, case.decided_on) == (CaseClosing.GRANTED, ON)


def test_the_reasons_of_the_districts_desks_go_along_by_their_digest() -> None:
    (fact,) = decision_on_street_leg(referred(DESKS), at_desks(Outcome.REFUSED, "0f"))
    assert fact.reasons == VaultText("district.reasons", "0f")


@pytest.mark.parametrize(
    ("item", "closes"), [(RESIDENCE, True), (FORWARDED, False)], ids=["waits for the district", "closed by referral"]
)
def test_a_decision_closes_only_the_street_that_waits(item: object, closes: bool) -> None:
    street: Case = referred(item)  # type: ignore[arg-type] # an item
    (decided,) = district_decide(received(item), DecisionReport("r-1", Outcome.GRANTED, ON), ON)  # type: ignore[arg-type] # an item
    (fact,) = decision_on_street_leg(street, decided)
    assert (fact.closes, fact.leg, fact.report_key) == (closes, Leg.STREET, "r-1")
    assert after(street, [fact]).stage is CaseStage.CLOSED


def test_a_street_that_does_not_close_by_it_is_neither_on_time_nor_early() -> None:
    (decided,) = district_decide(received(), DecisionReport("r-1", Outcome.GRANTED, ON), ON)
    (fact,) = decision_on_street_leg(referred(), decided)
    assert (fact.on_time, fact.early) == (False, False)


def test_a_return_keeps_key_reasons_and_day_and_changes_the_leg() -> None:
    (back,) = return_case(received(), ReturnReport("r-1", "0f"), ON)
    (fact,) = return_on_street_leg(referred(), back, CALENDAR)
    assert fact == replace(back, leg=Leg.STREET, term=fact.term)
    assert fact.term is not None and back.term is None
    assert (fact.occurred_on, fact.report_key, fact.attempt) == (ON, "r-1", 1)


def test_the_reasons_of_a_return_stand_under_the_attempt() -> None:
    (back,) = return_case(
        replace(received(), referral=replace(received().referral, attempt=3)), ReturnReport("r-1", "0f"), ON
    )
    assert (back.reasons, back.attempt) == (VaultText("return.3.reasons", "0f"), 3)


@pytest.mark.parametrize("attempt", [0, 2])
def test_a_return_of_another_referral_does_not_reopen_the_street(attempt: int) -> None:
    (back,) = return_case(received(), ReturnReport("r-1", "0f"), ON)
    other: CaseReturned = replace(back, attempt=attempt)
    assert return_on_street_leg(referred(), other, CALENDAR) == []


def test_a_street_that_came_back_is_referred_under_the_next_attempt() -> None:
    (back,) = return_case(received(), ReturnReport("r-1", "0f"), ON)
    street = after(referred(), return_on_street_leg(referred(), back, CALENDAR))
    again = refer(street, Refer(HEAD, "0e"), ON)
    assert (again.attempt, again.opinion) == (2, VaultText("referral.2.opinion", "0e"))
    assert again.linked_case_id != referred().referral.case_id


def test_a_return_that_comes_twice_reopens_the_street_once() -> None:
    (back,) = return_case(received(), ReturnReport("r-1", "0f"), ON)
    street = after(referred(), return_on_street_leg(referred(), back, CALENDAR))
    assert return_on_street_leg(street, back, CALENDAR) == []


LOST = Acknowledgement("Q-9", date(2016, 3, 12))


def test_a_package_that_was_lost_has_its_new_number_and_its_old_dates() -> None:
    case = after(received(), acknowledge_again(received(), LOST, ON))
    assert (case.referral.district_number, case.referral.received_on) == ("Q-9", LOST.received_on)
    assert case.term == received().term


@pytest.mark.parametrize(
    ("case", "receipt"),
    [
        (received(), Acknowledgement("Q-1", date(2016, 3, 9))),
        (leg(), LOST),
        (after(received(), district_decide(received(), DecisionReport("r-1", Outcome.GRANTED, ON), ON)), LOST),
    ],
    ids=["as on file", "never received", "closed"],
)
def test_a_second_receipt_without_news_changes_nothing(case: Case, receipt: Acknowledgement) -> None:
    assert acknowledge_again(case, receipt, ON) == []


def test_the_first_receipt_starts_the_clock_and_a_second_first_receipt_does_not() -> None:
    case = after(leg(), acknowledge(leg(), Acknowledgement("Q-1", ON), ON, CALENDAR))
    assert case.term.starts_on == ON
    assert acknowledge(case, Acknowledgement("Q-1", date(2016, 3, 15)), date(2016, 3, 15), CALENDAR) == []
