"""Supervision issues a card on the day its date falls due, once per case and level. (预警, 黄牌, 红牌)"""

from datetime import date

from services.approval.domain.case import Case
from services.approval.domain.facts import CardIssued


def issue_cards(case: Case, today: date) -> list[CardIssued]:
    """The cards due and not yet issued, mildest first: several after days without a sweep, none paused or closed."""
    if case.closed or case.paused_on:
        return []
    due = [(level, on) for level, on in case.card_dates() if on <= today and level not in case.cards]
    return [CardIssued(today, case.application_id, level, on) for level, on in due]
