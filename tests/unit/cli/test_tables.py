"""Tables of the screen: whole at every width from 60 columns on."""

import io
from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from rich.console import Console

from cli.tables import TableColumn, number_column, print_table, text_column, whole_column

ITEMS = (
    [
        text_column("事项"),
        *map(number_column, ("申请", "受理", "办结", "按时办结", "提前办结", "同意", "不同意")),
        text_column("实施编码"),
    ],
    [
        [
            "城乡居民最低生活保障对象认定（新申请）",
            "1234",
            "1200",
            "1199",
            "1100",
            "900",
            "1000",
            "3",
            "11440105MB2C87" + "0" * 17,
        ],
        ["居住证核发", "9", "8", "7", "6", "5", "4", "0", "11440105MB2C87" + "1" * 17],
    ],
)
STATUS = (
    [whole_column(name) for name in ("程序", "业务", "健康", "监测", "进程号")],
    [
        ["intake", "127.0.0.1:50051", "127.0.0.1:50052", "127.0.0.1:9464", "4711"],
        ["sms_gateway", "127.0.0.1:50095", "", "", "4719"],
    ],
)
FILE = (
    [text_column(), text_column()],
    [
        ["申办流水号", "44010500820160301000123"],
        ["余期", "承诺期限逾期12个工作日，法定期限剩余3个工作日（中止计时）"],
        ["事项", "城乡居民最低生活保障对象认定（新申请）与临时救助对象认定（第3版）"],
    ],
)
LONG_WORD = ([text_column("指标"), number_column("百分比")], [["a" * 200, "99.90"]])

Shown = tuple[Sequence[TableColumn], Sequence[Sequence[str]]]


def shown(columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], width: int, title: str | None = None) -> str:
    """The table as a screen of that width has it."""
    written = io.StringIO()
    print_table(Console(file=written, width=width), columns, rows, title)
    return written.getvalue()


@pytest.mark.parametrize("width", range(60, 161, 5))
@pytest.mark.parametrize("table", [ITEMS, STATUS, FILE, LONG_WORD], ids=["items", "status", "file", "long word"])
def test_nothing_is_cut_at_any_width(table: Shown, width: int) -> None:
    columns, rows = table
    text = shown(columns, rows, width)
    assert "…" not in text
    assert max(cell_len(line) for line in text.splitlines()) <= width
    for cell in (cell for row in rows for cell in row):
        assert all(text.count(character) >= cell.count(character) for character in cell), cell


@pytest.mark.parametrize("width", range(60, 161, 5))
@pytest.mark.parametrize("table", [ITEMS, STATUS], ids=["items", "status"])
def test_what_is_whole_stays_on_one_line(table: Shown, width: int) -> None:
    columns, rows = table
    text = shown(columns, rows, width)
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            assert not column.whole or cell in text


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_folded_text_has_six_characters_a_line_or_a_line_of_its_own(width: int) -> None:
    columns, rows = ITEMS
    assert "城乡居民最低" in shown(columns, rows, width)


def test_a_table_that_fits_is_a_table_with_borders() -> None:
    lines = shown(*STATUS, 80).splitlines()
    assert lines[0].startswith("┏") and lines[-1].startswith("└")
    assert "│ sms_gateway │ 127.0.0.1:50095 │                 │                │ 4719   │" in lines


def test_a_screen_too_narrow_for_the_columns_shows_records() -> None:
    text = shown(*ITEMS, 60, "事项")
    assert text.splitlines()[:3] == [
        "事项",
        "城乡居民最低生活保障对象认定（新申请）",
        "  申请 1234  受理 1200  办结 1199  按时办结 1100",
    ]


def test_a_record_leaves_out_what_is_empty() -> None:
    text = shown(*STATUS, 60)
    assert "sms_gateway\n  业务 127.0.0.1:50095  进程号 4719\n" in text


def test_a_row_that_belongs_to_the_one_above_has_no_head_of_its_own() -> None:
    columns = [
        text_column("事项"),
        *map(number_column, ("", "申请数量合计", "受理数量合计", "办结数量合计", "按时数量")),
    ]
    rows = [["居住证核发", "本系统", *["1234567"] * 4], ["", "自评", *["1234567"] * 4]]
    lines = shown(columns, rows, 60).splitlines()
    assert lines[0] == "居住证核发" and lines[1].startswith("  本系统  申请数量合计 1234567")
    assert [line for line in lines if line.startswith("  自评")]


def test_a_line_is_drawn_after_a_section() -> None:
    written = io.StringIO()
    rows = [["甲", "1"], ["乙", "2"], ["丙", "3"]]
    print_table(Console(file=written, width=80), [text_column("名"), number_column("数")], rows, sections={1})
    lines = written.getvalue().splitlines()
    assert [line for line in lines if line.startswith("├")] == ["├────┼────┤"]
    assert lines.index("├────┼────┤") == lines.index("│ 乙 │  2 │") + 1
