"""State of a ticket by its facts: number and line once it is taken, window once it is called."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

from law.not_allowed import NotAllowed
from services.intake.domain.catalogue.item import Line


@dataclass(frozen=True, slots=True)
class TicketTaken:
    """取号."""

    occurred_on: date
    number: str
    line: Line


@dataclass(frozen=True, slots=True)
class TicketCalled:
    """叫号."""

    occurred_on: date
    window: str


TicketFact: TypeAlias = TicketTaken | TicketCalled


class TicketOfAnotherDay(NotAllowed):
    """A number is a place in the queue of one day."""

    sentence = "{number}号是{taken_on}的号，当天有效。"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place in the queue of one hall, one day."""

    number: str = ""
    line: Line | None = None
    taken_on: date | None = None
    window: str = ""


BLANK = Ticket()


def fold(state: Ticket, fact: TicketFact) -> Ticket:
    """The state after one more fact."""
    match fact:
        case TicketTaken():
            return Ticket(fact.number, fact.line, fact.occurred_on)
        case TicketCalled():
            return replace(state, window=fact.window)
    assert_never(fact)


def require_valid_today(ticket: Ticket, today: date) -> None:
    """Passes on the day of the ticket; raises TicketOfAnotherDay on any other."""
    if ticket.taken_on != today:
        raise TicketOfAnotherDay("ticket_id", number=ticket.number, taken_on=ticket.taken_on)
