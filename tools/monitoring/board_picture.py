"""Draws the board of limits and volume with values of a played year, as docs/pictures/sla-board.svg.

`python -m tools.monitoring.board_picture` draws layout and titles of the dashboard's JSON with the values of
docs/pictures/sla-board.json. With `--record URL` it first records these values anew, from a Prometheus that scrapes the
stack of a running `onewindow demo` (docs/pictures/README.md has every step).
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from html import escape
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
BOARD = "deploy/helm/onewindow/dashboards/sla.json"
VALUES = "docs/pictures/sla-board.json"
PICTURE = "docs/pictures/sla-board.svg"
HISTORY = 60
"""Samples before the shown instant that a curve has."""

_COLUMN, _LINE, _GAP, _HEAD = 50, 17, 6, 46
_PALETTE = ("#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#f2495c", "#b877d9")
_THRESHOLDS = {"green": "#37872d", "red": "#c4162a"}
_FONT = "'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
_PERCENT = 100
_CHINESE = 0x2E80
"""The first of the wide letters."""

Json = dict[str, Any]
Curves = Mapping[str, Sequence[float | None]]
"""The values of a panel by legend, oldest first; a panel without history has the last one alone."""


def picture(board: Json, recorded: Json) -> str:
    """The board as SVG: every panel where Grafana puts it, with the last recorded values."""
    panels = board["panels"]
    height = _HEAD + _LINE * max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels) + _GAP
    width = _COLUMN * 24 + _GAP
    days = recorded["days"]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="{_FONT}" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#f4f5f5"/>',
        _text((12, 29), board["title"], size=18, weight=600),
        _text((width - 12, 29), f"{recorded['source']}，办公时钟 {days[-1]}", anchor="end", colour="#6e7079"),
    ]
    for panel in panels:
        parts += _panel(panel, recorded["panels"].get(panel["title"], {}), (days[0], days[-1]))
    return "\n".join([*parts, "</svg>\n"])


def _panel(panel: Json, curves: Curves, days: tuple[str, str]) -> Iterator[str]:
    at = panel["gridPos"]
    x, y = at["x"] * _COLUMN + _GAP, _HEAD + at["y"] * _LINE
    width, height = at["w"] * _COLUMN - _GAP, at["h"] * _LINE - _GAP
    yield f'<g transform="translate({x} {y})">'
    if panel["type"] == "row":
        yield _text((2, 12), f"▾ {panel['title']}", size=12, weight=600)
    else:
        yield f'<rect width="{width}" height="{height}" rx="2" fill="#fff" stroke="#e0e1e3"/>'
        yield _text((8, 15), panel["title"], weight=600)
        drawn = {"stat": _stat, "bargauge": _bars, "timeseries": _lines}[panel["type"]]
        yield from drawn(panel["fieldConfig"]["defaults"], curves, (width, height), days)
    yield "</g>"


def _stat(defaults: Json, curves: Curves, size: tuple[int, int], _days: tuple[str, str]) -> Iterator[str]:
    """One number, in the colour of the highest threshold that it reaches."""
    for values in curves.values():
        value = values[-1] or 0
        reached = [step for step in defaults["thresholds"]["steps"] if step["value"] is None or value >= step["value"]]
        colour = _THRESHOLDS[reached[-1]["color"]]
        yield _text((size[0] // 2, size[1] - 12), shown(value, defaults["unit"]), 26, "middle", colour, 600)


def _bars(defaults: Json, curves: Curves, size: tuple[int, int], _days: tuple[str, str]) -> Iterator[str]:
    """A bar for each legend, the longest as wide as the panel allows."""
    most = max((values[-1] or 0 for values in curves.values()), default=0) or 1
    step = min(28, (size[1] - 26) // max(1, len(curves)))
    room = size[0] - 96 - 56
    for n, (legend, values) in enumerate(curves.items()):
        value, top = values[-1] or 0, 24 + n * step
        long = max(2, round(room * value / most))
        yield _text((90, top + step // 2 + 3), legend, anchor="end", colour="#44474e")
        yield f'<rect x="96" y="{top + 2}" width="{long}" height="{step - 5}" fill="{_PALETTE[0]}" opacity=".75"/>'
        yield _text((102 + long, top + step // 2 + 3), shown(value, defaults["unit"]))


def _lines(defaults: Json, curves: Curves, size: tuple[int, int], days: tuple[str, str]) -> Iterator[str]:
    """A line for each legend from zero up, stacked where the panel stacks them, with a gap where a value is missing."""
    left, right, top, bottom = 40, size[0] - 10, 24, size[1] - 32
    stacked = "stacking" in defaults.get("custom", {})
    lines = _stacked(curves) if stacked else list(curves.values())
    most = _ceiling(max((value or 0 for line in lines for value in line), default=0), defaults["unit"])
    for part in (0, 0.5, 1):
        y = bottom - (bottom - top) * part
        yield f'<path d="M{left} {y:.1f}H{right}" stroke="#e8e9ea"/>'
        yield _text((left - 4, round(y) + 4), shown(most * part, defaults["unit"]), 9, "end", "#6e7079")
    for line, colour in reversed(list(zip(lines, cycle(_PALETTE), strict=False))):
        step = (right - left) / max(1, len(line) - 1)
        for run in _runs(line):
            points = "L".join(f"{left + step * n:.1f} {bottom - (bottom - top) * value / most:.1f}" for n, value in run)
            if stacked:
                for fill in ("#fff", f"{colour}66"):
                    yield f'<path d="M{left} {bottom}L{points}L{right} {bottom}Z" fill="{fill}"/>'
            yield f'<path d="M{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    yield _text((left, bottom + 12), days[0], 9, colour="#6e7079")
    yield _text((right, bottom + 12), days[1], 9, "end", "#6e7079")
    yield from _legends(curves, left, right, bottom + 18)


def _legends(curves: Curves, left: int, right: int, top: int) -> Iterator[str]:
    x = left
    for legend, colour in zip(curves, cycle(_PALETTE), strict=False):
        width = 28 + sum(10 if ord(letter) > _CHINESE else 6 for letter in legend)
        if x + width > right:
            yield _text((x, top + 6), "…", 10, colour="#44474e")
            return
        yield f'<rect x="{x}" y="{top}" width="10" height="4" fill="{colour}"/>'
        yield _text((x + 14, top + 6), legend, 10, colour="#44474e")
        x += width


def _stacked(curves: Curves) -> list[list[float | None]]:
    sums: list[list[float | None]] = []
    for values in curves.values():
        under = sums[-1] if sums else [0] * len(values)
        sums.append([(value or 0) + (below or 0) for value, below in zip(values, under, strict=True)])
    return sums


def _runs(line: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """The parts of a line without a gap, each a list of (place, value)."""
    run: list[tuple[int, float]] = []
    for n, value in enumerate([*line, None]):
        if value is not None:
            run.append((n, value))
        elif run:
            yield run
            run = []


def _ceiling(most: float, unit: str) -> float:
    """The top of an axis: 100 % for a rate, else the next of 1, 2, 5 times a power of ten."""
    if unit == "percentunit":
        return 1.0
    power = 1.0
    while True:
        for factor in (1, 2, 5):
            if most <= factor * power:
                return factor * power
        power *= 10


def shown(value: float, unit: str) -> str:
    """A value as a panel shows it."""
    if unit == "percentunit":
        return f"{value * _PERCENT:.4g}%"
    return f"{value:.3g} 秒" if unit == "s" else f"{value:g}"


def _text(
    at: tuple[int, int], text: str, size: int = 11, anchor: str = "start", colour: str = "#1f2329", weight: int = 400
) -> str:
    attributes = (
        f'x="{at[0]}" y="{at[1]}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" font-weight="{weight}"'
    )
    return f"<text {attributes}>{escape(text)}</text>"


def recorded(board: Json, samples: Sequence[tuple[str, Json]], source: str) -> Json:
    """The file of values, from samples (day, answers by query): the last of each, for curves the last HISTORY."""
    last = samples[-HISTORY:]
    panels: dict[str, dict[str, list[float | None]]] = {}
    for panel in board["panels"]:
        lines: dict[str, list[float | None]] = {}
        history = last if panel["type"] == "timeseries" else last[-1:]
        for target in panel.get("targets", []):
            for n, (_, answers) in enumerate(history):
                for labels, value in answers[target["expr"]]:
                    line = lines.setdefault(_legend(target["legendFormat"], labels), [None] * len(history))
                    line[n] = float(value)
        if panel["type"] != "row":
            panels[panel["title"]] = lines
    return {"source": source, "days": [day for day, _ in last], "panels": panels}


def written(values: Json) -> str:
    """The file of values as text, a panel a line."""
    panels = ",\n".join(f"{_json(title)}: {_json(curves)}" for title, curves in values["panels"].items())
    return f'{{"source": {_json(values["source"])}, "days": {_json(values["days"])}, "panels": {{\n{panels}\n}}}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _legend(template: str, labels: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda name: labels.get(name[1], ""), template)


def record(board: Json, prometheus: str, clock: Path, until: date) -> list[tuple[str, Json]]:
    """Samples of all that the board shows, one a second, until the stack ends or the office clock is past `until`."""
    queries = sorted({target["expr"] for panel in board["panels"] for target in panel.get("targets", [])})
    samples: list[tuple[str, Json]] = []
    while clock.exists():
        day = datetime.fromisoformat(clock.read_text().strip()).date()
        if day > until:
            break
        samples.append((day.isoformat(), {query: _answers(prometheus, query) for query in queries}))
        time.sleep(1)
    return samples


def _answers(prometheus: str, query: str) -> list[tuple[Json, str]]:
    plain = re.sub(r"\$\w+", ".*", query)
    with urlopen(f"{prometheus}/api/v1/query?{urlencode({'query': plain})}", timeout=10) as answer:
        found = json.load(answer)["data"]["result"]
    return [(each["metric"], each["value"][1]) for each in found]


def main() -> int:
    """Draw the picture; with --record after the values were recorded anew."""
    parser = argparse.ArgumentParser(prog="python -m tools.monitoring.board_picture", description=main.__doc__)
    parser.add_argument("--record", metavar="URL", help="Prometheus that scrapes a running onewindow demo")
    parser.add_argument("--until", metavar="DAY", type=date.fromisoformat, default=date.max)
    parser.add_argument(
        "--clock", metavar="FILE", type=Path, default=Path(".onewindow/clock"), help="the demo's office clock"
    )
    options = parser.parse_args()
    board = json.loads((ROOT / BOARD).read_text(encoding="utf-8"))
    if options.record:
        samples = record(board, options.record, options.clock, options.until)
        (ROOT / VALUES).write_text(written(recorded(board, samples, "onewindow demo")), encoding="utf-8")
    values = json.loads((ROOT / VALUES).read_text(encoding="utf-8"))
    (ROOT / PICTURE).write_text(picture(board, values), encoding="utf-8")
    sys.stdout.write(f"{PICTURE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
