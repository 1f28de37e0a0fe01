"""取号 and 叫号: a number of a line, called once to a window that serves it, on its day."""

from datetime import date

import pytest

from law.desk import UnknownWindow, WindowClosed, WindowDoesNotServe
from law.not_allowed import NotAllowed
from services.intake.domain.catalogue.item import Line
from services.intake.domain.catalogue.offer import HallWindow
from services.intake.domain.ticket.call_ticket import CalledBefore, call_ticket, take_ticket
from services.intake.domain.ticket.state import (
    BLANK,
    Ticket,
    TicketCalled,
    TicketOfAnotherDay,
    TicketTaken,
    fold,
    require_valid_today,
)
from tests.unit.intake.hall import CATALOGUE, RECEIVED_ON, STREET

FIRST, SECOND = HallWindow(STREET, "W1"), HallWindow(STREET, "W2")


def taken(line: Line = Line.FAMILY_PLANNING, on: date = RECEIVED_ON) -> Ticket:
    return fold(BLANK, take_ticket(line, 17, on))


@pytest.mark.parametrize(
    ("line", "serial", "number"),
    [
        (Line.CIVIL_AFFAIRS, 1, "A001"),
        (Line.FLOATING_POPULATION, 17, "B017"),
        (Line.LABOUR, 999, "C999"),
        (Line.RETIREES, 1000, "D1000"),
        (Line.FAMILY_PLANNING, 5, "E005"),
    ],
)
def test_a_slip_shows_the_letter_of_the_line_and_the_serial(line: Line, serial: int, number: str) -> None:
    assert take_ticket(line, serial, RECEIVED_ON) == TicketTaken(RECEIVED_ON, number, line)


def test_a_ticket_is_its_number_then_its_window() -> None:
    ticket = taken()
    assert ticket == Ticket("E017", Line.FAMILY_PLANNING, RECEIVED_ON)
    assert fold(ticket, TicketCalled(RECEIVED_ON, "W2")) == Ticket("E017", Line.FAMILY_PLANNING, RECEIVED_ON, "W2")


def test_nothing_is_on_file_before_a_number_is_taken() -> None:
    assert (BLANK.number, BLANK.line, BLANK.taken_on, BLANK.window) == ("", None, None, "")


@pytest.mark.parametrize("place", [FIRST, SECOND])
def test_a_number_is_called_to_a_window_that_serves_its_line(place: HallWindow) -> None:
    assert call_ticket(taken(), place, CATALOGUE, RECEIVED_ON) == TicketCalled(RECEIVED_ON, place.code)


def test_a_number_is_called_once() -> None:
    ticket = taken()
    called = fold(ticket, call_ticket(ticket, SECOND, CATALOGUE, RECEIVED_ON))
    for place in (FIRST, SECOND):
        with pytest.raises(CalledBefore) as refused:
            call_ticket(called, place, CATALOGUE, RECEIVED_ON)
        assert refused.value.sentence == "E017号已由窗口W2叫号。"


def test_a_number_that_was_called_before_says_so_on_another_day_too() -> None:
    called = fold(taken(), TicketCalled(RECEIVED_ON, "W2"))
    with pytest.raises(CalledBefore):
        call_ticket(called, FIRST, CATALOGUE, date(2016, 9, 18))


@pytest.mark.parametrize("on", [date(2016, 9, 13), date(2016, 9, 18)])
def test_a_number_is_good_for_its_day(on: date) -> None:
    with pytest.raises(TicketOfAnotherDay) as refused:
        call_ticket(taken(), SECOND, CATALOGUE, on)
    assert refused.value.sentence == "E017号是2016-09-14的号，当天有效。"
    assert refused.value.field == "ticket_id"


def test_a_submission_on_the_day_of_the_ticket_may_name_it() -> None:
    require_valid_today(taken(), RECEIVED_ON)
    with pytest.raises(TicketOfAnotherDay):
        require_valid_today(taken(), date(2016, 9, 18))
    with pytest.raises(TicketOfAnotherDay):
        require_valid_today(BLANK, RECEIVED_ON)


@pytest.mark.parametrize(
    ("line", "place", "on", "wrong"),
    [
        (Line.LABOUR, SECOND, RECEIVED_ON, WindowDoesNotServe),
        (Line.LABOUR, HallWindow(STREET, "W9"), RECEIVED_ON, UnknownWindow),
        (Line.LABOUR, HallWindow("440105009", "W1"), RECEIVED_ON, UnknownWindow),
        (Line.FAMILY_PLANNING, SECOND, date(2016, 10, 8), WindowClosed),
        (Line.LABOUR, FIRST, date(2015, 10, 7), WindowClosed),
    ],
)
def test_a_window_that_does_not_take_the_number_says_why(
    line: Line, place: HallWindow, on: date, wrong: type[NotAllowed]
) -> None:
    with pytest.raises(wrong) as refused:
        call_ticket(taken(line, on), place, CATALOGUE, on)
    assert refused.value.field == "window"


def test_a_general_window_takes_every_line() -> None:
    for line in Line:
        assert call_ticket(taken(line), FIRST, CATALOGUE, RECEIVED_ON).window == "W1"
