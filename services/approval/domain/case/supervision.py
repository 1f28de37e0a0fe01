"""Supervision: cards by the dates of a case, and orders of the district with a due day. (预警 黄牌 红牌 督办)"""

from dataclasses import dataclass, replace
from datetime import date

from law.not_allowed import Malformed
from law.term_clock import LATEST, TooFarAhead
from law.workdays import Calendar
from services.approval.domain.case.due_dates import recomputed_term
from services.approval.domain.case.facts import CardIssued, SupervisionOrdered, VaultText
from services.approval.domain.case.stages import require_handed_over
from services.approval.domain.case.state import Case


@dataclass(frozen=True, slots=True)
class SupervisionOrder:
    """An order of supervision, its content by the keyed digest."""

    order_key: str
    content: str
    due_on: date


class DueBeforeToday(Malformed):
    """A supervision order leaves at least today to answer it."""

    sentence = "督办期限不能早于今日。"


def issue_supervision_order(case: Case, command: SupervisionOrder, today: date) -> SupervisionOrdered:
    """The order, on file also on a closed leg: supervision looks back as well."""
    require_handed_over(case)
    if command.due_on < today:
        raise DueBeforeToday("due_on")
    if command.due_on > LATEST:
        raise TooFarAhead("due_on", latest=LATEST)
    # Two systems may use one key: the revision makes the name the order's own, and no key has the stroke.
    content = VaultText(f"supervision.{case.revision + 1}/{command.order_key}", command.content)
    return SupervisionOrdered(today, case.application_id, command.order_key, content, command.due_on)


def issue_cards(case: Case, today: date, calendar: Calendar | None = None) -> list[CardIssued]:
    """The cards due and not yet issued, mildest first; none while paused or once closed.

    After days without a sweep, several can be due at once. Of a case with provisional dates, a card waits until it is
    due by every notice that may still come: nobody is blamed for a day that may turn out to be in time.
    """
    if case.closed or case.paused_on:
        return []
    # By the dates that stand on the case, which an extension or a pause has moved.
    due = [(level, on) for level, on in case.card_dates() if on <= today and level not in case.cards]
    if due and calendar is not None and case.term.provisional:
        latest = dict(replace(case, term=recomputed_term(case, calendar.widest)).card_dates())
        due = [(level, on) for level, on in due if latest[level] <= today]
    return [CardIssued(today, case.application_id, level, on) for level, on in due]
