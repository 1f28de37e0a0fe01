"""特别程序: the kinds that law and item know, the end that is expected, the days that can be true. (行政许可法 45)"""

import json
from datetime import date, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.not_allowed import NotAllowed
from law.procedures import (
    BeginsAfterTerm,
    BeginsAhead,
    BeginsTooEarly,
    EndsAhead,
    EndsBeforeBeginning,
    ExpectedBeforeBeginning,
    ExpectedEnd,
    ExpectedEndMissing,
    PausesOverlap,
    ProcedureBounds,
    ProcedureKind,
    ProcedureNotOfItem,
    expected_end,
    known_procedures,
    procedure_of,
    statutory_procedures,
)
from law.term_clock import LATEST, Pause, TooFarAhead
from law.workdays import state_council

CALENDAR = state_council()
DAY = timedelta(days=1)
ACCEPTED, FIRST, LEGAL_DUE = date(2016, 3, 1), date(2016, 3, 8), date(2016, 3, 29)
TODAY = date(2016, 3, 31)
STOOD = Pause(date(2016, 3, 14), date(2016, 3, 16))
BOUNDS = ProcedureBounds(ACCEPTED, LEGAL_DUE, (STOOD,))
PUBLICITY = ProcedureKind("publicity", "公示", "社会救助暂行办法 11")


def test_the_law_names_eight_kinds_in_its_order() -> None:
    kinds = statutory_procedures()
    assert [kind.name for kind in kinds] == ["听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"]
    assert {kind.article for kind in kinds} == {"行政许可法 45"}


def test_the_schema_of_items_knows_the_same_codes() -> None:
    schema = json.loads(resources.files("catalogue").joinpath("schema/item.schema.json").read_text("utf-8"))
    named = schema["$defs"]["procedure"]["if"]["properties"]["code"]["not"]["enum"]
    assert named == [kind.code for kind in statutory_procedures()]


def test_an_item_that_names_none_knows_all_of_the_law_and_one_that_names_some_these_alone() -> None:
    assert known_procedures(()) == statutory_procedures()
    assert procedure_of(["publicity"], [PUBLICITY]) == PUBLICITY
    with pytest.raises(ProcedureNotOfItem) as refused:
        procedure_of(["hearing"], [PUBLICITY])
    assert (refused.value.field, refused.value.sentence) == (
        "kind",
        "本事项没有“hearing”这种特别程序，可以启动的有：公示（publicity）。",
    )


def test_several_kinds_that_an_item_knows_are_one_with_all_their_names() -> None:
    codes = ["inspection", "testing", "quarantine"]
    assert procedure_of(codes, ()) == ProcedureKind("inspection", "检验、检测、检疫", "行政许可法 45")
    testing = ProcedureKind("testing", "检测", "行政许可法 45")
    assert procedure_of(codes, [PUBLICITY, testing]) == testing
    both = procedure_of(["testing", "publicity"], [PUBLICITY, testing])
    assert both == ProcedureKind("publicity", "公示、检测", "社会救助暂行办法 11")
    with pytest.raises(ProcedureNotOfItem) as refused:
        procedure_of(["hearing", "auction"], [PUBLICITY, testing])
    assert refused.value.sentence == (
        "本事项没有“hearing”这种特别程序，可以启动的有：公示（publicity）、检测（testing）。"
    )


def test_expected_days_count_the_first_day_and_a_stated_day_is_firm() -> None:
    counted = expected_end(FIRST, 10, None, CALENDAR)
    assert counted == ExpectedEnd(date(2016, 3, 21), 10, date(2016, 3, 22))
    assert expected_end(FIRST, 0, date(2016, 3, 21), CALENDAR) == counted
    assert expected_end(FIRST, 3, date(2016, 3, 21), CALENDAR) == counted  # the day has precedence
    assert expected_end(FIRST, 1, None, CALENDAR) == ExpectedEnd(FIRST, 1, FIRST + DAY)
    assert expected_end(FIRST, 0, FIRST, CALENDAR) == ExpectedEnd(FIRST, 1, FIRST + DAY)
    assert expected_end(FIRST, 0, LATEST, CALENDAR).on == LATEST


def test_a_stated_end_on_a_rest_day_is_of_one_day_at_least() -> None:
    saturday = date(2016, 3, 12)
    assert expected_end(saturday, 0, saturday, CALENDAR) == ExpectedEnd(saturday, 1, saturday + DAY)


