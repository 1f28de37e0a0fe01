"""区办理结果: the district decides, and the street hears of it. (行政许可法 38, 43)"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from law.desk import Post
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.facts import CaseWithdrawn, DistrictProgressed, Leg, Outcome
from services.approval.domain.case.item import ClosesOn
from services.approval.domain.case.stages import AlreadyWithdrawn, NotWithDistrict
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.domain.case.withdraw import withdraw
from services.approval.handoff.domain.acknowledge import progress
from services.approval.handoff.domain.district_decide import (
    AlreadyReturned,
    DecidedOtherwise,
    DecisionDateImpossible,
    DecisionReport,
    DistrictReasonsMissing,
    decision_on_street_leg,
    district_decide,
)
from services.approval.handoff.domain.return_case import ReturnReport, return_case
from tests.unit.approval.matters import DISTRICT, RESIDENCE, after, leg, opened, received, referred, staff

ON = date(2016, 3, 14)
DISTRICT_HEAD = staff("Q900", Post.HEAD, place=DISTRICT)
GRANTED = DecisionReport("r-2", Outcome.GRANTED, ON)
REFUSED = DecisionReport("r-3", Outcome.REFUSED, ON, "0f")


def decided(case: Case, report: DecisionReport = GRANTED, today: date = ON) -> Case:
    return after(case, district_decide(case, report, today))


def test_the_districts_leg_closes_by_its_decision() -> None:
    case = decided(received())
    assert (case.stage, case.closing, case.on_time, case.early) == (CaseStage.CLOSED, CaseClosing.GRANTED, True, True)


def test_a_decision_that_comes_before_the_receipt_counts_as_well() -> None:
    assert decided(leg()).closing is CaseClosing.GRANTED


def test_the_same_decision_under_another_key_changes_nothing() -> None:
    assert district_decide(decided(received()), DecisionReport("r-9", Outcome.GRANTED, ON), ON) == []


@pytest.mark.parametrize(
    ("on_file", "report", "field"),
    [
        (GRANTED, REFUSED, "outcome"),
        (REFUSED, GRANTED, "outcome"),
        (GRANTED, DecisionReport("r-9", Outcome.GRANTED, date(2016, 3, 11)), "decided_on"),
        (GRANTED, DecisionReport("r-9", Outcome.GRANTED, ON, "0f"), "reasons"),
        (REFUSED, DecisionReport("r-9", Outcome.REFUSED, ON, "0e"), "reasons"),
    ],
)
def test_another_decision_contradicts_what_is_on_file(
    on_file: DecisionReport, report: DecisionReport, field: str
) -> None:
    with pytest.raises(DecidedOtherwise) as refused:
        district_decide(decided(received(), on_file), report, ON)
    assert refused.value.field == field


IMPOSSIBLE = [date.min, date(2016, 3, 7), date(2016, 3, 15), date.max]
ENDED = {
    "open": received(),
    "granted": decided(received()),
    "refused": decided(received(), REFUSED),
    "returned": after(received(), return_case(received(), ReturnReport("r-1", "0f"), ON)),
    "withdrawn": after(received(), withdraw(received(), ON)),
}


@pytest.mark.parametrize("case", ENDED.values(), ids=ENDED)
@pytest.mark.parametrize("on", IMPOSSIBLE)
@pytest.mark.parametrize("outcome", Outcome)
def test_an_impossible_day_is_refused_whatever_became_of_the_leg(case: Case, on: date, outcome: Outcome) -> None:
    with pytest.raises(DecisionDateImpossible) as refused:
        district_decide(case, DecisionReport("r-9", outcome, on, "0f"), ON)
    assert refused.value.field == "decided_on"


def test_a_refusal_gives_its_reasons() -> None:
    with pytest.raises(DistrictReasonsMissing) as refused:
        district_decide(received(), DecisionReport("r-3", Outcome.REFUSED, ON), ON)
    assert refused.value.article == "行政许可法 38"
    assert decided(received(), REFUSED).closing is CaseClosing.REFUSED


def test_what_was_sent_back_is_not_decided() -> None:
    case = after(received(), return_case(received(), ReturnReport("r-1", "0f"), ON))
    with pytest.raises(AlreadyReturned):
        district_decide(case, GRANTED, ON)


def test_what_the_applicant_withdrew_is_not_decided() -> None:
    case = after(received(), withdraw(received(), ON))
    with pytest.raises(AlreadyWithdrawn):
        district_decide(case, GRANTED, ON)


@pytest.mark.parametrize("on", [date(2016, 3, 7), date(2016, 3, 15)], ids=["before the referral", "tomorrow"])
def test_a_decision_has_a_possible_day(on: date) -> None:
    with pytest.raises(DecisionDateImpossible):
        district_decide(received(), DecisionReport("r-2", Outcome.GRANTED, on), ON)


def test_the_street_closes_when_it_was_waiting_for_the_decision() -> None:
    (told,) = district_decide(received(RESIDENCE), GRANTED, ON)
    case = after(referred(RESIDENCE), decision_on_street_leg(referred(RESIDENCE), told))
    assert (case.stage, case.closing, case.closed_on, case.early) == (CaseStage.CLOSED, CaseClosing.GRANTED, ON, True)


@pytest.mark.parametrize("made_on", [date(2016, 3, 8), date(2016, 3, 14), date(2016, 3, 15), date(2016, 3, 16)])
@pytest.mark.parametrize("days_late", [0, 1, 40])
def test_a_decision_counts_on_the_day_it_was_made_however_late_its_report_is(made_on: date, days_late: int) -> None:
    reported_on, report = made_on + timedelta(days=days_late), DecisionReport("r-2", Outcome.GRANTED, made_on)
    (told,) = district_decide(received(RESIDENCE), report, reported_on)
    district = after(received(RESIDENCE), [told])
    street = after(referred(RESIDENCE), decision_on_street_leg(referred(RESIDENCE), told))
    assert told.occurred_on == reported_on
    assert district.closed_on == street.closed_on == made_on
    assert (street.on_time, street.early) == (made_on <= date(2016, 3, 15), made_on < date(2016, 3, 15))


def test_a_fact_of_an_older_release_closed_on_the_day_of_recording() -> None:
    (told,) = district_decide(received(RESIDENCE), GRANTED, date(2016, 3, 16))
    (fact,) = decision_on_street_leg(referred(RESIDENCE), told)
    older = replace(fact, closed_on=None, on_time=False)
    case = after(referred(RESIDENCE), [older])
    assert (case.closed_on, case.on_time, case.decided_on) == (date(2016, 3, 16), False, ON)


def test_a_decision_of_the_districts_own_desks_counts_on_the_day_it_was_recorded() -> None:
    item = replace(RESIDENCE, refers_to="")
    decision = decide(leg(item), Decide(DISTRICT_HEAD, Outcome.GRANTED, "", "1"), ON)
    street = after(referred(item), decision_on_street_leg(referred(item), decision))
    assert (street.closed_on, street.decided_on) == (ON, ON)


def test_a_matter_that_closed_by_the_referral_stays_closed_as_it_was() -> None:
    (told,) = district_decide(received(), REFUSED, ON)
    (fact,) = decision_on_street_leg(referred(), told)
    assert (fact.closes, after(referred(), [fact]).closing) == (False, CaseClosing.REFERRED)
    assert (fact.closed_on, fact.on_time, fact.early) == (None, False, False)


def test_a_street_that_an_older_release_withdrew_stays_withdrawn() -> None:
    street = after(referred(RESIDENCE), [CaseWithdrawn(ON, referred().application_id, Leg.STREET)])
    (told,) = district_decide(received(RESIDENCE), GRANTED, ON)
    assert after(street, decision_on_street_leg(street, told)).closing is CaseClosing.WITHDRAWN


@pytest.mark.parametrize("closes_on", ClosesOn)
def test_a_street_that_waits_closes_by_the_decision_whatever_the_item_says(closes_on: ClosesOn) -> None:
    street = referred(replace(RESIDENCE, closes_on=ClosesOn.DISTRICT_DECISION))
    street = replace(street, item=replace(street.item, closes_on=closes_on))
    (told,) = district_decide(received(RESIDENCE), GRANTED, ON)
    assert after(street, decision_on_street_leg(street, told)).closing is CaseClosing.GRANTED


def test_progress_is_on_file_whatever_became_of_the_leg() -> None:
    leg = decided(received())
    assert progress(leg, "r-7", "REVIEWING", ON) == DistrictProgressed(ON, leg.application_id, "r-7", "REVIEWING")


def test_nobody_reports_on_a_leg_of_the_street() -> None:
    with pytest.raises(NotWithDistrict):
        district_decide(opened(), GRANTED, ON)
    with pytest.raises(NotWithDistrict):
        progress(opened(), "r-7", "REVIEWING", ON)
