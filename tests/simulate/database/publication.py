"""Twins of counters, of the outboxes, which publishers read, and of the days that sweeps have finished."""

from collections.abc import Sequence
from datetime import date

from chassis.event_store import postgres_store
from chassis.outbox.publisher import FactOutbox, SealedOutbox
from tests.simulate.database.pool import Twin
from tests.simulate.database.schema import Row
from tests.simulate.database.storage import Transaction

_SWEPT = "select sweep, max(day) as day from swept group by sweep"
_FINISH_SWEEP = "insert into swept (district, sweep, day) values ($1, $2, $3) on conflict do nothing"
_COUNTED = (
    "select count(*) as rows, coalesce(extract(epoch from clock_timestamp() - min(since)), 0)::float as seconds from {}"
)


def publication_twins() -> dict[str, Twin]:
    """The statements of counters, publishers and sweepers."""
    return {
        postgres_store._DRAW: _draw_serials,
        FactOutbox.select: _outbox,
        FactOutbox.remove: _publish,
        SealedOutbox.select: _sealed_outbox,
        SealedOutbox.remove: _publish_sealed,
        _COUNTED.format("outbox"): lambda tx: _count(tx, "outbox"),
        _COUNTED.format("sealed_outbox"): lambda tx: _count(tx, "sealed_outbox"),
        _SWEPT: _swept,
        _FINISH_SWEEP: _finish_sweep,
    }


def set_scope(tx: Transaction, district: str, street: str) -> Sequence[Row]:
    """The scope of the rest of a transaction."""
    tx.set_scope(district, street)
    return [{"district": district, "street": street}]


def _outbox(tx: Transaction, limit: int) -> Sequence[Row]:
    rows = sorted(tx.rows("outbox"), key=lambda row: row["seq"])[:limit]
    return [
        {**fact, "seq": row["seq"], "trace": row["trace"]}
        for row in rows
        if (fact := tx.get("fact", row["_fact"])) is not None
    ]


def _publish(tx: Transaction, numbers: Sequence[int], *_mark: object) -> Sequence[Row]:
    for number in numbers:
        if (row := tx.get("outbox", (number,))) is not None:
            tx.delete("outbox", row)
    return []


def _sealed_outbox(tx: Transaction, limit: int) -> Sequence[Row]:
    return sorted(tx.rows("sealed_outbox"), key=lambda row: row["seq"])[:limit]


def _publish_sealed(tx: Transaction, numbers: Sequence[int], *_mark: object) -> Sequence[Row]:
    for number in numbers:
        if (row := tx.get("sealed_outbox", (number,))) is not None:
            tx.delete("sealed_outbox", row)
            columns = ("event_id", "district", "street", "file_id", "revision", "body", "since")
            tx.insert("sealed_sent", {column: row[column] for column in columns})
    return []


def _count(tx: Transaction, table: str) -> Sequence[Row]:
    return [{"rows": len(tx.rows(table)), "seconds": 0.0}]


def _swept(tx: Transaction) -> Sequence[Row]:
    days: dict[str, date] = {}
    for row in tx.rows("swept"):
        days[row["sweep"]] = max(row["day"], days.get(row["sweep"], date.min))
    return [{"sweep": sweep, "day": day} for sweep, day in days.items()]


def _finish_sweep(tx: Transaction, district: str, sweep: str, day: date) -> Sequence[Row]:
    tx.insert("swept", {"district": district, "sweep": sweep, "day": day})
    return []


def drawn(tx: Transaction, district: str, name: str, count: int) -> int:
    """The last of so many numbers of a counter."""
    row = tx.upsert(
        "serial", {"district": district, "name": name, "last": count}, lambda there: {"last": there["last"] + count}
    )
    assert row is not None
    last: int = row["last"]
    return last


def _draw_serials(tx: Transaction, district: str, names: Sequence[str], counts: Sequence[int]) -> Sequence[Row]:
    wanted = sorted(zip(names, counts, strict=True))
    return [{"name": name, "first": drawn(tx, district, name, count) + 1 - count} for name, count in wanted]
