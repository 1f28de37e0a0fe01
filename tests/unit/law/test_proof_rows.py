"""Rows of the proof of a date, as a clerk reads them out to an applicant."""

from datetime import date

import pytest

from law.notices import Holiday, Notice
from law.term_clock import Pause, TermClock
from law.term_proof import Standing, proof, proof_sum
from law.terms import Unit
from law.two_clocks import Standstill, StandstillCause
from law.workdays import Calendar, DayKind, state_council

CALENDAR = state_council()
AUTUMN = "国办发明电〔2015〕18号"


def rows(term: TermClock, calendar: Calendar = CALENDAR) -> list[tuple[str, int, str]]:
    """The day, the days counted and the reason of each row."""
    return [(f"{each.day.on:%m-%d}", each.number, each.reason) for each in proof(term, calendar)]


def test_a_week_without_holidays() -> None:
    assert rows(TermClock(date(2016, 3, 3), 3)) == [
        ("03-04", 1, "工作日"),
        ("03-05", 1, "休息日"),
        ("03-06", 1, "休息日"),
        ("03-07", 2, "工作日"),
        ("03-08", 3, "工作日"),
    ]


def test_a_holiday_with_a_worked_sunday_after_it() -> None:
    assert rows(TermClock(date(2016, 9, 14), 1)) == [
        ("09-15", 0, f"法定节假日（中秋节，{AUTUMN}）"),
        ("09-16", 0, f"法定节假日（中秋节，{AUTUMN}）"),
        ("09-17", 0, f"法定节假日（中秋节，{AUTUMN}）"),
        ("09-18", 1, f"调休上班（中秋节，{AUTUMN}）"),
    ]


def test_a_pause_over_a_weekend_pauses_the_rest_days_as_well() -> None:
    paused = "中止计时（特别程序，行政许可法45）"
    assert rows(TermClock(date(2016, 3, 3), 2, pauses=(Pause(date(2016, 3, 5), date(2016, 3, 7)),))) == [
        ("03-04", 1, "工作日"),
        ("03-05", 1, paused),
        ("03-06", 1, paused),
        ("03-07", 1, paused),
        ("03-08", 2, "工作日"),
    ]


def test_calendar_days_count_rest_days_and_holidays() -> None:
    assert rows(TermClock(date(2016, 9, 14), 4, Unit.CALENDAR)) == [
        ("09-15", 1, f"法定节假日（中秋节，{AUTUMN}）"),
        ("09-16", 2, f"法定节假日（中秋节，{AUTUMN}）"),
        ("09-17", 3, f"法定节假日（中秋节，{AUTUMN}）"),
        ("09-18", 4, f"调休上班（中秋节，{AUTUMN}）"),
    ]


def test_a_last_calendar_day_in_a_holiday_rolls_through_it_to_its_last_day() -> None:
    assert rows(TermClock(date(2016, 9, 14), 2, Unit.CALENDAR))[1:] == [
        ("09-16", 2, f"法定节假日（中秋节，{AUTUMN}）"),
        ("09-17", 2, f"法定节假日（中秋节，{AUTUMN}），期末逢休息日顺延（民法典203）"),
        ("09-18", 2, f"调休上班（中秋节，{AUTUMN}），顺延后的最后一日（民法典203）"),
    ]


def test_a_rolled_end_that_meets_a_pause_goes_on_after_it() -> None:
    term = TermClock(date(2016, 3, 2), 3, Unit.CALENDAR, (Pause(date(2016, 3, 7), date(2016, 3, 8)),))
    standings = [each.standing for each in proof(term, CALENDAR)]
    assert standings == [
        Standing.COUNTED,
        Standing.COUNTED,
        Standing.COUNTED,
        Standing.ROLLED,
        Standing.PAUSED,
        Standing.PAUSED,
        Standing.ENDED,
    ]


def test_days_of_an_unknown_year_are_marked_one_by_one() -> None:
    doubt = "，放假安排未公布，暂按周一至周五推算"
    assert rows(TermClock(date(2026, 12, 24), 4)) == [
        ("12-25", 1, "工作日"),
        ("12-26", 1, f"休息日{doubt}"),
        ("12-27", 1, f"休息日{doubt}"),
        ("12-28", 2, f"工作日{doubt}"),
        ("12-29", 3, f"工作日{doubt}"),
        ("12-30", 4, f"工作日{doubt}"),
    ]
    assert rows(TermClock(date(2026, 12, 30), 2)) == [
        ("12-31", 1, f"工作日{doubt}"),
        ("01-01", 1, "法定节假日（元旦，全国年节及纪念日放假办法2）"),
        ("01-02", 1, f"休息日{doubt}"),
        ("01-03", 1, f"休息日{doubt}"),
        ("01-04", 2, f"工作日{doubt}"),
    ]


