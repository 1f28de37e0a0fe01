"""Every panel asks for series that the services show, in queries that Prometheus can read, under a Chinese title."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy import promtool
from tests.deploy.rendering import CHART, ROOT, kind, minimal
from tests.deploy.test_alerts import RULES

BOARDS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text()) for path in CHART.glob("dashboards/*.json")
}
PANELS = [(board, panel) for board, whole in BOARDS.items() for panel in whole["panels"] if panel["type"] != "row"]
QUERIES = [target["expr"] for _, panel in PANELS for target in panel["targets"]]
FAMILIES = {"Gauge": [""], "Counter": ["_total"], "Histogram": ["_bucket", "_count", "_sum"], "GaugeMetricFamily": [""]}
OF_THE_LIBRARY = {
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_open_fds",
    "process_start_time_seconds",
}
_SERIES = re.compile(r"\b(?:onewindow|process|slo|up)[a-z0-9_:]*\b")


@cache
def shown() -> set[str]:
    """The series that services show, as their source declares them."""
    return set(_declared()) | OF_THE_LIBRARY | {rule["record"] for rule in RULES if "record" in rule}


def _declared() -> Iterator[str]:
    for path in (file for part in ("chassis", "protocol", "services") for file in (ROOT / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name, made = str(node.args[0].value), getattr(node.func, "id", "").replace("_gauge", "Gauge")
                for ending in FAMILIES.get(made, []) if name.startswith("onewindow_") else []:
                    yield name.removesuffix("_total") + ending


def _asked(query: str) -> set[str]:
    return set(_SERIES.findall(re.sub(r"\{[^}]*\}|by \([^)]*\)|on \([^)]*\)", "", query)))


@pytest.mark.parametrize("query", sorted({*QUERIES, *(rule["expr"] for rule in RULES)}))
def test_a_query_asks_only_for_series_that_exist(query: str) -> None:
    assert _asked(query) - shown() == set()
    assert _asked(query)


def test_every_series_of_the_services_is_on_a_board_or_in_a_rule() -> None:
    asked = {name for query in [*QUERIES, *(rule["expr"] for rule in RULES)] for name in _asked(query)}
    families = {re.sub("_(bucket|count|sum)$", "", name) for name in asked}
    unseen = {name for name in _declared() if re.sub("_(bucket|count|sum)$", "", name) not in families}
    of_a_log = {"changes_from_cache", "sweep_skipped_files", "recount_files"}  # GetRecount tells the last one
    assert unseen <= {f"onewindow_{name}_total" for name in of_a_log}


def test_promtool_reads_every_query(tmp_path: Path) -> None:
    plain = [query.replace("$street", ".*").replace("$service", ".*") for query in QUERIES]
    assert promtool.unreadable(plain, tmp_path) == ""
    assert promtool.unreadable(["sum(("], tmp_path) != ""


@pytest.mark.parametrize("board", BOARDS)
def test_titles_are_chinese_and_panels_do_not_overlap(board: str) -> None:
    panels = BOARDS[board]["panels"]
    titles = [BOARDS[board]["title"], *(panel["title"] for panel in panels)]
    assert [title for title in titles if not re.search("[\u4e00-\u9fff]", title)] == []
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_grafana_finds_the_boards() -> None:
    found = kind(minimal(), "ConfigMap")
    for name, board in BOARDS.items():
        made = found[f"onewindow-dashboard-{name}"]
        assert made["metadata"]["labels"]["grafana_dashboard"] == "1"
        assert json.loads(made["data"][f"{name}.json"]) == board


def test_the_kpi_port_is_scraped_without_the_labels_of_a_pod() -> None:
    monitors = kind(minimal(monitoring={"podMonitor": {"create": "always"}}), "PodMonitor")
    [office] = monitors["onewindow-office"]["spec"]["podMetricsEndpoints"]
    dropped = {rule["targetLabel"]: re.compile(rule["regex"]) for rule in office["metricRelabelings"]}
    kpi = {name for name in _declared() if re.match("onewindow_(matters|cards|ratings|window_|tickets|kpi_snap)", name)}
    assert len(kpi) >= 9
    for label in ("pod", "instance"):
        assert all(dropped[label].fullmatch(name) for name in kpi)
        assert not dropped[label].fullmatch("onewindow_kpi_leader")
    assert [each["port"] for each in monitors["onewindow-services"]["spec"]["podMetricsEndpoints"]] == ["metrics"]


def test_the_prometheus_for_trying_out_has_the_same_two_groups_of_targets() -> None:
    settings = yaml.safe_load((ROOT / "deploy/dev/monitoring/prometheus.yml").read_text())
    assert {job["job_name"] for job in settings["scrape_configs"]} == {"services", "office"}
