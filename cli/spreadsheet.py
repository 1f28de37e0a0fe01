"""Workbooks for office programs: sheets of texts and numbers with a bold head."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Cell: TypeAlias = str | int | float

_WIDE, _NARROW = 40, 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named table; its name has at most 31 characters."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of an .xlsx file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.append(list(sheet.header))
        for row in sheet.rows:
            page.append(list(row))
        for head in page[1]:
            head.font = Font(bold=True)
        for number, column in enumerate(_columns(sheet), start=1):
            wide = any(isinstance(cell, str) for cell in column)
            page.column_dimensions[get_column_letter(number)].width = _WIDE if wide else _NARROW
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _columns(sheet: Sheet) -> list[list[Cell]]:
    return [[row[n] for row in sheet.rows] for n in range(len(sheet.header))]
