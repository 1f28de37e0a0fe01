"""The catalogue: versions are counted, contradictions refused, calendars replaced year by year."""

from dataclasses import replace
from datetime import date

import pytest

from law.notices import WrongNotice
from law.workdays import state_council
from services.intake.domain.catalogue.item import HolidayNotice, ItemKind, Limit, Season
from services.intake.domain.catalogue.publish import (
    VersionNotNext,
    WrongItem,
    WrongWindow,
    publish_calendar,
    publish_item,
    publish_window,
)
from services.intake.domain.catalogue.state import BLANK, Catalogue, CatalogueEntry, fold
from tests.unit.intake.hall import CATALOGUE, GENERAL, INSTANT, PROMISED, RECEIVED_ON

NOTICE = HolidayNotice(2027, "国办发明电〔2026〕9号", (date(2027, 1, 1),), (date(2027, 1, 2),))


def entry(*versions: int) -> CatalogueEntry:
    state = BLANK
    for version in versions:
        for fact in publish_item(state, replace(PROMISED, name=f"第{version}版", version=0), RECEIVED_ON):
            state = fold(state, fact)
    return state


def test_the_catalogue_counts_versions() -> None:
    assert [item.version for item in entry(1, 2, 3).items] == [1, 2, 3]
    assert publish_item(entry(1), replace(PROMISED, version=2), RECEIVED_ON)[0].item.version == 2


@pytest.mark.parametrize("version", [0, 1])
def test_an_equal_version_is_not_published_again(version: int) -> None:
    assert publish_item(entry(1), replace(PROMISED, name="第1版", version=version), RECEIVED_ON) == []


def test_a_version_out_of_turn_is_refused() -> None:
    with pytest.raises(VersionNotNext):
        publish_item(entry(1), replace(PROMISED, version=3), RECEIVED_ON)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"materials": (PROMISED.materials[0],) * 2}, "materials[1].code"),
        ({"route": (PROMISED.route[0],) * 2}, "route[1].code"),
        ({"route": ()}, "route"),
        ({"route": PROMISED.route[:1]}, "route"),
        ({"route": (replace(PROMISED.route[-1], code="S0"), *PROMISED.route)}, "route[0].kind"),
        ({"kind": ItemKind.FORWARDED}, "route"),
        ({"kind": ItemKind.INSTANT}, "route"),
        ({"legal_limit": Limit(5)}, "promised_limit.days"),
        ({"promised_limit": Limit(0)}, "promised_limit.days"),
        ({"effective_to": date(2015, 1, 1)}, "effective_to"),
        ({"seasons": (Season(date(2016, 2, 1), date(2016, 1, 1)),)}, "seasons[0].open_to"),
    ],
)
def test_an_item_that_contradicts_itself_names_the_field(changed: dict[str, object], field: str) -> None:
    with pytest.raises(WrongItem) as refused:
        publish_item(BLANK, replace(PROMISED, version=0, **changed), RECEIVED_ON)  # type: ignore[arg-type] # a table of fields
    assert refused.value.field == field


def test_an_instant_item_needs_neither_route_nor_limits() -> None:
    assert publish_item(BLANK, INSTANT, RECEIVED_ON)


def test_a_calendar_names_the_year_and_how_often_it_was_published() -> None:
    (first,) = publish_calendar(BLANK, NOTICE, CATALOGUE, RECEIVED_ON)
    assert first.calendar_version == "state-council-2026+2027.1"
    state = fold(BLANK, first)
    assert publish_calendar(state, NOTICE, CATALOGUE, RECEIVED_ON) == []
    known = Catalogue.of(state_council(), [state])
    assert known.calendar.version == first.calendar_version
    assert not known.calendar.works(date(2027, 1, 1))
    assert known.calendar.works(date(2027, 1, 2)), "a Saturday that is worked"
    (second,) = publish_calendar(state, replace(NOTICE, days_off=()), known, RECEIVED_ON)
    assert second.calendar_version == "state-council-2026+2027.2"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"makeup_days": (date(2027, 1, 4),)}, "makeup_days"),
        ({"days_off": (date(9999, 12, 31),)}, "days_off"),
        ({"number": ""}, "number"),
    ],
)
def test_a_notice_that_contradicts_the_week_or_its_year_is_refused_by_its_field(
    changed: dict[str, object], field: str
) -> None:
    with pytest.raises(WrongNotice) as refused:
        publish_calendar(BLANK, replace(NOTICE, **changed), CATALOGUE, RECEIVED_ON)  # type: ignore[arg-type] # a table of fields
    assert refused.value.field == field


def test_an_equal_window_is_not_published_again() -> None:
    (fact,) = publish_window(BLANK, GENERAL, "440105", RECEIVED_ON)
    assert publish_window(fold(BLANK, fact), GENERAL, "440105", RECEIVED_ON) == []


@pytest.mark.parametrize("changed", [{"street": "440104001"}, {"open_to": date(2015, 1, 1)}])
def test_a_window_stands_in_the_district_and_closes_after_it_opens(changed: dict[str, object]) -> None:
    with pytest.raises(WrongWindow):
        publish_window(BLANK, replace(GENERAL, **changed), "440105", RECEIVED_ON)  # type: ignore[arg-type] # a table of fields


def test_a_running_matter_finds_the_version_it_was_taken_under() -> None:
    known = Catalogue.of(state_council(), [entry(1, 2)])
    old, none = known.version(PROMISED.code, 1), known.version(PROMISED.code, 3)
    assert old is not None
    assert (old.name, none, known.version("X" * 31, 1)) == ("第1版", None, None)
