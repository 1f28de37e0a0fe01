"""A period is written in the form of its kind and names days that exist."""

from datetime import date

import pytest

from services.metrics.domain.period import NotAPeriod, Period, PeriodKind, read_period


@pytest.mark.parametrize(
    ("kind", "text", "first", "last"),
    [
        (PeriodKind.DAY, "2016-02-29", date(2016, 2, 29), date(2016, 2, 29)),
        (PeriodKind.WEEK, "2016-W09", date(2016, 2, 29), date(2016, 3, 6)),
        (PeriodKind.WEEK, "2015-W53", date(2015, 12, 28), date(2016, 1, 3)),
        (PeriodKind.MONTH, "2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        (PeriodKind.MONTH, "2016-12", date(2016, 12, 1), date(2016, 12, 31)),
        (PeriodKind.QUARTER, "2016-Q1", date(2016, 1, 1), date(2016, 3, 31)),
        (PeriodKind.QUARTER, "2016-Q4", date(2016, 10, 1), date(2016, 12, 31)),
        (PeriodKind.YEAR, "2016", date(2016, 1, 1), date(2016, 12, 31)),
    ],
)
def test_a_period_has_its_first_and_last_day(kind: PeriodKind, text: str, first: date, last: date) -> None:
    assert read_period(kind, text) == Period(first, last)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PeriodKind.DAY, "2015-02-29"),
        (PeriodKind.DAY, "2016-03"),
        (PeriodKind.WEEK, "2016-W53"),
        (PeriodKind.WEEK, "2016-W00"),
        (PeriodKind.WEEK, "9999-W53"),
        (PeriodKind.MONTH, "2016-13"),
        (PeriodKind.MONTH, "2016"),
        (PeriodKind.QUARTER, "2016-Q5"),
        (PeriodKind.YEAR, "0000"),
        (PeriodKind.YEAR, "0001"),
        (PeriodKind.YEAR, "1999"),
        (PeriodKind.YEAR, "2201"),
        (PeriodKind.YEAR, "9999"),
        (PeriodKind.YEAR, "２０１６"),
        (PeriodKind.MONTH, "9999-12"),
        (PeriodKind.DAY, "0001-01-01"),
        (PeriodKind.QUARTER, "0001-Q1"),
        (PeriodKind.WEEK, "0001-W01"),
        (PeriodKind.YEAR, "2016-01"),
    ],
)
def test_what_is_no_period_is_refused_by_field_and_form(kind: PeriodKind, text: str) -> None:
    with pytest.raises(NotAPeriod) as refused:
        read_period(kind, text)
    assert refused.value.field == "period"
    assert f"“{text}”" in refused.value.sentence
