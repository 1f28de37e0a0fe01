"""取号 and 叫号, and the windows that take a line."""

from dataclasses import replace
from datetime import date

import pytest

from services.intake.domain import numbers
from services.intake.domain.catalogue.item import Line
from services.intake.domain.catalogue.offer import (
    HallWindow,
    UnknownWindow,
    WindowClosed,
    WindowDoesNotServe,
    require_service,
)
from services.intake.domain.ticket.call_ticket import CalledBefore, call_ticket, take_ticket
from services.intake.domain.ticket.state import BLANK, Ticket, TicketOfAnotherDay, fold
from tests.unit.intake.hall import CATALOGUE, RECEIVED_ON, STREET


def taken(line: Line = Line.FAMILY_PLANNING) -> Ticket:
    return fold(BLANK, take_ticket(line, 17, RECEIVED_ON))


def test_a_number_has_the_letter_of_its_line() -> None:
    assert [numbers.ticket_number(line, 7) for line in Line] == ["A007", "B007", "C007", "D007", "E007"]
    assert numbers.ticket_number(Line.CIVIL_AFFAIRS, 1234) == "A1234"


def test_a_number_is_called_once() -> None:
    state = taken()
    state = fold(state, call_ticket(state, HallWindow(STREET, "W2"), CATALOGUE, RECEIVED_ON))
    with pytest.raises(CalledBefore) as refused:
        call_ticket(state, HallWindow(STREET, "W1"), CATALOGUE, RECEIVED_ON)
    assert "E017" in refused.value.sentence


def test_a_number_is_good_for_its_day() -> None:
    with pytest.raises(TicketOfAnotherDay):
        call_ticket(taken(), HallWindow(STREET, "W2"), CATALOGUE, date(2016, 9, 18))


def test_a_window_of_its_own_line_takes_no_other() -> None:
    with pytest.raises(WindowDoesNotServe):
        call_ticket(taken(Line.LABOUR), HallWindow(STREET, "W2"), CATALOGUE, RECEIVED_ON)
    call_ticket(taken(Line.LABOUR), HallWindow(STREET, "W1"), CATALOGUE, RECEIVED_ON)


@pytest.mark.parametrize("seat", [HallWindow(STREET, "W9"), HallWindow("440105009", "W1")])
def test_a_window_is_one_of_the_street_s_own_hall(seat: HallWindow) -> None:
    with pytest.raises(UnknownWindow):
        require_service(CATALOGUE, seat, Line.LABOUR, RECEIVED_ON)


def test_a_window_serves_between_its_days() -> None:
    seat = HallWindow(STREET, "W2")
    with pytest.raises(WindowClosed) as refused:
        require_service(CATALOGUE, seat, Line.FAMILY_PLANNING, date(2016, 10, 8))
    assert refused.value.field == "window"
    with pytest.raises(WindowClosed):
        require_service(CATALOGUE, replace(seat, code="W1"), Line.LABOUR, date(2015, 10, 7))


def test_numbers_grow_beyond_four_digits_and_name_their_day() -> None:
    assert numbers.serial_prefix(STREET, "11440105K3160578855442106001001", RECEIVED_ON) == "4401050080006001001160914"
    assert numbers.numbered("P", 9999) == "P9999"
    assert numbers.numbered("P", 10000) == "P10000"
    series = numbers.case_series(RECEIVED_ON)
    assert numbers.case_number("X" * 31, series, 68) == "X" * 31 + "20160914" + "0068"
    assert numbers.letter_number(STREET, "补告", RECEIVED_ON, serial=3) == "440105008补告〔2016〕0003号"
