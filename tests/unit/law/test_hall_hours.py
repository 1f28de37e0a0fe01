"""Hours of halls: the day of a receipt, the next opening, the text for residents, and what may be published."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from chassis.clock import SHANGHAI
from law.hall_hours import (
    HallClosure,
    HallHours,
    OpeningHours,
    ServiceDay,
    hall_breaches,
    hours_written,
    next_open_at,
    received_on,
)
from law.items import dotted
from law.workdays import state_council

CALENDAR = state_council()
MORNING = OpeningHours(ServiceDay.WORKING_DAY, time(8, 30), time(12))
AFTERNOON = OpeningHours(ServiceDay.WORKING_DAY, time(14), time(17, 30))
SATURDAY = OpeningHours(ServiceDay.SATURDAY, time(9), time(12))
SATURDAY_AFTERNOON = OpeningHours(ServiceDay.SATURDAY, time(14), time(16))
STUDY = HallClosure("业务学习", 5, time(16, 30), time(17, 30), date(2016, 7, 1))
TYPHOON = HallClosure("台风", 0, None, None, date(2016, 8, 2), date(2016, 8, 2))
PLAIN = HallHours((MORNING, AFTERNOON))
SERVED = HallHours((MORNING, AFTERNOON, SATURDAY), (STUDY, TYPHOON))


def at(instant: str) -> datetime:
    """An instant in the office's zone."""
    return datetime.fromisoformat(instant).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("instant", "plain", "served"),
    [
        ("2016-03-03T07:00", "2016-03-03", "2016-03-03"),  # before opening
        ("2016-03-03T12:30", "2016-03-03", "2016-03-03"),  # at noon
        ("2016-03-03T17:29:59", "2016-03-03", "2016-03-03"),
        ("2016-03-03T17:30", "2016-03-04", "2016-03-04"),  # at closing the day has ended
        ("2016-03-04T19:00", "2016-03-07", "2016-03-05"),  # a Friday evening
        ("2016-03-05T08:00", "2016-03-07", "2016-03-05"),  # a Saturday before service
        ("2016-03-05T12:00", "2016-03-07", "2016-03-07"),
        ("2016-03-06T10:00", "2016-03-07", "2016-03-07"),
        ("2016-07-08T16:45", "2016-07-08", "2016-07-08"),  # in the study hour
        ("2016-08-02T10:00", "2016-08-02", "2016-08-02"),  # on the day of the typhoon
        ("2016-10-01T10:00", "2016-10-08", "2016-10-08"),  # a holiday that is a Saturday
        ("2016-10-08T14:30", "2016-10-08", "2016-10-08"),  # a Saturday that is worked
        ("2016-12-31T10:00", "2017-01-03", "2016-12-31"),  # a plain Saturday before the New Year holiday
    ],
)
def test_a_receipt_counts_on_its_day_until_the_last_closing_and_then_on_the_next_day_of_the_hall(
    instant: str, plain: str, served: str
) -> None:
    found = [received_on(at(instant), hours, CALENDAR).isoformat() for hours in (PLAIN, SERVED)]
    assert found == [plain, served]


def test_hours_hold_from_their_day_to_their_last() -> None:
    summer = replace(AFTERNOON, closes_at=time(18), effective_from=date(2016, 5, 1), effective_to=date(2016, 9, 30))
    winter = [
        replace(AFTERNOON, effective_to=date(2016, 4, 30)),
        replace(AFTERNOON, effective_from=date(2016, 10, 1)),
    ]
    hours = HallHours((MORNING, summer, *winter))
    assert list(hall_breaches(hours)) == []
    late = [received_on(at(f"{on}T17:45"), hours, CALENDAR).isoformat() for on in ("2016-04-29", "2016-05-03")]
    assert late == ["2016-05-03", "2016-05-03"]
    assert received_on(at("2016-10-10T17:45"), hours, CALENDAR) == date(2016, 10, 11)


@pytest.mark.parametrize(
    ("hours", "instant", "expected"),
    [
        (HallHours(), "2016-03-03T17:59", "2016-03-03"),
        (HallHours(), "2016-03-03T18:00", "2016-03-04"),
        (HallHours((replace(MORNING, effective_from=date(2016, 3, 4)),)), "2016-03-03T17:59", "2016-03-03"),
        (HallHours((replace(MORNING, effective_from=date(2016, 3, 4)),)), "2016-03-04T12:00", "2016-03-07"),
        (PLAIN, "2016-03-03T17:45", "2016-03-04"),
        (HallHours((SATURDAY,)), "2016-03-03T17:59", "2016-03-03"),
    ],
)
def test_where_no_hours_are_published_the_day_ends_at_the_closing_time_of_the_setting(
    hours: HallHours, instant: str, expected: str
) -> None:
    assert received_on(at(instant), hours.or_until(time(18)), CALENDAR).isoformat() == expected


