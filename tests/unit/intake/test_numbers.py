"""Numbers that the office gives: their form, their series, their growth."""

from datetime import date

import pytest

from services.intake.domain import numbers
from services.intake.domain.catalogue.item import Line
from tests.unit.intake.hall import PROMISED, RECEIVED_ON, STREET

NEXT_DAY, NEXT_YEAR = date(2016, 9, 15), date(2017, 1, 3)


@pytest.mark.parametrize(
    ("serial", "number"), [(1, "P0001"), (68, "P0068"), (9999, "P9999"), (10000, "P10000"), (123456, "P123456")]
)
def test_a_serial_has_four_digits_and_grows(serial: int, number: str) -> None:
    assert numbers.numbered("P", serial) == number


def test_a_serial_number_has_the_street_the_end_of_the_item_and_the_day() -> None:
    prefix = numbers.serial_prefix(STREET, PROMISED.code, RECEIVED_ON)
    assert prefix == "440105008" + "000" + "6001001" + "160914"
    assert len(numbers.numbered(prefix, 1)) == 29


def test_serial_numbers_of_other_streets_items_and_days_are_other_series() -> None:
    prefixes = {
        numbers.serial_prefix(STREET, PROMISED.code, RECEIVED_ON),
        numbers.serial_prefix("440105009", PROMISED.code, RECEIVED_ON),
        numbers.serial_prefix(STREET, PROMISED.code[:-1] + "2", RECEIVED_ON),
        numbers.serial_prefix(STREET, PROMISED.code, NEXT_DAY),
    }
    assert len(prefixes) == 4


def test_a_case_number_has_the_whole_code_of_the_item_and_the_day_of_its_series() -> None:
    series = numbers.case_series(RECEIVED_ON)
    assert series == "number/20160914"
    assert numbers.case_number(PROMISED.code, series, 68) == PROMISED.code + "20160914" + "0068"
    assert len(numbers.case_number(PROMISED.code, series, 1)) == 43


def test_case_numbers_of_all_items_of_a_day_are_one_series() -> None:
    assert numbers.case_series(RECEIVED_ON) != numbers.case_series(NEXT_DAY)
    first = numbers.case_number(PROMISED.code, numbers.case_series(RECEIVED_ON), 1)
    other = numbers.case_number("X" * 31, numbers.case_series(RECEIVED_ON), 2)
    assert (first[-4:], other[-4:]) == ("0001", "0002")


def test_tickets_of_a_hall_are_counted_by_line_and_day() -> None:
    assert numbers.ticket_series(STREET, Line.LABOUR, RECEIVED_ON) == "ticket/440105008/20160914/C"
    series = {
        numbers.ticket_series(street, line, on)
        for street in (STREET, "440105009")
        for line in Line
        for on in (RECEIVED_ON, NEXT_DAY)
    }
    assert len(series) == 20


def test_a_ticket_shows_the_letter_of_its_line() -> None:
    assert [numbers.ticket_number(line, 7) for line in Line] == ["A007", "B007", "C007", "D007", "E007"]
    assert numbers.ticket_number(Line.CIVIL_AFFAIRS, 1234) == "A1234"


@pytest.mark.parametrize(
    ("kind", "serial", "number"),
    [
        ("补告", 3, "440105008补告〔2016〕0003号"),
        ("不受", 12, "440105008不受〔2016〕0012号"),
        ("补告", 12345, "440105008补告〔2016〕12345号"),
    ],
)
def test_a_letter_names_the_organ_its_kind_and_its_year(kind: str, serial: int, number: str) -> None:
    assert numbers.letter_number(STREET, kind, RECEIVED_ON, serial=serial) == number


def test_letters_of_a_kind_are_counted_by_street_and_year() -> None:
    assert numbers.letter_series(STREET, "补告", RECEIVED_ON) == "notice/440105008/补告/2016"
    assert numbers.letter_series(STREET, "补告", NEXT_DAY) == numbers.letter_series(STREET, "补告", RECEIVED_ON)
    series = {
        numbers.letter_series(street, kind, on)
        for street in (STREET, "440105009")
        for kind in ("补告", "不受")
        for on in (RECEIVED_ON, NEXT_YEAR)
    }
    assert len(series) == 8
