"""Versions of calendars in their order, and the days that two calendars see differently."""

from dataclasses import replace
from datetime import date

import pytest

from law.notices import Holiday, Notice, statutory_days
from law.recount import (
    EVERYTHING,
    DateKind,
    MovedDate,
    changed_span,
    moved_dates,
    publications,
    published_since,
    supersedes,
)
from law.workdays import Calendar, state_council

SHIPPED = state_council()
NUMBER, CORRECTION = "国办发明电〔2026〕9号", "国办发明电〔2027〕1号"


def with_year(*off: date, number: str = NUMBER, version: int = 1) -> Calendar:
    """The shipped calendar with a notice of 2027 that gives rest on these days besides the statutory ones."""
    notice = Notice(2027, number, (Holiday("", tuple(sorted({*statutory_days(2027), *off}))),))
    return SHIPPED.with_notice(notice, f"{SHIPPED.version}+2027.{version}")


@pytest.mark.parametrize(
    ("version", "earlier", "later"),
    [
        ("c-2026", "c-2026", False),
        ("c-2026+2027.1", "c-2026", True),
        ("c-2026+2027.2", "c-2026+2027.1", True),
        ("c-2026+2027.1", "c-2026+2027.2", False),
        ("c-2026+2027.1", "c-2026+2028.1", False),
        ("c-2026+2027.1+2028.1", "c-2026+2028.1", True),
        ("c-2027", "c-2026", True),
        ("c-2026", "c-2027", False),
        ("c-2027", "c-2026+2027.1", False),
        ("c-2027+2027.1", "c-2026+2027.1", True),
        ("c-2026", "", False),
        ("c-2026+2027.1", "", True),
    ],
)
def test_a_version_supersedes_those_of_which_it_holds_every_publication(
    version: str, earlier: str, later: bool
) -> None:
    assert supersedes(version, earlier) is later


def test_a_version_names_the_shipped_notices_and_counts_the_publications_of_each_year() -> None:
    assert publications("c-2026+2027.2+2028.1") == ("c-2026", {2027: 2, 2028: 1})
    assert publications("c-2026+2027.preview") == ("c-2026", {})
    assert publications("c-2026+preview.1") == ("c-2026", {})
    assert publications("c-2026+2027.1.2") == ("c-2026", {})
    assert publications("") == ("", {})


def test_the_notices_since_a_version_are_those_of_the_years_that_were_published() -> None:
    calendar = with_year()
    assert published_since(SHIPPED.version, calendar) == (NUMBER,)
    assert published_since(calendar.version, calendar) == ()


def test_a_year_that_becomes_known_changes_as_a_whole() -> None:
    span = changed_span(SHIPPED, with_year())
    assert span is not None
    assert span.first <= date(2027, 1, 1) and span.last.year == 2027
    assert span.first >= date(2026, 12, 1), "nothing before the December that the notice may order"


def test_a_correction_changes_the_days_that_it_orders_otherwise() -> None:
    first = with_year()
    corrected = with_year(date(2027, 2, 9), date(2027, 2, 10), version=2)
    assert changed_span(first, corrected) == (date(2027, 2, 9), date(2027, 2, 10))


def test_a_year_that_the_later_calendar_lacks_changes_as_well() -> None:
    there, back = changed_span(SHIPPED, with_year()), changed_span(with_year(), SHIPPED)
    assert there is not None and there == back


def test_equal_days_under_another_version_change_nothing() -> None:
    first = with_year()
    assert changed_span(first, replace(first, version="another")) is None


def test_without_the_earlier_calendar_every_day_may_be_another() -> None:
    assert changed_span(None, SHIPPED) == EVERYTHING


def test_only_dates_that_differ_have_moved() -> None:
    here, there = date(2027, 1, 4), date(2027, 1, 5)
    pairs = [(DateKind.PROMISED, here, there), (DateKind.LEGAL, here, here), (DateKind.ANSWER, None, there)]
    assert moved_dates(pairs) == (MovedDate(DateKind.PROMISED, here, there),)
