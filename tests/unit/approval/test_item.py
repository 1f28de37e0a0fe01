"""事项: the item as an accepted matter remembers it, and the end of its route."""

from dataclasses import replace

import pytest

from law.terms import Unit
from services.approval.domain.case.item import HEAD_DECIDES, Limit, LimitUnit, Step, StepKind, StepPost
from tests.unit.approval.matters import DECISION, FIELD_CHECK, PROMISED, REFERRAL, REVIEW

HEAD_CHECK = Step("S3", "领导审核", StepKind.REVIEW, StepPost.HEAD)


@pytest.mark.parametrize(
    ("route", "whole"),
    [
        ((), (HEAD_DECIDES,)),
        ((REVIEW,), (REVIEW, HEAD_DECIDES)),
        ((REVIEW, FIELD_CHECK), (REVIEW, FIELD_CHECK, HEAD_DECIDES)),
        ((REVIEW, HEAD_CHECK), (REVIEW, HEAD_CHECK, HEAD_DECIDES)),
        ((REVIEW, DECISION), (REVIEW, DECISION)),
        ((REVIEW, REFERRAL), (REVIEW, REFERRAL)),
        ((DECISION,), (DECISION,)),
    ],
)
def test_a_route_without_a_deciding_step_ends_with_the_head(route: tuple[Step, ...], whole: tuple[Step, ...]) -> None:
    assert replace(PROMISED, route=route).whole_route() == whole


def test_the_whole_route_always_ends_with_a_decision_or_a_referral() -> None:
    for route in ((), (REVIEW,), (REVIEW, REFERRAL)):
        assert replace(PROMISED, route=route).whole_route()[-1].kind is not StepKind.REVIEW


@pytest.mark.parametrize(
    ("unit", "law_unit"), [(LimitUnit.WORKING_DAYS, Unit.WORKING), (LimitUnit.CALENDAR_DAYS, Unit.CALENDAR)]
)
def test_a_limit_counts_in_the_unit_of_the_law(unit: LimitUnit, law_unit: Unit) -> None:
    assert Limit(10, unit, "").law_unit is law_unit


def test_the_step_of_the_head_needs_one_member_of_staff() -> None:
    assert (HEAD_DECIDES.kind, HEAD_DECIDES.post, HEAD_DECIDES.staff) == (StepKind.DECIDE, StepPost.HEAD, 1)
