"""The proof of a date reads as a clerk would tell it."""

from datetime import date

from law.term_clock import Pause, TermClock
from law.term_proof import ProvenDay, Standing, proof
from law.terms import Unit
from law.workdays import state_council


def told(term: TermClock) -> dict[str, ProvenDay]:
    return {str(each.day.on): each for each in proof(term, state_council())}


def test_rest_days_holidays_and_make_up_days_are_told_with_their_notice() -> None:
    days = told(TermClock(date(2016, 9, 23), 9))
    assert days["2016-09-24"].reason == "休息日"
    assert days["2016-09-26"].reason == "工作日"
    assert days["2016-10-03"].reason == "法定节假日（国庆节，国办发明电〔2015〕18号）"
    assert days["2016-10-08"].reason == "调休上班（国庆节，国办发明电〔2015〕18号）"
    assert [each.number for each in days.values() if each.counts] == list(range(1, 10))


def test_a_paused_day_does_not_count_and_keeps_the_running_number() -> None:
    days = told(TermClock(date(2016, 3, 1), 5, pauses=(Pause(date(2016, 3, 3), date(2016, 3, 4)),)))
    assert (days["2016-03-02"].number, days["2016-03-03"].number, days["2016-03-07"].number) == (1, 1, 2)
    assert days["2016-03-03"].standing is Standing.PAUSED
    assert days["2016-03-03"].reason == "中止计时（特别程序，行政许可法45）"
    assert {day: each.stopped_by for day, each in days.items() if each.standing is not Standing.PAUSED} == {
        "2016-03-02": "",
        "2016-03-07": "",
        "2016-03-08": "",
        "2016-03-09": "",
        "2016-03-10": "",
        "2016-03-05": "",
        "2016-03-06": "",
    }


def test_a_last_calendar_day_on_a_rest_day_is_told_to_roll() -> None:
    days = told(TermClock(date(2016, 3, 1), 11, Unit.CALENDAR))
    assert [each.standing for each in days.values()][-3:] == [Standing.COUNTED, Standing.ROLLED, Standing.ENDED]
    assert days["2016-03-13"].reason == "休息日，期末逢休息日顺延（民法典203）"
    assert days["2016-03-14"].reason == "工作日，顺延后的最后一日（民法典203）"


def test_a_day_of_a_year_without_a_notice_is_told_to_be_provisional() -> None:
    days = told(TermClock(date(2026, 12, 31), 1))
    assert days["2027-01-01"].reason == "法定节假日（元旦，全国年节及纪念日放假办法2）"
    assert days["2027-01-04"].reason == "工作日，放假安排未公布，暂按周一至周五推算"
