"""Publication: versions are counted, contradictions refused, calendars replaced year by year, windows compared."""

from dataclasses import replace
from datetime import date

import pytest

from law.notices import WrongNotice
from law.workdays import state_council
from services.intake.domain.catalogue.item import (
    CatalogueItem,
    ClosesOn,
    Destination,
    ItemKind,
    Limit,
    LimitUnit,
    Season,
    StepKind,
    Street,
)
from services.intake.domain.catalogue.publications import (
    VersionNotNext,
    WrongDestination,
    WrongItem,
    WrongStreet,
    WrongWindow,
    publish_calendar,
    publish_destination,
    publish_item,
    publish_street,
    publish_window,
)
from services.intake.domain.catalogue.state import (
    BLANK,
    CalendarPublished,
    Catalogue,
    CatalogueEntry,
    ItemPublished,
    WindowPublished,
    fold,
)
from tests.unit.intake.hall import CATALOGUE, GENERAL, INSTANT, PROMISED, RECEIVED_ON, SPECIAL, holiday_notice

NOTICE = holiday_notice(2027, date(2027, 1, 4), makeup=(date(2027, 1, 9),))
REVIEW, DECIDE = PROMISED.route
REFER = replace(DECIDE, kind=StepKind.REFER)
FORWARDED = replace(
    PROMISED,
    kind=ItemKind.FORWARDED,
    decided_by="区卫生健康局",
    closes_on=ClosesOn.REFERRAL,
    route=(REVIEW, REFER),
    refers_to="health",
    version=0,
)
FURTHER = Limit(15, LimitUnit.WORKING_DAYS, "某条例第九条")


def entry(*versions: int) -> CatalogueEntry:
    state = BLANK
    for version in versions:
        for fact in publish_item(state, replace(PROMISED, name=f"第{version}版", version=0), RECEIVED_ON):
            state = fold(state, fact)
    return state


def changed(item: CatalogueItem = PROMISED, **fields: object) -> CatalogueItem:
    return replace(item, version=0, **fields)  # type: ignore[arg-type] # a table of fields


def test_the_first_publication_is_version_one() -> None:
    assert publish_item(BLANK, changed(), RECEIVED_ON) == [ItemPublished(RECEIVED_ON, replace(PROMISED, version=1))]


def test_the_catalogue_counts_versions() -> None:
    assert [item.version for item in entry(1, 2, 3).items] == [1, 2, 3]
    assert publish_item(entry(1), replace(PROMISED, version=2), RECEIVED_ON)[0].item.version == 2


@pytest.mark.parametrize("version", [0, 1])
def test_an_equal_version_is_not_published_again(version: int) -> None:
    assert publish_item(entry(1), replace(PROMISED, name="第1版", version=version), RECEIVED_ON) == []


def test_an_item_that_went_back_to_an_older_version_is_a_new_one() -> None:
    (fact,) = publish_item(entry(1, 2), replace(PROMISED, name="第1版", version=0), RECEIVED_ON)
    assert fact.item.version == 3


@pytest.mark.parametrize("version", [1, 2, 4, 99])
def test_a_version_out_of_turn_is_refused(version: int) -> None:
    with pytest.raises(VersionNotNext) as refused:
        publish_item(entry(1, 2), replace(PROMISED, version=version), RECEIVED_ON)
    assert (refused.value.field, refused.value.sentence) == ("version", f"版本号由目录编排，应填0或3，现为{version}。")


@pytest.mark.parametrize(
    ("item", "field", "rule"),
    [
        (changed(materials=(PROMISED.materials[0],) * 2), "materials[1].code", "duplicate_code"),
        (changed(route=(REVIEW, REVIEW, DECIDE)), "route[1].code", "duplicate_code"),
        (changed(route=()), "route", "route_by_kind"),
        (changed(route=(REVIEW,)), "route[0].kind", "route_by_kind"),
        (changed(route=(replace(DECIDE, code="S0"), REVIEW, DECIDE)), "route[0].kind", "route_by_kind"),
        (changed(route=(replace(REFER, code="S0"), DECIDE)), "route[0].kind", "route_by_kind"),
        (changed(FORWARDED, route=(REVIEW, DECIDE)), "route[1].kind", "route_by_kind"),
        (changed(FORWARDED, refers_to=""), "refers_to", "referral_target"),
        (changed(INSTANT, route=PROMISED.route), "route", "route_by_kind"),
        (changed(legal_limit=replace(FURTHER, days=5)), "promised_limit.days", "promised_within_legal"),
        (changed(promised_limit=replace(FURTHER, days=21)), "promised_limit.days", "promised_within_legal"),
        (changed(promised_limit=Limit(0)), "promised_limit.days", "limit_by_kind"),
        (changed(legal_limit=Limit(0)), "legal_limit.days", "limit_by_kind"),
        (changed(effective_to=date(2015, 1, 1)), "effective_to", "effective_dates"),
        (changed(seasons=(Season(date(2016, 2, 1), date(2016, 1, 1)),)), "seasons[0].open_to", "season_backwards"),
        (
            changed(seasons=(Season(date(2016, 1, 1), date(2016, 2, 1)), Season(date(2016, 4, 1), date(2016, 3, 1)))),
            "seasons[1].open_to",
            "season_backwards",
        ),
    ],
)
def test_an_item_that_contradicts_itself_names_the_field(item: CatalogueItem, field: str, rule: str) -> None:
    with pytest.raises(WrongItem) as refused:
        publish_item(BLANK, item, RECEIVED_ON)
    assert (refused.value.field, refused.value.rule) == (field, rule)
    assert refused.value.sentence.startswith("事项内容有误：")
    assert refused.value.sentence.endswith("。")


