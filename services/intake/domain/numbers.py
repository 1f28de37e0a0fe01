"""Numbers that the office gives. A number is a prefix and a serial; the prefix is also the name of the series.

A serial has four digits, three on a ticket, and grows beyond them: 0001 … 9999, 10000.
"""

from datetime import date

from services.intake.domain.catalogue.item import Line

_STREET_OFFICE = "000"
_ITEM_DIGITS = 7
_CASES = "number/"
_LINE_LETTERS = {line: chr(ord("A") + line - 1) for line in Line}


def serial_prefix(street: str, item_code: str, on: date) -> str:
    """Prefix of a 申办流水号 of the day: twelve digits of the place, the end of the item's code, yymmdd."""
    return f"{street}{_STREET_OFFICE}{item_code[-_ITEM_DIGITS:]}{on:%y%m%d}"


def case_series(on: date) -> str:
    """Series of 办件编号: one a day for the district, since the item of an application is known by its file alone."""
    return f"{_CASES}{on:%Y%m%d}"


def case_number(item_code: str, series: str, serial: int) -> str:
    """A 办件编号: the item's code of 31 characters, yyyymmdd of its series (the day it is recorded), the serial."""
    return numbered(item_code + series.removeprefix(_CASES), serial)


def ticket_series(street: str, line: Line, on: date) -> str:
    """Series of a hall's tickets for a line, begun anew each day."""
    return f"ticket/{street}/{on:%Y%m%d}/{_LINE_LETTERS[line]}"


def letter_series(street: str, kind: str, on: date) -> str:
    """Series of a street's letters of a kind, begun anew each year."""
    return f"notice/{street}/{kind}/{on.year}"


def numbered(prefix: str, serial: int) -> str:
    """A number of four digits or more behind its prefix."""
    return f"{prefix}{serial:04d}"


def ticket_number(line: Line, serial: int) -> str:
    """Number on a slip: the letter of the line and three digits or more, for instance A017."""
    return f"{_LINE_LETTERS[line]}{serial:03d}"


def letter_number(street: str, kind: str, on: date, *, serial: int) -> str:
    """Number of a letter to an applicant: the organ, its kind, the year in brackets, the serial."""
    return f"{street}{kind}〔{on.year}〕{serial:04d}号"
