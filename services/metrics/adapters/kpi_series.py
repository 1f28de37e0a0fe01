"""Prometheus series of the hall's figures: gauges of one snapshot, labels from closed sets, never a ratio."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, TypeAlias

from prometheus_client.core import GaugeMetricFamily

from law.procedures import statutory_procedures

Rows: TypeAlias = Sequence[Mapping[str, Any]]
Snapshot: TypeAlias = Mapping[str, Rows]
"""The rows of each query of the snapshot by the query's name."""
Values: TypeAlias = dict[tuple[str, ...], float]

PERIODS = ("today", "month", "year")
LAMPS = ("normal", "warning", "yellow", "red")
RESULTS = ("early", "on_time", "late")
LIMITS = ("promised", "legal")
PROCEDURE_STATES = ("running", "overdue")
"""By whether the expected end has passed."""
OTHER = "other"
"""Kinds that an item names by another law, and those of facts of releases up to 0.2.0, which named none."""
GRADES = ("1", "2", "3", "4", "5")


def series(snapshot: Snapshot) -> list[GaugeMetricFamily]:
    """Every series of the office; where nothing happened it stands at zero instead of going away."""
    streets = _streets(snapshot)
    return [
        _gauge(
            "onewindow_matters_accepted",
            "Matters accepted (受理) today, this month, this year, by the window that took them.",
            ("street", "window", "period"),
            {**_zeros(_windows(snapshot), PERIODS), **_by_period(snapshot["kpi_accepted"], "street", "window")},
        ),
        _gauge(
            "onewindow_matters_instant",
            "Matters accepted in the period and completed on the spot (即办).",
            ("street", "period"),
            {**_zeros(streets, PERIODS), **_by_period(snapshot["kpi_instant"], "street")},
        ),
        _gauge(
            "onewindow_matters_closed",
            "Matters closed normally (办结) in the period: before the last promised day, on it, or late.",
            ("street", "result", "period"),
            {**_zeros(streets, RESULTS, PERIODS), **_by_period(snapshot["kpi_closed"], "street", "result")},
        ),
        *_open(snapshot["kpi_open"], streets),
        _procedures(snapshot["kpi_procedures"], streets),
        _gauge(
            "onewindow_cards",
            "Cards issued this year (预警, 黄牌, 红牌), those of district legs at the district's own place.",
            ("street", "level"),
            {**_zeros(streets, LAMPS[1:]), **_cards(snapshot["kpi_cards"])},
        ),
        _gauge(
            "onewindow_ratings",
            "Ratings given (好差评) in the period, 1 is best.",
            ("street", "grade", "period"),
            {**_zeros(streets, GRADES, PERIODS), **_by_period(snapshot["kpi_ratings"], "street", "grade")},
        ),
        *_hall(snapshot, streets),
    ]


def _open(rows: Rows, streets: Iterable[tuple[str, ...]]) -> list[GaugeMetricFamily]:
    lamps, overdue = _zeros(streets, LAMPS), _zeros(streets, LIMITS)
    for row in rows:
        lamps[row["street"], LAMPS[row["lamp"]]] = row["matters"]
        for limit in LIMITS:
            overdue[row["street"], limit] = overdue.get((row["street"], limit), 0) + row[limit]
    return [
        _gauge(
            "onewindow_matters_open",
            "Accepted matters that are not closed, by lamp (正常, 预警, 黄牌, 红牌); the sum is all of them.",
            ("street", "lamp"),
            lamps,
        ),
        _gauge(
            "onewindow_matters_overdue",
            "Open matters over the promised or over the legal limit (超期), the latter counted in both.",
            ("street", "limit"),
            overdue,
        ),
    ]


def _procedures(rows: Rows, streets: Iterable[tuple[str, ...]]) -> GaugeMetricFamily:
    kinds = [kind.code for kind in statutory_procedures()]
    running = _zeros(streets, (*kinds, OTHER), PROCEDURE_STATES)
    for row in rows:
        key = (row["street"], row["kind"] if row["kind"] in kinds else OTHER, PROCEDURE_STATES[row["overdue"]])
        running[key] = running.get(key, 0) + row["matters"]
    return _gauge(
        "onewindow_procedures_running",
        "Open matters whose clock stands for a special procedure (特别程序): the kinds of the law by code, an item's "
        "own as other; overdue from the day after the expected end.",
        ("street", "kind", "state"),
        running,
    )


def _hall(snapshot: Snapshot, streets: Iterable[tuple[str, ...]]) -> list[GaugeMetricFamily]:
    throughput = _zeros(_windows(snapshot), ("accepted", "called"))
    for row in snapshot["kpi_accepted"]:
        throughput[row["street"], row["window"], "accepted"] = row["today"]
    for row in snapshot["kpi_called"]:
        throughput[row["street"], row["window"], "called"] = row["called"]
    tickets, waited = _zeros(streets, ("taken", "called")), _zeros(streets)
    for row in snapshot["kpi_tickets"]:
        tickets[row["street"], "taken"], tickets[row["street"], "called"] = row["taken"], row["called"]
        waited[(row["street"],)] = row["waited"]
    return [
        _gauge(
            "onewindow_window_throughput",
            "What each window did today: tickets called, matters accepted.",
            ("street", "window", "act"),
            throughput,
        ),
        _gauge("onewindow_tickets", "Tickets taken today, and those of them called.", ("street", "stage"), tickets),
        _gauge(
            "onewindow_tickets_waited_seconds",
            "Seconds that today's called tickets waited, all together; divide by those called.",
            ("street",),
            waited,
        ),
    ]


def _cards(rows: Rows) -> Values:
    return {(row["street"], LAMPS[row["level"]]): row["cards"] for row in rows if row["level"] in range(1, len(LAMPS))}


def _by_period(rows: Rows, *labels: str) -> Values:
    return {(*(str(row[label]) for label in labels), period): row[period] for row in rows for period in PERIODS}


def _streets(snapshot: Snapshot) -> list[tuple[str, ...]]:
    return sorted({(row["street"],) for row in snapshot["kpi_streets"]})


def _windows(snapshot: Snapshot) -> list[tuple[str, ...]]:
    return sorted({(row["street"], row["window"]) for row in snapshot["kpi_streets"] if row["window"]})


def _zeros(firsts: Iterable[tuple[str, ...]], *closed: Sequence[str]) -> Values:
    return {(*first, *rest): 0 for first in firsts for rest in product(*closed)}


def _gauge(name: str, sentence: str, labels: Sequence[str], values: Values) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, sentence, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
