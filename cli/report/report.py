"""`onewindow report`: the figures of a period, as metrics counts them."""

import asyncio
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from onewindow.metrics.v1 import metrics_service_pb2 as pb
from rich.console import Console

from cli.report.sheets import as_csv, document, sheets, show, workbook
from client.office import CallFailed, OfficeClient
from embedded.errors import StackError
from embedded.local_services import local_client
from embedded.stack import Stack

app = typer.Typer()

_STAFF = "report"
_CALL_SECONDS = 30.0
"""Deadline of the call: a year of a district is counted from its matters."""


class ReportKind(StrEnum):
    """Length of the period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class ReportFormat(StrEnum):
    """Output format of the report."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


@app.command()
def report(
    kind: Annotated[ReportKind, typer.Argument(help="报表：日、周、月、季、年")],
    period: Annotated[str, typer.Argument(help="2016-03-01、2016-W09、2016-03、2016-Q1、2016")],
    street: Annotated[str, typer.Option(metavar="S", help="街道九位代码；不写为全区")] = "",
    form: Annotated[ReportFormat, typer.Option("--format", help="输出格式")] = ReportFormat.TABLE,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="写入文件；xlsx不写时按期间命名")] = None,
) -> None:
    """日、周、月、季、年报表：受理业务量、各项指标及口径、事项、窗口。各种格式的数字完全一致。"""
    request = pb.GetReportRequest(kind=pb.PeriodKind.Value(f"PERIOD_KIND_{kind.name}"), period=period, street=street)
    answer = asyncio.run(_requested(request))
    _write(answer, form, output or _named(form, f"{kind}-{period}"))


async def fetch_report(client: OfficeClient, caller: str, request: pb.GetReportRequest) -> pb.GetReportResponse:
    """The report as metrics answers it. Raises StackError with the reason of a refusal."""
    try:
        answer = await client.call(caller, client.metrics.GetReport, request)
    except CallFailed as failed:
        raise StackError(f"报表未能取得：{failed.refusal}") from failed
    return answer


async def _requested(request: pb.GetReportRequest) -> pb.GetReportResponse:
    site = Stack.of_settings().site()
    staff = {_STAFF: (("SUPERVISOR",), site.settings.district)}
    async with local_client(site, staff, _CALL_SECONDS) as client:
        return await fetch_report(client, _STAFF, request)


def _named(form: ReportFormat, name: str) -> Path | None:
    """Name of the output file when none is given: a workbook needs one, other formats are printed."""
    return Path(f"onewindow-{name}.xlsx") if form is ReportFormat.XLSX else None


def _write(answer: pb.GetReportResponse, form: ReportFormat, output: Path | None) -> None:
    tables = sheets(answer)
    if form is ReportFormat.TABLE and output is None:
        show(tables, Console())
        return
    if form is ReportFormat.XLSX:
        written = workbook(tables)
    elif form is ReportFormat.JSON:
        written = f"{json.dumps(document(answer), ensure_ascii=False, indent=2)}\n".encode()
    elif form is ReportFormat.CSV:
        # The mark at its head is what makes spreadsheet programs read a CSV file as UTF-8.
        written = as_csv(tables).encode("utf-8" if output is None else "utf-8-sig")
    else:
        raise typer.BadParameter("屏幕表格不写入文件，请选 json、csv 或 xlsx", param_hint="--output")
    if output is None:
        typer.echo(written.decode(), nl=False)
    else:
        output.write_bytes(written)
        typer.echo(f"已写入 {output}", err=True)
