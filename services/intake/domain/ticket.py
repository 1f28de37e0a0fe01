"""The state of a ticket: a place in the queue of one hall, one day."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from .facts import TicketCalled, TicketFact, TicketTaken
from .item import Line


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is on file: its number and line once it is taken, its window once it is called."""

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
