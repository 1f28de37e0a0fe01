"""取号 and 叫号: a resident takes the next number of a line; a window calls it once, on its day."""

from datetime import date

from law.not_allowed import NotAllowed
from services.intake.domain.catalogue.item import Line
from services.intake.domain.catalogue.offer import HallWindow, require_service
from services.intake.domain.catalogue.state import Catalogue
from services.intake.domain.numbers import ticket_number
from services.intake.domain.ticket.state import Ticket, TicketCalled, TicketTaken, require_valid_today


class CalledBefore(NotAllowed):
    """A number is called once."""

    sentence = "{number}号已由窗口{window}叫号。"


def take_ticket(line: Line, serial: int, today: date) -> TicketTaken:
    """The number that the slip shows."""
    return TicketTaken(today, ticket_number(line, serial), line)


def call_ticket(ticket: Ticket, place: HallWindow, catalogue: Catalogue, today: date) -> TicketCalled:
    """The call to a window.

    Raises CalledBefore, TicketOfAnotherDay, UnknownWindow, WindowClosed, WindowDoesNotServe.
    """
    assert ticket.line is not None, "only a ticket that was taken is called"
    if ticket.window:
        raise CalledBefore(number=ticket.number, window=ticket.window)
    require_valid_today(ticket, today)
    require_service(catalogue, place, ticket.line, today)
    return TicketCalled(today, place.code)
