"""Grafana's dashboards from dashboards.yaml, always the same bytes: `python -m tools.monitoring.dashboards`."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.tree import Violation, read

PLAN = "tools/monitoring/dashboards.yaml"
FOLDER = "deploy/helm/onewindow/dashboards"
SOURCE = {"type": "prometheus", "uid": "${source}"}
_KINDS = {"stat": "stat", "timeseries": "timeseries", "bars": "bargauge"}
_HEIGHTS = {"stat": 4, "timeseries": 8, "bars": 8}
_WIDTH = 24

_NAMESPACE = {
    "name": "namespace",
    "label": "命名空间",
    "query": "label_values(onewindow_database_reachable, namespace)",
}
"""One Grafana may show several districts, each a release in a namespace of its own."""

Json = dict[str, Any]


def check(root: Path) -> list[Violation]:
    """Dashboards that differ from the plan."""
    if not (root / PLAN).exists():
        return []
    wanted = written(root)
    found = {path.name: read(path) for path in (root / FOLDER).glob("*.json")}
    stale = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
    return [Violation(f"{FOLDER}/{name}", 1, "is stale: run python -m tools.monitoring.dashboards") for name in stale]


def written(root: Path) -> dict[str, str]:
    """Every dashboard's file name and text."""
    plan = yaml.safe_load(read(root / PLAN))
    return {
        f"{name}.json": json.dumps(_dashboard(name, board), ensure_ascii=False, indent=1) + "\n"
        for name, board in plan.items()
    }


def _dashboard(name: str, board: Mapping[str, Any]) -> Json:
    return {
        "uid": f"onewindow-{name}",
        "title": board["title"],
        "tags": ["onewindow"],
        "timezone": "Asia/Shanghai",
        "editable": False,
        "refresh": "30s",
        "schemaVersion": 39,
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [_source(), _variable(_NAMESPACE), _variable(board["variable"])]},
        "panels": list(_panels(board["rows"])),
    }


def _source() -> Json:
    return {"name": "source", "label": "数据源", "type": "datasource", "query": "prometheus"}


def _variable(variable: Mapping[str, str]) -> Json:
    return {
        "name": variable["name"],
        "label": variable["label"],
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": variable["query"], "refId": "variable"},
        "includeAll": True,
        "allValue": ".*",
        "multi": True,
        "refresh": 2,
        "sort": 1,
    }


def _panels(rows: list[Json]) -> Iterator[Json]:
    number, top = 0, 0
    for row in rows:
        number += 1
        yield {
            "id": number,
            "type": "row",
            "title": row["title"],
            "collapsed": False,
            "gridPos": _at(0, top, _WIDTH, 1),
        }
        top, left, tallest = top + 1, 0, 0
        for panel in row["panels"]:
            if left + panel["width"] > _WIDTH:
                top, left, tallest = top + tallest, 0, 0
            number += 1
            height = _HEIGHTS[panel["kind"]]
            yield {"id": number, "gridPos": _at(left, top, panel["width"], height), **_panel(panel)}
            left, tallest = left + panel["width"], max(tallest, height)
        top += tallest


def _at(x: int, y: int, width: int, height: int) -> Json:
    return {"x": x, "y": y, "w": width, "h": height}


def _panel(panel: Mapping[str, Any]) -> Json:
    steps = [{"color": "green", "value": None}, *([{"color": "red", "value": panel["red"]}] if "red" in panel else [])]
    defaults: Json = {"unit": panel.get("unit", "short"), "min": 0, "thresholds": {"mode": "absolute", "steps": steps}}
    if panel.get("stacked"):
        defaults["custom"] = {"stacking": {"mode": "normal"}, "fillOpacity": 30}
    instant = panel["kind"] != "timeseries"
    return {
        "type": _KINDS[panel["kind"]],
        "title": panel["title"],
        "datasource": SOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": [
            {
                "refId": chr(ord("A") + n),
                "datasource": SOURCE,
                "expr": query,
                "legendFormat": legend,
                "instant": instant,
            }
            for n, (legend, query) in enumerate(panel["queries"].items())
        ],
    }


def main() -> int:
    """Write the dashboards of this repository."""
    root = Path(__file__).resolve().parent.parent.parent
    for name, text in written(root).items():
        (root / FOLDER / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{FOLDER}/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
