"""案卷: each fact changes the state of a case in its own way, and in no other."""

from dataclasses import fields, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from law.desk import Place
from law.procedures import ExpectedEnd, statutory_procedures
from services.approval.domain.case.facts import (
    CardIssued,
    CardLevel,
    CaseDecided,
    CaseOpened,
    CaseReferred,
    CaseReturned,
    CaseWithdrawn,
    DistrictDecided,
    DistrictProgressed,
    Fact,
    HandoffAcknowledged,
    Leg,
    Opinion,
    Outcome,
    ProcedureDeclined,
    ProcedureOrdered,
    ProcedureOverdue,
    SpecialProcedure,
    StepClaimed,
    StepCompleted,
    StepReleased,
    SupervisionOrdered,
    TermExtended,
    TermPaused,
    TermResumed,
    VaultText,
    WithdrawalTooLate,
)
from services.approval.domain.case.item import HEAD_DECIDES
from services.approval.domain.case.state import Case, CaseClosing, CaseStage, fold
from services.approval.domain.case.values import CaseProcedures, DecisionOnFile, DistrictAnswer, Referral, StepOpinion
from tests.unit.approval.matters import (
    APPLICATION,
    DISTRICT,
    FIELD_CHECK,
    FORWARDED,
    PROMISED,
    RESIDENCE,
    REVIEW,
    STREET,
    leg,
    opened,
    opening,
    received,
    referral,
    referred,
    reviewed,
)

ON = date(2016, 3, 9)
OTHER_TERM = replace(opened().term, promised_due_on=date(2016, 3, 25), calendar_version="later")
TEXT = VaultText("name", "0f" * 32)
CLAIMED = replace(opened(), claimed_by="NH001")
HEARING = TermPaused(date(2016, 3, 7), APPLICATION, SpecialProcedure.HEARING, date(2016, 3, 7), 5, VaultText("r", "0f"))
STANDING = CaseProcedures(ordered=1, running=HEARING)
PAUSED = replace(opened(), procedures=STANDING)
APPRAISAL = TermPaused(ON, APPLICATION, SpecialProcedure.APPRAISAL, ON, 5, TEXT)
ORDERED = ProcedureOrdered(ON, APPLICATION, statutory_procedures()[0], ON, None, ExpectedEnd(ON, 1, ON), TEXT, "NH001")
WAITING = replace(opened(), procedures=CaseProcedures(1, waiting=ORDERED))


def changed(case: Case, fact: Fact) -> dict[str, Any]:
    """The fields that the fact changes, with their new values."""
    after = fold(case, fact)
    names = [field.name for field in fields(Case)]
    return {name: getattr(after, name) for name in names if getattr(after, name) != getattr(case, name)}


def decided(outcome: Outcome = Outcome.GRANTED) -> CaseDecided:
    """The street's decision, on time and early."""
    return CaseDecided(ON, APPLICATION, outcome, None, True, True, "决1号", Leg.STREET)


def of_district(*, closes: bool = True, leg_of: Leg = Leg.DISTRICT) -> DistrictDecided:
    """The district's refusal, late."""
    return DistrictDecided(
        ON, APPLICATION, "r-1", Outcome.REFUSED, date(2016, 3, 8), TEXT, closes, False, False, leg_of
    )


CLOSED_BY_DECISION = {
    "running_stage": CaseStage.CLOSED,
    "closed_on": ON,
    "closing": CaseClosing.GRANTED,
    "on_time": True,
    "early": True,
    "decision": DecisionOnFile("决1号"),
}


