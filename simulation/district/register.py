"""The district's own register of cases: kept on disk, decided after some working days, every change in order."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path

_SCHEMA = """
create table if not exists received (
  key text primary key, case_id text not null, number text not null, district_number text not null,
  received_on text not null, decides_on text not null, stage text not null default 'received',
  outcome text not null default '', decided_on text not null default '', reasons text not null default '',
  report_key text not null default '', reported integer not null default 1);
create table if not exists changed (cursor integer primary key autoincrement, key text not null);
create index if not exists due on received (decides_on) where stage = 'received';
create index if not exists unreported on received (reported) where reported = 0;
"""
_COLUMNS = (
    "key, case_id, number, district_number, received_on, decides_on, stage, outcome, decided_on, reasons, report_key"
)

ALTERABLE = frozenset({"district_number", "received_on", "stage", "outcome", "decided_on", "reasons"})
"""What a test may write differently from what the street has."""


@dataclass(frozen=True, slots=True)
class DistrictCase:
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
    reasons: str = ""
    report_key: str = ""


class DistrictRegister:
    """Cases by the key of the hand-off."""

    def __init__(self, path: Path | None) -> None:
        self._connection = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = off")
        self._connection.executescript(_SCHEMA)

    def find(self, key: str) -> DistrictCase | None:
        """The case with that key, if it was ever received."""
        row = self._connection.execute(f"select {_COLUMNS} from received where key = ?", (key,)).fetchone()
        return DistrictCase(*row) if row else None

    def receive(self, case: DistrictCase) -> DistrictCase:
        """Take a case; a key that is known keeps its first answer."""
        known = self.find(case.key)
        if known is not None:
            return known
        self._connection.execute(
            f"insert into received ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            astuple(case),
        )
        self._connection.execute("insert into changed (key) values (?)", (case.key,))
        return case

    def count(self) -> int:
        """How many cases were ever received."""
        return int(self._connection.execute("select count(*) from received").fetchone()[0])

    def open(self) -> int:
        """How many cases wait for their decision."""
        return int(self._connection.execute("select count(*) from received where stage = 'received'").fetchone()[0])

    def due(self, today: date) -> Sequence[DistrictCase]:
        """Cases to be decided by that day."""
        sql = f"select {_COLUMNS} from received where stage = 'received' and decides_on <= ?"
        return [DistrictCase(*row) for row in self._connection.execute(sql, (today.isoformat(),))]

    def close(self, key: str, stage: str, outcome: str, decided_on: str, reasons: str) -> None:
        """Record how a case ended; it is to be reported from now on."""
        self._connection.execute(
            "update received set stage = ?, outcome = ?, decided_on = ?, reasons = ?, report_key = ?, reported = 0"
            " where key = ?",
            (stage, outcome, decided_on, reasons, f"{stage}:{key}"[:64], key),
        )
        self._connection.execute("insert into changed (key) values (?)", (key,))

    def withdraw(self, key: str) -> None:
        """The applicant stopped it; one that has ended stays as it ended."""
        changed = self._connection.execute(
            "update received set stage = 'withdrawn' where key = ? and stage = 'received'", (key,)
        )
        if changed.rowcount:
            self._connection.execute("insert into changed (key) values (?)", (key,))

    def forget(self, key: str) -> bool:
        """Lose a case, as a restored backup does; whether there was one."""
        return bool(self._connection.execute("delete from received where key = ?", (key,)).rowcount)

    def alter(self, key: str, told: Mapping[str, str]) -> bool:
        """Write something else on a case, without a change in the list; whether there was one. Raises ValueError."""
        if not told or not told.keys() <= ALTERABLE:
            raise ValueError(f"one or more of {', '.join(sorted(ALTERABLE))}")
        columns = ", ".join(f"{name} = ?" for name in told)
        sql = f"update received set {columns} where key = ?"
        return bool(self._connection.execute(sql, (*told.values(), key)).rowcount)

    def unreported(self) -> Sequence[DistrictCase]:
        """Cases whose end onewindow has not acknowledged yet."""
        sql = f"select {_COLUMNS} from received where reported = 0"
        return [DistrictCase(*row) for row in self._connection.execute(sql)]

    def reported(self, key: str) -> None:
        """Onewindow has acknowledged the end of the case."""
        self._connection.execute("update received set reported = 1 where key = ?", (key,))

    def changes(self, cursor: int, limit: int) -> tuple[Sequence[DistrictCase], int]:
        """What changed after the cursor, as it stands now, and the cursor for the next question."""
        columns = ", ".join(f"received.{name.strip()}" for name in _COLUMNS.split(","))
        sql = (
            f"select {columns}, changed.cursor from changed join received using (key)"
            " where changed.cursor > ? order by changed.cursor limit ?"
        )
        rows = self._connection.execute(sql, (cursor, limit)).fetchall()
        return [DistrictCase(*row[:-1]) for row in rows], rows[-1][-1] if rows else cursor
