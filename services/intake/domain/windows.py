"""Whether a window of the hall takes a matter of a line on a day."""

from dataclasses import dataclass
from datetime import date

from law.not_allowed import Malformed, NotAllowed
from services.intake.domain.catalogue import Catalogue
from services.intake.domain.item import Line


class UnknownWindow(Malformed):
    """The hall of the street has no such window."""

    sentence = "本街道大厅没有窗口{window}。"


class WindowClosed(NotAllowed):
    """The window is not in service on the day."""

    sentence = "窗口{window}今天不开放。"


class WindowDoesNotServe(NotAllowed):
    """A 专窗 takes matters of its own lines alone."""

    sentence = "窗口{window}不办理该业务线的事项。"


@dataclass(frozen=True, slots=True)
class Seat:
    """A window as it is named: the street of its hall, its code, and the field that names it."""

    street: str
    window: str
    field: str = "window"


def demand_service(catalogue: Catalogue, seat: Seat, line: Line, on: date) -> None:
    """Nothing when the window takes matters of the line on the day; raises what stands in the way."""
    window = catalogue.windows.get((seat.street, seat.window))
    if window is None:
        raise UnknownWindow(seat.field, window=seat.window)
    if not window.is_open(on):
        raise WindowClosed(seat.field, window=seat.window)
    if not window.serves(line):
        raise WindowDoesNotServe(seat.field, window=seat.window)
