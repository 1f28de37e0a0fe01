"""Tables as `schema.sql` of a service declares them: columns with types and defaults, keys, generated columns."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

Row: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[Any, ...]

ROOT = Path(__file__).resolve().parents[3]

_TABLE = re.compile(r"CREATE TABLE public\.(\w+) \(\n(.*?)\n\)", re.DOTALL)
_COLUMN = re.compile(r"^    (\w+) (.+?),?$", re.DOTALL)
_PRIMARY = re.compile(r"ALTER TABLE ONLY public\.(\w+)\s+ADD CONSTRAINT (\w+) PRIMARY KEY \(([^)]*)\)")
_UNIQUE = re.compile(r"CREATE UNIQUE INDEX (\w+) ON public\.(\w+) USING btree \(([^)]*)\)")
_DEFAULT = re.compile(r"DEFAULT ('(?P<text>[^']*)'|(?P<other>[\w.()]+))")
_IDENTITY = re.compile(r"ALTER TABLE public\.(\w+) ALTER COLUMN (\w+) ADD GENERATED ALWAYS AS IDENTITY")

_READERS: Mapping[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "uuid": UUID,
    "timestamp with time zone": datetime.fromisoformat,
    "date[]": lambda days: [date.fromisoformat(day) for day in days],
    "bytea": lambda value: bytes.fromhex(value[2:]),
    "jsonb": lambda value: json.dumps(value, ensure_ascii=False),
}
"""How a value in JSON becomes one of a column of this type; other types are the same in both."""

_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "0": 0, "1": 1}
CLOCK, NEW_UUID = "the clock", "a new id"
"""Defaults that the database computes."""
_FUNCTIONS = {"now()": CLOCK, "clock_timestamp()": CLOCK, "gen_random_uuid()": NEW_UUID}


@dataclass(slots=True)
class TableSchema:
    """One table: columns in their order with their types, primary key, further unique columns."""

    name: str
    columns: dict[str, str]
    defaults: dict[str, Any]
    generated: tuple[str, ...]
    key: tuple[str, ...] = ()
    key_name: str = ""
    unique: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    identity: str = ""
    _readers: list[tuple[str, Callable[[Any], Any] | None]] = field(default_factory=list)
    """Columns with what makes their value from one in JSON, where it is another."""

    def read(self, json_row: Mapping[str, Any]) -> Row:
        """The row of a JSON object, as `jsonb_populate_record` makes it: what it does not name is null."""
        if not self._readers:
            self._readers = [(column, _READERS.get(of_type)) for column, of_type in self.columns.items()]
        row: Row = {}
        for column, reader in self._readers:
            value = json_row.get(column)
            row[column] = value if value is None or reader is None else reader(value)
        return row


@cache
def schema_of(service: str) -> Mapping[str, TableSchema]:
    """The tables of a service by name."""
    text = (ROOT / "services" / service / "schema.sql").read_text("utf-8")
    tables = {name: _table(name, body) for name, body in _TABLE.findall(text)}
    for name, constraint, columns in _PRIMARY.findall(text):
        if name in tables:
            tables[name].key, tables[name].key_name = tuple(columns.split(", ")), constraint
    for index, name, columns in _UNIQUE.findall(text):
        tables[name].unique.append((index, tuple(columns.split(", "))))
    for name, column in _IDENTITY.findall(text):
        tables[name].identity = column
    return tables


def _table(name: str, body: str) -> TableSchema:
    columns: dict[str, str] = {}
    defaults: dict[str, Any] = {}
    generated = []
    for part in re.split(r",\n(?=    \w)", body):
        found = _COLUMN.match(part)
        if found is None or found.group(1) == "CONSTRAINT":
            continue
        column, declared = found.groups()
        of_type = re.split(r" (?:NOT NULL|DEFAULT|GENERATED|COLLATE)", declared)[0]
        if "GENERATED ALWAYS AS (" in declared:
            generated.append(column)
            continue
        columns[column] = of_type
        if default := _DEFAULT.search(declared):
            other = default.group("other")
            value = default.group("text") if other is None else _FUNCTIONS.get(other, _CONSTANTS.get(other))
            defaults[column] = value
    return TableSchema(name, columns, defaults, tuple(generated))
