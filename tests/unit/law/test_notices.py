"""The notices that come with the product, and notices written by others."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from law import workdays
from law.notices import (
    Holiday,
    Notice,
    WrongNotice,
    read_notice,
    require_own_number,
    state_council,
    statutory_days,
)


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


def lawful_2027(**changes: tuple[date, ...]) -> Notice:
    """A lawful notice of 2027, with its days off and make-up days changed."""
    days = {"days_off": OFF_2027, "makeup_days": MAKEUP_2027} | changes
    return Notice(2027, "国办发明电〔2026〕9号", (Holiday("", days["days_off"], days["makeup_days"]),))


def span(first: date, length: int) -> tuple[date, ...]:
    return tuple(first + timedelta(days=step) for step in range(length))


OFF_2027 = (
    *span(date(2027, 1, 1), 3),
    *span(date(2027, 2, 5), 8),
    *span(date(2027, 4, 3), 3),
    *span(date(2027, 5, 1), 5),
    *span(date(2027, 6, 9), 1),
    *span(date(2027, 9, 15), 1),
    *span(date(2027, 10, 1), 7),
)
MAKEUP_2027 = (date(2027, 2, 14), date(2027, 4, 25), date(2027, 10, 9))


def test_a_lawful_notice_of_2027_is_taken() -> None:
    notice = lawful_2027()
    assert (notice.days_off, notice.makeup_days) == (frozenset(OFF_2027), frozenset(MAKEUP_2027))


@pytest.mark.parametrize(
    ("days_off", "makeup_days", "field", "said"),
    [
        ((), (), "days_off", "缺少法定节假日2027-01-01元旦、2027-02-05春节"),
        ((date(2027, 1, 1),), (), "days_off", "缺少法定节假日2027-02-05春节"),
        (tuple(day for day in OFF_2027 if day != date(2027, 5, 2)), (), "days_off", "2027-05-02劳动节"),
        ((*OFF_2027, date(2027, 7, 9)), (), "days_off", "2027-07-09不与法定节假日相连"),
        ((*OFF_2027, date(2027, 10, 9)), (), "days_off", "2027-10-09不与法定节假日相连"),
        ((*OFF_2027, date(2027, 10, 11)), (), "days_off", "2027-10-11不与法定节假日相连"),
        ((*OFF_2027, date(2026, 12, 25)), (), "days_off", "2026-12-25不与法定节假日相连"),
        ((*OFF_2027, *span(date(2027, 10, 8), 4)), (), "days_off", "2027-10-11不与法定节假日相连，或超出10天的假期"),
        (OFF_2027, (date(2027, 10, 10),) * 2, "makeup_days", "2027-10-10重复列出"),
        (OFF_2027, (date(2027, 7, 10),), "makeup_days", "2027-07-10距调休放假的日子超过21天"),
        (OFF_2027, (date(2027, 10, 8),), "makeup_days", "2027-10-08不是周六或周日"),
        (tuple(statutory_days(2027)), (date(2027, 1, 9),), "makeup_days", "调休上班1天，而工作日调休放假只有0天"),
    ],
)
def test_a_notice_moves_only_what_it_may(
    days_off: tuple[date, ...], makeup_days: tuple[date, ...], field: str, said: str
) -> None:
    with pytest.raises(WrongNotice) as refused:
        lawful_2027(days_off=days_off, makeup_days=makeup_days)
    assert refused.value.field == field
    assert said in refused.value.sentence


def test_a_statutory_holiday_is_never_made_up() -> None:
    off = tuple(day for day in OFF_2027 if day != date(2027, 10, 2))
    with pytest.raises(WrongNotice) as refused:
        lawful_2027(days_off=off, makeup_days=(date(2027, 10, 2),))
    assert refused.value.field == "makeup_days"
    assert "2027-10-02是法定节假日（国庆节），不能安排上班" in refused.value.sentence
    assert [fault.field for fault in refused.value.faults] == ["makeup_days", "days_off"]
    give_back = Holiday("国庆节", ordinary=(date(2026, 10, 1),))
    with pytest.raises(WrongNotice):
        Notice(2026, "国办发明电〔2026〕1号", (give_back,), "国办发明电〔2025〕7号")


@pytest.mark.parametrize("year", [2015, 2019, 2020])
def test_an_amended_year_is_taken_as_a_whole_under_the_number_of_its_amendment(year: int) -> None:
    """2015 with its parade, 2019 with its longer 劳动节, the spring of 2020, as a district publishes them."""
    calendar, notices = workdays.state_council(), [each for each in state_council()[1] if each.year == year]
    ordered = sorted({day for notice in notices for holiday in notice.holidays for day in holiday.days})
    off = [day for day in ordered if calendar.day(day).kind is workdays.DayKind.HOLIDAY]
    makeup = [day for day in ordered if calendar.day(day).kind is workdays.DayKind.MAKEUP]
    whole = Notice(year, notices[-1].number, (Holiday("", tuple(off), tuple(makeup)),))
    assert whole.days_off >= set(statutory_days(year))
    if year == 2015:
        with pytest.raises(WrongNotice, match="days_off"):
            Notice(year, notices[0].number, (Holiday("", tuple(off), tuple(makeup)),))


def test_a_notice_that_an_earlier_release_took_still_loads_and_takes_no_statutory_day_away() -> None:
    empty = Notice.read_back(2028, "测试", (), (date(2028, 10, 1),))
    calendar = workdays.state_council().with_notice(empty, "x")
    assert not calendar.works(date(2028, 5, 1)), "a Monday that the notice does not grant"
    assert not calendar.works(date(2028, 10, 1)), "a statutory Sunday that it has worked"
    assert calendar.works(date(2028, 10, 9))


def test_a_notice_is_read_with_its_spans_and_single_days() -> None:
    written = {
        "year": 2026,
        "number": "甲〔2026〕1号",
        "amends": "国办发明电〔2025〕7号",
        "published_on": "2026-11-30",
        "holidays": [{"name": "元旦", "off": ["2026-12-29..2026-12-31"], "makeup": ["2026-12-27"]}],
    }
    off = (date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31))
    expected = (Holiday("元旦", off, (date(2026, 12, 27),)),)
    assert read_notice(written) == Notice(
        2026, "甲〔2026〕1号", expected, "国办发明电〔2025〕7号", published_on=date(2026, 11, 30)
    )


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
        ({"holidays": [{"off": ["2028-01-01"]}]}, "days_off"),
        ({"holidays": [{"off": ["2026-11-30"]}]}, "days_off"),
        ({"holidays": [{"off": ["2027-01-01", "2027-01-01"]}]}, "days_off"),
        ({"holidays": [{"off": ["2027-01-02"], "makeup": ["2027-01-02"]}]}, "makeup_days"),
        ({"holidays": [{"makeup": ["2027-01-04"]}]}, "makeup_days"),
        ({"holidays": []}, "days_off"),
    ],
)
def test_a_notice_that_is_badly_written_is_refused_by_the_name_of_its_field(
    change: dict[str, object], field: str
) -> None:
    with pytest.raises(WrongNotice) as refused:
        read_notice({"year": 2027, "number": "甲〔2026〕1号", "holidays": []} | change)
    assert refused.value.field == field
    assert "{" not in refused.value.sentence


def test_a_number_belongs_to_one_year() -> None:
    _, shipped = state_council()
    known = (*shipped, lawful_2027())
    require_own_number(lawful_2027(), known)  # the year's own, published once more
    amendment = Notice(2026, "国办发明电〔2026〕8号", (Holiday("", (date(2026, 9, 3),)),), shipped[-1].number)
    require_own_number(amendment, known)
    with pytest.raises(WrongNotice) as refused:
        require_own_number(replace(amendment, number=lawful_2027().number), known)
    (fault,) = refused.value.faults
    assert (refused.value.field, fault.field, fault.rule, refused.value.rule) == ("number",) * 4
    said = "文号国办发明电〔2026〕9号是2027年的放假通知，一个文号只属于一个年度"
    assert (fault.sentence, refused.value.sentence) == (said, f"放假通知内容有误：{said}。")
