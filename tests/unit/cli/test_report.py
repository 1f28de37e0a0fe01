"""The report is the same on the screen, in CSV and in a workbook."""

import csv
import io
import json
import time
from pathlib import Path

import pytest
import typer
from onewindow.metrics.v1 import metrics_service_pb2 as pb
from openpyxl import load_workbook
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from cli.report import report as command
from cli.report.sheets import Sheet, as_csv, document, sheets, show, workbook


@pytest.fixture
def answer() -> pb.GetReportResponse:
    """Figures of a month."""
    return pb.GetReportResponse(
        **{"from": "2016-03-01"},
        to="2016-03-31",
        volume=2001,
        applied=2003,
        closed=1999,
        indicators=[
            pb.Indicator(
                code="on_time", name="按时办结率", numerator=1997, denominator=1999, percent=99.9, source="法"
            ),
            pb.Indicator(code="satisfied", name="群众满意率", numerator=0, denominator=0, percent=0.0),
        ],
        items=[pb.ItemFigures(item_code="A" * 31, item_name="居住证 <核发> & 换领", applied=9, accepted=8, closed=7)],
        windows=[pb.WindowFigures(street="440105008", window="W1", accepted=8, instant=3)],
        cards=pb.CardFigures(warning=3, yellow=2, red=1),
        facts=pb.FactCounts(consumed=12345),
    )


def read_back(xlsx: bytes) -> dict[str, list[list[str]]]:
    """The texts of every sheet, as a reader of the format finds them."""
    book = load_workbook(io.BytesIO(xlsx))
    return {page.title: [["" if cell is None else str(cell) for cell in row] for row in page.values] for page in book}


def test_a_rate_of_nothing_is_no_zero(answer: pb.GetReportResponse) -> None:
    rates = next(sheet for sheet in sheets(answer) if sheet.name == "指标")
    assert [row[1] for row in rates.rows] == [99.9, "—"]
    assert (rates.has_numbers(1), rates.has_numbers(0)) == (True, False)


def test_csv_and_workbook_say_what_the_screen_says(answer: pb.GetReportResponse) -> None:
    tables = sheets(answer)
    screen = Console(file=io.StringIO(), width=400)
    show(tables, screen)
    shown = screen.file.getvalue()  # type: ignore[attr-defined] # the file given above
    book = read_back(workbook(tables))
    lines = list(csv.reader(io.StringIO(as_csv(tables))))
    for sheet in tables:
        assert len(book[sheet.name]) == len(sheet.rows) + 1
        assert [sheet.name] in lines
        for row, cells in zip(sheet.rows, book[sheet.name][1:], strict=True):
            texts = [f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row]
            assert texts in lines
            assert all(text in shown for text in texts)
            assert [float(cell) if _is_number(cell) else cell for cell in cells] == [
                float(text) if _is_number(text) else text for text in texts
            ]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def test_the_json_document_has_counts_as_numbers_and_every_field(answer: pb.GetReportResponse) -> None:
    found = json.loads(json.dumps(document(answer)))
    assert (found["from"], found["to"], found["volume"]) == ("2016-03-01", "2016-03-31", 2001)
    assert found["indicators"][0]["percent"] == 99.9
    assert found["items"][0] == {
        "item_code": "A" * 31, "item_name": "居住证 <核发> & 换领", "applied": 9, "accepted": 8, "closed": 7,
        "on_time": 0, "early": 0, "agreed": 0, "refused": 0,
    }  # fmt: skip # one item
    assert found["facts"] == {"consumed": 12345, "parked": 0, "dead_letters": 0}


def test_equal_sheets_give_equal_bytes_and_names_are_escaped() -> None:
    tables = [Sheet('指标 "A" & B', ("甲",), [("<乙>",), (3,)])]
    first = workbook(tables)
    time.sleep(2)  # the least step of an instant in the file format
    assert workbook(tables) == first
    assert read_back(workbook(tables)) == {'指标 "A" & B': [["甲"], ["<乙>"], ["3"]]}


def test_wrong_usage_is_told_without_a_stack() -> None:
    ran = CliRunner().invoke(command.app, ["decade", "2016"])
    assert ran.exit_code == 2


def test_without_a_stack_the_command_says_what_to_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONEWINDOW_HOME", str(tmp_path))
    ran = CliRunner().invoke(command.app, ["year", "2016"])
    assert ran.exit_code != 0
    assert "onewindow up" in str(ran.exception)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_tables_fold_and_are_never_cut(answer: pb.GetReportResponse, width: int) -> None:
    screen = Console(file=io.StringIO(), width=width)
    show(sheets(answer), screen)
    shown = screen.file.getvalue()  # type: ignore[attr-defined] # the file given above
    assert "…" not in shown and max(map(cell_len, shown.splitlines())) <= width
    assert "2001" in shown and "1999" in shown


@pytest.mark.parametrize("form", list(command.ReportFormat))
def test_each_format_is_written_to_its_file(
    answer: pb.GetReportResponse, form: command.ReportFormat, tmp_path: Path
) -> None:
    output = tmp_path / f"report.{form}"
    if form is command.ReportFormat.TABLE:
        with pytest.raises(typer.BadParameter, match="屏幕表格不写入文件"):
            command._write(answer, form, output)
        return
    command._write(answer, form, output)
    written = output.read_bytes()
    assert written.startswith({"json": b"{", "csv": "\ufeff概况".encode(), "xlsx": b"PK"}[form])


def test_without_a_file_texts_go_to_the_screen_and_a_workbook_has_a_name(
    answer: pb.GetReportResponse, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in (command.ReportFormat.TABLE, command.ReportFormat.JSON, command.ReportFormat.CSV):
        command._write(answer, form, None)
        assert "2001" in capsys.readouterr().out
        assert command._named(form, "month-2016-03") is None
    assert command._named(command.ReportFormat.XLSX, "month-2016-03") == Path("onewindow-month-2016-03.xlsx")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "=HYPERLINK(1)\x07"])
def test_a_name_is_text_to_office_programs_whatever_it_begins_with(name: str) -> None:
    table = Sheet("事项", ("事项", "申请"), [(name, -3)])
    page = load_workbook(io.BytesIO(workbook([table]))).worksheets[0]
    assert [(cell.data_type, cell.value) for cell in page[2]] == [("s", name.rstrip("\x07")), ("n", -3)]
    rows = list(csv.reader(io.StringIO(as_csv([table]))))
    assert rows[2] == [f"'{name}", "-3"]
