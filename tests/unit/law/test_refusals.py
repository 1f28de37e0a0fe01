"""Refusals of the law: their reasons, fields and sentences, each raised by the act that meets the obstacle."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from law import term_clock
from law.desk import Place, WrongPlace
from law.identity import DateTooEarly, FutureDate, ImpossibleDate, WrongCheckDigit, WrongLength, WrongLetter
from law.not_allowed import Malformed, NotAllowed, WrongDesk
from law.notices import Notice, WrongNotice, read_notice
from law.term_clock import DaysOutOfRange, Pause, PauseBackwards, TermClock, TooFarAhead
from law.workdays import BeforeFirstNotice, state_council

EVERY = (
    BeforeFirstNotice,
    DateTooEarly,
    DaysOutOfRange,
    FutureDate,
    ImpossibleDate,
    Malformed,
    NotAllowed,
    PauseBackwards,
    TooFarAhead,
    WrongCheckDigit,
    WrongDesk,
    WrongLength,
    WrongLetter,
    WrongNotice,
    WrongPlace,
)

RAISED: list[tuple[str, Callable[[], object], type[NotAllowed], str, str]] = [
    (
        "a district of five digits",
        lambda: Place("44010", "44010008"),
        WrongPlace,
        "district",
        "行政区划代码不正确：区为6位数字，街道为9位数字且以所在区代码开头，现为44010。",
    ),
    (
        "a street of another district",
        lambda: Place("440105", "440106008"),
        WrongPlace,
        "street",
        "行政区划代码不正确：区为6位数字，街道为9位数字且以所在区代码开头，现为440106008。",
    ),
    (
        "a term of no days",
        lambda: TermClock(date(2016, 3, 1), 0),
        DaysOutOfRange,
        "days",
        "天数应为1至10000之间的整数。",
    ),
    (
        "a term that begins after the latest day",
        lambda: TermClock(date(2201, 1, 1), 5),
        TooFarAhead,
        "from",
        "日期不能晚于2200-12-31。",
    ),
    (
        "a pause that ends before it begins",
        lambda: Pause(date(2016, 3, 2), date(2016, 3, 1)),
        PauseBackwards,
        "pauses",
        "中止的结束日不能早于开始日。",
    ),
    (
        "a pause that ends after the latest day",
        lambda: Pause(date(2016, 3, 2), date(2201, 1, 1)),
        TooFarAhead,
        "pauses",
        "日期不能晚于2200-12-31。",
    ),
    (
        "a day before the first notice",
        lambda: state_council().day(date(2006, 12, 31)),
        BeforeFirstNotice,
        "from",
        "日历自2007-01-01起，更早的日期不能推算。",
    ),
    ("a notice without a number", lambda: Notice(2027, "", ()), WrongNotice, "number", "放假通知内容有误：缺少文号。"),
    (
        "a notice that amends itself",
        lambda: Notice(2027, "一号", (), "一号"),
        WrongNotice,
        "amends",
        "放假通知内容有误：通知不能修改自身（一号）。",
    ),
    (
        "a day that is listed twice",
        lambda: Notice.read_back(2027, "一号", (date(2027, 1, 1),) * 2, ()),
        WrongNotice,
        "days_off",
        "放假通知内容有误：2027-01-01重复列出，前面已列为放假。",
    ),
    (
        "a day of another year",
        lambda: Notice.read_back(2027, "一号", (date(2028, 1, 1),), ()),
        WrongNotice,
        "days_off",
        "放假通知内容有误：2028-01-01不属于2027年的安排（上年十二月可列入）。",
    ),
    (
        "a day of the November before",
        lambda: Notice.read_back(2027, "一号", (date(2026, 11, 30),), ()),
        WrongNotice,
        "days_off",
        "放假通知内容有误：2026-11-30不属于2027年的安排（上年十二月可列入）。",
    ),
    (
        "a Friday to be worked instead",
        lambda: Notice.read_back(2027, "一号", (), (date(2027, 1, 8),)),
        WrongNotice,
        "makeup_days",
        "放假通知内容有误：2027-01-08不是周六或周日，不能调休上班。",
    ),
    (
        "a year that is text",
        lambda: read_notice({"year": "2027", "number": "一号"}),
        WrongNotice,
        "year",
        "放假通知内容有误：年份应为1950至2200之间的整数，现为2027。",
    ),
    (
        "a field that no notice has",
        lambda: read_notice({"year": 2027, "number": "一号", "holyday": []}),
        WrongNotice,
        "holyday",
        "放假通知内容有误：不认识的字段holyday。",
    ),
    (
        "a span that ends before it begins",
        lambda: read_notice({"year": 2027, "number": "一号", "holidays": [{"off": ["2027-01-02..2027-01-01"]}]}),
        WrongNotice,
        "holidays[0].off",
        "放假通知内容有误：2027-01-02..2027-01-01起止日期颠倒或跨度过长。",
    ),
    (
        "a second holiday with an impossible day",
        lambda: read_notice({"year": 2027, "number": "一号", "holidays": [{}, {"makeup": ["2027-02-29"]}]}),
        WrongNotice,
        "holidays[1].makeup",
        "放假通知内容有误：日期应为真实存在的YYYY-MM-DD，现为2027-02-29。",
    ),
    (
        "a name that is no text",
        lambda: read_notice({"year": 2027, "number": "一号", "holidays": [{"name": 5}]}),
        WrongNotice,
        "name",
        "放假通知内容有误：应为文字，现为5。",
    ),
]


@pytest.mark.parametrize(("act", "refusal", "field", "sentence"), [pytest.param(*row[1:], id=row[0]) for row in RAISED])
def test_an_obstacle_is_named_by_its_class_its_field_and_a_sentence(
    act: Callable[[], object], refusal: type[NotAllowed], field: str, sentence: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        act()
    assert type(refused.value) is refusal
    assert (refused.value.field, refused.value.sentence) == (field, sentence)


@pytest.mark.parametrize("refusal", EVERY)
def test_a_refusal_has_a_reason_in_capitals_and_a_sentence_of_chinese(refusal: type[NotAllowed]) -> None:
    assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", refusal.reason)
    assert refusal.reason.replace("_", "") == refusal.__name__.upper()
    assert refusal.sentence.endswith("。")
    assert re.search(r"[\u4e00-\u9fff]", refusal.sentence)


@pytest.mark.parametrize("refusal", EVERY)
def test_a_refusal_is_printed_as_its_field_and_its_docstring(refusal: type[NotAllowed]) -> None:
    filled = refusal("field", **dict.fromkeys(re.findall(r"{(\w+)}", refusal.sentence), "1"))
    assert str(filled).startswith("field: ")
    assert str(filled).removeprefix("field: ") == (refusal.__doc__ or "").partition("\n")[0]
    assert "{" not in filled.sentence


def test_no_two_refusals_share_a_reason_or_a_sentence() -> None:
    assert len({refusal.reason for refusal in EVERY}) == len(EVERY)
    assert len({refusal.sentence for refusal in EVERY}) == len(EVERY)


@pytest.mark.parametrize("refusal", [each for each in EVERY if each not in (NotAllowed, WrongDesk, BeforeFirstNotice)])
def test_what_is_wrong_with_the_writing_is_malformed(refusal: type[NotAllowed]) -> None:
    assert issubclass(refusal, Malformed)


@pytest.mark.parametrize("refusal", [WrongDesk, BeforeFirstNotice])
def test_what_is_written_well_but_cannot_be_done_is_not_malformed(refusal: type[NotAllowed]) -> None:
    assert not issubclass(refusal, Malformed)


def test_a_sentence_that_is_filled_once_leaves_the_class_as_it_was() -> None:
    DaysOutOfRange("days", most=5)
    assert DaysOutOfRange.sentence == "天数应为1至{most}之间的整数。"
    assert str(term_clock.MOST_DAYS) == "10000"
