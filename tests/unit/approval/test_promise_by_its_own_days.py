"""A promise is judged by its history and the calendar: late entries and corrections show what was so.

Accepted on Tuesday 1 March 2016, ten working days are promised until the 15th, twenty in law until the 29th.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from law.notices import Notice
from law.recount import RecountCause
from law.workdays import Calendar
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import SpecialProcedure
from services.approval.domain.case.open_case import open_district_leg
from services.approval.domain.case.pause import PauseTerm, pause
from services.approval.domain.case.prove import ends_as_stored, prove_term
from services.approval.domain.case.recount import recount
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case
from services.approval.handoff.domain.district_clock import (
    ClockFact,
    ExtensionReport,
    PauseReport,
    clock_on_street_leg,
    district_extend,
    district_pause,
    district_resume,
)
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from tests.unit.approval.matters import CALENDAR, HEAD, RESIDENCE, STREET, after, opened, reviewed


def march(day: int) -> date:
    """A day of March 2016."""
    return date(2016, 3, day)


def hearing(case: Case, first: int, last: int, today: int) -> Case:
    """The case after a hearing that is entered on a day, with its true days."""
    command = PauseTerm(HEAD, SpecialProcedure.HEARING, 0, "0f", first_on=march(first), last_on=march(last))
    return after(case, pause(case, command, march(today), CALENDAR))


def extended(case: Case, on: int, days: int = 5) -> Case:
    """The case after an extension on a day."""
    return after(case, [extend(case, Extend(HEAD, days, "0f"), march(on), CALENDAR)])


def referred(on: int = 10) -> tuple[Case, Case]:
    """Both legs of a matter whose promise runs on at the district."""
    fact = refer(reviewed(RESIDENCE), Refer(HEAD, "0f"), march(on))
    return after(reviewed(RESIDENCE), [fact]), after(None, open_district_leg(None, fact, STREET, CALENDAR))


def on_both(street: Case, leg: Case, facts: Sequence[ClockFact]) -> tuple[Case, Case]:
    """Both legs after what moved the district's."""
    told = [each for fact in facts for each in clock_on_street_leg(street, fact)]
    return after(street, told), after(leg, facts)


def given_back(street: Case, leg: Case, on: int = 22) -> Case:
    """The street's leg after the return."""
    (told,) = return_case(leg, ReturnReport("r-1", "0f", march(on)), march(on))
    return after(street, return_on_street_leg(street, told, CALENDAR))


def corrected(*off: int) -> Calendar:
    """The calendar of 2016 with more days of rest."""
    notice = next(each for each in CALENDAR.notices if each.year == 2016)
    rest = frozenset({*notice.days_off, *map(march, off)})
    return CALENDAR.with_notice(Notice.read_back(2016, notice.number, rest, notice.makeup_days), "corrected")


def recounted(case: Case, calendar: Calendar, on: int) -> Case:
    """The case after a publication."""
    return after(case, recount(case, calendar, RecountCause(("国办发明电〔2016〕1号",), calendar.version), march(on)))


def test_a_hearing_entered_late_shows_that_the_promise_moved_with_the_extension() -> None:
    """On the 17th the promise of the 15th seemed broken; the hearing from the 14th to the 16th says it was not."""
    late = extended(opened(), 17)
    assert (late.ledger.promise_extension_days, late.term.promised_due_on) == (0, march(15))
    late = hearing(late, 14, 16, today=21)
    in_time = extended(hearing(opened(), 14, 16, today=16), 17)
    assert late.term == in_time.term
    assert (late.ledger.promise_extension_days, late.term.promised_due_on) == (5, march(25))


def test_a_hearing_that_began_after_the_promised_day_moves_nothing_of_it() -> None:
    broken = extended(opened(), 17)
    late = hearing(broken, 16, 16, today=21)
    assert (late.ledger.promise_extension_days, late.term.promised_due_on) == (0, march(15))
    assert late.punctuality(march(21)) == (False, False)


