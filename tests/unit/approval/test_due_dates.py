"""期限: the last days of a leg and the days of its lamp, by the calendar of 2016. (行政许可法 42, 45, 82)"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.notices import Holiday, Notice
from law.two_clocks import Standstill, StandstillCause
from law.workdays import Calendar
from services.approval.domain.case import due_dates
from services.approval.domain.case.item import Limit, LimitUnit, TermLedger
from services.approval.domain.case.state import Case
from tests.support.examples import examples
from tests.unit.approval.matters import ACCEPTED_ON, CALENDAR, PROMISED, opened

TEN = Limit(10, LimitUnit.WORKING_DAYS, "")
TWENTY = Limit(20, LimitUnit.WORKING_DAYS, "行政许可法 42")
CALENDAR_DAYS = Limit(30, LimitUnit.CALENDAR_DAYS, "")


@pytest.mark.parametrize(
    ("starts_on", "limit", "due_on"),
    [
        (date(2016, 3, 1), TEN, date(2016, 3, 15)),
        (date(2016, 3, 1), TWENTY, date(2016, 3, 29)),
        (date(2016, 2, 1), TEN, date(2016, 2, 18)),  # Spring Festival, with a Saturday and a Sunday at work
        (date(2016, 9, 26), TEN, date(2016, 10, 13)),  # National Day, with a Saturday and a Sunday at work
        (date(2016, 4, 1), TEN, date(2016, 4, 18)),  # Tomb Sweeping on a Monday
        (date(2016, 3, 5), TEN, date(2016, 3, 18)),  # a Saturday: day one is the Monday
        (date(2016, 3, 1), CALENDAR_DAYS, date(2016, 3, 31)),
        (date(2016, 3, 11), CALENDAR_DAYS, date(2016, 4, 11)),  # the last day moves off a Sunday
        (date(2016, 9, 3), CALENDAR_DAYS, date(2016, 10, 8)),  # the last day moves off the National Day holidays
    ],
)
def test_the_last_day_follows_from_the_start_and_the_limit(starts_on: date, limit: Limit, due_on: date) -> None:
    term = due_dates.first_term(starts_on, limit, limit, CALENDAR)
    assert (term.starts_on, term.promised_due_on, term.legal_due_on) == (starts_on, due_on, due_on)


def test_each_limit_has_its_own_last_day() -> None:
    term = due_dates.first_term(ACCEPTED_ON, TEN, TWENTY, CALENDAR)
    assert (term.promised_limit, term.legal_limit) == (TEN, TWENTY)
    assert (term.promised_due_on, term.legal_due_on) == (date(2016, 3, 15), date(2016, 3, 29))


def test_the_lamp_is_yellow_after_the_promise_and_red_after_the_law() -> None:
    term = due_dates.first_term(ACCEPTED_ON, TEN, TWENTY, CALENDAR)
    assert term.warn_on < term.promised_due_on
    assert term.yellow_on == term.promised_due_on + timedelta(days=1)
    assert term.red_on == term.legal_due_on + timedelta(days=1)


def test_a_limit_of_no_days_counts_as_one() -> None:
    instant = Limit(0, LimitUnit.WORKING_DAYS, "")
    term = due_dates.first_term(ACCEPTED_ON, instant, TWENTY, CALENDAR)
    assert term.promised_due_on == date(2016, 3, 2)
    assert term.promised_limit == instant, "the limit itself stays as the item has it"


def test_dates_name_the_calendar_they_rest_on() -> None:
    term = due_dates.first_term(ACCEPTED_ON, TEN, TWENTY, CALENDAR)
    assert (term.provisional, term.calendar_version) == (False, CALENDAR.version)


def test_dates_in_a_year_without_a_notice_are_provisional() -> None:
    term = due_dates.first_term(date(2035, 12, 20), TEN, TWENTY, CALENDAR)
    assert term.provisional


def with_holiday(*days: date) -> Calendar:
    """The calendar with another notice for 2016, in which these days are off as well."""
    return CALENDAR.with_notice(Notice(2016, "测试发〔2016〕1号", (Holiday("", days, ()),), stored=True), "test")


def case_with(**moved: object) -> Case:
    """A case on its first day, with what its ledger holds."""
    ledger = TermLedger(**moved)  # type: ignore[arg-type] # fields by name
    return replace(opened(), term=replace(opened().term, ledger=ledger))


def pause(first_on: date, last_on: date) -> Standstill:
    """A special procedure for which both clocks stand still."""
    return Standstill(first_on, last_on, StandstillCause.SPECIAL_PROCEDURE, "hearing")


def test_a_case_without_extension_and_pause_keeps_its_dates() -> None:
    expected = replace(opened().term, calendar_version=CALENDAR.version)
    assert due_dates.recomputed_term(opened(), CALENDAR) == expected


@pytest.mark.parametrize(("days", "promised"), [(1, date(2016, 3, 16)), (10, date(2016, 3, 29))])
def test_an_extension_adds_working_days_to_both_limits(days: int, promised: date) -> None:
    term = due_dates.recomputed_term(case_with(extension_days=days, promise_extension_days=days), CALENDAR)
    assert term.promised_due_on == promised
    assert (
        term.legal_due_on
        == due_dates.first_term(ACCEPTED_ON, TEN, replace(TWENTY, days=20 + days), CALENDAR).legal_due_on
    )


@pytest.mark.parametrize(
    ("pauses", "promised"),
    [
        ((pause(date(2016, 3, 3), date(2016, 3, 3)),), date(2016, 3, 16)),
        ((pause(date(2016, 3, 3), date(2016, 3, 9)),), date(2016, 3, 22)),
        ((pause(date(2016, 3, 5), date(2016, 3, 6)),), date(2016, 3, 15)),  # a weekend costs nothing
        ((pause(date(2016, 3, 3), date(2016, 3, 4)), pause(date(2016, 3, 7), date(2016, 3, 7))), date(2016, 3, 18)),
        ((pause(date(2016, 3, 16), date(2016, 3, 18)),), date(2016, 3, 15)),  # after the last day
    ],
)
def test_days_of_a_pause_do_not_count(pauses: tuple[Standstill, ...], promised: date) -> None:
    assert due_dates.recomputed_term(case_with(standstills=pauses), CALENDAR).promised_due_on == promised


def test_extension_and_pause_add_up() -> None:
    case = case_with(
        extension_days=5, promise_extension_days=5, standstills=(pause(date(2016, 3, 3), date(2016, 3, 9)),)
    )
    assert due_dates.recomputed_term(case, CALENDAR).promised_due_on == date(2016, 3, 29)


def test_a_new_notice_counts_from_the_next_computation_on() -> None:
    later = with_holiday(date(2016, 3, 10), date(2016, 3, 11))
    assert opened().term.promised_due_on == date(2016, 3, 15)
    term = due_dates.recomputed_term(opened(), later)
    assert (term.promised_due_on, term.calendar_version) == (date(2016, 3, 17), later.version)


def test_days_of_the_lamp_follow_given_last_days() -> None:
    computed = opened().term
    changes = due_dates.lamp_days(date(2016, 3, 17), date(2016, 3, 31), computed)
    assert (changes.yellow_on, changes.red_on) == (date(2016, 3, 18), date(2016, 4, 1))
    assert changes.warn_on == computed.warn_on


def test_the_warning_never_comes_after_the_last_day() -> None:
    early = date(2016, 3, 4)
    assert early < opened().term.warn_on
    assert due_dates.lamp_days(early, date(2016, 3, 31), opened().term).warn_on == early


DAYS = st.dates(date(2015, 12, 1), date(2016, 10, 31))
LIMITS = st.builds(Limit, st.integers(0, 45), st.sampled_from(LimitUnit), st.just(""))


@settings(max_examples=examples(200))
@given(starts_on=DAYS, promised=LIMITS, legal=LIMITS)
def test_a_last_day_is_after_the_start_and_on_a_working_day(starts_on: date, promised: Limit, legal: Limit) -> None:
    term = due_dates.first_term(starts_on, promised, legal, CALENDAR)
    for due_on in (term.promised_due_on, term.legal_due_on):
        assert due_on > starts_on
        assert CALENDAR.works(due_on)
    assert term.warn_on <= term.yellow_on
    assert term.yellow_on == term.promised_due_on + timedelta(days=1)
    assert term.promised_due_on <= term.legal_due_on
    assert term.yellow_on <= term.red_on


@settings(max_examples=examples(200))
@given(starts_on=DAYS, days=st.integers(1, 30), more=st.integers(1, 10))
def test_a_longer_limit_never_ends_earlier(starts_on: date, days: int, more: int) -> None:
    short = replace(PROMISED.promised_limit, days=days)
    long = replace(short, days=days + more)
    ends = [due_dates.first_term(starts_on, limit, limit, CALENDAR).promised_due_on for limit in (short, long)]
    assert ends[0] < ends[1]