@pytest.mark.parametrize(
    ("instant", "opens"),
    [
        ("2016-03-03T07:00", "2016-03-03T08:30"),
        ("2016-03-03T09:15", "2016-03-03T09:15"),
        ("2016-03-03T12:00", "2016-03-03T14:00"),
        ("2016-03-03T17:30", "2016-03-04T08:30"),
        ("2016-03-04T17:30", "2016-03-05T09:00"),
        ("2016-07-08T16:29", "2016-07-08T16:29"),
        ("2016-07-08T16:30", "2016-07-09T09:00"),  # the study hour is the end of the day for windows
        ("2016-08-01T18:00", "2016-08-03T08:30"),  # over the day of the typhoon
        ("2016-08-02T09:00", "2016-08-03T08:30"),
    ],
)
def test_the_next_opening_passes_closures(instant: str, opens: str) -> None:
    assert next_open_at(at(instant), SERVED, CALENDAR) == at(opens)


def test_a_closure_within_the_hours_leaves_what_is_before_and_behind_it() -> None:
    meeting = HallClosure("会议", 0, time(9), time(10), date(2016, 3, 3), date(2016, 3, 3))
    hours = HallHours(PLAIN.hours, (meeting,))
    opens = [next_open_at(at(f"2016-03-03T{clock}"), hours, CALENDAR) for clock in ("08:59", "09:00", "10:00")]
    assert opens == [at("2016-03-03T08:59"), at("2016-03-03T10:00"), at("2016-03-03T10:00")]


def test_a_hall_that_is_closed_for_longer_than_a_year_has_no_next_opening() -> None:
    repair = HallClosure("维修", 0, None, None, date(2016, 1, 1), date(2017, 12, 31))
    assert next_open_at(at("2016-03-03T09:00"), HallHours(PLAIN.hours, (repair,)), CALENDAR) is None


@pytest.mark.parametrize(
    ("hours", "on", "text"),
    [
        (PLAIN, "2016-03-03", "工作日8:30-12:00、14:00-17:30"),
        (SERVED, "2016-03-03", "工作日8:30-12:00、14:00-17:30，星期六9:00-12:00"),
        (SERVED, "2016-07-08", "工作日8:30-12:00、14:00-17:30，星期六9:00-12:00（周五16:30-17:30业务学习停办）"),
        (
            SERVED,
            "2016-08-02",
            "工作日8:30-12:00、14:00-17:30，星期六9:00-12:00（周五16:30-17:30业务学习停办；8月2日台风停办）",
        ),
        (
            HallHours((MORNING,), (replace(TYPHOON, says="维修", effective_to=date(2016, 8, 4)),)),
            "2016-08-03",
            "工作日8:30-12:00（8月2日至8月4日维修停办）",
        ),
        (
            HallHours((MORNING,), (HallClosure("消毒", 0, time(9), time(9, 5), date(2020, 2, 1)),)),
            "2020-03-02",
            "工作日8:30-12:00（每天9:00-9:05消毒停办）",
        ),
        (HallHours(), "2016-03-03", ""),
    ],
)
def test_hours_are_written_as_they_are_in_force_on_the_day(hours: HallHours, on: str, text: str) -> None:
    assert hours_written(hours, date.fromisoformat(on)) == text


