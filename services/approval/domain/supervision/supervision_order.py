"""Supervision: orders of the district with a due day. (督办)"""

from dataclasses import dataclass
from datetime import date

from law.not_allowed import Malformed
from law.term_clock import LATEST, TooFarAhead
from services.approval.domain.case.facts import SupervisionOrdered, VaultText
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
