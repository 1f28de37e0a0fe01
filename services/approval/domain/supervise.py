"""The district demands attention to a case, with a day by which it is answered. (督办)"""

from dataclasses import dataclass
from datetime import date

from law.not_allowed import Malformed
from law.term_clock import LATEST, TooFarAhead
from services.approval.domain.case import Case
from services.approval.domain.facts import SupervisionOrdered, VaultText
from services.approval.domain.stages import require_handed_over


@dataclass(frozen=True, slots=True)
class Demand:
    """What is demanded, by its keyed digest."""

    order_key: str
    content: str
    due_on: date


class DueBeforeToday(Malformed):
    """A supervision order leaves at least today to answer it."""

    sentence = "督办期限不能早于今日。"


def supervise(case: Case, demand: Demand, today: date) -> SupervisionOrdered:
    """The order, on file also on a closed leg: supervision looks back as well."""
    require_handed_over(case)
    if demand.due_on < today:
        raise DueBeforeToday("due_on")
    if demand.due_on > LATEST:
        raise TooFarAhead("due_on", latest=LATEST)
    content = VaultText(f"supervision.{demand.order_key}", demand.content)
    return SupervisionOrdered(today, case.application_id, demand.order_key, content, demand.due_on)
