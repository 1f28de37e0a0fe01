"""What a batch of facts tells, gathered by row, so that it is written in one statement."""

import json
from collections.abc import Mapping
from typing import TypeAlias
from uuid import UUID

from chassis.event_store import FileKey

Row: TypeAlias = dict[str, object]


class Sheet:
    """Rows by table and key. What is told later of a column stands; a column nobody told is left as it is."""

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        self._rows: dict[str, dict[tuple[object, ...], Row]] = {}

    def matter(self, key: FileKey, application_id: str, told: Mapping[str, object]) -> None:
        """Something of a matter, at the place of `key`."""
        self.tell("matter", {"district": key.district, "street": key.street, "application_id": application_id}, told)

    def tell(self, table: str, key: Mapping[str, object], told: Mapping[str, object]) -> None:
        """Columns of the row with this key."""
        rows = self._rows.setdefault(table, {})
        row = rows.setdefault(tuple(key.values()), {**key})
        row.update(told)

    def count(self, key: FileKey, source: str, kind: str) -> None:
        """One more fact of a kind, at a place."""
        rows = self._rows.setdefault("fact_count", {})
        name = (key.district, key.street, source, kind)
        row = rows.get(name)
        if row is None:
            rows[name] = {
                "district": key.district,
                "street": key.street,
                "source": source,
                "kind": kind,
                "facts": 1,
            }
        else:
            row["facts"] = int(str(row["facts"])) + 1

    def text(self) -> str:
        """The batch as JSON, as the function `tell` reads it."""
        batch = {table: list(rows.values()) for table, rows in self._rows.items()}
        return json.dumps(batch, default=_as_text, ensure_ascii=False, separators=(",", ":"))


def _as_text(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a row cannot hold {type(value).__name__}")
