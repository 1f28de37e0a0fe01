"""两个时限: promise and law, each in its own unit; the earlier is promised. (行政许可法 42, 45; 优化营商环境条例 36)"""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from law.terms import StatutoryLimit, Unit
from law.two_clocks import (
    NOTHING_MOVED,
    Governing,
    Ledger,
    Standstill,
    StandstillCause,
    TermDates,
    TwoClocks,
    dates_on_the_spot,
    judged,
    on_time_and_early,
    term_dates,
)
from law.workdays import state_council

CALENDAR = state_council()
MARCH = date(2016, 3, 1)
"""A Tuesday, with nothing but ordinary weeks behind it until 清明节 on 4 April."""
SPECIAL = StandstillCause.SPECIAL_PROCEDURE


def working(days: int) -> StatutoryLimit:
    """A limit in working days."""
    return StatutoryLimit(days, Unit.WORKING, "")


def calendar(days: int) -> StatutoryLimit:
    """A limit in calendar days."""
    return StatutoryLimit(days, Unit.CALENDAR, "")


def dates(
    promised: StatutoryLimit, legal: StatutoryLimit, ledger: Ledger = NOTHING_MOVED, on: date = MARCH
) -> TermDates:
    """The dates of two limits."""
    return term_dates(TwoClocks.of(on, promised, legal, ledger), CALENDAR)


def told(term: TermDates) -> tuple[str, str]:
    """Both last days, month and day."""
    return f"{term.promised_due_on:%m-%d}", f"{term.legal_due_on:%m-%d}"


@pytest.mark.parametrize(
    ("promised", "legal", "days", "governed_by"),
    [
        (working(10), working(20), ("03-15", "03-29"), Governing.PROMISE),
        (working(10), calendar(10), ("03-11", "03-11"), Governing.LAW),
        (calendar(10), working(10), ("03-11", "03-15"), Governing.PROMISE),
        (calendar(15), working(10), ("03-15", "03-15"), Governing.LAW),
        (working(60), calendar(5), ("03-07", "03-07"), Governing.LAW),  # the 6th is a Sunday
        (working(20), working(20), ("03-29", "03-29"), Governing.PROMISE),
    ],
)
def test_the_earlier_of_both_last_days_is_promised(
    promised: StatutoryLimit, legal: StatutoryLimit, days: tuple[str, str], governed_by: Governing
) -> None:
    term = dates(promised, legal)
    assert (told(term), term.governed_by) == (days, governed_by)
    assert term.warn_on <= term.yellow_on <= term.red_on


@pytest.mark.parametrize(
    ("ledger", "days"),
    [
        (Ledger(10, Unit.WORKING, 10), ("03-30", "04-15")),
        (Ledger(10, Unit.WORKING, 0), ("03-16", "04-15")),
        (Ledger(10, Unit.CALENDAR, 10), ("03-28", "04-11")),  # the 26th is a Saturday, 10 April a Sunday
        (Ledger(10, None, 10), ("03-28", "04-11")),  # each limit in its own unit
    ],
)
def test_an_extension_counts_in_its_own_unit_behind_the_days_of_the_limit(
    ledger: Ledger, days: tuple[str, str]
) -> None:
    assert told(dates(calendar(15), calendar(30), ledger)) == days


def test_an_extension_in_calendar_days_of_a_limit_in_working_days_ends_off_a_rest_day() -> None:
    assert told(dates(working(10), working(20), Ledger(11, Unit.CALENDAR, 11))) == ("03-28", "04-11")


def test_an_extension_follows_on_the_last_counted_day_not_on_the_day_it_moved_to() -> None:
    # Five calendar days end on Sunday the 6th, which moves to Monday; two working days more are Monday and Tuesday.
    assert told(dates(calendar(5), calendar(5), Ledger(2, Unit.WORKING, 2))) == ("03-08", "03-08")


def test_a_standstill_after_the_promise_was_broken_moves_the_law_alone() -> None:
    first, last = date(2016, 3, 16), date(2016, 3, 18)
    both = Ledger(standstills=(Standstill(date(2016, 3, 3), date(2016, 3, 4), SPECIAL),))
    law_alone = Ledger(standstills=(Standstill(first, last, SPECIAL, stops_promise=False),))
    assert told(dates(working(10), working(20), both)) == ("03-17", "03-31")
    assert told(dates(working(10), working(20), law_alone)) == ("03-15", "04-01")


def test_a_broken_promise_is_not_mended_by_a_standstill_that_a_later_calendar_puts_within_it() -> None:
    # By another calendar the promise would reach into the pause; what was chosen when it began is kept.
    still = Standstill(date(2016, 3, 14), date(2016, 3, 18), SPECIAL, stops_promise=False)
    assert told(dates(working(10), working(20), Ledger(standstills=(still,)))) == ("03-15", "04-06")


def test_closing_is_early_while_both_clocks_had_a_day_left() -> None:
    term = dates(calendar(5), working(20))  # the fifth day is Sunday the 6th; the last day Monday the 7th
    assert (term.early_before, term.promised_due_on) == (date(2016, 3, 6), date(2016, 3, 7))
    flags = {day: on_time_and_early(date(2016, 3, day), term) for day in (5, 6, 7, 8)}
    assert flags == {5: (True, True), 6: (True, False), 7: (True, False), 8: (False, False)}