@pytest.mark.parametrize(
    "item",
    [
        changed(),
        changed(INSTANT),
        changed(INSTANT, promised_limit=Limit(0), legal_limit=FURTHER),
        FORWARDED,
        changed(route=(DECIDE,)),
        changed(promised_limit=replace(FURTHER, days=20)),
        changed(promised_limit=Limit(21, LimitUnit.CALENDAR_DAYS, assumed=True)),
        changed(effective_to=PROMISED.effective_from),
        changed(seasons=(Season(date(2016, 1, 1), date(2016, 1, 1)),)),
    ],
)
def test_an_item_without_a_contradiction_is_published(item: CatalogueItem) -> None:
    (fact,) = publish_item(BLANK, item, RECEIVED_ON)
    assert fact.item == replace(item, version=1)


def test_a_contradiction_is_named_before_the_version() -> None:
    with pytest.raises(WrongItem):
        publish_item(entry(1), replace(PROMISED, route=(), version=9), RECEIVED_ON)


def test_a_calendar_names_the_year_and_how_often_it_was_published() -> None:
    (first,) = publish_calendar(BLANK, NOTICE, CATALOGUE, RECEIVED_ON)
    assert first == CalendarPublished(RECEIVED_ON, NOTICE, "state-council-2026+2027.1")
    state = fold(BLANK, first)
    assert publish_calendar(state, NOTICE, CATALOGUE, RECEIVED_ON) == []
    known = Catalogue.of(state_council(), [state])
    assert known.calendar.version == first.calendar_version
    assert not known.calendar.works(date(2027, 1, 1))
    assert known.calendar.works(date(2027, 1, 9)), "a Saturday that is worked"
    (second,) = publish_calendar(state, replace(NOTICE, makeup_days=()), known, RECEIVED_ON)
    assert second.calendar_version == "state-council-2026+2027.2"


def test_calendars_of_several_years_are_named_in_the_order_of_the_years() -> None:
    later = holiday_notice(2028, date(2028, 1, 3))
    state = fold(BLANK, publish_calendar(BLANK, later, CATALOGUE, RECEIVED_ON)[0])
    known = Catalogue.of(state_council(), [state])
    (fact,) = publish_calendar(BLANK, NOTICE, known, RECEIVED_ON)
    assert fact.calendar_version == "state-council-2026+2027.1+2028.1"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"makeup_days": (date(2027, 1, 4),)}, "makeup_days"),
        ({"days_off": (*NOTICE.days_off, date(9999, 12, 31))}, "days_off"),
        ({"number": ""}, "number"),
        ({"days_off": (*NOTICE.days_off, date(2027, 1, 9))}, "makeup_days"),
    ],
)
def test_a_notice_that_contradicts_the_week_or_its_year_is_refused_by_its_field(
    fields: dict[str, object], field: str
) -> None:
    with pytest.raises(WrongNotice) as refused:
        publish_calendar(BLANK, replace(NOTICE, **fields), CATALOGUE, RECEIVED_ON)  # type: ignore[arg-type] # a table of fields
    assert refused.value.field == field


def test_a_window_is_published_and_an_equal_one_is_not_published_again() -> None:
    (fact,) = publish_window(BLANK, GENERAL, "440105", RECEIVED_ON)
    assert fact == WindowPublished(RECEIVED_ON, GENERAL)
    state = fold(BLANK, fact)
    assert publish_window(state, GENERAL, "440105", RECEIVED_ON) == []
    (again,) = publish_window(state, replace(GENERAL, name="综合窗"), "440105", RECEIVED_ON)
    assert again.window.name == "综合窗"


@pytest.mark.parametrize(
    ("fields", "field", "rule"),
    [
        ({"street": "440104001"}, "street", "440104001不是本区街道的代码；000为区本级、999为系统自检保留"),
        ({"open_to": date(2015, 1, 1)}, "open_to", "停用日2015-01-01早于启用日2015-10-08"),
    ],
)
def test_a_window_stands_in_the_district_and_closes_after_it_opens(
    fields: dict[str, object], field: str, rule: str
) -> None:
    with pytest.raises(WrongWindow) as refused:
        publish_window(BLANK, replace(GENERAL, **fields), "440105", RECEIVED_ON)  # type: ignore[arg-type] # a table of fields
    assert (refused.value.field, refused.value.sentence) == (field, f"窗口内容有误：{rule}。")


def test_a_window_may_serve_on_one_day_only() -> None:
    window = replace(SPECIAL, open_to=SPECIAL.open_from)
    assert publish_window(BLANK, window, "440105", RECEIVED_ON)[0].window == window


def test_streets_and_destinations_have_names_that_the_public_can_read() -> None:
    with pytest.raises(WrongStreet) as street:
        publish_street(BLANK, Street("440105011", "=1+1"), "440105", RECEIVED_ON)
    with pytest.raises(WrongDestination) as destination:
        publish_destination(BLANK, Destination("housing", "区住房\n保障办公室"), RECEIVED_ON)
    assert (street.value.field, destination.value.field) == ("name", "name")
    assert destination.value.sentence == "上报去向内容有误：含有看不见的控制字符，现为「区住房<U+000A>保障办公室」。"
