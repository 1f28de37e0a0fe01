"""Limits that belong together: promise and law, parts and whole, counted here from the notices by hand."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.items import Breach, ItemFinding, PublicItem, PublicLimit, PublicPart, PublicStep, dotted, item_findings
from law.items.limit_rules import (
    district_has_a_limit,
    licence_is_decided_in_time,
    limits_have_a_ground,
    limits_name_their_part,
    parts_end_after_the_whole_on_some_days,
    parts_fit_the_whole,
    promise_ends_late_on_some_days,
    promise_is_within_the_law,
)
from law.items.rules import stages_fit_the_promise
from law.notices import state_council
from law.term_clock import TermClock, due_on
from law.terms import Unit
from law.workdays import state_council as calendar
from tests.unit.law.item_examples import FORWARDED, ITEM

DAY = timedelta(days=1)
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 25)
"""From the 26th on, the notice of 2027 may still order days of December."""
SERVICE = replace(ITEM, nature="公共服务", code="11440105K3160578855442091001001")


def working(days: int, article: str = "", *, assumed: bool = False) -> PublicLimit:
    """A limit in working days."""
    return PublicLimit(days, Unit.WORKING, article, assumed or not article)


def calendar_days(days: int, article: str = "") -> PublicLimit:
    """A limit in calendar days."""
    return PublicLimit(days, Unit.CALENDAR, article, assumed=not article)


def forwarded(closes_on: str, **fields: Any) -> PublicItem:
    """A service that goes to the district."""
    return replace(SERVICE, **{**FORWARDED, "closes_on": closes_on, **fields})


@cache
def worked() -> frozenset[date]:
    """Every working day of the published years, written down day by day from the notices."""
    days = {on: on.weekday() < 5 for on in span(FIRST, LAST)}
    for notice in state_council()[1]:
        for holiday in notice.holidays:
            days |= dict.fromkeys(holiday.off, False) | dict.fromkeys(holiday.makeup, True)
            days |= {on: on.weekday() < 5 for on in holiday.ordinary}
    return frozenset(on for on, works in days.items() if works)


def span(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last."""
    for step in range((last - first).days + 1):
        yield first + step * DAY


def end(start: date, limit: PublicLimit) -> date | None:
    """The last day of a limit, walked day by day; None when it lies in no published year."""
    on, left = start, limit.days
    while left or (limit.unit is Unit.CALENDAR and on not in worked()):
        on += DAY
        if on > LAST:
            return None
        if left and (limit.unit is Unit.CALENDAR or on in worked()):
            left -= 1
    return on


def late_by_hand(limits: list[PublicLimit], ceiling: PublicLimit) -> tuple[date, ...]:
    """Acceptance days from which the limits, one after the other, end later than the ceiling."""
    late = []
    for start in span(FIRST, LAST):
        on: date | None = start
        for limit in limits:
            on = on and end(on, limit)
        until = end(start, ceiling)
        if on and until and on > until:
            late.append(start)
    return tuple(late)


def half(days: tuple[date, ...]) -> bool:
    """True when more than half of the days of some year are among them."""
    return any(count > (date(year, 12, 31) - date(year, 1, 1) + DAY).days / 2 for year, count in years(days).items())


def years(days: tuple[date, ...]) -> Counter[int]:
    """How many of the days lie in each year."""
    return Counter(day.year for day in days)


def findings(item: PublicItem, rule: Callable[[PublicItem], Iterator[ItemFinding]]) -> list[ItemFinding]:
    """Remarks on the item by one rule, which are among all its remarks."""
    found = list(rule(item))
    assert [each for each in item_findings(item) if each in found] == found
    return found


MIXED = [
    (working(10), calendar_days(15)),
    (working(20), calendar_days(30)),
    (working(6), calendar_days(15)),
    (working(5), calendar_days(15)),
    (working(15), calendar_days(21)),
    (working(11), calendar_days(15)),
    (working(60), calendar_days(5)),
    (calendar_days(24), working(20)),
    (calendar_days(28), working(20)),
    (calendar_days(29), working(20)),
    (calendar_days(30), working(20)),
    (calendar_days(60), working(20)),
    (calendar_days(1), working(1)),
]


@pytest.mark.parametrize(("promised", "legal"), MIXED, ids=str)
def test_a_promise_in_another_unit_is_refused_or_found_on_the_days_counted_by_hand(
    promised: PublicLimit, legal: PublicLimit
) -> None:
    late = late_by_hand([promised], legal)
    item = replace(SERVICE, promised_limit=promised, legal_limit=legal)
    refused = list(promise_is_within_the_law(item))
    found = findings(item, promise_ends_late_on_some_days)
    assert bool(refused) is half(late)
    assert [each.days for each in found] == ([late] if late and not half(late) else [])
    for finding in found:
        latest = max(years(late))
        (first, *_), count = [day for day in late if day.year == latest], years(late)[latest]
        assert f"{latest}年{first.month}月{first.day}日" in finding.sentence
        assert f"{count}天，2007年至2026年共{len(late)}天" in finding.sentence
        assert dotted(finding.field) == "promised_limit.days"


