"""`onewindow report`: the figures of a period, as metrics counts them."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import grpc
import typer
from onewindow.metrics.v1 import metrics_service_pb2 as pb
from onewindow.metrics.v1.metrics_service_pb2_grpc import MetricsServiceStub
from rich.console import Console

from cli.refused import refusal_of
from cli.report_sheets import as_csv, document, sheets, show
from cli.spreadsheet import workbook
from embedded.errors import StackError
from embedded.keys import staff_token
from embedded.settings import StackSettings
from embedded.stack import Stack

app = typer.Typer()

_CALL_SECONDS = 30.0
_OPTIONS = (("grpc.enable_http_proxy", 0),)


class Kind(StrEnum):
    """How long the period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Form(StrEnum):
    """How the report is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


@app.command()
def report(
    kind: Annotated[Kind, typer.Argument(help="报表：日、周、月、季、年")],
    period: Annotated[str, typer.Argument(help="2016-03-01、2016-W09、2016-03、2016-Q1、2016")],
    street: Annotated[str, typer.Option(metavar="S", help="街道九位代码；不写为全区")] = "",
    form: Annotated[Form, typer.Option("--format", help="输出格式")] = Form.TABLE,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="写入文件；xlsx不写时按期间命名")] = None,
) -> None:
    """日、周、月、季、年报表：受理业务量、各项指标及口径、事项、窗口。各种格式的数字完全一致。"""
    request = pb.GetReportRequest(kind=pb.PeriodKind.Value(f"PERIOD_KIND_{kind.name}"), period=period, street=street)
    settings = StackSettings.load()
    stack = Stack(settings.data_dir(), settings)
    address = str(stack.status()["services"]["metrics"]["rpc"])
    token = staff_token(settings.data_dir(), "report", ["SUPERVISOR"], settings.district)
    _write(ask(address, token, request), form, output or _named(form, f"{kind}-{period}"))


def ask(address: str, token: str, request: pb.GetReportRequest) -> pb.GetReportResponse:
    """The report as metrics at HOST:PORT answers it; raises StackError with the reason of a refusal."""
    with grpc.insecure_channel(address, options=_OPTIONS) as channel:
        stub = MetricsServiceStub(channel)
        try:
            return stub.GetReport(request, metadata=(("authorization", f"Bearer {token}"),), timeout=_CALL_SECONDS)
        except grpc.RpcError as error:
            raise StackError(f"报表未能取得：{refusal_of(error)}") from error


def _named(form: Form, name: str) -> Path | None:
    """A workbook is a file in any case."""
    return Path(f"onewindow-{name}.xlsx") if form is Form.XLSX else None


def _write(answer: pb.GetReportResponse, form: Form, output: Path | None) -> None:
    tables = sheets(answer)
    if form is Form.TABLE and output is None:
        show(tables, Console())
        return
    if form is Form.XLSX:
        written = workbook(tables)
    elif form is Form.JSON:
        written = f"{json.dumps(document(answer), ensure_ascii=False, indent=2)}\n".encode()
    elif form is Form.CSV:
        # The mark at its head is what makes spreadsheet programs read a CSV file as UTF-8.
        written = as_csv(tables).encode("utf-8" if output is None else "utf-8-sig")
    else:
        raise typer.BadParameter("屏幕表格不写入文件，请选 json、csv 或 xlsx", param_hint="--output")
    if output is None:
        typer.echo(written.decode(), nl=False)
    else:
        output.write_bytes(written)
        typer.echo(f"已写入 {output}", err=True)
