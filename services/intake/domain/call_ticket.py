"""叫号: a window calls a number, once, on its day."""

from datetime import date

from law.not_allowed import NotAllowed
from services.intake.domain.catalogue import Catalogue
from services.intake.domain.facts import TicketCalled
from services.intake.domain.ticket import Ticket, demand_today
from services.intake.domain.windows import Seat, demand_service


class CalledBefore(NotAllowed):
    """A number is called once."""

    sentence = "{number}号已由窗口{window}叫号。"


def call_ticket(ticket: Ticket, seat: Seat, catalogue: Catalogue, today: date) -> TicketCalled:
    """The call; raises CalledBefore, TicketOfAnotherDay, or why the window does not take it."""
    assert ticket.line is not None, "what is called was taken"
    if ticket.window:
        raise CalledBefore(number=ticket.number, window=ticket.window)
    demand_today(ticket, today)
    demand_service(catalogue, seat, ticket.line, today)
    return TicketCalled(today, seat.window)
