"""The figures of a year on the screen, next to the street's own."""

import io

import pytest
from onewindow.metrics.v1 import metrics_service_pb2 as metrics
from rich.cells import cell_len
from rich.console import Console

from cli.stack.year_report import show_year
from simulation.year_run import Flow, YearFigures, street_report

NAMED = ("广东省居住证核发", "廉租房申请初审", "再生育子女审批", "一个很长很长很长很长很长很长很长的事项名称")
REPORT = metrics.GetReportResponse(
    volume=23_837,
    applied=24_001,
    closed=23_000,
    items=[
        metrics.ItemFigures(item_name=NAMED[0], applied=2952, accepted=2952, closed=2952, on_time=2952, agreed=2952),
        metrics.ItemFigures(item_name="其他", applied=20_000, accepted=20_000, closed=19_000, on_time=18_900),
    ],
    indicators=[
        metrics.Indicator(
            code="early", name="提前办结率", numerator=99, denominator=100, percent=99.0, definition="口径"
        ),
        metrics.Indicator(code="early_promised", name="承诺件提前办结率", numerator=9, denominator=10, percent=90.004),
    ],
)


def figures(year: int = 2016) -> YearFigures:
    return YearFigures(year, NAMED, REPORT, Flow(10, 9, 8, 1, 2), echo_per_second=1590.4, seconds=98.7)


def shown(year: int, width: int) -> str:
    written = io.StringIO()
    show_year(figures(year), Console(file=written, width=width))
    return written.getvalue()


@pytest.mark.parametrize("width", [60, 72, 80, 120])
def test_nothing_is_cut_and_every_number_is_whole(width: int) -> None:
    text = shown(2016, width)
    assert "…" not in text and max(map(cell_len, text.splitlines())) <= width
    for number in ("2952", "24001", "23837", "21852", "99.00%", "90.00%", "99.08%"):
        assert number in text, number
    whole = "".join(text.split())
    assert "事实：存入10条，发布9条，统计收到8条；待前序1条，死信2条。" in whole
    assert "用时99秒" in whole and "每秒1590次" in whole


@pytest.mark.parametrize(
    ("months", "year", "title"),
    [
        (12, 2016, "2016年度事项办理情况"),
        (3, 2016, "2016年1月至3月事项办理情况（自评为全年）"),
        (1, 2030, "2030年1月事项办理情况"),
    ],
)
def test_the_head_names_the_months_that_were_played(months: int, year: int, title: str) -> None:
    written = io.StringIO()
    show_year(figures(year), Console(file=written, width=120), months)
    assert written.getvalue().splitlines()[0].strip() == title


def test_an_item_without_a_matter_has_zeros() -> None:
    assert [item.applied for item in figures().named_items()] == [2952, 0, 0, 0]


def test_the_streets_own_figures_stand_below_ours_where_it_has_any() -> None:
    assert "自评" in shown(2016, 80)
    assert street_report(2030) == {}
    rows = [line for line in shown(2030, 80).splitlines() if line.startswith("│")]
    assert rows and not any(line.split("│")[2].strip() == "自评" for line in rows)


def test_the_document_has_counts_rates_and_the_flow() -> None:
    document = figures().document()
    assert document["volume"] == 23_837
    assert document["items"][NAMED[0]]["applied"] == 2952
    assert document["rates"]["early"]["percent"] == 99.0
    assert document["other_readings"]["early_promised"]["percent"] == 90.0
    assert document["facts"] == {"stored": 10, "published": 9, "consumed": 8}
    assert (document["parked"], document["dead_letters"], document["seconds"]) == (1, 2, 98.7)
