"""Reports of the district's system at the edges of their days, in any order, once and again. (行政许可法 35, 38, 43)"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.not_allowed import NotAllowed
from services.approval.domain.case.facts import (
    CaseWithdrawn,
    DistrictDecided,
    Fact,
    Leg,
    Outcome,
    VaultText,
)
from services.approval.domain.case.item import PartLimits
from services.approval.domain.case.stages import AlreadyWithdrawn
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.domain.case.withdraw import withdraw
from services.approval.handoff.domain.acknowledge import (
    Acknowledgement,
    ReceiptDateImpossible,
    acknowledge,
    acknowledge_again,
    progress,
)
from services.approval.handoff.domain.district_decide import (
    DecisionDateImpossible,
    DecisionReport,
    decision_on_street_leg,
    district_decide,
)
from services.approval.handoff.domain.return_case import ReturnReport, return_case
from tests.unit.approval.acts import DIGEST, TODAY, district_legs
from tests.unit.approval.matters import (
    CALENDAR,
    FORWARDED,
    RESIDENCE,
    after,
    leg,
    received,
    referred,
    reviewed,
)

REFERRED_ON = date(2016, 3, 8)


@pytest.mark.parametrize(
    ("reported", "counted"),
    [
        pytest.param(REFERRED_ON - timedelta(days=30), REFERRED_ON, id="long before the referral"),
        pytest.param(REFERRED_ON - timedelta(days=1), REFERRED_ON, id="the day before the referral"),
        pytest.param(REFERRED_ON, REFERRED_ON, id="the day of the referral"),
        pytest.param(TODAY - timedelta(days=1), TODAY - timedelta(days=1), id="yesterday"),
        pytest.param(TODAY, TODAY, id="today"),
        pytest.param(TODAY + timedelta(days=1), TODAY + timedelta(days=1), id="tomorrow, over there"),
        pytest.param(TODAY + timedelta(days=2), None, id="the day after tomorrow"),
    ],
)
def test_a_receipt_counts_from_its_day_but_not_before_the_referral(reported: date, counted: date | None) -> None:
    receipt = Acknowledgement("Q-1", reported)
    if counted is None:
        with pytest.raises(ReceiptDateImpossible):
            acknowledge(leg(), receipt, TODAY, CALENDAR)
        return
    (fact,) = acknowledge(leg(), receipt, TODAY, CALENDAR)
    assert (fact.received_on, fact.term.starts_on, fact.occurred_on) == (counted, counted, TODAY)


@pytest.mark.parametrize(
    ("received_on", "promised", "legal"),
    [
        pytest.param(date(2016, 3, 9), date(2016, 3, 23), date(2016, 3, 30), id="within March"),
        pytest.param(date(2016, 3, 21), date(2016, 4, 5), date(2016, 4, 12), id="over 清明节"),
    ],
)
def test_the_districts_own_limits_run_from_the_receipt(received_on: date, promised: date, legal: date) -> None:
    item = replace(FORWARDED, district_part=PartLimits(RESIDENCE.legal_limit, RESIDENCE.promised_limit))
    (fact,) = acknowledge(leg(item), Acknowledgement("Q-1", received_on), received_on, CALENDAR)
    assert (fact.term.promised_due_on, fact.term.legal_due_on) == (promised, legal)


@pytest.mark.parametrize(
    "receipt",
    [Acknowledgement("Q-2", date(2016, 3, 9)), Acknowledgement("Q-1", date(2016, 3, 10))],
    ids=["another number", "another day"],
)
def test_a_second_receipt_is_on_file_when_its_number_or_its_day_differs(receipt: Acknowledgement) -> None:
    (fact,) = acknowledge_again(received(), receipt, TODAY)
    assert (fact.district_number, fact.received_on) == (receipt.district_number, receipt.received_on)


def test_a_second_receipt_of_a_day_to_come_is_refused() -> None:
    with pytest.raises(ReceiptDateImpossible) as refused:
        acknowledge_again(received(), Acknowledgement("Q-2", date(2016, 3, 12)), TODAY)
    assert refused.value.field == "received_on"


@pytest.mark.parametrize("case", district_legs().values(), ids=list(district_legs()))
def test_progress_is_on_file_at_every_stage_and_changes_nothing(case: Case) -> None:
    fact = progress(case, "r-7", "REVIEWING", TODAY)
    assert (fact.report_key, fact.stage, fact.occurred_on) == ("r-7", "REVIEWING", TODAY)
    assert after(case, [fact]) == case


@pytest.mark.parametrize(
    ("decided_on", "possible"),
    [
        (REFERRED_ON - timedelta(days=1), False),
        (REFERRED_ON, True),
        (TODAY, True),
        (TODAY + timedelta(days=1), False),
    ],
)
def test_a_decision_lies_between_the_referral_and_today(decided_on: date, possible: bool) -> None:
    report = DecisionReport("r-2", Outcome.GRANTED, decided_on)
    if not possible:
        with pytest.raises(DecisionDateImpossible) as refused:
            district_decide(received(), report, TODAY)
        assert refused.value.field == "decided_on"
        return
    (fact,) = district_decide(received(), report, TODAY)
    assert (fact.decided_on, fact.occurred_on, fact.closes, fact.leg) == (decided_on, TODAY, True, Leg.DISTRICT)


@pytest.mark.parametrize(
    ("decided_on", "on_time", "early"),
    [
        (date(2016, 4, 6), True, True),
        (date(2016, 4, 7), True, False),
        (date(2016, 4, 8), False, False),
    ],
)
def test_the_districts_punctuality_counts_by_the_day_of_its_decision(
    decided_on: date, on_time: bool, early: bool
) -> None:
    assert received().term.promised_due_on == date(2016, 4, 7)
    (fact,) = district_decide(received(), DecisionReport("r-2", Outcome.GRANTED, decided_on), date(2016, 5, 3))
    assert (fact.on_time, fact.early) == (on_time, early)


@pytest.mark.parametrize("outcome", Outcome)
def test_reasons_are_on_file_by_their_digest_and_none_without_any(outcome: Outcome) -> None:
    (with_reasons,) = district_decide(received(), DecisionReport("r-2", outcome, TODAY, DIGEST), TODAY)
    assert with_reasons.reasons == VaultText("district.reasons", DIGEST)
    (without,) = district_decide(received(), DecisionReport("r-2", Outcome.GRANTED, TODAY), TODAY)
    assert without.reasons is None


def withdrawn_at_street(case: Case) -> Case:
    """The street's leg that ended while the district had the matter, as releases up to 0.2 did it."""
    return after(case, [CaseWithdrawn(TODAY, case.application_id, Leg.STREET)])


