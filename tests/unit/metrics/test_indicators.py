"""Each indicator says what it counts, of what and after which source; percent is exact."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.indicator.conditions import holds
from services.metrics.domain.indicator.indicators import INDICATORS, UnknownIndicator, indicator, percent
from services.metrics.domain.period import Period


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_percent_is_half_up_to_two_decimals_on_exact_integers(part: int, whole: int) -> None:
    numerator, denominator = min(part, whole), whole
    exact = Decimal(100 * numerator) / Decimal(denominator)
    assert percent(numerator, denominator) == float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (0, 0, 0.0),
        (1, 8, 12.5),
        (1, 3, 33.33),
        (2, 3, 66.67),
        (1, 20_000, 0.01),
        (23617, 23837, 99.08),
        (23618, 23837, 99.08),
        (23809, 23837, 99.88),
        (23835, 23837, 99.99),
    ],
)
def test_percent_of_known_figures(numerator: int, denominator: int, shown: float) -> None:
    assert percent(numerator, denominator) == shown


def test_every_indicator_has_its_name_definition_and_source() -> None:
    assert [each.code for each in INDICATORS] == [
        "early", "on_time", "satisfied", "instant", "early_promised", "delivered_on_time",
    ]  # fmt: skip # the codes that reports are known by
    assert all(each.name and each.definition.endswith("。") and each.source for each in INDICATORS)


def test_an_unknown_indicator_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownIndicator) as refused:
        indicator("speed")
    assert refused.value.field == "indicator"
    assert "on_time" in refused.value.sentence


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5])
def test_code_1_is_the_best_grade_and_a_code_of_three_stars_or_more_is_content(code: int) -> None:
    """A grade is kept as its code (1 非常满意 to 5 非常不满意); its stars are six less the code, five the best."""
    satisfied, period = indicator("satisfied"), Period(date(2016, 3, 1), date(2016, 3, 31))
    rated = {"grade": code, "rated_on": date(2016, 3, 5)}
    stars = 6 - code
    assert holds(satisfied.counts, rated, period) is (stars >= 3)
