"""Due dates of a leg: the last days of both limits and the days on which its lamp changes, by a calendar.

Example: a case that was accepted on 14 September 2016 with a promise of five working days is due on 22
September. A pause on the 19th and 20th moves the day to the 26th. An extension by three days is added
to the limit before the days are counted, so it moves the same last day again; yellow is always the day
after the promise, red the day after the law's last day.
"""

from datetime import date, timedelta

from law import term_clock
from law.lamp import LampDates, lamp_dates
from law.workdays import Calendar
from services.approval.domain.case.facts import Term
from services.approval.domain.case.item import Limit
from services.approval.domain.case.state import Case

_ONE_DAY = timedelta(days=1)


def first_term(starts_on: date, promised: Limit, legal: Limit, calendar: Calendar) -> Term:
    """The dates of a leg that begins. A limit of no days counts as one: an instant item accepted by time has it."""
    clocks = [
        term_clock.TermClock(starts_on, max(1, limit.days), limit.law_unit)  # without pauses, without an extension
        for limit in (promised, legal)
    ]
    return _term(promised, legal, (clocks[0], clocks[1]), calendar)


def recomputed_term(case: Case, calendar: Calendar) -> Term:
    """The dates of a case with its extension and its pauses, by today's calendar."""
    promised, legal = case.term.promised_limit, case.term.legal_limit
    return _term(promised, legal, (case.clock(promised), case.clock(legal)), calendar)


def days_left(case: Case, today: date, calendar: Calendar) -> tuple[int, int]:
    """Days left of the promised and of the legal limit, in their units: 0 on the last day, below 0 when it is over.

    They stand still from the first day of a pause until it ends, and from the day of closing on. (行政许可法 45)
    """
    on = case.closed_on or (case.paused_on - _ONE_DAY if case.paused_on else today)
    term = case.term
    promised, legal = (
        term_clock.used(case.clock(limit), last_on, calendar) - term_clock.used(case.clock(limit), on, calendar)
        for limit, last_on in ((term.promised_limit, term.promised_due_on), (term.legal_limit, term.legal_due_on))
    )
    return promised, legal


def lamp_days(promised_due_on: date, legal_due_on: date, term: Term) -> LampDates:
    """The days of the lamp for given last days, with the warning of the computed term."""
    warn_on = min(term.warn_on, promised_due_on)
    return LampDates(warn_on, promised_due_on + _ONE_DAY, legal_due_on + _ONE_DAY)


def _term(
    promised: Limit, legal: Limit, clocks: tuple[term_clock.TermClock, term_clock.TermClock], calendar: Calendar
) -> Term:
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