BROKEN: list[tuple[HallHours, str, str, str]] = [
    (
        HallHours(),
        "hours",
        "hours",
        "应公布工作日的办公时间，现在一段也没有。",
    ),
    (
        HallHours((SATURDAY,)),
        "hours",
        "hours",
        "应公布工作日的办公时间，现在只有星期六的。",
    ),
    (
        HallHours((SATURDAY, SATURDAY_AFTERNOON, replace(SATURDAY, day=ServiceDay.SUNDAY))),
        "hours",
        "hours",
        "应公布工作日的办公时间，现在只有星期六、星期日的。",
    ),
    (
        HallHours((MORNING, replace(AFTERNOON, closes_at=time(14)))),
        "hours[1].closes_at",
        "hours",
        "结束时间应晚于开始时间，现为14:00-14:00。",
    ),
    (
        HallHours((MORNING, replace(AFTERNOON, opens_at=time(11, 59)))),
        "hours[1]",
        "hours_overlap",
        "工作日11:59-17:30与前面的8:30-12:00重叠。",
    ),
    (
        HallHours((replace(MORNING, effective_to=date(2016, 3, 3)),)),
        "hours[0].effective_to",
        "hours_gap",
        "自2016-03-04起没有公布工作日的办公时间。",
    ),
    (
        HallHours((MORNING, replace(SATURDAY, effective_from=date(2016, 3, 3), effective_to=date(2016, 3, 2)))),
        "hours[1].effective_to",
        "effective_dates",
        "失效日2016-03-02早于生效日2016-03-03。",
    ),
    (
        HallHours((replace(MORNING, effective_from=date(1949, 12, 31)),)),
        "hours[0].effective_from",
        "day_in_range",
        "1949-12-31不在1950年至2200年之间。",
    ),
    (
        HallHours((MORNING,), (replace(STUDY, says="=1+1"),)),
        "closures[0].says",
        "formula",
        "说明不能以 = + - @ 开头：表格软件会当作公式执行，现为「=1+1」。",
    ),
    (
        HallHours((MORNING,), (replace(STUDY, ends_at=None),)),
        "closures[0].ends_at",
        "closure_times",
        "停办的开始时间和结束时间应同时填写，全天停办的都不填；现在只有开始时间16:30。",
    ),
    (
        HallHours((MORNING,), (replace(STUDY, begins_at=None),)),
        "closures[0].ends_at",
        "closure_times",
        "停办的开始时间和结束时间应同时填写，全天停办的都不填；现在只有结束时间17:30。",
    ),
    (
        HallHours((MORNING,), (replace(STUDY, ends_at=time(16, 30)),)),
        "closures[0].ends_at",
        "hours",
        "结束时间应晚于开始时间，现为16:30-16:30。",
    ),
    (
        HallHours((MORNING,), (TYPHOON, replace(TYPHOON, effective_to=None))),
        "closures[1].effective_to",
        "closure_end",
        "全天停办应写明截止日，现在没有写。",
    ),
    (
        HallHours((MORNING,), (replace(TYPHOON, effective_to=date(2016, 8, 1)),)),
        "closures[0].effective_to",
        "effective_dates",
        "失效日2016-08-01早于生效日2016-08-02。",
    ),
    (
        HallHours((MORNING,), (replace(TYPHOON, effective_to=date(2201, 1, 1)),)),
        "closures[0].effective_to",
        "day_in_range",
        "2201-01-01不在1950年至2200年之间。",
    ),
]


@pytest.mark.parametrize(("hours", "field", "broken", "sentence"), BROKEN)
def test_hours_that_contradict_themselves_are_named_by_field_rule_and_value(
    hours: HallHours, field: str, broken: str, sentence: str
) -> None:
    (breach,) = hall_breaches(hours)
    assert (dotted(breach.field), breach.rule, breach.sentence) == (field, broken, sentence)


@pytest.mark.parametrize(
    "hours",
    [
        PLAIN,
        SERVED,
        HallHours((MORNING,), (replace(STUDY, begins_at=None, ends_at=None),)),
        HallHours((MORNING, replace(AFTERNOON, opens_at=time(12)))),  # at noon one ends and the other begins
        HallHours((AFTERNOON, replace(MORNING, closes_at=time(14)))),
        HallHours((replace(MORNING, effective_from=date(1950, 1, 1), effective_to=date(2200, 12, 31)),)),
        HallHours(
            (replace(MORNING, effective_to=date(2016, 6, 30)), replace(MORNING, effective_from=date(2016, 7, 1))),
            (replace(TYPHOON, effective_from=date(1950, 1, 1), effective_to=date(2200, 12, 31)),),
        ),
    ],
)
def test_whole_hours_are_published(hours: HallHours) -> None:
    assert list(hall_breaches(hours)) == []


def test_hours_that_end_on_the_day_on_which_others_begin_overlap_on_that_day() -> None:
    ending = replace(MORNING, effective_to=date(2016, 7, 1))
    (breach,) = hall_breaches(HallHours((ending, replace(MORNING, effective_from=date(2016, 7, 1)))))
    assert (dotted(breach.field), breach.rule) == ("hours[1]", "hours_overlap")
