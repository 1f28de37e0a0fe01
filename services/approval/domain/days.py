"""The dates of a leg: last days and the days on which its lamp changes, by the calendar of that moment."""

from datetime import date, timedelta

from law import term_clock
from law.lamp import LampDates, lamp_dates
from law.workdays import Calendar
from services.approval.domain.case import Case
from services.approval.domain.facts import Term
from services.approval.domain.item import Limit

_NEXT_DAY = timedelta(days=1)


def begun(starts_on: date, promised: Limit, legal: Limit, calendar: Calendar) -> Term:
    """The days of a leg that begins; a limit of no days, of an instant item that time accepted, counts as one."""
    clocks = [
        term_clock.Term(starts_on, max(1, limit.days), limit.law_unit)  # without pauses, without an extension
        for limit in (promised, legal)
    ]
    return _term(promised, legal, (clocks[0], clocks[1]), calendar)


def recomputed(case: Case, calendar: Calendar) -> Term:
    """The days of a case with its extension and its pauses, by today's calendar."""
    promised, legal = case.term.promised_limit, case.term.legal_limit
    return _term(promised, legal, (case.clock(promised), case.clock(legal)), calendar)


def warned_by(promised_due_on: date, legal_due_on: date, term: Term) -> LampDates:
    """The lamp's days where the last days come from elsewhere, with the warning of the computed term."""
    warn_on = min(term.warn_on, promised_due_on)
    return LampDates(warn_on, promised_due_on + _NEXT_DAY, legal_due_on + _NEXT_DAY)


def _term(promised: Limit, legal: Limit, clocks: tuple[term_clock.Term, term_clock.Term], calendar: Calendar) -> Term:
    promised_due, legal_due = (term_clock.due(clock, calendar) for clock in clocks)
    changes = lamp_dates(*clocks, calendar)
    return Term(
        starts_on=clocks[0].from_on,
        legal_limit=legal,
        promised_limit=promised,
        promised_due_on=promised_due.due_on,
        legal_due_on=legal_due.due_on,
        warn_on=changes.warn_on,
        yellow_on=changes.yellow_on,
        red_on=changes.red_on,
        provisional=promised_due.provisional or legal_due.provisional,
        calendar_version=calendar.version,
    )
