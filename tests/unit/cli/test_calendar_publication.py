"""Changes that the publication of a year's holidays makes, in lines for the configurator."""

from datetime import date

from onewindow.catalogue.v1.catalogue_pb2 import HolidayNotice

from cli.calendar.publication import changes, moved_days
from law.notices import statutory_days


def notice(
    year: int = 2027, off: tuple[str, ...] = (), makeup: tuple[str, ...] = (), number: str = "1号"
) -> HolidayNotice:
    return HolidayNotice(year=year, number=number, days_off=off, makeup_days=makeup)


def test_a_first_notice_of_a_year_makes_provisional_dates_certain() -> None:
    # 2027-01-01 is a Friday and a rest day by the Regulation, 2027-01-04 a Monday, 2027-01-09 a Saturday.
    first = notice(off=("2027-01-01", "2027-01-04"), makeup=("2027-01-09",))
    lines = list(changes(first, None, None))
    worked = 261 - sum(day.weekday() < 5 for day in statutory_days(2027))
    assert lines == [
        "2027 年放假安排（1号）：放假 2 天，调休上班 1 天",
        "现行日历：2027 年尚未公布，法定节假日休息、其余按周一至周五推算，期限为暂定；发布后确定",
        "改为休息 1 天：2027-01-04（周一）",
        "改为上班 1 天：2027-01-09（周六）",
        f"2027 年工作日：{worked} 天改为 {worked} 天",
    ]
    assert moved_days(first, None, None) == [(date(2027, 1, 4), False), (date(2027, 1, 9), True)]


def test_the_same_notice_again_changes_nothing() -> None:
    same = notice(off=("2027-01-01",))
    assert list(changes(same, same, None))[1:] == ["现行日历：与本通知相同（1号），没有变化"]


def test_another_notice_of_the_year_moves_only_the_days_that_differ() -> None:
    before, after = notice(off=("2027-01-01", "2027-01-05"), number="旧"), notice(off=("2027-01-04",))
    lines = list(changes(after, before, None))
    assert lines[1:4] == ["现行日历：旧", "改为休息 1 天：2027-01-04（周一）", "改为上班 1 天：2027-01-05（周二）"]


def test_days_that_last_years_notice_ordered_already_do_not_move() -> None:
    last_year = notice(2026, off=("2026-12-31",), number="0号")
    lines = list(changes(notice(off=("2026-12-31", "2027-01-01")), None, last_year))
    assert not [line for line in lines if line.startswith("改为")]