@pytest.mark.parametrize(
    ("case", "fact", "expected"),
    [
        (opened(), StepClaimed(ON, APPLICATION, "S1", "NH001"), {"claimed_by": "NH001"}),
        (CLAIMED, StepReleased(ON, APPLICATION, "S1", "NH001"), {"claimed_by": ""}),
        (
            CLAIMED,
            StepCompleted(ON, APPLICATION, "S1", "NH001", Opinion.AGREE, None, finished=False),
            {"claimed_by": "", "opinions": (StepOpinion("S1", "NH001", Opinion.AGREE, ON),)},
        ),
        (
            CLAIMED,
            StepCompleted(ON, APPLICATION, "S1", "NH001", Opinion.DISAGREE, TEXT, finished=True),
            {
                "claimed_by": "",
                "opinions": (StepOpinion("S1", "NH001", Opinion.DISAGREE, ON),),
                "step_index": 1,
                "running_stage": CaseStage.DECISION,
            },
        ),
        (opened(), TermExtended(ON, APPLICATION, 5, TEXT, OTHER_TERM), {"term": OTHER_TERM}),
        (opened(), APPRAISAL, {"procedures": CaseProcedures(1, running=APPRAISAL)}),
        (opened(), ORDERED, {"procedures": CaseProcedures(1, waiting=ORDERED)}),
        (WAITING, APPRAISAL, {"procedures": CaseProcedures(1, running=APPRAISAL)}),
        (WAITING, ProcedureDeclined(ON, APPLICATION, ON, TEXT, "NH900"), {"procedures": CaseProcedures(1)}),
        (PAUSED, ProcedureOverdue(ON, APPLICATION, ON, ON), {"procedures": replace(STANDING, overdue=True)}),
        (
            PAUSED,
            TermResumed(ON, APPLICATION, date(2016, 3, 7), ON, OTHER_TERM),
            {"procedures": CaseProcedures(1), "term": OTHER_TERM},
        ),
        (reviewed(), decided(), CLOSED_BY_DECISION),
        (
            opened(),
            CaseWithdrawn(ON, APPLICATION, Leg.STREET),
            {"running_stage": CaseStage.CLOSED, "closed_on": ON, "closing": CaseClosing.WITHDRAWN},
        ),
        (
            opened(),
            CardIssued(ON, APPLICATION, CardLevel.YELLOW, ON),
            {"cards": {CardLevel.YELLOW: ON}},
        ),
        (opened(), SupervisionOrdered(ON, APPLICATION, "o-1", TEXT, ON), {}),
        (received(), DistrictProgressed(ON, APPLICATION, "r-1", "REVIEWING"), {}),
        (
            leg(),
            HandoffAcknowledged(ON, APPLICATION, "Q-1", ON, OTHER_TERM),
            {
                "referral": replace(leg().referral, acknowledged=True, district_number="Q-1", received_on=ON),
                "term": OTHER_TERM,
            },
        ),
        (
            received(),
            of_district(),
            {
                "running_stage": CaseStage.CLOSED,
                "closed_on": ON,
                "closing": CaseClosing.REFUSED,
                "on_time": False,
                "early": False,
                "answer": DistrictAnswer(date(2016, 3, 8), Outcome.REFUSED, TEXT.digest),
            },
        ),
        (
            referred(),
            of_district(closes=False, leg_of=Leg.STREET),
            {"answer": DistrictAnswer(date(2016, 3, 8), Outcome.REFUSED, TEXT.digest)},
        ),
        (
            referred(),
            CaseWithdrawn(ON, APPLICATION, Leg.STREET),
            {"closed_on": ON, "closing": CaseClosing.WITHDRAWN, "on_time": None, "early": None},
        ),
        (
            opened(),
            WithdrawalTooLate(ON, APPLICATION, date(2016, 3, 8), Outcome.GRANTED, ON, Leg.STREET, Leg.STREET),
            {"decision": DecisionOnFile(withdrawal_too_late_on=date(2016, 3, 8))},
        ),
        (
            received(),
            CaseReturned(ON, APPLICATION, "r-1", TEXT, 1, Leg.DISTRICT),
            {
                "running_stage": CaseStage.CLOSED,
                "closed_on": ON,
                "closing": CaseClosing.RETURNED,
                "answer": DistrictAnswer(ON, None, TEXT.digest),
            },
        ),
        (
            referred(),
            CaseReturned(ON, APPLICATION, "r-1", TEXT, 1, Leg.STREET),
            {
                "running_stage": CaseStage.RETURNED,
                "closed_on": None,
                "closing": None,
                "on_time": None,
                "early": None,
            },
        ),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Fact) else "",
)
def test_a_fact_changes_its_own_fields_and_no_other(case: Case, fact: Fact, expected: dict[str, Any]) -> None:
    assert changed(case, fact) == expected | {"revision": case.revision + 1}


def test_a_case_begins_with_its_opening() -> None:
    with pytest.raises(ValueError, match="begins with CaseOpened, not with StepClaimed"):
        fold(None, StepClaimed(ON, APPLICATION, "S1", "NH001"))


