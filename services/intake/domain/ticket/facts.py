"""Facts of a ticket, in the past tense. Names are those of the contract."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

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
