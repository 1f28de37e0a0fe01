"""The district's own register of cases: stored on disk, decided after some working days, with every change in order."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path

_SCHEMA = """
create table if not exists received (
  key text primary key, case_id text not null, number text not null, district_number text not null,
  received_on text not null, decides_on text not null, stage text not null default 'received',
  outcome text not null default '', decided_on text not null default '', reasons text not null default '',
  report_key text not null default '', reported integer not null default 1, refusal text not null default '');
create table if not exists changed (cursor integer primary key autoincrement, key text not null);
create index if not exists due on received (decides_on) where stage = 'received';
create index if not exists unreported on received (reported) where reported = 0;
"""
_ADDED = "alter table received add column refusal text not null default ''"
"""For a register that was written by release 0.1."""
_COLUMNS = (
    "key, case_id, number, district_number, received_on, decides_on, stage, outcome, decided_on, reasons, report_key,"
    " refusal"
)

ALTERABLE = frozenset({"district_number", "received_on", "stage", "outcome", "decided_on", "reasons"})
"""Columns that a test may set, so that the register differs from the street's files."""


@dataclass(frozen=True, slots=True)
class RegisteredCase:
    """One case at the district."""

    key: str
    case_id: str
    number: str
    district_number: str
    received_on: str
    decides_on: str
    stage: str = "received"
    """received, decided, returned or withdrawn."""
    outcome: str = ""
    """granted or refused."""
    decided_on: str = ""
    """The day of its end, a decision or a return."""
    reasons: str = ""
    report_key: str = ""
    refusal: str = ""
    """Reason for which onewindow refused the report for good, such as ALREADY_RETURNED; empty when it took it."""


class DistrictRegister:
    """Cases by the key of the hand-off."""

    def __init__(self, path: Path | None) -> None:
        self._connection = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = off")
        self._connection.executescript(_SCHEMA)
        columns = {row[1] for row in self._connection.execute("pragma table_info(received)")}
        if "refusal" not in columns:
            self._connection.execute(_ADDED)

    def find(self, key: str) -> RegisteredCase | None:
        """The case with that key, if it was ever received."""
        row = self._connection.execute(f"select {_COLUMNS} from received where key = ?", (key,)).fetchone()
        return RegisteredCase(*row) if row else None

    def receive(self, case: RegisteredCase) -> RegisteredCase:
        """Take a case; a key that was received before gets its first answer."""
        existing = self.find(case.key)
        if existing is not None:
            return existing
        sql = f"insert into received ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        with self._change(case.key):
            self._connection.execute(sql, astuple(case))
        return case

    def count(self) -> int:
        """Number of cases that were ever received."""
        return int(self._connection.execute("select count(*) from received").fetchone()[0])

    def open(self) -> int:
        """Number of cases that wait for their decision."""
        return int(self._connection.execute("select count(*) from received where stage = 'received'").fetchone()[0])

    def due(self, today: date) -> Sequence[RegisteredCase]:
        """Cases to be decided by that day."""
        return self._cases("stage = 'received' and decides_on <= ?", today.isoformat())

    def close(self, key: str, stage: str, outcome: str, decided_on: str, reasons: str) -> None:
        """Record the end of a case; from now on it has to be reported."""
        sql = (
            "update received set stage = ?, outcome = ?, decided_on = ?, reasons = ?, report_key = ?, reported = 0,"
            " refusal = '' where key = ?"
        )
        with self._change(key):
            self._connection.execute(sql, (stage, outcome, decided_on, reasons, f"{stage}:{key}"[:64], key))

    def withdraw(self, key: str) -> None:
        """Record the applicant's withdrawal; a case that has ended stays as it is."""
        case = self.find(key)
        if case is not None and case.stage == "received":
            with self._change(key):
                self._connection.execute("update received set stage = 'withdrawn' where key = ?", (key,))

    def forget(self, key: str) -> bool:
        """Lose a case, as a restored backup does; true when there was one."""
        return bool(self._connection.execute("delete from received where key = ?", (key,)).rowcount)

    def alter(self, key: str, values: Mapping[str, str]) -> bool:
        """Set columns of a case without a change in the list; true when there was one. Raises ValueError."""
        if not values or not values.keys() <= ALTERABLE:
            raise ValueError(f"one or more of {', '.join(sorted(ALTERABLE))}")
        columns = ", ".join(f"{name} = ?" for name in values)
        sql = f"update received set {columns} where key = ?"
        return bool(self._connection.execute(sql, (*values.values(), key)).rowcount)

    def unreported(self) -> Sequence[RegisteredCase]:
        """Cases whose end onewindow has neither acknowledged nor refused for good."""
        return self._cases("reported = 0")

    def refused(self) -> Sequence[RegisteredCase]:
        """Cases whose report onewindow has refused for good; people settle them with the street."""
        return self._cases("refusal <> ''")

    def settle(self, key: str, refusal: str = "") -> None:
        """Record that onewindow has acknowledged the end of the case, or refused its report for good."""
        self._connection.execute("update received set reported = 1, refusal = ? where key = ?", (refusal, key))

    def changes(self, cursor: int, limit: int) -> tuple[Sequence[RegisteredCase], int]:
        """Changes after the cursor, each case as it stands now, and the cursor of the last one."""
        columns = ", ".join(f"received.{name.strip()}" for name in _COLUMNS.split(","))
        sql = (
            f"select {columns}, changed.cursor from changed join received using (key)"
            " where changed.cursor > ? order by changed.cursor limit ?"
        )
        rows = self._connection.execute(sql, (cursor, limit)).fetchall()
        return [RegisteredCase(*row[:-1]) for row in rows], rows[-1][-1] if rows else cursor

    @contextmanager
    def _change(self, key: str) -> Iterator[None]:
        """One transaction of what changes a case and of its line in the list, so that a kill leaves both or neither."""
        self._connection.execute("begin immediate")
        try:
            yield
            self._connection.execute("insert into changed (key) values (?)", (key,))
            self._connection.execute("commit")
        except BaseException:
            self._connection.execute("rollback")
            raise

    def _cases(self, condition: str, *values: str) -> list[RegisteredCase]:
        rows = self._connection.execute(f"select {_COLUMNS} from received where {condition}", values)
        return [RegisteredCase(*row) for row in rows]