def test_a_hearing_of_which_the_extension_came_too_late_all_the_same() -> None:
    """The hearing of the 14th alone moves the promise to the 16th, and the extension is of the 17th."""
    late = hearing(extended(opened(), 17), 14, 14, today=21)
    assert (late.ledger.promise_extension_days, late.term.promised_due_on) == (0, march(16))


def test_rest_days_of_a_correction_heal_what_they_show_and_a_correction_of_it_takes_that_back() -> None:
    late = extended(opened(), 17)
    healed = recounted(late, corrected(14, 15, 16), 21)
    assert (healed.ledger.promise_extension_days, healed.term.promised_due_on) == (5, march(25))
    back = recounted(healed, replace(CALENDAR, version="taken back"), 22)
    assert (back.ledger, back.term.promised_due_on) == (late.ledger, march(15))


def broken_at_the_district() -> Case:
    """Referred on the 10th, promised for the 15th, returned on the 22nd."""
    street, leg = referred()
    return given_back(street, leg)


def test_a_promise_that_passed_at_the_district_is_broken_and_a_correction_shows_that_it_was_not() -> None:
    street = broken_at_the_district()
    assert street.ledger.promise_broken
    assert not street.punctuality(march(23))[0]
    healed = recounted(street, corrected(11, 14, 15, 16, 17, 18), 24)
    assert not healed.ledger.promise_broken
    assert healed.punctuality(march(23)) == (True, True)
    (fact,) = recount(healed, replace(CALENDAR, version="back"), RecountCause((), "back"), march(25))
    assert fact.term.ledger == street.ledger, "nothing keeps a promise but the days themselves"


def test_a_correction_that_moves_no_date_is_a_fact_where_it_shows_that_the_promise_was_kept() -> None:
    street, leg = referred(on=15)
    street = given_back(street, leg, on=16)
    (fact,) = recount(street, corrected(15), RecountCause((), "corrected"), march(17))
    assert fact.term.ledger is not None
    assert (street.ledger.promise_broken, fact.term.ledger.promise_broken) == (True, False)


@pytest.mark.parametrize(("first", "last", "broken"), [(8, 14, False), (8, 9, True)])
def test_a_hearing_before_the_referral_entered_after_the_return(first: int, last: int, broken: bool) -> None:
    """Seven days, of which five are worked, keep the promise until the 22nd; two do not."""
    street, leg = referred(on=15)
    street = hearing(given_back(street, leg), first, last, today=24)
    assert street.ledger.promise_broken is broken


def test_a_procedure_of_the_district_that_began_in_time_and_ended_with_the_return() -> None:
    street, leg = referred()
    report = PauseReport(SpecialProcedure.APPRAISAL, march(14))
    street = given_back(*on_both(street, leg, district_pause(leg, report, march(18), CALENDAR)))
    assert not street.ledger.promise_broken
    assert [(still.first_on, still.last_on) for still in street.pauses] == [(march(14), march(22))]


def test_a_procedure_of_the_district_reported_after_its_extension_moves_the_promise_on_both_legs() -> None:
    street, leg = referred()
    street, leg = on_both(street, leg, district_extend(leg, ExtensionReport(5, march(17)), march(17), CALENDAR))
    assert street.ledger.promise_extension_days == 0
    report = PauseReport(SpecialProcedure.APPRAISAL, march(14))
    street, leg = on_both(street, leg, district_pause(leg, report, march(21), CALENDAR))
    street, leg = on_both(street, leg, district_resume(leg, march(16), march(21), CALENDAR))
    assert street.term == leg.term
    assert (street.ledger.promise_extension_days, street.term.promised_due_on) == (5, march(25))


def test_the_proof_ends_on_the_days_and_on_what_was_judged() -> None:
    street = broken_at_the_district()
    proven = prove_term(street, CALENDAR)
    assert ends_as_stored(street, proven, CALENDAR)
    forged = replace(street, term=replace(street.term, ledger=replace(street.ledger, promise_broken=False)))
    assert not ends_as_stored(forged, proven, CALENDAR)
