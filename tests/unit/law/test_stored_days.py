"""Proofs of stored days: by the calendar that gave the day, and never of another day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import term_clock
from law.notices import Holiday, Notice, statutory_days
from law.recount import DateKind
from law.term_clock import TermClock
from law.term_proof import StoredDay, prove_stored
from law.terms import Unit
from law.workdays import Calendar, state_council

BEFORE = state_council()
_OFF = tuple(sorted({*statutory_days(2027), date(2027, 1, 4), date(2027, 1, 5)}))
AFTER = BEFORE.with_notice(Notice(2027, "国办发明电〔2026〕9号", (Holiday("", _OFF),)), "later")
ACROSS = TermClock(date(2026, 12, 29), 5)


def stored(term: TermClock, due_on: date, version: str = BEFORE.version) -> StoredDay:
    """The day as a file has it."""
    return StoredDay(DateKind.ANSWER, term, due_on, due_on.year > 2026, version)


def test_a_day_stored_before_the_notice_is_proven_without_it() -> None:
    proven = prove_stored(stored(ACROSS, date(2027, 1, 6)), [BEFORE])
    assert [(f"{each.day.on:%m-%d}", each.number) for each in proven.days] == [
        ("12-30", 1),
        ("12-31", 2),
        ("01-01", 2),
        ("01-02", 2),
        ("01-03", 2),
        ("01-04", 3),
        ("01-05", 4),
        ("01-06", 5),
    ]
    assert proven.unproven == "" and proven.days[-1].reason.endswith("放假安排未公布，暂按周一至周五推算")


def test_the_same_day_is_never_proven_by_a_calendar_that_gives_another() -> None:
    assert term_clock.due_on(ACROSS, AFTER) == date(2027, 1, 8)
    proven = prove_stored(stored(ACROSS, date(2027, 1, 6)), [AFTER])
    assert (proven.days, proven.notices) == ((), ())
    assert proven.unproven == (
        f"该日期（2027-01-06）按日历版本{BEFORE.version}计算，现已无从逐日列出，以存档日期为准。"
    )


def test_of_several_known_calendars_the_one_that_gives_the_day_proves_it() -> None:
    proven = prove_stored(stored(ACROSS, date(2027, 1, 6), ""), [AFTER, BEFORE])
    assert proven.days[-1].day.on == date(2027, 1, 6)
    assert "没有记载版本" in prove_stored(stored(ACROSS, date(2027, 1, 7), ""), [AFTER, BEFORE]).unproven


def test_a_calendar_that_begins_later_than_the_act_leaves_the_proof_to_the_next_one() -> None:
    late = Calendar("late", tuple(notice for notice in BEFORE.notices if notice.year >= 2020))
    of_2016 = stored(TermClock(date(2016, 9, 14), 5), date(2016, 9, 22), "")
    proven = prove_stored(of_2016, [late, BEFORE])
    assert (proven.stored, len(proven.days), proven.notices) == (of_2016, 8, ("国办发明电〔2015〕18号",))


def test_an_act_before_the_first_notice_is_not_proven() -> None:
    early = StoredDay(DateKind.DELIVER, TermClock(date(2001, 3, 1), 10), date(2001, 3, 15), False, BEFORE.version)
    assert prove_stored(early, [BEFORE]).unproven


@pytest.mark.parametrize("calendar", [BEFORE, AFTER], ids=["before", "after"])
@given(on=st.dates(date(2026, 11, 1), date(2027, 1, 31)), days=st.integers(1, 40), unit=st.sampled_from(Unit))
def test_every_proof_ends_on_the_stored_day(calendar: object, on: date, days: int, unit: Unit) -> None:
    known = AFTER if calendar is AFTER else BEFORE
    term = TermClock(on, days, unit)
    due_on = term_clock.due_on(term, known)
    proven = prove_stored(stored(term, due_on, known.version), [known])
    assert proven.days[-1].day.on == due_on
    assert max(each.number for each in proven.days) == days
