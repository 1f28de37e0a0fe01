"""退回: the district sends a referral back, the street takes the matter up again."""

from dataclasses import replace
from datetime import date

import pytest

from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.due_dates import days_left
from services.approval.domain.case.facts import CaseWithdrawn, Leg, Outcome
from services.approval.domain.case.stages import AlreadyWithdrawn
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.domain.case.withdraw import withdraw
from services.approval.handoff.domain.district_decide import DecisionReport, district_decide
from services.approval.handoff.domain.return_case import (
    AlreadyDecided,
    ReturnDateImpossible,
    ReturnedOtherwise,
    ReturnReasonsMissing,
    ReturnReport,
    return_case,
    return_on_street_leg,
)
from tests.unit.approval.matters import CALENDAR, FORWARDED, HEAD, RESIDENCE, after, received, referred, reviewed

ON = date(2016, 3, 14)


def returned(case: Case) -> Case:
    (told,) = return_case(received(), ReturnReport("r-1", "0f"), ON)
    return after(case, return_on_street_leg(case, told, CALENDAR))


def test_the_districts_leg_ends() -> None:
    case = after(received(), return_case(received(), ReturnReport("r-1", "0f"), ON))
    assert (case.stage, case.closing, case.on_time) == (CaseStage.CLOSED, CaseClosing.RETURNED, None)


def test_it_is_not_sent_back_without_reasons() -> None:
    with pytest.raises(ReturnReasonsMissing) as refused:
        return_case(received(), ReturnReport("r-1", ""), ON)
    assert refused.value.field == "reasons"


def test_it_is_sent_back_once() -> None:
    case = after(received(), return_case(received(), ReturnReport("r-1", "0f"), ON))
    assert return_case(case, ReturnReport("r-2", "0f"), ON) == []
    with pytest.raises(ReturnedOtherwise) as refused:
        return_case(case, ReturnReport("r-2", "0e"), ON)
    assert refused.value.field == "reasons"


@pytest.mark.parametrize("on", [date.min, date(2016, 3, 7), date(2016, 3, 15), date.max])
def test_a_return_lies_between_the_referral_and_today(on: date) -> None:
    with pytest.raises(ReturnDateImpossible) as refused:
        return_case(received(), ReturnReport("r-1", "0f", on), ON)
    assert refused.value.field == "returned_on"


@pytest.mark.parametrize("on", [date(2016, 3, 8), date(2016, 3, 10), ON])
def test_a_return_counts_on_its_own_day_on_both_legs(on: date) -> None:
    (told,) = return_case(received(), ReturnReport("r-1", "0f", on), ON)
    (on_street,) = return_on_street_leg(referred(), told, CALENDAR)
    assert (told.occurred_on, on_street.occurred_on, on_street.returned_on) == (ON, ON, on)
    district = after(received(), [told])
    assert district.closed_on == on and district.answer is not None and district.answer.on == on


def test_without_a_day_that_of_the_recording_counts() -> None:
    (told,) = return_case(received(), ReturnReport("r-1", "0f"), ON)
    assert told.returned_on == ON


def test_another_day_contradicts_the_return_on_file_and_none_is_a_repeat() -> None:
    case = after(received(), return_case(received(), ReturnReport("r-1", "0f", date(2016, 3, 10)), ON))
    assert return_case(case, ReturnReport("r-2", "0f"), ON) == []
    assert return_case(case, ReturnReport("r-2", "0f", date(2016, 3, 10)), ON) == []
    with pytest.raises(ReturnedOtherwise) as refused:
        return_case(case, ReturnReport("r-2", "0f", ON), ON)
    assert refused.value.field == "returned_on"


def test_what_is_decided_is_not_sent_back() -> None:
    case = after(received(), district_decide(received(), DecisionReport("r-2", Outcome.GRANTED, ON), ON))
    with pytest.raises(AlreadyDecided):
        return_case(case, ReturnReport("r-3", "0f"), ON)


def test_what_is_withdrawn_is_not_sent_back() -> None:
    case = after(received(), withdraw(received(), ON))
    with pytest.raises(AlreadyWithdrawn):
        return_case(case, ReturnReport("r-3", "0f"), ON)


@pytest.mark.parametrize("item", [FORWARDED, RESIDENCE], ids=["closed by the referral", "waiting for the decision"])
def test_the_street_has_it_again(item: object) -> None:
    case = returned(referred(item))  # type: ignore[arg-type] # items, listed as parameters
    assert (case.stage, case.closed_on, case.closing, case.on_time) == (CaseStage.RETURNED, None, None, None)
    assert case.step is not None and case.step.code == "S9"


@pytest.mark.parametrize("item", [FORWARDED, RESIDENCE], ids=["closed by the referral", "waiting for the decision"])
def test_it_has_the_days_that_it_had_left_at_the_referral(item: object) -> None:
    """Referred on 8 March with five days left of the promise; returned on the 14th."""
    street: Case = referred(item)  # type: ignore[arg-type] # as above
    case = returned(street)
    assert days_left(street, date(2016, 3, 8), CALENDAR)[0] == 5
    assert days_left(case, ON, CALENDAR) == days_left(replace(street, closed_on=None), date(2016, 3, 8), CALENDAR)
    assert case.term.promised_due_on == date(2016, 3, 21)
    assert not case.ledger.promise_broken


def test_a_return_of_an_older_release_moved_nothing() -> None:
    (told,) = return_case(received(), ReturnReport("r-1", "0f"), ON)
    (fact,) = return_on_street_leg(referred(), told, CALENDAR)
    assert after(referred(), [replace(fact, term=None, returned_on=None)]).term == reviewed(FORWARDED).term


@pytest.mark.parametrize(("item", "broken"), [(FORWARDED, False), (RESIDENCE, True)])
def test_a_promise_that_passed_at_the_district_is_broken_unless_the_referral_had_closed_the_matter(
    item: object, broken: bool
) -> None:
    late = date(2016, 3, 16)  # the day after the promise
    (told,) = return_case(received(item), ReturnReport("r-1", "0f"), late)  # type: ignore[arg-type] # as above
    street: Case = referred(item)  # type: ignore[arg-type] # as above
    case = after(street, return_on_street_leg(street, told, CALENDAR))
    assert case.ledger.promise_broken is broken
    assert case.punctuality(late) == (not broken, not broken)


def test_the_street_may_refuse_what_came_back() -> None:
    case = returned(referred())
    case = after(case, [decide(case, Decide(HEAD, Outcome.REFUSED, "0f", "1"), date(2016, 3, 16))])
    assert (case.closing, case.on_time) == (CaseClosing.REFUSED, True)


def test_a_street_that_an_older_release_withdrew_does_not_open_again() -> None:
    street = after(referred(RESIDENCE), [CaseWithdrawn(ON, referred().application_id, Leg.STREET)])
    assert returned(street).closing is CaseClosing.WITHDRAWN


def test_the_return_of_an_earlier_referral_changes_nothing() -> None:
    (told,) = return_case(received(), ReturnReport("r-1", "0f"), ON)
    once = returned(referred())
    assert return_on_street_leg(once, told, CALENDAR) == []
