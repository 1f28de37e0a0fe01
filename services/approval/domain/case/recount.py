"""Recount of a leg's days by a later calendar, and of the cards that they gave. (行政许可法 82)

The days of an open leg are a function of its history and of the calendar: with another calendar they are computed
anew, both limits, the day before which a closing is early, and the days of the lamp. So is what its acts did to the
promise, and whether it was broken: by the law's own count a promise that the new days keep never was. The day of
acceptance is an act and stays. A closed leg never moves: what it was judged by stands. A street's leg that its referral
has closed is counted anew when the matter comes back.

Example: due on Friday 7 February 2020 by the first notice of that year, a case got its yellow card on Saturday the 8th.
On the 10th the district publishes the correction of 27 January, which ordered rest until 2 February: the case is due on
the 11th. Its card of the 8th is named in the fact and counts no more; if nobody closes the case, the 12th gives it one
that counts.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from law.recount import DateKind, MovedDate, RecountCause, moved_dates
from law.workdays import Calendar
from services.approval.domain.case import due_dates, facts
from services.approval.domain.case.facts import CardLevel, Leg, TermRecounted
from services.approval.domain.case.item import Term
from services.approval.domain.case.state import Case

_ONE_DAY = timedelta(days=1)
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


def recount(case: Case | None, calendar: Calendar, cause: RecountCause, today: date) -> list[TermRecounted]:
    """The days by the calendar; none for a leg that stays as it is, and for a closed one."""
    if case is None or case.closed:
        return []
    term = due_dates.recomputed_term(case, calendar)
    moved, void = _moved(case.term, term), _not_due(case, term, today)
    if not moved and not void and (term.provisional, term.ledger) == (case.term.provisional, case.ledger):
        return []
    return [
        TermRecounted(
            today,
            case.application_id,
            cause=cause,
            moved=moved,
            term=term,
            was_provisional=case.term.provisional,
            void_cards=void,
            number=case.number,
            leg=case.leg,
        )
    ]


def _moved(before: Term, after: Term) -> tuple[MovedDate, ...]:
    return moved_dates(
        [
            (DateKind.PROMISED, before.promised_due_on, after.promised_due_on),
            (DateKind.LEGAL, before.legal_due_on, after.legal_due_on),
            (DateKind.WARN, before.warn_on, after.warn_on),
            (DateKind.YELLOW, before.yellow_on, after.yellow_on),
            (DateKind.RED, before.red_on, after.red_on),
            (DateKind.EARLY, before.early_before, after.early_before),
        ]
    )


def with_void_cards(case: Case, facts: Sequence[Voiding]) -> list[Voiding]:
    """The facts of an act on the case, each with the cards on file that it shows were never due.

    An act that is reported late counts on its own day: no card fell due after a leg ended, and none in the days that a
    procedure, an extension or a later receipt takes out of the term. A card that was due before that day stands.
    """
    return [replace(fact, void_cards=_void_by(case, fact)) for fact in facts]


def _void_by(case: Case, fact: facts.Fact) -> tuple[CardLevel, ...]:
    match fact:
        case facts.TermResumed():
            return _not_due(case, fact.term, fact.occurred_on, since=fact.paused_on)
        case facts.TermExtended():
            extended_on = fact.term.ledger.extended_on if fact.term.ledger else None
            return _not_due(case, fact.term, fact.occurred_on, since=(extended_on or fact.occurred_on) + _ONE_DAY)
        case facts.HandoffAcknowledged():
            return _not_due(case, fact.term, fact.occurred_on)
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


def _not_due(case: Case, after: Term, today: date, since: date = date.min) -> tuple[CardLevel, ...]:
    """The cards on file since a day whose day has not come by the new days."""
    due = ((CardLevel.WARNING, after.warn_on), (CardLevel.YELLOW, after.yellow_on), (CardLevel.RED, after.red_on))
    return tuple(level for level, on in due if level in case.cards and case.cards[level] >= since and on > today)
