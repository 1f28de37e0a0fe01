"""Rows, transactions and locks of one database in memory, by the rules of PostgreSQL's READ COMMITTED.

A transaction writes into a layer of its own and locks each row that it writes. A statement that needs a row which
another transaction has locked raises MustWait: what it did is undone, it waits for the end of that transaction and is
executed again on what stands then. Two transactions that wait for each other are a deadlock, and the second one fails.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from tests.simulate.database.schema import CLOCK, NEW_UUID, Key, Row, TableSchema

Generated = Callable[[Row], Mapping[str, Any]]
"""The generated columns of a row, from its others."""


class MustWait(Exception):
    """A lock that another transaction holds."""

    def __init__(self, holder: "Transaction") -> None:
        self.holder = holder


class Database:
    """The committed rows of one service."""

    def __init__(
        self,
        schema: Mapping[str, TableSchema],
        generated: Mapping[str, Generated],
        clock: Callable[[], datetime],
        new_uuid: Callable[[], UUID],
    ) -> None:
        self.schema = schema
        self.generated = generated
        self.rows: dict[str, dict[Key, Row]] = {name: {} for name in schema}
        self.sequences: dict[str, int] = dict.fromkeys(schema, 0)
        self.locks: dict[Any, Transaction] = {}
        self.clock = clock
        self.new_uuid = new_uuid
        self.committed: Callable[[Iterable[str]], None] = lambda _tables: None
        """Called with the names of the tables that a commit has changed."""

    def copy_of(self, rows: Mapping[str, Mapping[Key, Row]], sequences: Mapping[str, int]) -> None:
        """Begin with these rows."""
        self.rows = {name: dict(table) for name, table in rows.items()}
        self.sequences = dict(sequences)

    def table(self, name: str) -> list[Row]:
        """The committed rows of a table."""
        return list(self.rows[name].values())


class Transaction:
    """One transaction; `district` and `street` are its scope, `worker` that of a worker, which sees the district."""

    __slots__ = ("database", "district", "held", "open", "street", "waiters", "waits_for", "worker", "writes")

    def __init__(self, database: Database, *, worker: bool, district: str) -> None:
        self.database = database
        self.worker = worker
        self.district = district
        self.street = "*" if worker else ""
        self.writes: dict[str, dict[Key, Row | None]] = {}
        self.held: list[Any] = []
        self.waits_for: Transaction | None = None
        self.waiters: list[Callable[[], None]] = []
        self.open = True

    # Rows

    def get(self, table: str, key: Key) -> Row | None:
        """The row of a key as this transaction sees it."""
        written = self.writes.get(table)
        if written is not None and key in written:
            return written[key]
        return self.database.rows[table].get(key)

    def rows(self, table: str) -> list[Row]:
        """All rows as this transaction sees them, in the order in which they were written."""
        committed = self.database.rows[table]
        written = self.writes.get(table)
        if not written:
            return list(committed.values())
        seen = committed | written
        return [row for row in seen.values() if row is not None]

    def lock(self, name: Any) -> None:
        """Hold a lock to the end of the transaction. Raises MustWait."""
        holder = self.database.locks.get(name)
        if holder is self:
            return
        if holder is not None:
            raise MustWait(holder)
        self.database.locks[name] = self
        self.held.append(name)

    def insert(self, table: str, row: Row) -> Row | None:
        """Insert a row with its defaults; None where its key exists already."""
        database = self.database
        schema = database.schema[table]
        for column, default in schema.defaults.items():
            if column not in row:
                row[column] = self._default(default)
        if schema.identity and schema.identity not in row:
            database.sequences[table] += 1
            row[schema.identity] = database.sequences[table]
        key = tuple([row[column] for column in schema.key])
        self.lock((table, key))
        if self.get(table, key) is not None:
            return None
        return self._put(schema, key, row)

    def insert_new(self, table: str, row: Row) -> Row:
        """Insert a row. Raises UniqueViolationError where its key exists already."""
        inserted = self.insert(table, row)
        if inserted is None:
            raise violation(self.database.schema[table].key_name)
        return inserted

    def update(self, table: str, row: Row, changes: Mapping[str, Any]) -> Row:
        """Change columns of a row."""
        schema = self.database.schema[table]
        key = tuple([row[column] for column in schema.key])
        self.lock((table, key))
        return self._put(schema, key, {**row, **changes})

    def delete(self, table: str, row: Row) -> None:
        """Delete a row."""
        key = tuple([row[column] for column in self.database.schema[table].key])
        self.lock((table, key))
        self.writes.setdefault(table, {})[key] = None

    def upsert(self, table: str, row: Row, changes: Callable[[Row], Mapping[str, Any] | None]) -> Row | None:
        """Insert a row, or change the one of its key by what `changes` makes of it, None for nothing."""
        inserted = self.insert(table, row)
        if inserted is not None:
            return inserted
        schema = self.database.schema[table]
        there = self.get(table, tuple([row[column] for column in schema.key]))
        assert there is not None
        changed = changes(there)
        return None if changed is None else self.update(table, there, changed)

    def sees(self, row: Row) -> bool:
        """True for a row that row level security shows to this transaction."""
        return row["district"] == self.district and (
            self.worker or self.street == "*" or "street" not in row or row["street"] == self.street
        )

    def set_scope(self, district: str, street: str) -> None:
        """Set the scope of the rest of the transaction."""
        self.district, self.street = district, street

    def require_scope(self, district: str, street: str) -> None:
        """Pass when a row of this place may be written. Raises InsufficientPrivilegeError."""
        if district != self.district or not (self.worker or self.street in ("*", street)):
            raise asyncpg.InsufficientPrivilegeError("new row violates row-level security policy")

    # Ends

    def commit(self) -> None:
        """Make the writes visible and let go of the locks."""
        writes = self.writes
        if not writes:
            self.end()
            return
        rows = self.database.rows
        for table, written in writes.items():
            committed = rows[table]
            for key, row in written.items():
                if row is None:
                    committed.pop(key, None)
                else:
                    committed[key] = row
        self.end()
        self.database.committed(writes)

    def end(self) -> None:
        """Let go of the locks and wake those that wait for them; without a commit nothing was written."""
        self.open = False
        if self.held:
            locks = self.database.locks
            for name in self.held:
                del locks[name]
            self.held = []
        if self.waiters:
            waiters, self.waiters = self.waiters, []
            for wake in waiters:
                wake()

    def _default(self, default: Any) -> Any:
        if default is CLOCK:
            return self.database.clock()
        return self.database.new_uuid() if default is NEW_UUID else default

    def _put(self, schema: TableSchema, key: Key, row: Row) -> Row:
        if (generated := self.database.generated.get(schema.name)) is not None:
            row.update(generated(row))
        for index, columns in schema.unique:
            values = [row[column] for column in columns]
            if None not in values:
                self._require_unique(schema.name, index, columns, key, values)
        self.writes.setdefault(schema.name, {})[key] = row
        return row

    def _require_unique(self, table: str, index: str, columns: tuple[str, ...], key: Key, values: list[Any]) -> None:
        key_columns = self.database.schema[table].key
        for other in self.rows(table):
            if [other[column] for column in columns] == values and tuple([other[c] for c in key_columns]) != key:
                raise violation(index)


def always(changes: Mapping[str, Any]) -> Callable[[Row], Mapping[str, Any] | None]:
    """The change of an upsert that does not depend on the row that is there."""
    return lambda _there: changes


def violation(constraint: str) -> asyncpg.UniqueViolationError:
    """The error of a key that exists already."""
    error = asyncpg.UniqueViolationError(f"duplicate key value violates unique constraint {constraint}")
    error.constraint_name = constraint
    return error
