"""Tables on the screen, whole at any width from 60 columns on: texts fold, numbers and codes are never broken.

A table that is too narrow for its columns is printed as records. Example with a screen of 80 and one of 60 columns:

    ┃ 事项       ┃ 申请 ┃ 受理 ┃        居住证核发
    │ 居住证核发 │    9 │    8 │          申请 9  受理 8
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_NARROWEST_TEXT = 12
"""Cells that a folded text has at least: six Chinese characters."""
_NARROWEST_HEAD = 4
"""Cells that a folded heading has at least: two Chinese characters."""
_BORDERS = 3
"""Cells of the border and the padding of one column."""
_INDENT, _GAP = "  ", "  "


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: a text that may fold, or something that stays in one piece."""

    heading: str = ""
    whole: bool = False
    """True for numbers, codes, dates and addresses."""
    right: bool = False
    """True where it is aligned on the right."""


def text_column(heading: str = "") -> TableColumn:
    """A column of texts."""
    return TableColumn(heading)


def whole_column(heading: str = "") -> TableColumn:
    """A column of codes, dates or addresses."""
    return TableColumn(heading, whole=True)


def number_column(heading: str = "") -> TableColumn:
    """A column of numbers."""
    return TableColumn(heading, whole=True, right=True)


def print_table(
    console: Console,
    columns: Sequence[TableColumn],
    rows: Sequence[Sequence[str]],
    title: str | None = None,
    sections: Collection[int] = (),
) -> None:
    """Prints a table, or its records; after each row of `sections` a line is drawn."""
    widths = _widths(columns, rows, console.width)
    if widths is None:
        _print_records(console, columns, rows, title)
        return
    headings = any(column.heading for column in columns)
    table = Table(title=title, title_justify="left", show_header=headings)
    for column, width in zip(columns, widths, strict=True):
        justify = "right" if column.right else "left"
        table.add_column(column.heading, width=width, justify=justify, overflow="fold")  # type: ignore[arg-type] # one of rich's words
    for number, row in enumerate(rows):
        table.add_row(*map(Text, row), end_section=number in sections)
    console.print(table)


def _widths(columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], screen: int) -> list[int] | None:
    """The width of each column; None when the screen is too narrow for a table."""
    room = screen - _BORDERS * len(columns) - 1
    contents = [max((cell_len(row[n]) for row in rows), default=0) for n in range(len(columns))]
    natural = [max(content, cell_len(column.heading)) for column, content in zip(columns, contents, strict=True)]
    if sum(natural) <= room:
        return natural
    pairs = list(zip(columns, contents, natural, strict=True))
    folded_texts = [full if column.whole else min(full, _NARROWEST_TEXT) for column, _, full in pairs]
    folded_heads = [
        max(content, min(full, _NARROWEST_HEAD)) if column.whole else min(full, _NARROWEST_TEXT)
        for column, content, full in pairs
    ]
    for least in (folded_texts, folded_heads):
        if sum(least) <= room:
            return _spread(least, natural, room - sum(least))
    return None


def _spread(least: Sequence[int], natural: Sequence[int], spare: int) -> list[int]:
    """Gives spare cells to the narrowest columns first, to none more than it can use."""
    widths = list(least)
    while spare and (short := [n for n, width in enumerate(widths) if width < natural[n]]):
        narrowest = min(short, key=widths.__getitem__)
        widths[narrowest] += 1
        spare -= 1
    return widths


def _print_records(
    console: Console, columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], title: str | None
) -> None:
    if title:
        console.print(Text(title, style="italic", overflow="fold"))
    for row in rows:
        if row[0]:
            console.print(Text(row[0], style="bold", overflow="fold"))
        parts = [f"{column.heading} {cell}".strip() for column, cell in zip(columns[1:], row[1:], strict=True) if cell]
        for line in _filled(parts, console.width - cell_len(_INDENT)):
            console.print(Text(_INDENT + line, overflow="fold"))


def _filled(parts: Sequence[str], width: int) -> list[str]:
    """As many parts a line as fit; a part that is longer than a line is folded at any cell."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + cell_len(_GAP) + cell_len(part) <= width:
            lines[-1] += _GAP + part
        else:
            lines += _pieces(part, width)
    return lines


def _pieces(text: str, width: int) -> list[str]:
    pieces = [""]
    for character in text:
        if cell_len(pieces[-1]) + cell_len(character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces
