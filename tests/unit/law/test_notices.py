"""The notices that come with the product, and notices written by others."""

from datetime import date

import pytest

from law.notices import Holiday, Notice, WrongNotice, read_notice, state_council


def test_every_year_from_2007_to_2026_has_exactly_one_notice_of_its_own() -> None:
    _, notices = state_council()
    assert [notice.year for notice in notices if not notice.amends] == list(range(2007, 2027))


def test_the_three_amendments_stand_after_what_they_amend() -> None:
    _, notices = state_council()
    numbers = [notice.number for notice in notices]
    amendments = [notice for notice in notices if notice.amends]
    assert [each.number for each in amendments] == [
        "国发明电〔2015〕1号",
        "国办发明电〔2019〕3号",
        "国办发明电〔2020〕1号",
    ]
    assert all(numbers.index(each.amends) < numbers.index(each.number) for each in amendments)


def test_notices_stand_in_the_order_in_which_they_were_published_and_after_they_were_signed() -> None:
    _, notices = state_council()
    published = [notice.published_on for notice in notices if notice.published_on]
    assert len(published) == len(notices)
    assert published == sorted(published)
    assert all(each.signed_on and each.published_on and each.signed_on <= each.published_on for each in notices)


@pytest.mark.parametrize(
    ("number", "late_december"),
    [
        ("国办发明电〔2006〕49号", {date(2006, 12, 30), date(2006, 12, 31)}),
        ("国办发明电〔2007〕52号", {date(2007, 12, 29), date(2007, 12, 30), date(2007, 12, 31)}),
        ("国办发明电〔2011〕45号", {date(2011, 12, 31)}),
        ("国办发明电〔2018〕15号", {date(2018, 12, 29), date(2018, 12, 30), date(2018, 12, 31)}),
        ("国办发明电〔2022〕16号", {date(2022, 12, 31)}),
    ],
)
def test_days_of_late_december_stand_in_the_notice_that_ordered_them(number: str, late_december: set[date]) -> None:
    notice = next(each for each in state_council()[1] if each.number == number)
    days = {day for holiday in notice.holidays for day in holiday.days}
    assert {day for day in days if day.year == notice.year - 1} == late_december


def test_a_notice_is_read_with_its_spans_and_single_days() -> None:
    written = {
        "year": 2027,
        "number": "甲〔2026〕1号",
        "published_on": "2026-11-30",
        "holidays": [{"name": "元旦", "off": ["2026-12-31..2027-01-02"], "makeup": ["2027-01-03"]}],
    }
    off = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2))
    expected = (Holiday("元旦", off, (date(2027, 1, 3),)),)
    assert read_notice(written) == Notice(2027, "甲〔2026〕1号", expected, published_on=date(2026, 11, 30))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"year": "2027"}, "year"),
        ({"year": True}, "year"),
        ({"year": 9999}, "year"),
        ({"number": ""}, "number"),
        ({"number": 7}, "number"),
        ({"amends": "甲〔2026〕1号"}, "amends"),
        ({"published_on": "yesterday"}, "published_on"),
        ({"holiday": []}, "holiday"),
        ({"holidays": "元旦"}, "holidays"),
        ({"holidays": ["元旦"]}, "holidays[0]"),
        ({"holidays": [{"of": []}]}, "of"),
        ({"holidays": [{"off": ["2027-02-30"]}]}, "holidays[0].off"),
        ({"holidays": [{"off": ["2027-1-1"]}]}, "holidays[0].off"),
        ({"holidays": [{"off": ["2027-01-03..2027-01-01"]}]}, "holidays[0].off"),
        ({"holidays": [{"off": ["2027-01-01..2027-12-31"]}]}, "holidays[0].off"),
        ({"holidays": [{"off": ["2028-01-01"]}]}, "holidays"),
        ({"holidays": [{"off": ["2026-11-30"]}]}, "holidays"),
        ({"holidays": [{"off": ["2027-01-01", "2027-01-01"]}]}, "holidays"),
        ({"holidays": [{"off": ["2027-01-02"], "makeup": ["2027-01-02"]}]}, "holidays"),
        ({"holidays": [{"makeup": ["2027-01-04"]}]}, "holidays"),
    ],
)
def test_a_notice_that_is_badly_written_is_refused_by_the_name_of_its_field(
    change: dict[str, object], field: str
) -> None:
    with pytest.raises(WrongNotice) as refused:
        read_notice({"year": 2027, "number": "甲〔2026〕1号", "holidays": []} | change)
    assert refused.value.field == field
    assert "{" not in refused.value.sentence


def test_something_that_is_no_table_is_no_notice() -> None:
    with pytest.raises(WrongNotice):
        read_notice(["2027"])
