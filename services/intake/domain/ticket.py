"""The state of a ticket: a place in the queue of one hall, one day."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from law.not_allowed import NotAllowed
from services.intake.domain.facts import TicketCalled, TicketFact, TicketTaken
from services.intake.domain.item import Line


class TicketOfAnotherDay(NotAllowed):
    """A number is a place in the queue of one day."""

    sentence = "{number}号是{taken_on}的号，当天有效。"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is on file: its number and line once it is taken, its window once it is called."""

    number: str = ""
    line: Line | None = None
    taken_on: date | None = None
    window: str = ""


BLANK = Ticket()


def demand_today(ticket: Ticket, today: date, field: str = "") -> None:
    """Nothing on the day of the ticket; raises TicketOfAnotherDay on any other."""
    if ticket.taken_on != today:
        raise TicketOfAnotherDay(field, number=ticket.number, taken_on=ticket.taken_on)


def fold(state: Ticket, fact: TicketFact) -> Ticket:
    """The state after one more fact."""
    match fact:
        case TicketTaken():
            return Ticket(fact.number, fact.line, fact.occurred_on)
        case TicketCalled():
            return replace(state, window=fact.window)
    assert_never(fact)
