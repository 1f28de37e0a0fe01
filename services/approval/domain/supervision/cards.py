"""Supervision: cards by the dates of a case. (预警 黄牌 红牌)"""

from dataclasses import replace
from datetime import date

from law.workdays import Calendar
from services.approval.domain.case.due_dates import recomputed_term
from services.approval.domain.case.facts import CardIssued
from services.approval.domain.case.state import Case


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
