"""A decision opens its delivery: ten working days to bring it to the applicant. (行政许可法 44)"""

from dataclasses import dataclass
from datetime import date

from law import term_clock, terms
from law.term_clock import TermClock
from law.workdays import Calendar
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import DeliveryOpened


@dataclass(frozen=True, slots=True)
class Decided:
    """What approval told of a matter's decision."""

    decided_on: date
    outcome: str
    """granted or refused."""
    number: str


def open_delivery(dossier: Dossier, decided: Decided, calendar: Calendar) -> list[DeliveryOpened]:
    """The delivery with its last day; nothing when it is open already."""
    if dossier.delivery is not None:
        return []
    due = term_clock.due(TermClock.of(terms.DELIVERY, decided.decided_on), calendar)
    return [DeliveryOpened(decided.decided_on, decided.number, decided.outcome, due.due_on, due.provisional)]
