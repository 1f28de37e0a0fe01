"""Due dates of a leg: both last days, the days on which its lamp changes, and the cards that new days make void.

Example: a case that was accepted on 14 September 2016 with a promise of five working days is due on 22
September. A pause on the 19th and 20th moves the day to the 26th. An extension by three days is added
to the limit before the days are counted, so it moves the same last day again; yellow is always the day
after the promise, red the day after the law's last day, and the promise never ends after the law.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from law import term_clock
from law.lamp import LampDates
from law.two_clocks import Ledger, TwoClocks, judged, term_dates
from law.workdays import Calendar
from services.approval.domain.case import facts
from services.approval.domain.case.facts import CardLevel, Leg
from services.approval.domain.case.item import Limit, Term, TermLedger, WholeTerm
from services.approval.domain.case.state import Case

_ONE_DAY = timedelta(days=1)
_NOTHING_MOVED = TermLedger()
Voiding = TypeVar(
    "Voiding",
    bound=facts.TermResumed
    | facts.TermExtended
    | facts.HandoffAcknowledged
    | facts.DistrictDecided
    | facts.CaseReturned
    | facts.CaseWithdrawn,
)
"""Facts of acts that may be reported late."""


def first_term(starts_on: date, promised: Limit, legal: Limit, calendar: Calendar) -> Term:
    """The dates of a leg that begins. A limit of no days counts as one: an instant item accepted by time has it."""
    return _term(starts_on, (promised, legal), _NOTHING_MOVED, calendar)


def recomputed_term(case: Case, calendar: Calendar, ledger: TermLedger | None = None) -> Term:
    """The dates of a case by a calendar, with what the ledger holds: that of the case when none is given."""
    return term_by(case.term, calendar, ledger or case.ledger)


def term_by(term: Term, calendar: Calendar, ledger: TermLedger | None = None) -> Term:
    """The dates of a term by a calendar: a function of day zero, limits and ledger, its own or another one.

    Whether its acts moved the promise, and whether it was broken, is judged anew by this calendar. None of the dates is
    beyond the limits of both levels together, where there are any.
    """
    on_file = ledger or term.ledger or _NOTHING_MOVED

    def promised_by(so_far: Ledger) -> date:
        return _counted(term, on_file.as_judged(so_far), calendar).promised_due_on

    return _counted(term, on_file.as_judged(judged(on_file.in_law, promised_by)), calendar)


def last_legal_day(case: Case, calendar: Calendar) -> date:
    """Last day on which an act can be within the law: later than the stored one while a notice may make it later."""
    last_on = case.term.legal_due_on
    return max(last_on, recomputed_term(case, calendar.widest).legal_due_on) if case.term.provisional else last_on


def days_left(case: Case, today: date, calendar: Calendar) -> tuple[int, int]:
    """Days left of the promised and of the legal limit, in their units: 0 on the last day, below 0 when it is over.

    They stand still from the first day of a pause until it ends, except those of a promise that was broken before, and
    from the day of closing on. (行政许可法 45)
    """
    term, paused_on = case.term, case.paused_on

    def left(clock: term_clock.TermClock, last_on: date, *, stops: bool) -> int:
        on = case.closed_on or (paused_on - _ONE_DAY if paused_on and stops else today)
        return term_clock.used(clock, last_on, calendar) - term_clock.used(clock, on, calendar)

    stops_promise = paused_on is not None and paused_on <= term.promised_due_on
    return (
        left(case.clocks.promised, term.promised_due_on, stops=stops_promise),
        left(case.clocks.legal, term.legal_due_on, stops=True),
    )


def lamp_days(promised_due_on: date, legal_due_on: date, term: Term) -> LampDates:
    """The days of the lamp for given last days, with the warning of the computed term."""
    warn_on = min(term.warn_on, promised_due_on)
    return LampDates(warn_on, promised_due_on + _ONE_DAY, legal_due_on + _ONE_DAY)


def with_void_cards(case: Case, reported: Sequence[Voiding]) -> list[Voiding]:
    """The facts of an act on the case, each with the cards on file that it shows were never due.

    An act that is reported late counts on its own day: no card fell due after a leg ended, and none in the days that a
    procedure, an extension or a later receipt takes out of the term. A card that was due before that day stands.
    """
    return [replace(fact, void_cards=_void_by(case, fact)) for fact in reported]


def _void_by(case: Case, fact: facts.Fact) -> tuple[CardLevel, ...]:
    match fact:
        case facts.TermResumed():
            return not_due(case, fact.term, fact.occurred_on, since=fact.paused_on)
        case facts.TermExtended():
            extended_on = fact.term.ledger.extended_on if fact.term.ledger else None
            return not_due(case, fact.term, fact.occurred_on, since=(extended_on or fact.occurred_on) + _ONE_DAY)
        case facts.HandoffAcknowledged():
            return not_due(case, fact.term, fact.occurred_on)
        case facts.DistrictDecided(closes=True):
            return _after_end(case, fact.closed_on or fact.occurred_on)
        case facts.CaseReturned(leg=Leg.DISTRICT):
            return _after_end(case, fact.returned_on or fact.occurred_on)
        case facts.CaseWithdrawn():
            return _after_end(case, fact.occurred_on)
        case _:
            return ()


def _after_end(case: Case, ended_on: date) -> tuple[CardLevel, ...]:
    """The cards on file that fell due after the end, or while a procedure went on that nobody has ended."""
    last_on = ended_on if case.paused_on is None else min(ended_on, case.paused_on - _ONE_DAY)
    return tuple(level for level in CardLevel if level in case.cards and case.cards[level] > last_on)


def not_due(case: Case, after: Term, today: date, since: date = date.min) -> tuple[CardLevel, ...]:
    """The cards on file since a day whose day has not come by the new days."""
    due = ((CardLevel.WARNING, after.warn_on), (CardLevel.YELLOW, after.yellow_on), (CardLevel.RED, after.red_on))
    return tuple(level for level, on in due if level in case.cards and case.cards[level] >= since and on > today)


def _counted(term: Term, ledger: TermLedger, calendar: Calendar) -> Term:
    """The dates of a term by a calendar and a ledger as it stands."""
    own = _term(term.starts_on, (term.promised_limit, term.legal_limit), ledger, calendar)
    return own if term.whole is None else _within(own, term.whole, calendar)


def _term(starts_on: date, limits: tuple[Limit, Limit], ledger: TermLedger, calendar: Calendar) -> Term:
    promised, legal = limits
    dates = term_dates(TwoClocks.of(starts_on, promised.in_law, legal.in_law, ledger.in_law), calendar)
    return Term(
        starts_on=starts_on,
        legal_limit=legal,
        promised_limit=promised,
        promised_due_on=dates.promised_due_on,
        legal_due_on=dates.legal_due_on,
        warn_on=dates.warn_on,
        yellow_on=dates.yellow_on,
        red_on=dates.red_on,
        provisional=dates.provisional,
        calendar_version=dates.calendar_version,
        early_before=dates.early_before,
        ledger=ledger,
    )


def clocks_of_both_levels(term: Term) -> TwoClocks | None:
    """The clocks of both levels together, which bound the leg's own; None without any."""
    whole = term.whole
    promised_limit = whole.promised_limit or whole.legal_limit if whole else None
    if whole is None or promised_limit is None:
        return None
    ledger = _ledger_of_both(whole.ledger, term.ledger or _NOTHING_MOVED)
    legal_limit = whole.legal_limit or promised_limit
    return TwoClocks.of(whole.starts_on, promised_limit.in_law, legal_limit.in_law, ledger.in_law)


