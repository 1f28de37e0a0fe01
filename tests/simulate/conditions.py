"""Conditions of a history, and the rows with which its world begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulate.database.schema import Row
from tests.simulate.outside import OutsideFaults
from tests.simulate.streams import StreamFaults


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions of one history: how often things are late, lost, repeated or refused."""

    late: float = 0.0
    """Share of the ways between processes that take time."""
    longest: float = 0.05
    """Seconds of the longest such way."""
    streams: StreamFaults = field(default_factory=StreamFaults)
    district: OutsideFaults = field(default_factory=OutsideFaults)
    gateway: OutsideFaults = field(default_factory=OutsideFaults)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Committed rows and sequences of every database, with which histories begin."""

    rows: Mapping[str, Mapping[str, Mapping[Any, Row]]]
    sequences: Mapping[str, Mapping[str, int]]
