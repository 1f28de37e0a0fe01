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

from datetime import date

from law.recount import DateKind, MovedDate, RecountCause, moved_dates
from law.workdays import Calendar
from services.approval.domain.case import due_dates
from services.approval.domain.case.facts import TermRecounted
from services.approval.domain.case.item import Term
from services.approval.domain.case.state import Case


def recount(case: Case | None, calendar: Calendar, cause: RecountCause, today: date) -> list[TermRecounted]:
    """The days by the calendar; none for a leg that stays as it is, and for a closed one."""
    if case is None or case.closed:
        return []
    term = due_dates.recomputed_term(case, calendar)
    moved, void = _moved(case.term, term), due_dates.not_due(case, term, today)
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
