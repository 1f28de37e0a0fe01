"""The figures of a played year on the screen, next to the street's own report."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console

from cli.tables import number_column, print_table, text_column
from simulation.year_run import YearFigures, street_report

_MONTHS = 12
_COLUMNS = ("applied", "accepted", "closed", "on_time", "agreed", "refused")
_HEADINGS = ("", "申请", "受理", "办结", "按时", "同意", "不同意")


def show_year(figures: YearFigures, console: Console, months: int = _MONTHS) -> None:
    """Prints the counts, the rates with their definitions, the readings that the street leaves open, and the flow.

    `months` is how many months of the year were played; the street's own report is of the whole year.
    """
    street = street_report(figures.year)
    _show_counts(figures, street, console, months)
    _show_rates(figures, street, console)
    for rate in figures.report.indicators:
        console.print(f"{rate.name}：{rate.definition}")
    for reading in street.get("readings", ()):
        console.print(_reading(figures, reading))
    flow = figures.flow
    console.print(
        f"事实：存入{flow.stored}条，发布{flow.published}条，统计收到{flow.consumed}条；"
        f"待前序{flow.parked}条，死信{flow.dead_letters}条。"
    )
    console.print(
        f"用时{figures.seconds:.0f}秒；同一分钟内空载回声每秒{figures.echo_per_second:.0f}次（32路，300字节）。"
    )


def _show_counts(figures: YearFigures, street: Mapping[str, Any], console: Console, months: int) -> None:
    rows, sections = [], []
    for ours, theirs in _item_rows(figures, street):
        rows.append(ours)
        if theirs:
            sections.append(len(rows))
            rows.append(theirs)
    report = figures.report
    on_time = sum(item.on_time for item in report.items)
    total = map(str, (report.applied, report.volume, report.closed, on_time))
    rows.append(["大厅业务量", "本系统", *total, "", ""])
    if "volume" in street:
        rows.append(["", "自评", "—", str(street["volume"]), "—", "—", "", ""])
    columns = [text_column("事项"), *map(number_column, _HEADINGS)]
    print_table(console, columns, rows, _title(figures.year, months, reported=bool(street)), sections)


def _title(year: int, months: int, *, reported: bool) -> str:
    if months == _MONTHS:
        return f"{year}年度事项办理情况"
    played = "1月" if months == 1 else f"1月至{months}月"
    return f"{year}年{played}事项办理情况{'（自评为全年）' if reported else ''}"


def _item_rows(figures: YearFigures, street: Mapping[str, Any]) -> Iterator[tuple[list[str], list[str]]]:
    """By item the row of this system, and the street's own; empty where it has none."""
    for item in figures.named_items():
        ours = [item.item_name, "本系统", *(str(getattr(item, name)) for name in _COLUMNS)]
        theirs = street.get("items", {}).get(item.item_name)
        yield ours, ["", "自评", *(str(theirs.get(name, "—")) for name in _COLUMNS)] if theirs else []


def _show_rates(figures: YearFigures, street: Mapping[str, Any], console: Console) -> None:
    rows = []
    for rate in figures.report.indicators:
        theirs = street.get("rates", {}).get(rate.code)
        counts = (str(rate.numerator), str(rate.denominator))
        ours = f"{rate.percent:.2f}%" if rate.denominator else "—"
        rows.append([rate.name, ours, *counts, f"{theirs}%" if theirs else "—"])
    columns = [text_column("指标"), *map(number_column, ("本系统", "分子", "分母", "自评"))]
    print_table(console, columns, rows, "效能指标")


def _reading(figures: YearFigures, reading: Mapping[str, str]) -> str:
    rate = next((each for each in figures.report.indicators if each.code == reading.get("indicator")), None)
    ours = f"（按第二种读法：{rate.numerator}/{rate.denominator}={rate.percent:.2f}%）" if rate else ""
    return f"自评报告未明确：{reading['subject']}。读法一：{reading['first']}；读法二：{reading['second']}{ours}。"
