"""A report as tables: the same rows on the screen, in CSV and in a workbook for office programs."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from google.protobuf.message import Message
from onewindow.metrics.v1.metrics_service_pb2 import GetReportResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, TYPE_STRING
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.xml.constants import ARC_CORE
from rich.console import Console

from cli.tables import number_column, print_table, text_column
from law.items.public_text import is_formula

Cell: TypeAlias = str | int | float

_NONE = "—"
"""The rate of nothing: there is nothing to count."""
_WIDE, _NARROW = 40, 16
"""Widths of a workbook's columns, in characters."""
_INSTANT, _NO_INSTANT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), b"1980-01-01T00:00:00Z"
"""The first instant that the file format knows, in place of the one of writing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named table; its name has at most 31 characters."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def has_numbers(self, column: int) -> bool:
        """True for a column of numbers, also where some rows have none."""
        return any(not isinstance(row[column], str) for row in self.rows)


def sheets(report: GetReportResponse) -> list[Sheet]:
    """The tables of a report."""
    return [_summary(report), _indicators(report), _items(report), _windows(report)]


def show(tables: Sequence[Sheet], console: Console) -> None:
    """Prints the tables on a screen."""
    for sheet in tables:
        texts = [not sheet.has_numbers(n) for n in range(len(sheet.header))]
        columns = [
            text_column(name) if text else number_column(name) for name, text in zip(sheet.header, texts, strict=True)
        ]
        print_table(console, columns, [[*map(_text, row)] for row in sheet.rows], title=sheet.name)


def as_csv(tables: Sequence[Sheet]) -> str:
    """The tables below each other, each under its name, an empty line between."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for n, sheet in enumerate(tables):
        writer.writerows([*([[]] if n else []), [sheet.name], sheet.header])
        writer.writerows([_inert(cell) for cell in row] for row in sheet.rows)
    return written.getvalue()


def workbook(tables: Sequence[Sheet]) -> bytes:
    """The bytes of an .xlsx file, each table on a sheet with a bold head; equal tables give equal bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in tables:
        page = book.create_sheet(sheet.name)
        page.append(list(sheet.header))
        for row in sheet.rows:
            page.append([ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in row])
            for written in page[page.max_row]:
                if isinstance(written.value, str):
                    written.data_type = TYPE_STRING  # the library takes a text that begins with = for a formula
        for head in page[1]:
            head.font = Font(bold=True)
        for number in range(len(sheet.header)):
            wide = bool(sheet.rows) and not sheet.has_numbers(number)
            page.column_dimensions[get_column_letter(number + 1)].width = _WIDE if wide else _NARROW
    file = io.BytesIO()
    book.save(file)
    return _undated(file)


def _undated(written: io.BytesIO) -> bytes:
    """A workbook without the instant at which the library wrote it, which stands in its parts and in one of them."""
    file = io.BytesIO()
    with ZipFile(written) as parts, ZipFile(file, "w", ZIP_DEFLATED) as undated:
        for name in parts.namelist():
            content = _INSTANT.sub(_NO_INSTANT, parts.read(name)) if name == ARC_CORE else parts.read(name)
            undated.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return file.getvalue()


def document(message: Message) -> dict[str, Any]:
    """A message as JSON: counts as numbers, every field named."""
    return {field.name: _plain(getattr(message, field.name)) for field in message.DESCRIPTOR.fields}


def _plain(value: Any) -> Any:  # noqa: ANN401 # a field holds a message, several, or a plain value
    if isinstance(value, Message):
        return document(value)
    return value if isinstance(value, str | int | float) else [_plain(each) for each in value]


def _summary(report: GetReportResponse) -> Sheet:
    cards, facts = report.cards, report.facts
    rows: list[tuple[Cell, Cell]] = [
        ("起止日期", f"{getattr(report, 'from')} 至 {report.to}"),
        ("申请", report.applied),
        ("受理业务量", report.volume),
        ("办结", report.closed),
        ("预警", cards.warning),
        ("黄牌", cards.yellow),
        ("红牌", cards.red),
        ("收到事实", facts.consumed),
        ("待前序", facts.parked),
        ("死信", facts.dead_letters),
    ]
    return Sheet("概况", ("项目", "数值"), [(name, _text(value)) for name, value in rows])


def _indicators(report: GetReportResponse) -> Sheet:
    header = ("指标", "百分比", "分子", "分母", "口径", "依据")
    rows = [
        (
            each.name,
            each.percent if each.denominator else _NONE,
            each.numerator,
            each.denominator,
            each.definition,
            each.source,
        )
        for each in report.indicators
    ]
    return Sheet("指标", header, rows)


def _items(report: GetReportResponse) -> Sheet:
    header = ("事项", "申请", "受理", "办结", "按时办结", "提前办结", "同意", "不同意", "实施编码")
    rows = [
        (
            each.item_name,
            each.applied,
            each.accepted,
            each.closed,
            each.on_time,
            each.early,
            each.agreed,
            each.refused,
            each.item_code,
        )
        for each in report.items
    ]
    return Sheet("事项", header, rows)


def _windows(report: GetReportResponse) -> Sheet:
    rows = [(each.street, each.window, each.accepted, each.instant) for each in report.windows]
    return Sheet("窗口", ("街道", "窗口", "受理", "即办"), rows)


def _inert(cell: Cell) -> str:
    """A cell of a CSV file; a text that an office program would compute begins with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else _text(cell)


def _text(cell: Cell) -> str:
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)
