"""The year's figures as metrics computed them, as a document and beside the street's own report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml
from onewindow.metrics.v1 import metrics_service_pb2 as metrics
from rich.console import Console
from rich.table import Table

_RATES = ("early", "on_time", "satisfied", "instant")
_COLUMNS = ("applied", "accepted", "closed", "on_time", "agreed", "refused")
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Flow:
    """How many facts were stored in the three databases that have any, published on NATS, and heard by metrics."""

    stored: int
    published: int
    consumed: int
    parked: int
    dead_letters: int


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What a hall year came to."""

    year: int
    named: Sequence[str]
    """Items that the plan counts by name."""
    report: metrics.GetReportResponse
    flow: Flow
    echo_per_second: float
    seconds: float
    """How long the year took to play."""

    def document(self) -> dict[str, Any]:
        """The document of `--json`."""
        flow = self.flow
        return {
            "year": self.year,
            "volume": self.report.volume,
            "applied": self.report.applied,
            "closed": self.report.closed,
            "items": {item.item_name: _counts(item) for item in self._named_items()},
            "rates": {rate.code: _rate(rate) for rate in self.report.indicators if rate.code in _RATES},
            "other_readings": {rate.code: _rate(rate) for rate in self.report.indicators if rate.code not in _RATES},
            "facts": {"stored": flow.stored, "published": flow.published, "consumed": flow.consumed},
            "parked": flow.parked,
            "dead_letters": flow.dead_letters,
            "echo_calls_per_second": round(self.echo_per_second),
            "seconds": round(self.seconds, 1),
        }

    def print(self, console: Console) -> None:
        """The report beside the street's own."""
        theirs = _street_report(self.year)
        console.print(self._counts_table(theirs))
        console.print(self._rates_table(theirs))
        for rate in self.report.indicators:
            console.print(f"{rate.name}：{rate.definition}")
        for reading in theirs.get("readings", ()):
            console.print(self._reading(reading))
        flow = self.flow
        console.print(
            f"事实：存入{flow.stored}条，发布{flow.published}条，统计收到{flow.consumed}条；"
            f"待前序{flow.parked}条，死信{flow.dead_letters}条。"
        )
        console.print(
            f"用时{self.seconds:.0f}秒；同一分钟内空载回声每秒{self.echo_per_second:.0f}次（32路，300字节）。"
        )

    def _counts_table(self, theirs: Mapping[str, Any]) -> Table:
        table = Table(title=f"{self.year}年度事项办理情况", title_justify="left")
        table.add_column("事项", overflow="fold")
        for column in ("", "申请", "受理", "办结", "按时", "同意", "不同意"):
            table.add_column(column, justify="right", no_wrap=True)
        for item in self._named_items():
            table.add_row(item.item_name, "本系统", *(str(getattr(item, name)) for name in _COLUMNS))
            their = theirs.get("items", {}).get(item.item_name)
            if their:
                table.add_row("", "自评", *(str(their.get(name, "—")) for name in _COLUMNS), end_section=True)
        report = self.report
        on_time = sum(item.on_time for item in report.items)
        table.add_row(
            "大厅业务量", "本系统", *map(str, (report.applied, report.volume, report.closed, on_time)), "", ""
        )
        if "volume" in theirs:
            table.add_row("", "自评", "—", str(theirs["volume"]), "—", "—", "", "")
        return table

    def _rates_table(self, theirs: Mapping[str, Any]) -> Table:
        table = Table(title="效能指标", title_justify="left")
        table.add_column("指标", no_wrap=True)
        for column in ("本系统", "分子", "分母", "自评"):
            table.add_column(column, justify="right", no_wrap=True)
        for rate in self.report.indicators:
            their = theirs.get("rates", {}).get(rate.code)
            counts = (str(rate.numerator), str(rate.denominator))
            table.add_row(rate.name, f"{rate.percent:.2f}%", *counts, f"{their}%" if their else "—")
        return table

    def _reading(self, reading: Mapping[str, str]) -> str:
        rate = next((each for each in self.report.indicators if each.code == reading.get("indicator")), None)
        ours = f"（按第二种读法：{rate.numerator}/{rate.denominator}={rate.percent:.2f}%）" if rate else ""
        return f"自评报告未明确：{reading['subject']}。读法一：{reading['first']}；读法二：{reading['second']}{ours}。"

    def _named_items(self) -> list[metrics.ItemFigures]:
        by_name = {item.item_name: item for item in self.report.items}
        return [by_name.get(name, metrics.ItemFigures(item_name=name)) for name in self.named]


def _street_report(year: int) -> Mapping[str, Any]:
    path = files("simulation") / f"street_report_{year}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _counts(item: metrics.ItemFigures) -> dict[str, int]:
    names = ("applied", "accepted", "closed", "on_time", "early", "agreed", "refused")
    return {name: getattr(item, name) for name in names}


def _rate(rate: metrics.Indicator) -> dict[str, Any]:
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "percent": round(rate.percent * _HUNDREDTHS) / _HUNDREDTHS,
        "definition": rate.definition,
    }
