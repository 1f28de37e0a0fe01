"""Twins of metrics: services/metrics/sql and queries.sql."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chassis.postgres.database import queries_of
from services.metrics import app
from services.metrics.adapters import figures
from tests.simulate.database.event_store import event_store_twins
from tests.simulate.database.inbox import inbox_twins
from tests.simulate.database.pool import Twin, scalar
from tests.simulate.database.publication import set_scope
from tests.simulate.database.schema import Row, schema_of
from tests.simulate.database.storage import Generated, Transaction

_query = queries_of("services.metrics")

_OBJECTS = frozenset({"corrections", "procedures", "referrals"})
"""Columns of `matter` that hold an object, merged by its keys."""
_TOGETHER = {
    "matter": ("desk_stage", "desk_closed_on", "desk_outcome", "desk_on_time", "desk_early"),
    "ticket": ("number",),
}
"""Columns that come together, whenever the first of them does: then null clears."""

_RECEIVED = ("submitted_received_on", "accepted_received_on", "window_closed_on")


def _matter(row: Row) -> Mapping[str, Any]:
    received = [on for on in (row["submitted_received_on"], row["accepted_received_on"]) if on is not None]
    desk, window = row["desk_outcome"], row["window_outcome"]
    completed = True if window == "completed" else None
    return {
        "received_on": min(received, default=None),
        "promised_due_on": row["term_promised_due_on"] or row["accepted_promised_due_on"],
        "legal_due_on": row["term_legal_due_on"] or row["accepted_legal_due_on"],
        "provisional": _first(row["term_provisional"], row["accepted_provisional"], False),
        "shown_number": _first(row["number"], row["serial_number"]),
        "closed_on": row["desk_closed_on"] or row["window_closed_on"],
        "outcome": desk or window,
        "instant": desk is None and window == "completed",
        "on_time": row["desk_on_time"] if desk is not None else completed,
        "early": row["desk_early"] if desk is not None else completed,
    }


def matter_figures(rows: Sequence[Row]) -> list[Row]:
    """The view `matter_figures`, as far as the other services have its columns."""
    return [
        {
            "received_on": min(on for name in _RECEIVED if (on := row[name]) is not None),
            **{name: row[name] for name in ("accepted_on", "closed_on", "outcome", "on_time", "early")},
            "number": row["shown_number"],
            "item": row["item_name"],
            "due_on": row["promised_due_on"],
            "application_id": row["application_id"],
        }
        for row in rows
        if row["submitted_on"] is not None and not row["street"].endswith("999")
    ]


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _ticket(row: Row) -> Mapping[str, Any]:
    taken, called = row["taken_at"], row["called_at"]
    return {"waiting_seconds": round((called - taken).total_seconds()) if taken and called else None}


GENERATED: Mapping[str, Generated] = {"matter": _matter, "ticket": _ticket}


def twins() -> dict[str, Twin]:
    """Every statement of metrics that the histories use."""
    return {
        **event_store_twins(lambda _tx, _projections: None),
        **inbox_twins(_project_received),
        figures._SET_SCOPE: set_scope,
        app._OF_STREET: _of_street,
        _query("matter"): _find_matter,
    }


def _of_street(tx: Transaction, district: str, street: str) -> Sequence[Row]:
    tables = ("matter", "hall_window", "ticket")
    found = (row for table in tables for row in tx.rows(table) if tx.sees(row))
    return scalar(any((row["district"], row["street"]) == (district, street) for row in found))


def _project_received(tx: Transaction, batch: Mapping[str, Any]) -> None:
    for table in ("matter", "ticket"):
        for given in sorted(batch.get(table, ()), key=lambda row: (row["district"], row["street"], _file(table, row))):
            _by_column(tx, table, given)
    for given in batch.get("card", ()):
        tx.upsert("card", (row := schema_of("metrics")["card"].read(given)), _if_newer(row, "revision"))
    for given in batch.get("void_card", ()):
        _void(tx, given)
    for table, of_version in (("item", "version"), ("hall_window", "revision")):
        for given in batch.get(table, ()):
            row = schema_of("metrics")[table].read(given)
            tx.upsert(table, row, _if_newer(row, of_version))
    for given in batch.get("fact_count", ()):
        row = schema_of("metrics")["fact_count"].read(given)
        tx.upsert("fact_count", row, _added(row["facts"]))


def _void(tx: Transaction, given: Row) -> None:
    void = schema_of("metrics")["card"].read(given)
    for row in tx.rows("card"):
        same = all(row[name] == void[name] for name in ("district", "street", "case_id", "level"))
        if same and (row["revision"] or 0) < void["revision"]:
            tx.upsert("card", row, lambda _there: {"void_on": void["void_on"]})


def _if_newer(row: Row, of_version: str) -> Callable[[Row], Mapping[str, Any] | None]:
    return lambda there: row if there[of_version] < row[of_version] else None


def _added(facts: int) -> Callable[[Row], Mapping[str, Any] | None]:
    return lambda there: {"facts": there["facts"] + facts}


def _file(table: str, row: Row) -> str:
    return str(row["application_id" if table == "matter" else "ticket_id"])


def _by_column(tx: Transaction, table: str, given: Row) -> None:
    row = schema_of("metrics")[table].read(given)
    together = _TOGETHER[table]
    for column in _OBJECTS:
        if row.get(column) is not None:
            row[column] = _merged(None, row[column])

    def changes(there: Row) -> Mapping[str, Any]:
        named = {name: value for name, value in row.items() if value is not None and name not in together}
        for column in _OBJECTS & named.keys():
            named[column] = _merged(there[column], named[column])
        return named if row[together[0]] is None else {**named, **{name: row[name] for name in together}}

    tx.upsert(table, row, changes)


def _merged(there: str | None, given: str) -> str:
    """Both objects as one, written as PostgreSQL writes jsonb: shorter keys first."""
    whole = json.loads(there or "{}") | json.loads(given)
    return json.dumps({key: whole[key] for key in sorted(whole, key=lambda key: (len(key), key))})


def _find_matter(tx: Transaction, district: str, number: str) -> Sequence[Row]:
    found = [
        row
        for row in tx.rows("matter")
        if row["district"] == district and number in (row["number"], row["serial_number"]) and tx.sees(row)
    ]
    return found[:1]