def test_the_promise_of_the_residence_permit_ends_late_around_the_long_holidays_alone() -> None:
    item = forwarded("district_decision", promised_limit=working(10), legal_limit=calendar_days(15))
    (finding,) = findings(item, promise_ends_late_on_some_days)
    assert years(finding.days)[2016] == 32
    assert date(2016, 1, 29) in finding.days
    assert date(2016, 3, 1) not in finding.days


def test_a_refused_promise_names_the_year_its_days_and_an_example() -> None:
    item = replace(SERVICE, promised_limit=working(60), legal_limit=calendar_days(5))
    (breach,) = promise_is_within_the_law(item)
    assert breach.sentence == (
        "承诺时限 60 个工作日长于法定时限 5 日：2007年有365天受理的都是如此，"
        "例如2007-01-01受理，承诺到2007-04-02，法定到2007-01-08。"
    )


@pytest.mark.parametrize("limit_of", [working, calendar_days])
def test_limits_of_one_unit_are_compared_by_their_numbers(limit_of: Any) -> None:
    for days, lawful in ((20, True), (21, False)):
        item = replace(SERVICE, promised_limit=limit_of(days), legal_limit=limit_of(20))
        assert (list(promise_is_within_the_law(item)) == []) is lawful
        assert findings(item, promise_ends_late_on_some_days) == []


@given(st.dates(FIRST, date(2024, 1, 1)), st.integers(1, 366), st.sampled_from(Unit))
def test_the_walk_ends_where_the_clock_of_the_law_ends(start: date, days: int, unit: Unit) -> None:
    limit = PublicLimit(days, unit)
    assert due_on(TermClock.of(limit.limit, start), calendar()) == end(start, limit)


# The parts of a matter


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (replace(SERVICE, street_part=PublicPart(working(1))), "street_part"),
        (replace(SERVICE, district_part=PublicPart(working(1))), "district_part"),
        (replace(SERVICE, whole=PublicPart(working(1))), "whole"),
        (forwarded("referral", street_part=PublicPart(working(1))), "street_part"),
        (forwarded("district_decision", whole=PublicPart(working(1))), "whole"),
        (forwarded("referral", district_part=PublicPart()), "district_part"),
    ],
)
def test_a_part_is_named_once_and_where_there_is_one(item: PublicItem, field: str) -> None:
    (breach,) = limits_name_their_part(item)
    assert (dotted(breach.field), breach.rule) == (field, "limit_part")


@pytest.mark.parametrize(
    ("limit", "field", "rule"),
    [
        (PublicLimit(5, Unit.WORKING), "district_part.legal", "limit_ground"),
        (PublicLimit(5, Unit.WORKING, "某条例第九条", assumed=True), "district_part.legal.assumed", "limit_ground"),
        (PublicLimit(0, Unit.WORKING, assumed=True), "district_part.legal.days", "limit_days"),
    ],
)
def test_a_limit_of_a_part_has_its_ground_too(limit: PublicLimit, field: str, rule: str) -> None:
    (breach,) = limits_have_a_ground(forwarded("referral", district_part=PublicPart(limit)))
    assert (dotted(breach.field), breach.rule) == (field, rule)


def broken(item: PublicItem) -> list[tuple[str, str]]:
    """Field and rule of each breach of the parts."""
    return [(dotted(each.field), each.rule) for each in parts_fit_the_whole(item)]


def test_parts_of_one_unit_fit_the_whole_by_their_numbers() -> None:
    street = {"legal_limit": working(15), "promised_limit": working(10)}
    whole = PublicPart(working(20), working(15))
    fitting = forwarded("referral", **street, whole=whole, district_part=PublicPart(working(5), working(5)))
    assert broken(fitting) == []
    together = replace(fitting, district_part=PublicPart(working(6), working(5)))
    assert broken(together) == [("whole.legal.days", "parts_within_whole")]
    alone = replace(fitting, district_part=PublicPart(working(21), working(5)))
    assert broken(alone) == [("district_part.legal.days", "parts_within_whole")]
    assert broken(replace(fitting, legal_limit=working(21))) == [("legal_limit.days", "parts_within_whole")]


def test_the_whole_of_a_matter_that_closes_on_the_districts_decision_is_its_own_limit() -> None:
    parts = {"street_part": PublicPart(promised=working(3)), "district_part": PublicPart(promised=working(8))}
    item = forwarded("district_decision", legal_limit=calendar_days(15), promised_limit=working(10), **parts)
    assert broken(item) == [("promised_limit.days", "parts_within_whole")]


