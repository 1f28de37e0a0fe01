"""What an answer rests on, what is used up, what is refused."""

from datetime import date

import pytest

from law import term_clock, terms
from law.not_allowed import Malformed
from law.notices import Holiday, Notice
from law.term_clock import Due, Pause, TermClock
from law.terms import Unit
from law.workdays import BeforeFirstNotice, state_council

CALENDAR = state_council()


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (TermClock(date(2016, 3, 1), 5), Due(date(2016, 3, 8), False, ("国办发明电〔2015〕18号",))),
        (
            TermClock(date(2016, 12, 30), 1),
            Due(date(2017, 1, 3), False, ("国办发明电〔2015〕18号", "国办发明电〔2016〕17号")),
        ),
        (
            TermClock(date(2020, 1, 22), 3),
            Due(date(2020, 2, 4), False, ("国办发明电〔2019〕16号", "国办发明电〔2020〕1号")),
        ),
        (TermClock(date(2026, 12, 18), 5), Due(date(2026, 12, 25), False, ("国办发明电〔2025〕7号",))),
        (TermClock(date(2026, 12, 25), 4), Due(date(2026, 12, 31), True, ("国办发明电〔2025〕7号",))),
        (TermClock(date(2026, 12, 25), 5), Due(date(2027, 1, 4), True, ("国办发明电〔2025〕7号",))),
        (TermClock(date(2027, 3, 1), 5), Due(date(2027, 3, 8), True, ())),
        (TermClock(date(2026, 12, 1), 24, Unit.CALENDAR), Due(date(2026, 12, 25), False, ("国办发明电〔2025〕7号",))),
        (TermClock(date(2026, 12, 1), 30, Unit.CALENDAR), Due(date(2026, 12, 31), True, ("国办发明电〔2025〕7号",))),
        (TermClock(date(2026, 12, 1), 31, Unit.CALENDAR), Due(date(2027, 1, 4), True, ())),
    ],
    ids=lambda each: f"{each.from_on}+{each.days}" if isinstance(each, TermClock) else "",
)
def test_a_due_date_names_the_notices_it_rests_on_and_whether_they_are_all_published(
    term: TermClock, expected: Due
) -> None:
    assert term_clock.due(term, CALENDAR) == expected


def test_a_pause_that_moves_a_term_into_an_unknown_year_makes_it_provisional() -> None:
    term = TermClock(date(2026, 12, 1), 18)
    assert not term_clock.due(term, CALENDAR).provisional
    assert term_clock.due(term.paused(Pause(date(2026, 12, 7), date(2026, 12, 11))), CALENDAR).provisional


def test_a_pause_after_the_last_day_that_ends_in_an_unknown_year_leaves_the_answer_certain() -> None:
    term = TermClock(date(2026, 12, 1), 5, pauses=(Pause(date(2026, 12, 20), date(2027, 2, 1)),))
    assert not term_clock.due(term, CALENDAR).provisional


def test_a_provisional_date_becomes_certain_when_its_notice_is_published() -> None:
    published = CALENDAR.with_notice(
        Notice(2027, "甲〔2026〕1号", (Holiday("元旦", off=(date(2027, 1, 1),)),), stored=True), "district-2"
    )
    certain = term_clock.due(TermClock(date(2026, 12, 25), 5), published)
    assert certain == Due(date(2027, 1, 4), False, ("国办发明电〔2025〕7号", "甲〔2026〕1号"))


def test_a_term_can_be_extended_in_its_own_unit() -> None:
    term = TermClock.of(terms.DECISION, date(2016, 5, 3))
    assert term_clock.due_on(term, CALENDAR) == date(2016, 5, 31)
    assert term_clock.due_on(term.extended(terms.EXTENSION.days), CALENDAR) == date(2016, 6, 15)


@pytest.mark.parametrize(
    ("closed_on", "unit", "days"),
    [
        (date(2016, 3, 1), Unit.WORKING, 0),
        (date(2016, 3, 2), Unit.WORKING, 1),
        (date(2016, 3, 7), Unit.WORKING, 4),
        (date(2016, 3, 22), Unit.WORKING, 4),
        (date(2016, 3, 23), Unit.WORKING, 5),
        (date(2016, 4, 14), Unit.WORKING, 20),
        (date(2016, 3, 7), Unit.CALENDAR, 6),
        (date(2016, 3, 15), Unit.CALENDAR, 6),
        (date(2016, 3, 23), Unit.CALENDAR, 7),
    ],
)
def test_used_days_are_counted_after_the_act_up_to_the_closing_without_the_pauses(
    closed_on: date, unit: Unit, days: int
) -> None:
    term = TermClock(date(2016, 3, 1), 20, unit, (Pause(date(2016, 3, 8), date(2016, 3, 22)),))
    assert term_clock.used(term, closed_on, CALENDAR) == days


@pytest.mark.parametrize("days", [0, -1, 10_001])
def test_a_term_of_no_days_or_of_a_lifetime_is_refused(days: int) -> None:
    with pytest.raises(term_clock.DaysOutOfRange) as refused:
        TermClock(date(2016, 3, 1), days)
    assert (refused.value.field, refused.value.sentence) == ("days", "天数应为1至10000之间的整数。")


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(term_clock.PauseBackwards):
        Pause(date(2016, 3, 8), date(2016, 3, 7))


def test_nothing_is_computed_beyond_the_year_2200() -> None:
    with pytest.raises(term_clock.TooFarAhead) as from_:
        TermClock(date(2201, 1, 1), 1)
    with pytest.raises(term_clock.TooFarAhead) as pauses:
        Pause(date(2016, 1, 1), date.max)
    assert (from_.value.field, pauses.value.field) == ("from", "pauses")


def test_the_longest_term_from_the_latest_day_still_has_an_answer() -> None:
    term = TermClock(term_clock.LATEST, term_clock.MOST_DAYS)
    assert term_clock.due(term, CALENDAR).provisional


@pytest.mark.parametrize("unit", Unit)
def test_a_term_from_before_the_first_notice_is_refused(unit: Unit) -> None:
    with pytest.raises(BeforeFirstNotice):
        term_clock.due(TermClock(date(2006, 12, 20), 30, unit), CALENDAR)


def test_a_malformed_term_is_told_apart_from_one_that_has_no_answer() -> None:
    assert issubclass(term_clock.DaysOutOfRange, Malformed)
    assert not issubclass(BeforeFirstNotice, Malformed)
