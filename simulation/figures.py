"""The figures of a year as metrics counts them, and those of the street's own report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml
from onewindow.metrics.v1 import metrics_service_pb2 as metrics

_RATES = ("early", "on_time", "satisfied", "instant")
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Flow:
    """Facts stored in the three databases that have any, published on NATS, and received by metrics."""

    stored: int
    published: int
    consumed: int
    parked: int
    dead_letters: int


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The figures of a hall year."""

    year: int
    named: Sequence[str]
    """Items that the plan counts by name."""
    report: metrics.GetReportResponse
    flow: Flow
    echo_per_second: float
    seconds: float
    """Seconds that the year took to play."""

    def document(self) -> dict[str, Any]:
        """The document of `--json`."""
        flow = self.flow
        return {
            "year": self.year,
            "volume": self.report.volume,
            "applied": self.report.applied,
            "closed": self.report.closed,
            "items": {item.item_name: _counts(item) for item in self.named_items()},
            "rates": {rate.code: _rate(rate) for rate in self.report.indicators if rate.code in _RATES},
            "other_readings": {rate.code: _rate(rate) for rate in self.report.indicators if rate.code not in _RATES},
            "facts": {"stored": flow.stored, "published": flow.published, "consumed": flow.consumed},
            "parked": flow.parked,
            "dead_letters": flow.dead_letters,
            "echo_calls_per_second": round(self.echo_per_second),
            "seconds": round(self.seconds, 1),
        }

    def named_items(self) -> list[metrics.ItemFigures]:
        """The items that the plan counts by name, with zeros where nothing happened."""
        by_name = {item.item_name: item for item in self.report.items}
        return [by_name.get(name, metrics.ItemFigures(item_name=name)) for name in self.named]


def street_report(year: int) -> Mapping[str, Any]:
    """The street's own report of a year; empty where none is known."""
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
