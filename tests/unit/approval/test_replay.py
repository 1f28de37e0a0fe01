"""A replay of any life of a case gives the same state, and what a case began with never changes."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings

from services.approval.domain.case.facts import Fact, Leg
from services.approval.domain.case.state import Case
from tests.support.examples import examples
from tests.unit.approval.acts import decided, paused, returned
from tests.unit.approval.matters import (
    DECISION,
    FORWARDED,
    REFERRAL,
    RESIDENCE,
    REVIEW,
    after,
    leg,
    opened,
    referred,
    reviewed,
)
from tests.unit.approval.test_any_sequence import folded, lives


@pytest.mark.parametrize(
    ("case", "step"),
    [
        (opened(), REVIEW),
        (reviewed(), DECISION),
        (paused(reviewed()), DECISION),
        (returned(referred(FORWARDED)), REFERRAL),
        (referred(RESIDENCE), None),
        (decided(reviewed()), None),
        (leg(), None),
    ],
    ids=["review", "decision", "paused", "returned", "referred", "closed", "district"],
)
def test_the_open_step_of_a_case(case: Case, step: object) -> None:
    assert case.step == step


@settings(max_examples=examples(200), deadline=None)
@given(lives())
def test_a_replay_gives_the_same_state_from_any_point(life: list[Fact]) -> None:
    cases = folded(life)
    for at in range(len(life)):
        assert after(cases[at - 1] if at else None, life[at:]) == cases[-1]


@settings(max_examples=examples(200), deadline=None)
@given(lives())
def test_what_a_case_was_opened_with_never_changes(life: list[Fact]) -> None:
    first, *later = folded(life)
    for case in later:
        assert (case.application_id, case.leg, case.number, case.item) == (
            first.application_id,
            first.leg,
            first.number,
            first.item,
        )
        assert (case.materials, case.received_on, case.window, case.route) == (
            first.materials,
            first.received_on,
            first.window,
            first.route,
        )
        assert isinstance(case.application_id, UUID)


@settings(max_examples=examples(200), deadline=None)
@given(lives())
def test_a_closed_case_is_on_time_or_early_by_its_day_alone(life: list[Fact]) -> None:
    for case in folded(life):
        if case.on_time is None:
            assert case.early is None
            continue
        assert case.on_time or not case.early
        day = case.decided_on if case.decided_on and case.leg is Leg.DISTRICT else case.closed_on
        assert day is not None
        assert (case.on_time, case.early) == case.punctuality(day)


@settings(max_examples=examples(200), deadline=None)
@given(lives())
def test_the_next_card_is_the_first_day_without_its_card(life: list[Fact]) -> None:
    for case in folded(life):
        waiting = [on for level, on in case.card_dates() if level not in case.cards]
        expected = None if case.closed or case.paused_on else min(waiting, default=None)
        assert case.next_card == expected
        assert case.term.yellow_on == case.term.promised_due_on + timedelta(days=1)
