"""Rows of a batch of facts, gathered by table and key, so that one statement writes them all."""

import json
from collections.abc import Mapping
from typing import TypeAlias
from uuid import UUID

from chassis.event_store import FileKey

Row: TypeAlias = dict[str, object]


class RowBatch:
    """Rows by table and key. A later value of a column replaces an earlier one; a column without a value is left."""

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
        row.update(columns)

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


def _as_text(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a row cannot hold {type(value).__name__}")
