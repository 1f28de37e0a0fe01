"""The catalogue: entries as the folds of their publications, and all of them as the office uses them."""

from dataclasses import replace
from datetime import date

import pytest

from law.workdays import state_council
from services.intake.domain.catalogue.item import HolidayNotice, Line, Material, Season, Window
from services.intake.domain.catalogue.state import (
    BLANK,
    CalendarPublished,
    Catalogue,
    CatalogueEntry,
    EntryFact,
    ItemPublished,
    WindowPublished,
    fold,
)
from tests.unit.intake.hall import CATALOGUE, GENERAL, INSTANT, PROMISED, RECEIVED_ON, SPECIAL, STREET

SECOND = replace(PROMISED, version=2, name="第2版", effective_from=date(2016, 10, 1))
THIRD = replace(PROMISED, version=3, name="第3版", effective_from=date(2016, 9, 20))
NOTICE = HolidayNotice(2027, "国办发明电〔2026〕9号", (date(2027, 1, 1), date(2027, 1, 4)), (date(2027, 1, 2),))


def folded(*facts: EntryFact) -> CatalogueEntry:
    state = BLANK
    for fact in facts:
        state = fold(state, fact)
    return state


def of(*entries: CatalogueEntry) -> Catalogue:
    return Catalogue.of(state_council(), entries)


def test_an_item_keeps_all_its_versions() -> None:
    entry = folded(ItemPublished(RECEIVED_ON, PROMISED), ItemPublished(RECEIVED_ON, SECOND))
    assert (entry.items, entry.latest, entry.revision) == ((PROMISED, SECOND), SECOND, 2)
    assert (entry.notice, entry.window) == (None, None)


def test_a_year_and_a_window_keep_the_last_publication() -> None:
    later = replace(NOTICE, days_off=(date(2027, 1, 1),))
    year = folded(CalendarPublished(RECEIVED_ON, NOTICE, "v1"), CalendarPublished(RECEIVED_ON, later, "v2"))
    assert (year.notice, year.revision, year.latest) == (later, 2, None)
    renamed = replace(GENERAL, name="综合窗")
    window = folded(WindowPublished(RECEIVED_ON, GENERAL), WindowPublished(RECEIVED_ON, renamed))
    assert (window.window, window.revision) == (renamed, 2)


@pytest.mark.parametrize(
    ("on", "version"),
    [
        ("2015-10-07", None),
        ("2015-10-08", 1),
        ("2016-09-19", 1),
        ("2016-09-20", 3),
        ("2016-10-01", 3),
        ("2199-12-31", 3),
    ],
)
def test_of_the_versions_whose_day_has_come_the_last_published_is_in_force(on: str, version: int | None) -> None:
    entry = CatalogueEntry(items=(PROMISED, SECOND, THIRD))
    item = entry.on(date.fromisoformat(on))
    assert (item.version if item else None) == version


def test_nothing_is_in_force_of_an_entry_that_is_no_item() -> None:
    assert BLANK.on(RECEIVED_ON) is None
    assert CatalogueEntry(window=GENERAL).on(RECEIVED_ON) is None


def test_entries_are_found_by_code_by_year_and_by_street_and_window() -> None:
    year = CatalogueEntry(notice=NOTICE, revision=1)
    catalogue = of(
        CatalogueEntry(items=(INSTANT,)), CatalogueEntry(items=(PROMISED,)), CatalogueEntry(window=SPECIAL), year
    )
    assert list(catalogue.items) == sorted([PROMISED.code, INSTANT.code]), "by code, whatever the order of reading"
    assert catalogue.windows == {(STREET, "W2"): SPECIAL}
    assert catalogue.years == {2027: year}


def test_a_running_matter_finds_the_version_it_was_taken_under() -> None:
    catalogue = of(CatalogueEntry(items=(PROMISED, SECOND)))
    assert catalogue.version(PROMISED.code, 1) is PROMISED
    assert catalogue.version(PROMISED.code, 2) is SECOND
    assert catalogue.version(PROMISED.code, 3) is None
    assert catalogue.version("X" * 31, 1) is None