def test_a_streets_leg_takes_the_route_of_its_item() -> None:
    case = fold(None, opening(replace(PROMISED, route=(REVIEW, FIELD_CHECK))))
    assert case.route == (REVIEW, FIELD_CHECK, HEAD_DECIDES)
    assert (case.stage, case.step, case.referral) == (CaseStage.REVIEW, REVIEW, Referral())


def test_an_item_without_a_review_waits_for_its_decision_at_once() -> None:
    assert fold(None, opening(replace(PROMISED, route=()))).stage is CaseStage.DECISION


def district_opening(destination: str) -> CaseOpened:
    """The opening of the district's leg."""
    return replace(
        opening(FORWARDED),
        leg=Leg.DISTRICT,
        linked_case_id=UUID(int=7),
        linked_place=STREET,
        destination=destination,
        attempt=2,
        package_digest="ab",
    )


@pytest.mark.parametrize(
    ("destination", "stage", "handed_over"), [("housing", CaseStage.REFERRED, True), ("", CaseStage.DECISION, False)]
)
def test_a_districts_leg_waits_for_the_system_or_for_the_desks(
    destination: str, stage: CaseStage, handed_over: bool
) -> None:
    case = fold(None, district_opening(destination))
    assert (case.stage, case.handed_over, case.route) == (stage, handed_over, (HEAD_DECIDES,))
    assert case.referral == Referral(
        attempt=2,
        case_id=UUID(int=7),
        place=STREET,
        destination=destination,
        package_digest="ab",
        referred_on=opening().occurred_on,
    )


def test_a_referral_closes_the_street_where_the_item_says_so() -> None:
    fact = referral()
    case = fold(reviewed(FORWARDED), fact)
    assert (case.stage, case.closing, case.closed_on) == (CaseStage.CLOSED, CaseClosing.REFERRED, fact.occurred_on)
    assert (case.on_time, case.early) == (fact.on_time, fact.early)


def test_a_referral_that_waits_for_the_district_keeps_the_street_open() -> None:
    case = fold(replace(reviewed(RESIDENCE), claimed_by="NH900"), referral(RESIDENCE))
    assert (case.stage, case.closing, case.claimed_by, case.step) == (CaseStage.REFERRED, None, "", None)


def test_the_street_remembers_its_referral() -> None:
    fact: CaseReferred = referral()
    assert fold(reviewed(FORWARDED), fact).referral == Referral(
        attempt=1,
        case_id=fact.linked_case_id,
        place=DISTRICT,
        destination="housing",
        opinion=fact.opinion,
        package_digest=fact.package_digest,
        referred_on=fact.occurred_on,
    )


def test_closing_ends_a_pause_and_a_claim() -> None:
    case = fold(replace(PAUSED, claimed_by="NH001"), CaseWithdrawn(ON, APPLICATION, Leg.STREET))
    assert (case.stage, case.paused_on, case.claimed_by) == (CaseStage.CLOSED, None, "")


def test_a_pause_hides_the_stage_until_it_ends() -> None:
    paused = replace(reviewed(), procedures=STANDING)
    assert (paused.stage, paused.running_stage, paused.step) == (
        CaseStage.PAUSED,
        CaseStage.DECISION,
        PROMISED.route[1],
    )
    assert replace(paused, running_stage=CaseStage.CLOSED).stage is CaseStage.CLOSED


@pytest.mark.parametrize(
    ("on", "punctuality"),
    [
        (date(2016, 3, 14), (True, True)),
        (date(2016, 3, 15), (True, False)),
        (date(2016, 3, 16), (False, False)),
    ],
)
def test_the_last_day_is_on_time_and_not_early(on: date, punctuality: tuple[bool, bool]) -> None:
    assert opened().punctuality(on) == punctuality


def test_the_next_card_leaves_out_those_that_are_issued() -> None:
    term = opened().term
    assert opened().next_card == term.warn_on
    assert replace(opened(), cards={CardLevel.WARNING: term.warn_on}).next_card == term.yellow_on
    assert replace(opened(), cards=dict(opened().card_dates())).next_card is None
    assert replace(opened(), procedures=STANDING).next_card is None


def test_opinions_are_found_by_step() -> None:
    opinions = tuple(StepOpinion(step, "NH001", Opinion.AGREE, ON) for step in ("S1", "S2"))
    assert replace(opened(), opinions=opinions).opinions_on(FIELD_CHECK) == opinions[1:]


def test_a_place_of_the_district_ends_in_three_zeros() -> None:
    assert referral().linked_place == Place("440105", "440105000")
