"""What moved the days of a leg: kept by its facts, told by the fold where releases up to 0.2.0 wrote none."""

from dataclasses import replace
from datetime import date

from law.two_clocks import Standstill, StandstillCause
from services.approval.domain.case.due_dates import recomputed_term
from services.approval.domain.case.facts import (
    HandoffAcknowledged,
    SpecialProcedure,
    TermExtended,
    TermPaused,
    TermResumed,
    VaultText,
)
from services.approval.domain.case.item import LimitUnit, TermLedger
from services.approval.domain.case.state import fold
from tests.unit.approval.matters import APPLICATION, CALENDAR, opened

ON = date(2016, 3, 9)
OTHER_TERM = replace(opened().term, promised_due_on=date(2016, 3, 25), calendar_version="later")
TEXT = VaultText("name", "0f" * 32)
PAUSED = fold(
    opened(),
    TermPaused(date(2016, 3, 7), APPLICATION, SpecialProcedure.HEARING, date(2016, 3, 7), 5, VaultText("r", "0f")),
)


def test_a_leg_keeps_the_ledger_of_its_facts() -> None:
    still = Standstill(ON, ON, StandstillCause.SPECIAL_PROCEDURE, "hearing", stops_promise=False)
    ledger = TermLedger(3, LimitUnit.WORKING_DAYS, 2, (still,))
    case = fold(PAUSED, TermResumed(ON, APPLICATION, ON, ON, replace(OTHER_TERM, ledger=ledger)))
    assert (case.ledger, case.extended_by, case.pauses) == (ledger, 3, (still,))
    assert (case.clocks.promised.days, case.clocks.promised.pauses) == (12, ())
    assert (case.clocks.legal.days, case.clocks.legal.pauses) == (23, (still,))


def test_days_with_the_district_are_no_special_procedure() -> None:
    still = Standstill(ON, ON, StandstillCause.WITH_DISTRICT)
    with_district = replace(OTHER_TERM, ledger=TermLedger(standstills=(still,)))
    case = replace(opened(), term=with_district)
    assert (case.pauses, case.clocks.promised.pauses) == ((), (still,))


OLD_TERM = replace(OTHER_TERM, ledger=None, early_before=None)
"""The term of a fact of releases up to 0.2.0."""


def test_facts_without_a_ledger_add_up_to_one() -> None:
    case = fold(opened(), TermExtended(ON, APPLICATION, 5, TEXT, OLD_TERM))
    case = fold(case, TermPaused(ON, APPLICATION, SpecialProcedure.HEARING, ON, 5, TEXT))
    case = fold(case, TermResumed(ON, APPLICATION, ON, date(2016, 3, 11), OLD_TERM))
    still = Standstill(ON, date(2016, 3, 11), StandstillCause.SPECIAL_PROCEDURE, "hearing", as_entered=True)
    assert case.term == replace(OLD_TERM, ledger=TermLedger(5, None, 5, (still,)))
    case = fold(case, HandoffAcknowledged(ON, APPLICATION, "Q-1", ON, OLD_TERM))
    assert case.ledger.standstills == (still,)


def test_an_old_term_takes_its_promised_day_for_the_day_before_which_it_is_early() -> None:
    case = replace(opened(), term=replace(OLD_TERM, promised_due_on=date(2016, 3, 15)))
    assert [case.punctuality(date(2016, 3, day)) for day in (14, 15, 16)] == [
        (True, True),
        (True, False),
        (False, False),
    ]


def test_what_releases_up_to_0_2_0_moved_is_not_judged_anew() -> None:
    """They stopped and moved both clocks on whatever day; the promise ended on 15 March."""
    late = date(2016, 3, 21)
    case = fold(opened(), TermExtended(late, APPLICATION, 5, TEXT, replace(opened().term, ledger=None)))
    case = fold(case, TermPaused(late, APPLICATION, SpecialProcedure.HEARING, late, 5, TEXT))
    case = fold(case, TermResumed(late, APPLICATION, late, late, replace(opened().term, ledger=None)))
    term = recomputed_term(case, CALENDAR)
    assert term.ledger == case.ledger
    assert (case.ledger.promise_extension_days, [still.stops_promise for still in case.pauses]) == (5, [True])
