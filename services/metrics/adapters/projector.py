"""Projection of received facts to rows, gathered by table and key, so that one statement writes a whole batch.

Example: a batch holds the submission and the acceptance of one application and a ticket. It becomes one row
of `matter` with the columns of both facts, one row of `ticket`, and three counts in `fact_count`. Every
column is set by one source alone, so the result does not depend on the order in which the streams arrive.
The whole batch is one JSON document that the SQL function `project_received` writes in the statement that
stores the events.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent, Subscription, row_projection
from chassis.outbox.day_closer import DAY_CLOSED
from protocol.event_headers import EVENT_TYPES, fact_kinds
from protocol.streams import METRICS

Row: TypeAlias = dict[str, object]
Projections: TypeAlias = Mapping[str, Any]
"""By kind of fact, a function of batch, file and event."""


class RowBatch:
    """Rows by table and key. A later value of a column replaces an earlier one; a column without a value is left.

    Columns that hold an object are merged, by its keys.
    """

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[object, ...], Row]] = {}

    def matter(self, key: FileKey, application_id: str, columns: Mapping[str, object]) -> None:
        """Set columns of a matter, at the place of `key`."""
        self.set("matter", {"district": key.district, "street": key.street, "application_id": application_id}, columns)

    def set(self, table: str, key: Mapping[str, object], columns: Mapping[str, object]) -> None:
        """Set columns of the row with this key."""
        rows = self._rows.setdefault(table, {})
        row = rows.setdefault(tuple(key.values()), {**key})
        for name, value in columns.items():
            row[name] = {**_object(row.get(name)), **value} if isinstance(value, dict) else value

    def count(self, key: FileKey, source: str, kind: str) -> None:
        """Count one more fact of a kind, at a place."""
        rows = self._rows.setdefault("fact_count", {})
        name = (key.district, key.street, source, kind)
        row = rows.get(name)
        if row is None:
            place = {"district": key.district, "street": key.street}
            rows[name] = {**place, "source": source, "kind": kind, "facts": 1}
        else:
            row["facts"] = int(str(row["facts"])) + 1

    def as_json(self) -> str:
        """The batch as the SQL function reads it."""
        batch = {table: list(rows.values()) for table, rows in self._rows.items()}
        return json.dumps(batch, default=_as_text, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Projector:
    """Projects the facts of one source."""

    source: str
    projections: Projections

    def subscription(self) -> Subscription:
        """The subscription to the source; a kind of fact newer than this release stays parked until it is known."""
        stream = f"OW_{self.source.upper()}"
        project = row_projection(self.rows)
        return Subscription(METRICS, stream, self.source, project, sorted(fact_kinds(self.source)), projector=self.rows)

    def rows(self, events: Sequence[InboxEvent]) -> str:
        """Rows of a batch of events as JSON, for the SQL function. Raises as `batch` does."""
        return self.batch(events).as_json()

    def batch(self, events: Iterable[InboxEvent]) -> RowBatch:
        """Rows of a batch of events. Raises ValueError for an event of another file than its headers name."""
        batch = RowBatch()
        for received in events:
            if received.kind == DAY_CLOSED:
                continue  # it counts the others, and comes when the machine's clock says so
            batch.count(received.key, self.source, received.kind)
            project = self.projections.get(received.kind)
            if project is not None:
                event: Any = EVENT_TYPES[self.source].FromString(received.body)
                _check(received.key, received.kind, event)
                project(batch, received.key, event)
        return batch


def _check(key: FileKey, kind: str, event: Any) -> None:  # noqa: ANN401 # one of three generated classes
    if event.WhichOneof("fact") != kind or event.place.street != key.street:
        raise ValueError(f"the event is no {kind} of the place in its headers")


def _object(value: object) -> Row:
    return value if isinstance(value, dict) else {}


def _as_text(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a row cannot hold {type(value).__name__}")
