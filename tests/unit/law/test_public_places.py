"""Streets, windows and destinations of a district: each rule by what it refuses."""

from dataclasses import replace
from datetime import date

import pytest

from law.items import Breach, dotted
from law.public_places import (
    PublicWindow,
    destination_breaches,
    destination_decides,
    name_is_plain_text,
    street_breaches,
    street_is_of_the_district,
    window_breaches,
    window_serves_real_days,
)

WINDOW = PublicWindow("440105008", "综合1号窗", date(2015, 10, 8), None)


def told(breaches: list[Breach]) -> list[tuple[str, str]]:
    """Field and rule of each breach."""
    return [(dotted(each.field), each.rule) for each in breaches]


@pytest.mark.parametrize("code", ["440106008", "440105000", "440105999"])
def test_a_code_of_another_district_its_own_office_or_the_reserved_place_is_no_street(code: str) -> None:
    (breach,) = street_is_of_the_district(code, "440105")
    assert breach == Breach(("code",), "street_code", f"{code}不是本区街道的代码；000为区本级、999为系统自检保留。")
    assert list(street_is_of_the_district("440105008", "440105")) == []


@pytest.mark.parametrize(("name", "rule"), [("=1+1", "formula"), ("街道\u202e", "invisible_sign"), (" 街道", "blank")])
def test_every_name_of_a_place_is_text_that_the_public_can_read(name: str, rule: str) -> None:
    named = PublicWindow("440105008", name, WINDOW.open_from, None)
    for breaches in (
        name_is_plain_text(name),
        street_breaches("440105008", name, "440105"),
        destination_breaches(name),
        window_breaches(named, "440105"),
    ):
        assert told(list(breaches)) == [("name", rule)]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2015, 10, 8), date(2015, 10, 8), []),
        (date(1950, 1, 1), date(2200, 12, 31), []),
        (date(1949, 12, 31), None, [("open_from", "year")]),
        (date(2015, 10, 8), date(2201, 1, 1), [("open_to", "year")]),
        (date(2015, 10, 8), date(2015, 10, 7), [("open_to", "window_dates")]),
    ],
)
def test_a_window_serves_days_of_our_time_in_their_order(
    first: date, last: date | None, expected: list[tuple[str, str]]
) -> None:
    window = PublicWindow("440105008", "综合1号窗", first, last)
    assert told(list(window_serves_real_days(window))) == expected
    assert told(list(window_breaches(window, "440105"))) == expected


def test_what_is_referred_is_decided_by_the_department_that_it_goes_to() -> None:
    assert list(destination_decides("区民政局", "区民政局")) == []
    (breach,) = destination_decides("区民政局", "区住房保障办公室")
    assert (dotted(breach.field), breach.rule) == ("refers_to", "referral_target")
    assert breach.sentence == "决定机关「区民政局」与上报去向「区住房保障办公室」不一致。"


@pytest.mark.parametrize(
    ("window", "read"),
    [
        (replace(WINDOW, street="440106008"), "street: 440106008不是本区街道的代码；000为区本级、999为系统自检保留。"),
        (replace(WINDOW, name="=1"), "name: 不能以 = + - @ 开头：表格软件会当作公式执行，现为「=1」。"),
        (replace(WINDOW, open_from=date(1949, 12, 31)), "open_from: 1949-12-31 不在1950年至2200年之间，请核对年份。"),
        (replace(WINDOW, open_to=date(2015, 10, 7)), "open_to: 停用日2015-10-07早于启用日2015-10-08。"),
    ],
)
def test_a_district_reads_field_and_value_of_a_window_that_breaks_a_rule(window: PublicWindow, read: str) -> None:
    (breach,) = window_breaches(window, "440105")
    assert f"{dotted(breach.field)}: {breach.sentence}" == read
