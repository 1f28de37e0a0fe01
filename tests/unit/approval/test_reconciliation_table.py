"""Our leg, its hand-off and the district's record in every combination: one verdict, and advice for a person."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.approval.domain.case.state import Case
from services.approval.handoff.domain.reconciliation import (
    Advice,
    Comparison,
    HandoffState,
    LegEnding,
    LegRecord,
    Verdict,
    compare,
    our_record,
)
from services.approval.handoff.domain.return_case import ReturnReport, return_case
from tests.unit.approval.acts import district_legs
from tests.unit.approval.matters import after, leg, received
from tests.unit.approval.test_reconciliation import DONE, OPEN, decided

LEGS = district_legs() | {"refused": decided(received())}
PACKAGES = ("", "waiting", "sending", "done", "blocked", "withdrawn")
DIFFERENT = (Verdict.ONLY_HERE, Verdict.ONLY_THERE, Verdict.DIFFERS)

legs = st.sampled_from(list(LEGS.values()))
handoffs = st.builds(
    HandoffState,
    st.sampled_from(PACKAGES),
    st.sampled_from(["", "waiting", "sending", "done"]),
    st.sampled_from(["", "Q-1", "Q-2"]),
)
days = st.sampled_from(["", "2016-03-01", "2016-03-08", "2016-03-09", "2016-03-10", "2016-03-11"])
records = st.builds(LegRecord, st.sampled_from(["Q-1", "Q-2"]), days, st.sampled_from(LegEnding), days)

# What the district does not know: by our leg, by the state of the package.
UNKNOWN: dict[str, dict[str, tuple[Verdict, Advice]]] = {
    "sent": {
        "": (Verdict.MATCHED, Advice.NONE),
        "waiting": (Verdict.UNDER_WAY, Advice.NONE),
        "sending": (Verdict.UNDER_WAY, Advice.NONE),
        "done": (Verdict.ONLY_HERE, Advice.HAND_OVER_AGAIN),
        "blocked": (Verdict.ONLY_HERE, Advice.REFUSED_THERE),
        "withdrawn": (Verdict.MATCHED, Advice.NONE),
    },
    "granted": {
        "": (Verdict.MATCHED, Advice.NONE),
        "waiting": (Verdict.UNDER_WAY, Advice.NONE),
        "sending": (Verdict.UNDER_WAY, Advice.NONE),
        "done": (Verdict.ONLY_HERE, Advice.ENTER_THERE),
        "blocked": (Verdict.ONLY_HERE, Advice.REFUSED_THERE),
        "withdrawn": (Verdict.MATCHED, Advice.NONE),
    },
    "returned": {
        "": (Verdict.MATCHED, Advice.NONE),
        "waiting": (Verdict.UNDER_WAY, Advice.NONE),
        "sending": (Verdict.UNDER_WAY, Advice.NONE),
        "done": (Verdict.ONLY_HERE, Advice.ENTER_THERE),
        "blocked": (Verdict.ONLY_HERE, Advice.REFUSED_THERE),
        "withdrawn": (Verdict.MATCHED, Advice.NONE),
    },
    "withdrawn": {
        "": (Verdict.MATCHED, Advice.NONE),
        "waiting": (Verdict.UNDER_WAY, Advice.NONE),
        "sending": (Verdict.UNDER_WAY, Advice.NONE),
        "done": (Verdict.MATCHED, Advice.NONE),
        "blocked": (Verdict.MATCHED, Advice.NONE),
        "withdrawn": (Verdict.MATCHED, Advice.NONE),
    },
}


@pytest.mark.parametrize(
    ("ours", "package", "expected"),
    [
        pytest.param(ours, package, expected, id=f"{ours}, package {package or 'not owed'}")
        for ours, row in UNKNOWN.items()
        for package, expected in row.items()
    ],
)
def test_a_leg_that_the_district_does_not_know(ours: str, package: str, expected: tuple[Verdict, Advice]) -> None:
    comparison = compare(LEGS[ours], HandoffState(package), None)
    assert (comparison.verdict, comparison.advice, comparison.differing) == (*expected, ())


@pytest.mark.parametrize("package", PACKAGES)
def test_a_district_that_has_every_field_alike_matches_whatever_the_package(package: str) -> None:
    for case in LEGS.values():
        handoff = HandoffState(package, "", "Q-1")
        assert compare(case, handoff, our_record(case, handoff)) == Comparison(Verdict.MATCHED)


WITHDRAWN_THERE = [
    # ending there, decided there on, our withdrawal's obligation, verdict, advice
    (LegEnding.OPEN, "", "", Verdict.DIFFERS, Advice.WITHDRAW_THERE),
    (LegEnding.OPEN, "", "waiting", Verdict.UNDER_WAY, Advice.NONE),
    (LegEnding.OPEN, "", "sending", Verdict.UNDER_WAY, Advice.NONE),
    (LegEnding.OPEN, "", "done", Verdict.DIFFERS, Advice.WITHDRAW_THERE),
    (LegEnding.UNSTATED, "", "done", Verdict.DIFFERS, Advice.WITHDRAW_THERE),
    (LegEnding.RETURNED, "", "", Verdict.CROSSED, Advice.NONE),
    (LegEnding.RETURNED, "", "waiting", Verdict.CROSSED, Advice.NONE),
    (LegEnding.GRANTED, "2016-03-09", "done", Verdict.CROSSED, Advice.NONE),
    (LegEnding.GRANTED, "2016-03-10", "done", Verdict.CROSSED, Advice.NONE),
    (LegEnding.GRANTED, "2016-03-11", "done", Verdict.DIFFERS, Advice.SETTLE),
    (LegEnding.GRANTED, "2016-03-11", "waiting", Verdict.DIFFERS, Advice.SETTLE),
    (LegEnding.REFUSED, "2016-03-10", "done", Verdict.CROSSED, Advice.NONE),
    (LegEnding.REFUSED, "2016-03-11", "done", Verdict.DIFFERS, Advice.SETTLE),
]


@pytest.mark.parametrize(("ending", "decided_on", "withdrawal", "verdict", "advice"), WITHDRAWN_THERE)
def test_a_leg_that_the_applicant_withdrew_on_10_march(
    ending: LegEnding, decided_on: str, withdrawal: str, verdict: Verdict, advice: Advice
) -> None:
    theirs = replace(OPEN, ending=ending, decided_on=decided_on)
    comparison = compare(LEGS["withdrawn"], HandoffState("done", withdrawal, "Q-1"), theirs)
    assert (comparison.verdict, comparison.advice) == (verdict, advice)


@pytest.mark.parametrize(
    ("reported", "same"),
    [
        ("2016-03-07", False),
        ("2016-03-09", True),
        ("2016-03-10", False),
        ("", False),
    ],
)
def test_the_day_of_receipt_is_compared_after_the_referral(reported: str, same: bool) -> None:
    comparison = compare(received(), DONE, replace(OPEN, received_on=reported))
    assert (comparison.verdict is Verdict.MATCHED) is same
    assert comparison.advice is (Advice.NONE if same else Advice.CHECK_DAYS)


def test_a_wrong_number_is_named_before_a_wrong_day() -> None:
    comparison = compare(received(), DONE, LegRecord("Q-2", "2016-03-10", LegEnding.OPEN, ""))
    assert comparison.differing == ("district_number", "received_on")
    assert comparison.advice is Advice.CHECK_NUMBER


def test_a_package_on_its_way_excuses_a_leg_that_was_not_received_and_no_other() -> None:
    theirs = replace(OPEN, district_number="Q-2")
    assert compare(leg(), HandoffState("sending"), theirs).verdict is Verdict.UNDER_WAY
    assert compare(received(), HandoffState("sending"), theirs).verdict is Verdict.DIFFERS
    assert compare(leg(), HandoffState("done"), theirs).verdict is Verdict.DIFFERS


@given(legs, handoffs, records)
def test_a_field_is_named_when_and_only_when_the_verdict_is_of_a_difference(
    case: Case, handoff: HandoffState, theirs: LegRecord
) -> None:
    comparison = compare(case, handoff, theirs)
    assert bool(comparison.differing) is (comparison.verdict in (Verdict.DIFFERS, Verdict.CROSSED))
    assert set(comparison.differing) <= {"district_number", "received_on", "ending", "decided_on"}
    assert not {"ending", "decided_on"} <= set(comparison.differing)


@given(legs, handoffs, records)
def test_two_sides_with_the_same_ending_never_have_an_ending_to_settle(
    case: Case, handoff: HandoffState, theirs: LegRecord
) -> None:
    same = replace(theirs, ending=our_record(case, handoff).ending)
    assert "ending" not in compare(case, handoff, same).differing


@pytest.mark.parametrize(("listed", "differing"), [("2016-03-10", ()), ("", ()), ("2016-03-11", ("returned_on",))])
def test_a_return_on_another_day_is_a_matter_of_days(listed: str, differing: tuple[str, ...]) -> None:
    """A district that lists no day of a return differs in none."""
    case = after(received(), return_case(received(), ReturnReport("r-1", "0f", date(2016, 3, 10)), date(2016, 3, 14)))
    theirs = LegRecord("Q-1", "2016-03-09", LegEnding.RETURNED, "", listed)
    assert compare(case, DONE, theirs).differing == differing


def test_a_decision_on_another_day_is_a_matter_of_days() -> None:
    case = after(received(), ())
    theirs = LegRecord("Q-1", "2016-03-09", LegEnding.GRANTED, "2016-03-11")
    comparison = compare(decided(case, on=date(2016, 3, 10)), DONE, theirs)
    assert (comparison.differing, comparison.advice) == (("decided_on",), Advice.CHECK_DAYS)