@pytest.mark.parametrize(
    ("street", "closing"),
    [
        pytest.param(reviewed(RESIDENCE), None, id="not referred any more"),
        pytest.param(withdrawn_at_street(referred(RESIDENCE)), "withdrawn", id="withdrawn by an older release"),
        pytest.param(referred(FORWARDED), "referred", id="closed by the referral"),
    ],
)
def test_a_street_that_does_not_wait_stays_as_it_is(street: Case, closing: str | None) -> None:
    (report,) = district_decide(received(RESIDENCE), DecisionReport("r-2", Outcome.GRANTED, TODAY), TODAY)
    case = after(street, decision_on_street_leg(street, report))
    assert (case.closing.value if case.closing else None) == closing
    assert case.stage is street.stage


reports = st.lists(
    st.sampled_from(["receipt", "receipt again", "grant", "refusal", "return", "withdrawal"]), max_size=8
)


def reported(case: Case, report: str, on: date) -> Sequence[Fact]:
    """The facts of one report."""
    match report:
        case "receipt":
            return acknowledge(case, Acknowledgement("Q-1", on), on, CALENDAR)
        case "receipt again":
            return acknowledge_again(case, Acknowledgement("Q-2", on), on)
        case "grant":
            return district_decide(case, DecisionReport("r-1", Outcome.GRANTED, on), on)
        case "refusal":
            return district_decide(case, DecisionReport("r-2", Outcome.REFUSED, on, DIGEST), on)
        case "return":
            return return_case(case, ReturnReport("r-3", DIGEST), on)
        case _:
            return withdraw(case, on)


@given(reports)
def test_in_any_order_of_reports_the_first_end_stands(sequence: list[str]) -> None:
    case, ends, on = leg(), [], TODAY
    for report in sequence:
        on += timedelta(days=1)
        try:
            facts = reported(case, report, on)
        except NotAllowed:
            assert case.closed
            continue
        case = after(case, facts)
        ends += [case.closing] if case.closing and case.closing not in ends else []
    assert len(ends) <= 1


@given(reports)
def test_a_report_that_comes_twice_gives_facts_once(sequence: list[str]) -> None:
    case, on = leg(), TODAY
    for report in sequence:
        try:
            case = after(case, reported(case, report, on))
            assert reported(case, report, on) == []
        except NotAllowed:
            continue


@pytest.mark.parametrize("report", ["grant", "refusal", "return"])
def test_after_a_withdrawal_every_report_of_an_end_is_refused(report: str) -> None:
    case = after(leg(), withdraw(leg(), TODAY))
    with pytest.raises(AlreadyWithdrawn):
        reported(case, report, TODAY)
    assert (case.stage, case.closing) == (CaseStage.CLOSED, CaseClosing.WITHDRAWN)


def test_a_receipt_and_a_decision_on_the_same_day_are_both_on_file() -> None:
    case = after(leg(), acknowledge(leg(), Acknowledgement("Q-1", TODAY), TODAY, CALENDAR))
    (fact,) = district_decide(case, DecisionReport("r-1", Outcome.GRANTED, TODAY), TODAY)
    assert isinstance(fact, DistrictDecided)
    assert acknowledge(after(case, [fact]), Acknowledgement("Q-1", TODAY), TODAY, CALENDAR) == []