def test_a_catalogue_without_notices_has_the_shipped_calendar() -> None:
    assert CATALOGUE.calendar is CATALOGUE.shipped
    assert of().calendar.version == "state-council-2026"


def test_a_published_year_is_in_the_calendar_and_in_its_version() -> None:
    catalogue = of(CatalogueEntry(notice=NOTICE, revision=3))
    assert catalogue.calendar.version == "state-council-2026+2027.3"
    assert not catalogue.calendar.works(date(2027, 1, 4))
    assert catalogue.calendar.works(date(2027, 1, 2))
    assert catalogue.shipped.version == "state-council-2026", "the shipped calendar stays as it is"


def test_the_holidays_of_a_published_year_are_read_back() -> None:
    catalogue = of(CatalogueEntry(notice=NOTICE, revision=1))
    assert catalogue.holidays(2027) == NOTICE
    assert catalogue.holidays(2028) is None


def test_the_holidays_of_a_shipped_year_are_read_with_its_amendments() -> None:
    holidays = CATALOGUE.holidays(2020)
    assert holidays is not None
    assert date(2020, 2, 2) in holidays.days_off, "the spring of 2020 got days off by a second notice"
    assert date(2020, 1, 19) in holidays.makeup_days
    assert set(holidays.days_off).isdisjoint(holidays.makeup_days)


def test_the_holidays_of_2016_are_those_of_the_notice() -> None:
    holidays = CATALOGUE.holidays(2016)
    assert holidays is not None
    autumn = [on for on in holidays.days_off if on.month == 9]
    assert autumn == [date(2016, 9, 15), date(2016, 9, 16), date(2016, 9, 17)]
    assert date(2016, 9, 18) in holidays.makeup_days


def test_the_calendar_of_a_notice_is_known_before_it_is_published() -> None:
    catalogue = of(CatalogueEntry(notice=NOTICE, revision=1))
    amended = replace(NOTICE, days_off=(date(2027, 1, 1),))
    calendar = catalogue.calendar_with(amended, 2)
    assert calendar.version == "state-council-2026+2027.2"
    assert calendar.works(date(2027, 1, 4))
    assert not catalogue.calendar.works(date(2027, 1, 4)), "the catalogue in force is left alone"


@pytest.mark.parametrize(
    ("window", "on", "is_open"),
    [
        (GENERAL, date(2015, 10, 7), False),
        (GENERAL, date(2015, 10, 8), True),
        (GENERAL, date(2199, 12, 31), True),
        (SPECIAL, date(2016, 9, 30), True),
        (SPECIAL, date(2016, 10, 1), False),
    ],
)
def test_a_window_is_open_between_its_days(window: Window, on: date, is_open: bool) -> None:
    assert window.service.is_open(on) is is_open


def test_a_special_window_serves_its_lines_and_a_general_one_every_line() -> None:
    assert [line for line in Line if SPECIAL.service.serves(line.name)] == [Line.FAMILY_PLANNING]
    assert all(GENERAL.service.serves(line.name) for line in Line)


def test_a_season_has_both_its_days() -> None:
    season = Season(date(2016, 5, 19), date(2016, 7, 7))
    assert date(2016, 5, 19) in season
    assert date(2016, 7, 7) in season
    assert date(2016, 5, 18) not in season
    assert date(2016, 7, 8) not in season


def test_a_material_is_found_by_its_code() -> None:
    assert PROMISED.material("M03") == Material("M03", "居民户口簿", required=True, deferrable=True)
    assert PROMISED.material("M99") is None


@pytest.mark.parametrize(
    ("receipt", "sms", "informs"), [(True, True, True), (True, False, True), (False, True, True), (False, False, False)]
)
def test_an_item_informs_the_applicant_by_a_receipt_or_by_messages(receipt: bool, sms: bool, informs: bool) -> None:
    assert replace(PROMISED, receipt=receipt, sms=sms).informs_applicant is informs