def test_the_law_ends_what_is_early_where_it_is_the_shorter_one() -> None:
    assert dates(working(10), calendar(5)).early_before == date(2016, 3, 6)


def test_a_promise_that_was_broken_once_is_never_kept() -> None:
    term = dates(working(10), working(20))
    assert on_time_and_early(MARCH, term, promise_broken=True) == (False, False)


@dataclass(frozen=True)
class OldDates:
    """Dates of a fact of releases up to 0.2.0."""

    promised_due_on: date
    legal_due_on: date
    early_before: None = None


def test_dates_without_their_own_day_are_early_before_the_promised_one() -> None:
    old = OldDates(date(2016, 3, 15), date(2016, 3, 11))
    assert [on_time_and_early(date(2016, 3, day), old) for day in (10, 11, 12)] == [
        (True, True),
        (True, False),
        (False, False),
    ]


def test_what_is_done_on_the_spot_is_promised_for_the_day_and_early_on_it() -> None:
    term = dates_on_the_spot(MARCH, working(0), CALENDAR)
    assert (term.promised_due_on, term.legal_due_on, term.provisional) == (MARCH, MARCH, False)
    assert on_time_and_early(MARCH, term) == (True, True)
    assert told(dates_on_the_spot(MARCH, working(20), CALENDAR)) == ("03-01", "03-29")


def test_dates_over_a_year_without_a_notice_are_provisional_by_either_clock() -> None:
    start = date(2026, 12, 1)
    assert not dates(working(5), working(10), on=start).provisional
    assert dates(working(5), working(40), on=start).provisional
    assert dates(calendar(5), calendar(20), Ledger(10, Unit.WORKING, 0), on=start).provisional
    assert not dates(calendar(5), calendar(10), Ledger(5, Unit.WORKING, 0), on=start).provisional


def test_a_matter_done_on_the_spot_has_the_day_itself_and_its_lamps_behind_it() -> None:
    friday = date(2016, 3, 4)
    saturday = date(2016, 3, 5)
    assert dates_on_the_spot(friday, working(20), CALENDAR) == TermDates(
        friday, date(2016, 4, 1), friday, saturday, date(2016, 4, 2), saturday, False, CALENDAR.version
    )
    assert dates_on_the_spot(friday, working(0), CALENDAR) == TermDates(
        friday, friday, friday, saturday, saturday, saturday, False, CALENDAR.version
    )


def test_clocks_that_start_on_another_day_keep_what_moved_them() -> None:
    ledger = Ledger(5, Unit.CALENDAR, 3, (Standstill(MARCH, MARCH, SPECIAL),))
    clocks = TwoClocks.of(MARCH, working(10), calendar(30), ledger)
    other = date(2016, 5, 3)
    assert clocks.starting(other) == TwoClocks.of(other, working(10), calendar(30), ledger)


def test_an_extension_in_a_procedure_is_judged_by_the_promise_that_stood_still() -> None:
    def promised_by(ledger: Ledger) -> date:
        return dates(working(10), working(20), ledger).promised_due_on

    hearing = Standstill(date(2016, 3, 14), date(2016, 3, 25), SPECIAL)
    entered = Ledger(5, Unit.WORKING, 0, (hearing,), extended_on=date(2016, 3, 17))
    assert promised_by(Ledger()) == date(2016, 3, 15), "before the extension, without the hearing"
    assert judged(entered, promised_by) == replace(entered, promise_extension_days=5)


def test_the_promise_of_a_ledger_is_judged_from_nothing_on() -> None:
    def promised_by(ledger: Ledger) -> date:
        assert ledger.promise_extension_days == 0
        return dates(working(10), working(20), ledger).promised_due_on

    moved_by_nobody = Ledger(promise_extension_days=3, promise_broken=True)
    assert judged(moved_by_nobody, promised_by) == NOTHING_MOVED
    assert judged(replace(moved_by_nobody, extension_days=3, extended_on=date(2016, 3, 15)), promised_by) == Ledger(
        3, None, 3, extended_on=date(2016, 3, 15)
    ), "an extension on the last day of the promise moves it"


@pytest.mark.parametrize(("on", "broken"), [(date(2016, 3, 8), False), (date(2016, 3, 9), True)])
def test_an_extension_after_the_laws_day_was_promised_leaves_the_promise_broken(on: date, broken: bool) -> None:
    """Five working days in law, ten by the promise: the 8th is promised, and the extended law ends on the 15th."""

    def promised_by(ledger: Ledger) -> date:
        return dates(working(10), working(5), ledger).promised_due_on

    assert promised_by(NOTHING_MOVED) == date(2016, 3, 8)
    extended = judged(Ledger(5, Unit.WORKING, extended_on=on), promised_by)
    assert (promised_by(extended), extended.promise_broken) == (date(2016, 3, 15), broken)


def test_dates_name_the_calendar_that_gave_them() -> None:
    assert dates(working(10), working(20)).calendar_version == CALENDAR.version
