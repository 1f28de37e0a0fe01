"""取号: a resident takes the next number of the day for a business line."""

from datetime import date

from services.intake.domain.facts import TicketTaken
from services.intake.domain.item import Line
from services.intake.domain.numbers import ticket_number


def take_ticket(line: Line, serial: int, today: date) -> TicketTaken:
    """The number that the slip shows."""
    return TicketTaken(today, ticket_number(line, serial), line)
