"""Limits of single acts at their edges: opinions, extensions, cards, orders, packages and openings."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.desk import Post
from law.term_clock import LATEST
from law.workdays import state_council
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import (
    CardLevel,
    CaseOpened,
    Leg,
    Opinion,
    Outcome,
    VaultText,
)
from services.approval.domain.case.item import ClosesOn, ItemKind, LimitUnit, Step, StepKind, StepPost
from services.approval.domain.case.open_case import (
    DISTRICT_LIMIT,
    AcceptanceGround,
    district_term,
    open_district_leg,
    open_street_leg,
    opens,
)
from services.approval.domain.case.stages import ExtensionTooLong
from services.approval.domain.case.steps import CompleteStep, SameStaffTwice, claim, complete_step, release
from services.approval.domain.supervision.cards import issue_cards
from services.approval.domain.supervision.supervision_order import (
    DueBeforeToday,
    SupervisionOrder,
    issue_supervision_order,
)
from tests.unit.approval.acts import DIGEST, TODAY, claimed, decided, paused, resumed
from tests.unit.approval.matters import (
    ACCEPTED_ON,
    APPLICATION,
    CALENDAR,
    DECISION,
    DISTRICT,
    FORWARDED,
    HEAD,
    OTHER,
    PAPERS,
    PROMISED,
    RESIDENCE,
    REVIEWER,
    STREET,
    accepted,
    after,
    opened,
    received,
    referral,
    reviewed,
    staff,
)


def check_by(number: int) -> Step:
    """A check of the facts that needs so many members of staff."""
    return Step("S2", "入户核查", StepKind.REVIEW, StepPost.REVIEWER, staff=number)


@pytest.mark.parametrize("needed", [1, 2, 3])
def test_a_step_is_finished_by_the_opinion_that_its_route_demands_last(needed: int) -> None:
    case = opened(replace(PROMISED, route=(check_by(needed), DECISION)))
    finished = []
    for number in range(needed):
        reviewer = staff(f"NH10{number}", Post.REVIEWER)
        case = claimed(case, reviewer)
        fact = complete_step(case, CompleteStep(reviewer, Opinion.AGREE, DIGEST), TODAY)
        finished.append(fact.finished)
        assert fact.remark == VaultText(f"step.S2.{number + 1}", DIGEST)
        case = after(case, [fact])
    assert finished == [False] * (needed - 1) + [True]
    assert case.step == DECISION


def test_an_opinion_without_a_remark_has_no_text_on_file() -> None:
    assert complete_step(claimed(opened(), REVIEWER), CompleteStep(REVIEWER, Opinion.AGREE), TODAY).remark is None


def test_a_disagreement_with_its_reason_completes_the_step_as_well() -> None:
    fact = complete_step(claimed(opened(), REVIEWER), CompleteStep(REVIEWER, Opinion.DISAGREE, DIGEST), TODAY)
    assert (fact.opinion, fact.finished) == (Opinion.DISAGREE, True)
    assert after(claimed(opened(), REVIEWER), [fact]).step == DECISION


def test_the_author_of_the_first_opinion_cannot_take_the_second_turn_after_a_release() -> None:
    case = claimed(opened(replace(PROMISED, route=(check_by(2), DECISION))), REVIEWER)
    case = after(case, [complete_step(case, CompleteStep(REVIEWER, Opinion.AGREE), TODAY)])
    case = claimed(case, OTHER)
    case = after(case, [release(case, OTHER, TODAY)])
    with pytest.raises(SameStaffTwice):
        claim(case, REVIEWER, TODAY)


def test_an_opinion_on_one_step_does_not_bar_the_next_one() -> None:
    case = opened(replace(PROMISED, route=(replace(check_by(1), code="S1"), check_by(1), DECISION)))
    for code in ("S1", "S2"):
        case = claimed(case, REVIEWER)
        fact = complete_step(case, CompleteStep(REVIEWER, Opinion.AGREE), TODAY)
        assert fact.step == code
        case = after(case, [fact])


@given(st.integers(1, 10))
def test_one_to_ten_days_extend_a_term(days: int) -> None:
    fact = extend(opened(), Extend(HEAD, days, DIGEST), TODAY, CALENDAR)
    assert fact.term.legal_due_on == CALENDAR.nth(opened().term.legal_due_on, days)
    assert fact.term.promised_due_on == CALENDAR.nth(opened().term.promised_due_on, days)


@given(st.integers(11, 10_000))
def test_more_than_ten_days_are_always_too_long(days: int) -> None:
    with pytest.raises(ExtensionTooLong):
        extend(opened(), Extend(HEAD, days, DIGEST), TODAY, CALENDAR)


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2016, 3, 10), []),
        (date(2016, 3, 11), [CardLevel.WARNING]),
        (date(2016, 3, 15), [CardLevel.WARNING]),
        (date(2016, 3, 16), [CardLevel.WARNING, CardLevel.YELLOW]),
        (date(2016, 3, 29), [CardLevel.WARNING, CardLevel.YELLOW]),
        (date(2016, 3, 30), [CardLevel.WARNING, CardLevel.YELLOW, CardLevel.RED]),
        (date(2017, 3, 30), [CardLevel.WARNING, CardLevel.YELLOW, CardLevel.RED]),
    ],
)
def test_a_card_is_due_on_its_day_and_not_the_day_before(on: date, due: list[CardLevel]) -> None:
    assert [card.level for card in issue_cards(opened(), on, state_council())] == due


def test_a_pause_puts_the_cards_off_and_they_come_by_the_new_dates() -> None:
    case = paused(opened())
    assert issue_cards(case, date(2016, 5, 3), state_council()) == []
    case = resumed(case, date(2016, 3, 18))
    assert case.next_card == date(2016, 3, 22)
    assert issue_cards(case, date(2016, 3, 21), state_council()) == []
    assert [card.due_on for card in issue_cards(case, date(2016, 3, 22), state_council())] == [date(2016, 3, 22)]


def test_a_card_that_was_issued_before_an_extension_is_not_issued_again() -> None:
    case = after(opened(), issue_cards(opened(), date(2016, 3, 11), state_council()))
    case = after(case, [extend(case, Extend(HEAD, 10, DIGEST), date(2016, 3, 14), CALENDAR)])
    assert issue_cards(case, date(2016, 3, 29), state_council()) == []
    assert [card.level for card in issue_cards(case, date(2016, 3, 30), state_council())] == [CardLevel.YELLOW]


@given(st.lists(st.integers(0, 30), max_size=6))
def test_sweeps_on_any_days_issue_each_level_once_and_in_order(gaps: list[int]) -> None:
    case, on, levels = opened(), ACCEPTED_ON, []
    for gap in gaps:
        on += timedelta(days=gap)
        cards = issue_cards(case, on, state_council())
        assert all(card.due_on <= on for card in cards)
        levels += [card.level for card in cards]
        case = after(case, cards)
    assert levels == list(CardLevel)[: len(levels)]
    assert set(levels) == {*case.cards}


@pytest.mark.parametrize(
    ("due_on", "allowed"),
    [(TODAY - timedelta(days=1), False), (TODAY, True), (LATEST, True)],
)
def test_an_order_is_due_from_today_on(due_on: date, allowed: bool) -> None:
    order = SupervisionOrder("o-1", DIGEST, due_on)
    if allowed:
        fact = issue_supervision_order(received(), order, TODAY)
        assert (fact.due_on, fact.content) == (due_on, VaultText("supervision.3/o-1", DIGEST))
        return
    with pytest.raises(DueBeforeToday):
        issue_supervision_order(received(), order, TODAY)


@pytest.mark.parametrize("ground", AcceptanceGround)
@pytest.mark.parametrize("kind", ItemKind)
def test_acceptance_opens_a_case_unless_an_instant_matter_was_complete(
    kind: ItemKind, ground: AcceptanceGround
) -> None:
    acceptance = accepted(replace(PROMISED, kind=kind), ground)
    expected = kind is not ItemKind.INSTANT or ground is AcceptanceGround.DEEMED
    assert opens(acceptance) is expected
    assert len(open_street_leg(None, acceptance, CALENDAR)) == int(expected)


def test_the_streets_leg_takes_over_what_was_accepted() -> None:
    (fact,) = open_street_leg(None, accepted(), CALENDAR)
    assert (fact.leg, fact.number, fact.item) == (Leg.STREET, accepted().number, PROMISED)
    assert (fact.occurred_on, fact.application_id, fact.received_on) == (ACCEPTED_ON, APPLICATION, date(2016, 2, 29))
    assert (fact.window, fact.materials) == ("W1", PAPERS)
    assert (fact.linked_case_id, fact.linked_place, fact.destination, fact.attempt) == (None, None, "", 0)


@pytest.mark.parametrize("provisional", [True, False])
def test_a_provisional_acceptance_opens_a_provisional_term(provisional: bool) -> None:
    (fact,) = open_street_leg(None, replace(accepted(), provisional=provisional), CALENDAR)
    assert fact.term.provisional is provisional


@pytest.mark.parametrize("closes_on", ClosesOn)
def test_the_matters_own_limits_bind_the_district_where_the_street_waits_for_it(closes_on: ClosesOn) -> None:
    item = replace(RESIDENCE, closes_on=closes_on)
    waits = closes_on is ClosesOn.DISTRICT_DECISION
    expected = (item.promised_limit, item.legal_limit) if waits else (DISTRICT_LIMIT, DISTRICT_LIMIT)
    term = district_term(replace(referral(RESIDENCE), item=item), CALENDAR)
    assert (term.promised_limit, term.legal_limit) == expected


def test_the_assumed_limit_of_the_district_is_marked_as_assumed() -> None:
    assert (DISTRICT_LIMIT.days, DISTRICT_LIMIT.unit) == (20, LimitUnit.WORKING_DAYS)
    assert (DISTRICT_LIMIT.article, DISTRICT_LIMIT.assumed) == ("行政许可法 42", True)


def test_the_districts_leg_takes_over_what_was_referred() -> None:
    fact: CaseOpened
    (fact,) = open_district_leg(None, referral(), STREET, CALENDAR)
    assert (fact.leg, fact.number, fact.item) == (Leg.DISTRICT, referral().number, FORWARDED)
    assert (fact.linked_place, fact.destination, fact.attempt) == (STREET, "housing", 1)
    assert (fact.package_digest, fact.materials) == (referral().package_digest, PAPERS)
    assert (fact.window, fact.received_on, fact.occurred_on) == ("", date(2016, 2, 29), date(2016, 3, 8))
    assert fact.linked_place != DISTRICT


@pytest.mark.parametrize("outcome", Outcome)
def test_a_decision_has_its_number_its_leg_and_its_day(outcome: Outcome) -> None:
    case = decided(reviewed(), outcome)
    assert (case.decision.number, case.closed_on) == ("决1号", TODAY)
    assert case.closing is not None and case.closing.name == outcome.name