def test_a_published_notice_takes_the_mark_away_and_is_named_instead() -> None:
    notice = Notice(2027, "甲〔2026〕1号", (Holiday("元旦", off=(date(2027, 1, 1),)),), stored=True)
    assert rows(TermClock(date(2026, 12, 31), 1), CALENDAR.with_notice(notice, "x")) == [
        ("01-01", 0, "法定节假日（元旦，甲〔2026〕1号）"),
        ("01-02", 0, "休息日"),
        ("01-03", 0, "休息日"),
        ("01-04", 1, "工作日"),
    ]


def test_a_notice_without_names_is_cited_by_its_number_alone() -> None:
    notice = Notice(2027, "甲〔2026〕1号", (Holiday("", off=(date(2027, 1, 4),)),), stored=True)
    (first, *_) = proof(TermClock(date(2027, 1, 3), 1), CALENDAR.with_notice(notice, "x"))
    assert (first.day.kind, first.reason) == (DayKind.HOLIDAY, "法定节假日（甲〔2026〕1号）")


@pytest.mark.parametrize("unit", Unit)
def test_the_first_row_is_the_day_after_the_act_and_the_last_row_the_last_day(unit: Unit) -> None:
    proven = proof(TermClock(date(2016, 2, 5), 1, unit), CALENDAR)
    assert proven[0].day.on == date(2016, 2, 6)
    assert proven[-1].day.on == date(2016, 2, 6)
    assert proven[-1].counts


def test_a_standstill_is_told_with_its_cause() -> None:
    hearing = Standstill(date(2016, 3, 3), date(2016, 3, 3), StandstillCause.SPECIAL_PROCEDURE, "hearing")
    notice = Standstill(date(2016, 3, 4), date(2016, 3, 4), StandstillCause.SPECIAL_PROCEDURE, "publicity")
    unknown = Standstill(date(2016, 3, 7), date(2016, 3, 7), StandstillCause.SPECIAL_PROCEDURE, "of_old")
    district = Standstill(date(2016, 3, 8), date(2016, 3, 8), StandstillCause.WITH_DISTRICT)
    term = TermClock(date(2016, 3, 2), 1, pauses=(hearing, notice, unknown, district))
    proven = proof(term, CALENDAR, names={"publicity": "公示"})
    assert [each.reason for each in proven if each.standing is Standing.PAUSED] == [
        "中止计时（听证，特别程序，行政许可法45）",
        "中止计时（公示，特别程序，行政许可法45）",
        "中止计时（特别程序，行政许可法45）",
        "中止计时（转报后退回，区办理的日子）",
    ]


def test_days_of_an_extension_are_told_in_its_own_unit() -> None:
    term = TermClock(date(2016, 3, 1), 3, Unit.CALENDAR).extended(2, Unit.WORKING)
    extended = "工作日，延长的期限（行政许可法42）"
    assert [(f"{each.day.on:%m-%d}", each.number, each.reason) for each in proof(term, CALENDAR, unextended=3)] == [
        ("03-02", 1, "工作日"),
        ("03-03", 2, "工作日"),
        ("03-04", 3, "工作日"),
        ("03-05", 3, "休息日"),
        ("03-06", 3, "休息日"),
        ("03-07", 4, extended),
        ("03-08", 5, extended),
    ]
    same_unit = proof(TermClock(date(2016, 3, 1), 3).extended(1), CALENDAR, unextended=3)
    assert [each.extended for each in same_unit if each.counts] == [False, False, False, True]


@pytest.mark.parametrize(
    ("term", "unextended", "sentence"),
    [
        (TermClock(date(2016, 3, 1), 2), 0, "计入2日，共经过2日"),
        (TermClock(date(2016, 3, 3), 3), 0, "计入3日，休息日和节假日2日，共经过5日"),
        (TermClock(date(2016, 3, 3), 3), 2, "计入3日（其中延长1日），休息日和节假日2日，共经过5日"),
        (TermClock(date(2016, 9, 14), 2, Unit.CALENDAR), 0, "计入2日，期末顺延2日，共经过4日"),
        (
            TermClock(date(2016, 3, 3), 2, pauses=(Pause(date(2016, 3, 5), date(2016, 3, 7)),)),
            0,
            "计入2日，中止计时3日，共经过5日",
        ),
    ],
)
def test_the_sum_holds_every_day_once(term: TermClock, unextended: int, sentence: str) -> None:
    proven = proof(term, CALENDAR, unextended=unextended)
    assert proof_sum(proven).sentence == sentence
    assert sentence.endswith(f"共经过{len(proven)}日")