def test_promised_parts_fit_the_laws_whole_where_no_whole_is_promised() -> None:
    item = forwarded("referral", whole=PublicPart(working(20)), district_part=PublicPart(promised=working(11)))
    assert broken(item) == [("whole.legal.days", "parts_within_whole")]


@pytest.mark.parametrize(("street", "district", "whole"), [(15, 5, 30), (15, 6, 30), (15, 7, 30), (30, 15, 30)])
def test_parts_in_another_unit_than_the_whole_are_counted_by_hand(street: int, district: int, whole: int) -> None:
    parts = [working(street), working(district)]
    item = forwarded(
        "referral",
        legal_limit=parts[0],
        promised_limit=working(1),
        district_part=PublicPart(parts[1]),
        whole=PublicPart(calendar_days(whole)),
    )
    alone = [late_by_hand([part], calendar_days(whole)) for part in parts]
    late = late_by_hand(parts, calendar_days(whole))
    compared = [days for days in alone if days] or [late]
    assert len(broken(item)) == sum(half(days) for days in compared)
    assert [each.days for each in findings(item, parts_end_after_the_whole_on_some_days)] == [
        days for days in compared if not half(days)
    ]


def test_a_part_is_promised_within_its_own_law() -> None:
    item = forwarded("referral", district_part=PublicPart(working(5), working(6)))
    (breach,) = promise_is_within_the_law(item)
    assert dotted(breach.field) == "district_part.promised.days"
    assert breach.sentence == "区级承诺时限 6 个工作日长于法定时限 5 个工作日。"


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({}, True),
        ({"district_part": PublicPart(working(5))}, False),
        ({"district_part": PublicPart(promised=working(5))}, True),
        ({"whole": PublicPart(working(30))}, True),
        ({"whole": PublicPart(working(30)), "district_part": PublicPart(promised=working(5))}, False),
    ],
)
def test_a_district_without_a_limit_is_found_where_the_referral_closes_the_matter(parts: Any, *, found: bool) -> None:
    assert bool(findings(forwarded("referral", **parts), district_has_a_limit)) is found


def test_a_district_that_decides_the_matter_has_the_matters_own_limit() -> None:
    assert findings(forwarded("district_decision"), district_has_a_limit) == []


# A licence


def licence(closes_on: str, legal: PublicLimit, **fields: Any) -> list[Breach]:
    """Breaches of a licence's limits."""
    item = forwarded(closes_on, **fields) if closes_on != "decision" else ITEM
    return list(licence_is_decided_in_time(replace(item, nature="行政许可", legal_limit=legal)))


@pytest.mark.parametrize(
    ("closes_on", "legal", "lawful"),
    [
        ("decision", working(20, "行政许可法 42"), True),
        ("decision", working(21, "行政许可法 42"), False),
        ("decision", working(45, "行政许可法 42"), True),
        ("decision", working(46, "行政许可法 42"), False),
        ("decision", working(60, "某条例第九条"), True),
        ("decision", working(60, "办事指南"), False),
        ("referral", working(20, "行政许可法 43"), True),
        ("referral", working(21, "行政许可法 43"), False),
        ("referral", working(45, "行政许可法 42"), False),
        ("referral", calendar_days(30, "廉租住房保障办法（2007年）第十七条"), True),
        ("district_decision", working(40, "行政许可法 42、43"), True),
        ("district_decision", working(41, "行政许可法 42、43"), False),
        ("district_decision", working(41), False),
        ("district_decision", working(60, "某条例第九条"), True),
    ],
)
def test_a_licence_is_reviewed_and_decided_within_the_law(closes_on: str, legal: PublicLimit, *, lawful: bool) -> None:
    assert (licence(closes_on, legal) == []) is lawful


@pytest.mark.parametrize(
    ("part", "legal", "lawful"),
    [
        ("district_part", working(20, "行政许可法 42"), True),
        ("district_part", working(21, "行政许可法 42"), False),
        ("district_part", working(45, "行政许可法 42"), True),
        ("whole", working(40, "行政许可法 42、43"), True),
        ("whole", working(41, "行政许可法 42、43"), False),
    ],
)
def test_the_parts_of_a_licence_have_their_own_ceilings(part: str, legal: PublicLimit, *, lawful: bool) -> None:
    found = licence("referral", working(20, "行政许可法 43"), **{part: PublicPart(legal)})
    assert [dotted(each.field) for each in found] == ([] if lawful else [f"{part}.legal.days"])


def test_steps_of_the_street_fit_the_streets_own_promise() -> None:
    steps = (PublicStep("S1", "审核", "review", "REVIEWER", 1, 3), PublicStep("S2", "转报", "refer", "HEAD", 1, 0))
    item = forwarded("district_decision", route=steps, street_part=PublicPart(promised=working(2)))
    assert [each.rule for each in stages_fit_the_promise(item)] == ["stages_within_promise"]
    assert list(stages_fit_the_promise(replace(item, street_part=PublicPart(promised=working(3))))) == []
