"""Every fault of a notice on holidays, by its field, rule, sentence and day."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest

from law.notices import (
    Holiday,
    Notice,
    NoticeFault,
    WrongNotice,
    read_notice,
)
from tests.unit.law.test_notices import OFF_2027, span


def of_2027(
    number: str = "国办发明电〔2026〕9号",
    off: tuple[date, ...] = OFF_2027,
    makeup: tuple[date, ...] = (),
    ordinary: tuple[date, ...] = (),
    amends: str = "",
) -> Notice:
    """A notice of 2027 of one holiday."""
    return Notice(2027, number, (Holiday("", off, makeup, ordinary),), amends)


OCT_2 = date(2027, 10, 2)
WORKED = "2027-10-02是法定节假日（国庆节），不能安排上班（全国年节及纪念日放假办法第二条）"
TWELVE_WEEKEND_DAYS = tuple(
    date(2027, month, day)
    for month, days in ((2, (13, 14, 20, 21, 27, 28)), (9, (18, 19, 25, 26)), (10, (9, 10)))
    for day in days
)
FAULTS: list[tuple[Callable[[], Notice], list[NoticeFault]]] = [
    *(
        (partial(of_2027, number), [NoticeFault("number", "number", sentence)])
        for number, sentence in [
            ("一号", "文号一号不是完整的发文字号，应如国办发明电〔2026〕1号"),
            ("甲〔2026〕0号", "文号甲〔2026〕0号不是完整的发文字号，应如国办发明电〔2026〕1号"),
            ("甲〔2028〕1号", "文号甲〔2028〕1号的年份2028与2027年的安排不符，放假通知在上年或当年印发"),
            ("甲〔2025〕1号", "文号甲〔2025〕1号的年份2025与2027年的安排不符，放假通知在上年或当年印发"),
        ]
    ),
    (
        partial(of_2027, ordinary=(OCT_2,)),
        [NoticeFault("holidays", "duplicate_day", "2027-10-02重复列出，前面已列为放假", OCT_2)],
    ),
    (
        partial(of_2027, makeup=(date(2027, 10, 9),), ordinary=(date(2027, 10, 9),)),
        [NoticeFault("holidays", "duplicate_day", "2027-10-09重复列出，前面已列为调休上班", date(2027, 10, 9))],
    ),
    (
        partial(of_2027, makeup=(date(2027, 1, 4),)),
        [NoticeFault("makeup_days", "makeup_weekday", "2027-01-04不是周六或周日，不能调休上班", date(2027, 1, 4))],
    ),
    (
        partial(of_2027, off=(*OFF_2027, date(2028, 1, 1))),
        [NoticeFault("days_off", "other_year", "2028-01-01不属于2027年的安排（上年十二月可列入）", date(2028, 1, 1))],
    ),
    (
        partial(of_2027, off=tuple(day for day in OFF_2027 if day != OCT_2), makeup=(OCT_2,)),
        [
            NoticeFault("makeup_days", "statutory_day_worked", WORKED, OCT_2),
            NoticeFault(
                "days_off", "statutory_day_missing", "缺少法定节假日2027-10-02国庆节（全国年节及纪念日放假办法第二条）"
            ),
        ],
    ),
    (
        partial(of_2027, off=(), ordinary=(OCT_2,), amends="甲〔2026〕1号"),
        [NoticeFault("holidays", "statutory_day_worked", WORKED, OCT_2)],
    ),
    (
        partial(of_2027, off=(), amends="甲〔2026〕1号"),
        [NoticeFault("holidays", "no_day", "修改甲〔2026〕1号的通知没有列出任何一天")],
    ),
    (
        partial(of_2027, off=(*OFF_2027, date(2026, 12, 25))),
        [
            NoticeFault(
                "days_off", "day_off_apart", "2026-12-25不与法定节假日相连，或超出10天的假期", date(2026, 12, 25)
            )
        ],
    ),
    (
        partial(of_2027, makeup=TWELVE_WEEKEND_DAYS),
        [NoticeFault("makeup_days", "makeup_count", "调休上班12天，而工作日调休放假只有11天")],
    ),
    (
        partial(of_2027, makeup=(date(2027, 3, 6),)),
        [NoticeFault("makeup_days", "makeup_far", "2027-03-06距调休放假的日子超过21天", date(2027, 3, 6))],
    ),
]


@pytest.mark.parametrize(("publish", "faults"), FAULTS)
def test_a_notice_names_every_rule_that_it_breaks(publish: Callable[[], Notice], faults: list[NoticeFault]) -> None:
    with pytest.raises(WrongNotice) as refused:
        publish()
    assert refused.value.faults == tuple(faults)
    assert (refused.value.field, refused.value.rule) == (faults[0].field, faults[0].rule)
    assert refused.value.sentence == f"放假通知内容有误：{faults[0].sentence}。"


@pytest.mark.parametrize(
    "publish",
    [
        partial(of_2027, "甲〔2027〕1号"),
        partial(of_2027, "甲〔2026〕99999号"),
        partial(of_2027, makeup=(date(2027, 1, 23), date(2027, 5, 22))),  # 17 days before and after; 21 are allowed
        partial(of_2027, makeup=(date(2027, 10, 24),)),
        partial(of_2027, makeup=TWELVE_WEEKEND_DAYS[1:]),  # as many as weekdays were taken off
        partial(of_2027, off=(*OFF_2027, date(2026, 12, 31))),
        partial(of_2027, "甲〔2027〕1号", off=(*OFF_2027, date(2027, 7, 9))),  # within the year: a day of its own
        partial(of_2027, off=(date(2027, 7, 9),), amends="甲〔2026〕1号"),
        partial(of_2027, ordinary=(date(2027, 7, 10), date(2027, 7, 12))),
    ],
)
def test_a_notice_on_the_border_of_its_rules_is_lawful(publish: Callable[[], Notice]) -> None:
    assert publish().year == 2027


WRITTEN: list[tuple[dict[str, object], str, str, str]] = [
    ({"year": 1949}, "year", "year", "年份应为1950至2200之间的整数，现为1949"),
    ({"year": 2201}, "year", "year", "年份应为1950至2200之间的整数，现为2201"),
    ({"number": 7}, "number", "wrong_kind", "应为文字，现为7"),
    ({"amends": 7}, "amends", "wrong_kind", "应为文字，现为7"),
    ({"signed_on": "昨日"}, "signed_on", "date", "日期应为真实存在的YYYY-MM-DD，现为昨日"),
    ({"published_on": "2026-11-31"}, "published_on", "date", "日期应为真实存在的YYYY-MM-DD，现为2026-11-31"),
    ({"holiday": []}, "holiday", "unknown_field", "不认识的字段holiday"),
    ({"holidays": "元旦"}, "holidays", "wrong_kind", "应为列表，现为元旦"),
    ({"holidays": ["元旦"]}, "holidays[0]", "wrong_kind", "应为一组字段，现为元旦"),
    ({"holidays": [{}, {"off": "2027-01-01"}]}, "off", "wrong_kind", "应为列表，现为2027-01-01"),
    ({"holidays": [{"off": ["2027-1-1"]}]}, "holidays[0].off", "date", "日期应为真实存在的YYYY-MM-DD，现为2027-1-1"),
    (
        {"holidays": [{"ordinary": ["2027-01-01..2027-02-02"]}]},
        "holidays[0].ordinary",
        "span",
        "2027-01-01..2027-02-02起止日期颠倒或跨度过长",
    ),
]


@pytest.mark.parametrize(("change", "field", "rule", "sentence"), WRITTEN)
def test_a_badly_written_notice_says_what_stands_there(
    change: dict[str, object], field: str, rule: str, sentence: str
) -> None:
    with pytest.raises(WrongNotice) as refused:
        read_notice({"year": 2027, "number": "甲〔2026〕1号", "holidays": []} | change)
    assert refused.value.faults == (NoticeFault(field, rule, sentence),)


def test_a_span_has_a_month_at_the_most_and_a_notice_is_of_1950_to_2200() -> None:
    for year, days in ((1950, 31), (2200, 32)):
        written = {
            "year": year,
            "number": f" 甲〔{year}〕1号 ",
            "amends": f"甲〔{year - 1}〕1号",
            "signed_on": date(year, 1, 1),
            "holidays": [{"name": " 抗战 ", "off": [f"{year}-07-01..{date(year, 7, 1) + timedelta(days=days - 1)}"]}],
        }
        notice = read_notice(written)
        assert (notice.signed_on, notice.published_on, notice.holidays[0].name) == (date(year, 1, 1), None, "抗战")
        assert notice.holidays[0].off == span(date(year, 7, 1), days)


def test_something_that_is_no_table_is_named_as_the_notice() -> None:
    with pytest.raises(WrongNotice) as refused:
        read_notice(["2027"])
    assert refused.value.faults == (NoticeFault("notice", "wrong_kind", "应为一组字段，现为['2027']"),)