def test_an_end_that_no_notice_gives_yet_is_provisional_and_not_overdue_for_twenty_working_days() -> None:
    first = date(CALENDAR.notices[-1].year, 12, 28)
    expected = expected_end(first, 10, None, CALENDAR)
    assert expected.provisional
    assert CALENDAR.working_days(expected.on, expected.overdue_on - DAY) == 20
    stated = expected_end(first, 0, expected.on, CALENDAR)
    assert (stated.provisional, stated.overdue_on) == (False, expected.on + DAY)


@pytest.mark.parametrize(
    ("days", "stated", "refusal", "sentence"),
    [
        (0, None, ExpectedEndMissing, "请写明特别程序的预计结束日，或者所需工作日数。"),
        (5, FIRST - DAY, ExpectedBeforeBeginning, "特别程序的预计结束日不能早于开始日2016-03-08。"),
        (5, LATEST + DAY, TooFarAhead, "日期不能晚于2200-12-31。"),
    ],
)
def test_an_expected_end_that_cannot_be_is_refused_at_its_field(
    days: int, stated: date | None, refusal: type[NotAllowed], sentence: str
) -> None:
    with pytest.raises(refusal) as refused:
        expected_end(FIRST, days, stated, CALENDAR)
    assert (refused.value.field, refused.value.sentence) == ("expected_end_on", sentence)


@pytest.mark.parametrize(
    ("first_on", "last_on", "refusal", "field"),
    [
        (TODAY + DAY, None, BeginsAhead, "first_on"),
        (ACCEPTED - DAY, None, BeginsTooEarly, "first_on"),
        (FIRST, TODAY + DAY, EndsAhead, "last_on"),
        (FIRST, FIRST - DAY, EndsBeforeBeginning, "last_on"),
        (LEGAL_DUE + DAY, None, BeginsAfterTerm, "first_on"),
        (STOOD.first_on, None, PausesOverlap, "first_on"),
        (STOOD.last_on, None, PausesOverlap, "first_on"),
        (STOOD.first_on - DAY, None, PausesOverlap, "first_on"),  # it goes on, over the span that stands
        (STOOD.last_on, STOOD.last_on, PausesOverlap, "first_on"),
        (FIRST, STOOD.first_on, PausesOverlap, "last_on"),
        (FIRST, STOOD.last_on + DAY, PausesOverlap, "last_on"),
    ],
)
def test_days_that_cannot_be_true_are_refused_at_their_field(
    first_on: date, last_on: date | None, refusal: type[NotAllowed], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        BOUNDS.require(first_on, last_on, TODAY)
    assert refused.value.field == field
    assert "None" not in refused.value.sentence


@pytest.mark.parametrize(
    ("first_on", "last_on"),
    [
        (ACCEPTED, None),  # without the span below: on the day of acceptance
        (LEGAL_DUE, None),  # on the last day of the law
        (LEGAL_DUE, TODAY),  # begun in time, over today
    ],
)
def test_days_on_the_borders_are_true(first_on: date, last_on: date | None) -> None:
    ProcedureBounds(ACCEPTED, LEGAL_DUE, ()).require(first_on, last_on, TODAY)


def test_a_procedure_may_begin_and_end_today() -> None:
    ProcedureBounds(ACCEPTED, TODAY, ()).require(TODAY, TODAY, TODAY)


@pytest.mark.parametrize(
    ("first_on", "last_on"),
    [(FIRST, STOOD.first_on - DAY), (STOOD.last_on + DAY, None), (STOOD.last_on + DAY, TODAY)],
)
def test_days_beside_a_span_that_stands_are_true(first_on: date, last_on: date | None) -> None:
    BOUNDS.require(first_on, last_on, TODAY)


days = st.dates(date(2016, 3, 1), date(2016, 4, 10))


@given(days, st.none() | days, st.lists(st.tuples(days, st.integers(0, 5)), max_size=3), days)
def test_what_passes_is_within_the_term_and_meets_no_span(
    first_on: date, last_on: date | None, spans: list[tuple[date, int]], today: date
) -> None:
    stands = tuple(Pause(first, first + timedelta(days=more)) for first, more in spans)
    try:
        ProcedureBounds(ACCEPTED, LEGAL_DUE, stands).require(first_on, last_on, today)
    except NotAllowed:
        return
    assert ACCEPTED <= first_on <= min(today, LEGAL_DUE)
    assert first_on <= (last_on or today) <= today
    until = last_on or date(2016, 12, 31)
    taken = {first_on + timedelta(days=n) for n in range((until - first_on).days + 1)}
    assert not any(on in taken for stand in stands for on in (stand.first_on, stand.last_on))
