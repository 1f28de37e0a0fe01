"""取号 and 叫号: a resident takes the next number of a line; a window calls it once, on its day."""

from datetime import date, datetime

from law.not_allowed import NotAllowed
from services.intake.domain.catalogue.item import Line
from services.intake.domain.catalogue.offer import HallWindow, require_service
from services.intake.domain.catalogue.state import Catalogue
from services.intake.domain.numbers import ticket_number
from services.intake.domain.ticket.state import Ticket, TicketCalled, TicketTaken, require_valid_today

_WEEKDAYS = "一二三四五六日"


class CalledBefore(NotAllowed):
    """A number is called once."""

    sentence = "{number}号已由窗口{window}叫号。"


class HallClosed(NotAllowed):
    """A hall gives numbers while its windows open, or open again, on the day."""

    sentence = "大厅今天不再办理取号业务，下次开放时间为{opens}。"


class HallClosedFurther(NotAllowed):
    """The windows stay closed for so long that no opening is published yet."""

    sentence = "大厅暂停办理，恢复时间另行公布。"


def require_opens_today(now: datetime, opens: datetime | None) -> None:
    """Passes while windows are open or open later on the day, by the instant at which they open next.

    Before opening and at noon numbers are given, since the windows that serve them open. Raises HallClosed,
    HallClosedFurther.
    """
    if opens is None:
        raise HallClosedFurther
    if opens.date() != now.date():
        raise HallClosed(opens=written(opens))


def written(opens: datetime) -> str:
    """An instant as a clerk says it: 2016年3月7日（星期一）8:30."""
    day = f"{opens.year}年{opens.month}月{opens.day}日（星期{_WEEKDAYS[opens.weekday()]}）"
    return f"{day}{opens.hour}:{opens.minute:02d}"


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
