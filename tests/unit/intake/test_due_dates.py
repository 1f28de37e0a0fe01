"""Due dates by real calendars: receipt, the five days, corrections, limits. (行政许可法 32, 42, 82; 民法典 201, 203)"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.notices import Holiday, Notice
from law.terms import Unit
from law.workdays import state_council
from services.intake.domain.application import due_dates
from services.intake.domain.application.due_dates import DueDates, OfficeDay
from services.intake.domain.catalogue.item import Limit, LimitUnit
from tests.support.examples import examples
from tests.unit.intake.hall import DUES, day

# Received on, after closing time, counts from, to be answered by.
RECEIPTS = [
    # The Mid-Autumn holiday of 2016 is 15 to 17 September, Sunday the 18th is worked.
    ("2016-09-14", False, "2016-09-14", "2016-09-22"),
    ("2016-09-14", True, "2016-09-18", "2016-09-23"),
    ("2016-09-15", False, "2016-09-18", "2016-09-23"),
    ("2016-09-17", True, "2016-09-18", "2016-09-23"),
    ("2016-09-18", False, "2016-09-18", "2016-09-23"),
    ("2016-09-18", True, "2016-09-19", "2016-09-26"),
    # The National Day of 2016 is 1 to 7 October; the 8th and the 9th, a weekend, are worked.
    ("2016-09-23", False, "2016-09-23", "2016-09-30"),
    ("2016-09-26", False, "2016-09-26", "2016-10-08"),
    ("2016-09-30", False, "2016-09-30", "2016-10-12"),
    ("2016-09-30", True, "2016-10-08", "2016-10-13"),
    ("2016-10-01", False, "2016-10-08", "2016-10-13"),
    ("2016-10-07", False, "2016-10-08", "2016-10-13"),
    ("2016-10-08", False, "2016-10-08", "2016-10-13"),
    # An ordinary week.
    ("2016-06-20", False, "2016-06-20", "2016-06-27"),
    ("2016-06-24", False, "2016-06-24", "2016-07-01"),
    ("2016-06-24", True, "2016-06-27", "2016-07-04"),
    ("2016-06-25", False, "2016-06-27", "2016-07-04"),
    ("2016-06-26", True, "2016-06-27", "2016-07-04"),
    # The Spring Festival of 2016 is 7 to 13 February; Saturday the 6th and Sunday the 14th are worked.
    ("2016-02-05", False, "2016-02-05", "2016-02-17"),
    ("2016-02-06", False, "2016-02-06", "2016-02-18"),
    ("2016-02-06", True, "2016-02-14", "2016-02-19"),
    ("2016-02-10", False, "2016-02-14", "2016-02-19"),
    # The turn of a year: New Year's Day of 2016 is a Friday, the weekend follows.
    ("2015-12-31", False, "2015-12-31", "2016-01-08"),
    ("2015-12-31", True, "2016-01-04", "2016-01-11"),
    ("2016-01-01", False, "2016-01-04", "2016-01-11"),
]


@pytest.mark.parametrize(("on", "after_hours", "received_on", "answer_due_on"), RECEIPTS)
def test_the_office_answers_within_five_working_days_of_receipt(
    on: str, after_hours: bool, received_on: str, answer_due_on: str
) -> None:
    office_day = day(date.fromisoformat(on), after_hours=after_hours)
    assert office_day.received_on.isoformat() == received_on
    due = office_day.answer_due()
    assert (due.due_on.isoformat(), due.provisional) == (answer_due_on, False)


@pytest.mark.parametrize(
    ("on", "supply_days", "supply_by"),
    [
        ("2016-09-14", 30, "2016-10-14"),
        ("2016-09-01", 30, "2016-10-08"),  # 1 October is a holiday; the next working day is Saturday the 8th
        ("2016-09-14", 1, "2016-09-18"),
        ("2016-09-14", 15, "2016-09-29"),
        ("2016-12-03", 30, "2017-01-03"),  # 2 January 2017 is a holiday
    ],
)
def test_a_correction_can_be_supplied_up_to_a_working_day(on: str, supply_days: int, supply_by: str) -> None:
    office_day = OfficeDay(date.fromisoformat(on), DUES, supply_days=supply_days)
    assert office_day.supply_due().due_on.isoformat() == supply_by


@pytest.mark.parametrize(
    ("limit", "due_on"),
    [
        (Limit(0), "2016-09-14"),
        (Limit(1), "2016-09-18"),
        (Limit(5), "2016-09-22"),
        (Limit(10), "2016-09-29"),
        (Limit(20), "2016-10-18"),
        (Limit(1, LimitUnit.CALENDAR_DAYS), "2016-09-18"),  # the 15th is a holiday: the next working day
        (Limit(4, LimitUnit.CALENDAR_DAYS), "2016-09-18"),
        (Limit(17, LimitUnit.CALENDAR_DAYS), "2016-10-08"),
        (Limit(30, LimitUnit.CALENDAR_DAYS), "2016-10-14"),
    ],
)
def test_a_limit_runs_from_the_day_of_acceptance_in_its_own_unit(limit: Limit, due_on: str) -> None:
    accepted_on = date(2016, 9, 14)
    dates = DUES.of_matter(accepted_on, limit, Limit(60))
    assert dates.promised_due_on.isoformat() == due_on


def test_a_limit_counts_from_the_acceptance_and_not_from_today() -> None:
    assert DUES.of_matter(date(2016, 9, 14), Limit(10), Limit(20)).promised_due_on == date(2016, 9, 29)


def test_the_earlier_of_both_limits_is_promised() -> None:
    dates = DUES.of_matter(date(2016, 3, 1), Limit(10), Limit(10, LimitUnit.CALENDAR_DAYS))
    assert (dates.promised_due_on, dates.legal_due_on) == (date(2016, 3, 11), date(2016, 3, 11))
    assert dates.early_before == date(2016, 3, 11)


def test_the_dates_of_a_matter_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_dates, "_MOST_REMEMBERED", 1)
    dates, on = DueDates(state_council()), date(2016, 9, 14)
    first = dates.of_matter(on, Limit(1), Limit(5))
    assert dates.of_matter(on, Limit(1), Limit(5)) is first
    dates.of_matter(on, Limit(2), Limit(5))
    assert dates.of_matter(on, Limit(1), Limit(5)) is not first, "forgotten, and computed again"


@pytest.mark.parametrize(
    ("unit", "in_law"), [(LimitUnit.WORKING_DAYS, Unit.WORKING), (LimitUnit.CALENDAR_DAYS, Unit.CALENDAR)]
)
def test_a_limit_is_counted_in_the_unit_of_the_law(unit: LimitUnit, in_law: Unit) -> None:
    assert Limit(1, unit).in_law.unit is in_law


def test_a_day_beyond_the_published_years_may_still_move() -> None:
    assert day(date(2026, 12, 30)).answer_due().provisional
    assert not day(date(2026, 12, 18)).answer_due().provisional


def test_every_date_names_its_calendar() -> None:
    assert day().calendar_version == "state-council-2026"
    notice = Notice(2027, "国办发明电〔2026〕9号", (Holiday("", off=(date(2027, 1, 1),)),), stored=True)
    published = DueDates(state_council().with_notice(notice, "state-council-2026+2027.1"))
    assert OfficeDay(date(2027, 1, 4), published).calendar_version == "state-council-2026+2027.1"


def test_a_published_year_moves_the_dates_of_matters_taken_from_then_on() -> None:
    notice = Notice(2027, "国办发明电〔2026〕9号", (Holiday("", off=(date(2027, 1, 4),)),), stored=True)
    published = DueDates(state_council().with_notice(notice, "v"))
    before, after = day(date(2026, 12, 31)).answer_due(), OfficeDay(date(2026, 12, 31), published).answer_due()
    assert (before.due_on, after.due_on) == (date(2027, 1, 8), date(2027, 1, 11))
    assert (before.provisional, after.provisional) == (True, False)


def test_a_date_is_computed_once() -> None:
    dates = DueDates(state_council())
    assert dates.due(date(2016, 9, 14), 5) is dates.due(date(2016, 9, 14), 5)
    assert dates.due(date(2016, 9, 14), 5) != dates.due(date(2016, 9, 14), 6)
    working, calendar = dates.due(date(2016, 9, 14), 7), dates.due(date(2016, 9, 14), 7, Unit.CALENDAR)
    assert working != calendar


def test_as_many_dates_are_remembered_as_the_limit_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_dates, "_MOST_REMEMBERED", 2)
    dates = DueDates(state_council())
    first = dates.due(date(2016, 9, 14), 1)
    dates.due(date(2016, 9, 14), 2)
    assert dates.due(date(2016, 9, 14), 1) is first
    third = dates.due(date(2016, 9, 14), 3)
    again = dates.due(date(2016, 9, 14), 1)
    assert (again == first, again is first) == (True, False), "forgotten, and computed again"
    assert dates.due(date(2016, 9, 14), 3) is third


@settings(max_examples=examples(200))
@given(st.dates(date(2012, 1, 1), date(2026, 11, 30)), st.booleans())
def test_receipt_counts_from_a_working_day_and_the_answer_is_due_on_one(on: date, after_hours: bool) -> None:
    office_day, calendar = day(on, after_hours=after_hours), DUES.calendar
    received_on, due_on = office_day.received_on, office_day.answer_due().due_on
    assert calendar.works(received_on)
    assert calendar.works(due_on)
    assert received_on > on if after_hours else received_on >= on
    between = [received_on + timedelta(days=n) for n in range(1, (due_on - received_on).days + 1)]
    assert sum(calendar.works(each) for each in between) == 5


@settings(max_examples=examples(100))
@given(st.dates(date(2012, 1, 1), date(2026, 10, 1)), st.integers(1, 60))
def test_a_correction_leaves_at_least_its_calendar_days(on: date, supply_days: int) -> None:
    supply_by = OfficeDay(on, DUES, supply_days=supply_days).supply_due().due_on
    assert (supply_by - on).days >= supply_days
    assert DUES.calendar.works(supply_by)
