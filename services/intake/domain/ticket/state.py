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


class TicketNotCalled(NotAllowed):
    """A number brings a matter once a window has called it."""

    sentence = "{number}号尚未叫号。"


class TicketOfAnotherLine(NotAllowed):
    """A number is a place in the queue of one line."""

    sentence = "{number}号不是该业务线的号。"


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


def require_brings(ticket: Ticket, line: Line, today: date) -> None:
    """Passes where the ticket may bring a matter of the line today.

    Raises TicketOfAnotherDay, TicketNotCalled, TicketOfAnotherLine.
    """
    require_valid_today(ticket, today)
    if not ticket.window:
        raise TicketNotCalled("ticket_id", number=ticket.number)
    if ticket.line is not line:
        raise TicketOfAnotherLine("ticket_id", number=ticket.number)
