"""Conditions mean what they say, and the SQL compiled from them names nothing but columns and numbers."""

from datetime import date

import pytest

from services.metrics.adapters.figures import compile_condition, compile_side
from services.metrics.domain.indicator.conditions import Condition, During, IsKnown, IsTrue, Within, every, holds
from services.metrics.domain.indicator.indicators import CLOSED, INDICATORS, indicator
from services.metrics.domain.period import Period
from services.metrics.ports import Side

MARCH = Period(date(2016, 3, 1), date(2016, 3, 31))


@pytest.mark.parametrize(
    ("on", "counted"),
    [
        (date(2016, 2, 29), False),
        (date(2016, 3, 1), True),
        (date(2016, 3, 31), True),
        (date(2016, 4, 1), False),
        (None, False),
    ],
)
def test_both_ends_of_the_period_count(on: date | None, counted: bool) -> None:
    assert holds(During("closed_on"), {"closed_on": on}, MARCH) is counted


@pytest.mark.parametrize(("value", "counted"), [(True, True), (False, False), (None, False)])
def test_only_yes_is_yes(value: bool | None, counted: bool) -> None:
    assert holds(IsTrue("early"), {"early": value}, MARCH) is counted


@pytest.mark.parametrize(("value", "counted"), [(True, True), (False, True), (None, False)])
def test_a_value_is_known_whatever_it_is(value: bool | None, counted: bool) -> None:
    assert holds(IsKnown("on_time"), {"on_time": value}, MARCH) is counted


@pytest.mark.parametrize(("grade", "counted"), [(0, False), (1, True), (3, True), (4, False), (None, False)])
def test_a_number_lies_within_both_ends(grade: int | None, counted: bool) -> None:
    assert holds(Within("grade", 1, 3), {"grade": grade}, MARCH) is counted


def test_all_of_several_conditions_must_hold() -> None:
    both = every(IsTrue("early"), IsTrue("instant"))
    assert holds(both, {"early": True, "instant": True}, MARCH)
    assert not holds(both, {"early": True, "instant": None}, MARCH)


def test_what_was_withdrawn_is_in_no_rate_of_closing() -> None:
    withdrawn = {"closed_on": date(2016, 3, 5), "on_time": None}
    assert not holds(CLOSED, withdrawn, MARCH)


@pytest.mark.parametrize(
    ("condition", "sql"),
    [
        (During("rated_on"), "(rated_on between $1 and $2)"),
        (IsTrue("early"), "(early)"),
        (IsKnown("on_time"), "(on_time is not null)"),
        (Within("grade", 1, 3), "(grade between 1 and 3)"),
        (every(IsTrue("early"), IsKnown("on_time")), "((early) and (on_time is not null))"),
    ],
)
def test_each_condition_has_its_sql(condition: Condition, sql: str) -> None:
    assert compile_condition(condition) == sql


def test_numerator_and_rest_part_the_denominator() -> None:
    early = indicator("early")
    assert compile_side(early, Side.DENOMINATOR) == compile_condition(early.of)
    assert compile_side(early, Side.NUMERATOR).endswith("and (early))")
    assert compile_side(early, Side.REST).endswith("and (early) is not true)")


def test_every_indicator_compiles() -> None:
    assert all(compile_side(each, side) for each in INDICATORS for side in Side)
