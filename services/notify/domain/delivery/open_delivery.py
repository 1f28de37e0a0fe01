"""A decision opens its delivery: ten working days to bring it to the applicant. (行政许可法 44)

Example: decided on Thursday 29 September 2016, the result must be with the applicant within ten working
days. 1 to 7 October are the holidays of the National Day, and 8 and 9 October are worked instead; the
last day is computed by the calendar that notify has received, and is provisional while the next year's
notice is not published.
"""

from dataclasses import dataclass
from datetime import date

from law import term_clock, terms
from law.not_allowed import rule
from law.recount import DateKind, RecountCause, moved_dates
from law.term_clock import TermClock
from law.term_proof import StoredDay
from law.workdays import Calendar
from services.notify.domain.dossier import DecisionDelivery
from services.notify.domain.facts import DeliveryOpened, DeliveryRecounted
from services.notify.domain.matter import KnownMatter


@dataclass(frozen=True, slots=True)
class DecisionToDeliver:
    """A decision with the number of its matter."""

    decided_on: date
    outcome: str
    """granted or refused."""
    number: str


@rule(terms.DELIVERY.article)
def decision_to_deliver(matter: KnownMatter) -> DecisionToDeliver | None:
    """A delivery opens as soon as both are known: the decision, and the number that the acceptance gave."""
    if matter.number is None or matter.decided_on is None or matter.outcome is None:
        return None
    return DecisionToDeliver(matter.decided_on, matter.outcome, matter.number)


@rule(terms.DELIVERY.article)
def open_delivery(delivery: DecisionDelivery, decision: DecisionToDeliver, calendar: Calendar) -> list[DeliveryOpened]:
    """A delivery opens once, on the day of the decision, with its last day ten working days later."""
    if delivery.opened is not None:
        return []
    due = term_clock.due(TermClock.of(terms.DELIVERY, decision.decided_on), calendar)
    return [
        DeliveryOpened(
            decision.decided_on, decision.number, decision.outcome, due.due_on, due.provisional, calendar.version
        )
    ]


@rule(terms.DELIVERY.article)
def recount_delivery(
    delivery: DecisionDelivery, calendar: Calendar, cause: RecountCause, today: date
) -> list[DeliveryRecounted]:
    """The ten days of an open delivery are counted anew by a later calendar, from the decision; an offer ends them."""
    opened = delivery.opened
    if opened is None or delivery.delivered is not None or delivery.offered_on is not None:
        return []
    due = term_clock.due(TermClock.of(terms.DELIVERY, opened.occurred_on), calendar)
    moved = moved_dates([(DateKind.DELIVER, opened.deliver_by, due.due_on)])
    if not moved and due.provisional == opened.provisional:
        return []
    return [
        DeliveryRecounted(today, cause, moved, due.due_on, due.provisional, opened.provisional, number=opened.number)
    ]


def stored_days(delivery: DecisionDelivery) -> list[StoredDay]:
    """The last day of the delivery as it stands on file, also of one that was offered; none before a decision."""
    opened = delivery.opened
    if opened is None:
        return []
    term = TermClock.of(terms.DELIVERY, opened.occurred_on)
    return [StoredDay(DateKind.DELIVER, term, opened.deliver_by, opened.provisional, opened.calendar_version)]
