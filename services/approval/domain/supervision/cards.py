"""Supervision: cards by the dates of a case. (预警 黄牌 红牌)"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import reduce

from law.workdays import Calendar
from services.approval.domain.case.due_dates import recomputed_term
from services.approval.domain.case.facts import CardIssued, Fact
from services.approval.domain.case.state import Case, fold


def issue_cards(case: Case, today: date, calendar: Calendar) -> list[CardIssued]:
    """The cards due and not yet issued, mildest first; none while paused or once closed.

    After days without a sweep, several can be due at once. Of a case with provisional dates, a card waits until it is
    due by every notice that may still come: nobody is blamed for a day that may turn out to be in time.
    """
    if case.closed or case.paused_on:
        return []
    # By the dates that stand on the case, which an extension or a pause has moved.
    due = [(level, on) for level, on in case.card_dates() if on <= today and level not in case.cards]
    if due and case.term.provisional:
        latest = dict(replace(case, term=recomputed_term(case, calendar.widest)).card_dates())
        due = [(level, on) for level, on in due if latest[level] <= today]
    return [CardIssued(today, case.application_id, level, on) for level, on in due]


def with_due_cards(case: Case, decided: Sequence[Fact]) -> Sequence[Fact]:
    """The facts of an act; where the case leaves the desk by them, behind the cards that were due by that day.

    So a card does not depend on which was first in the morning, the sweep or the desk, nor on a sweep that was away for
    a day: a case that closes after its promise has its 黄牌. None by provisional dates, which a notice may yet move.
    """
    first = case.next_card
    if not decided or first is None or first > decided[-1].occurred_on or case.term.provisional:
        return decided
    after = reduce(fold, decided, case)
    if not after.closed and not after.at_district:
        return decided
    last = after.closed_on or decided[-1].occurred_on
    due = [(level, on) for level, on in case.card_dates() if on <= last and level not in case.cards]
    return [*(CardIssued(decided[0].occurred_on, case.application_id, level, on) for level, on in due), *decided]