def _within(own: Term, whole: WholeTerm, calendar: Calendar) -> Term:
    """The dates of a leg, none of them beyond those of both levels together."""
    clocks = clocks_of_both_levels(replace(own, whole=whole))
    if clocks is None:
        return replace(own, whole=whole)
    both = term_dates(clocks, calendar)
    legal_due_on = min(own.legal_due_on, both.legal_due_on) if whole.legal_limit else own.legal_due_on
    promised_due_on = min(own.promised_due_on, both.promised_due_on)
    changes = lamp_days(promised_due_on, legal_due_on, replace(own, warn_on=min(own.warn_on, both.warn_on)))
    return replace(
        own,
        promised_due_on=promised_due_on,
        legal_due_on=legal_due_on,
        warn_on=changes.warn_on,
        yellow_on=changes.yellow_on,
        red_on=changes.red_on,
        provisional=own.provisional or both.provisional,
        early_before=min(own.early_before or promised_due_on, both.early_before),
        whole=whole,
    )


def _ledger_of_both(before: TermLedger, later: TermLedger) -> TermLedger:
    """What moved the whole of a matter: up to the referral, and on the leg after it."""
    return TermLedger(
        extension_days=before.extension_days + later.extension_days,
        extension_unit=later.extension_unit or before.extension_unit,
        promise_extension_days=before.promise_extension_days + later.promise_extension_days,
        standstills=(*before.standstills, *later.standstills),
    )
