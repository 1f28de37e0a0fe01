"""Twins of intake: services/intake/sql and queries.sql."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.intake.adapters.codec import query
from tests.simulate.database.event_store import event_store_twins
from tests.simulate.database.inbox import inbox_twins
from tests.simulate.database.pool import Twin, scalar
from tests.simulate.database.schema import Row, schema_of
from tests.simulate.database.storage import Generated, Transaction, always

_OF_RECEIPT = frozenset(
    [
        "serial_number",
        "item_code",
        "item_name",
        "item_version",
        "line",
        "channel",
        "window_code",
        "district",
        "street",
        "application_id",
    ]
)
"""Columns of an application that its first fact gives, and no later one changes."""
_OF_DESKS = frozenset(
    [
        "case_closed_on",
        "case_outcome",
        "case_on_time",
        "case_early",
        "case_promised_due_on",
        "case_legal_due_on",
        "case_provisional",
        "case_district_outcome",
        "case_district_decided_on",
        "delivered_on",
    ]
)
"""Columns that follow from received events."""
_WITHDRAWN, _CLOSED, _CORRECTION = 5, 7, 2


def _application(row: Row) -> Mapping[str, Any]:
    if row.get("case_outcome") is None:
        stage, closed_on = row["own_stage"], row["own_closed_on"]
        on_time, early = row["own_on_time"], row["own_early"]
    else:
        stage = _WITHDRAWN if row["case_outcome"] == "withdrawn" else _CLOSED
        closed_on, on_time, early = row["case_closed_on"], row["case_on_time"], row["case_early"]
    outcome = row.get("case_outcome") or row["own_outcome"]
    return {"stage": stage, "closed_on": closed_on, "outcome": outcome, "on_time": on_time, "early": early}


GENERATED: Mapping[str, Generated] = {"application": _application}


def twins() -> dict[str, Twin]:
    """Every statement of intake that the histories use."""
    return {
        **event_store_twins(_project),
        **inbox_twins(_project_received),
        query("publications"): _publications,
        query("entries"): _entries,
        query("street_in_use"): _street_in_use,
        query("ended_pass"): _ended_pass,
        query("entry_facts"): _entry_facts,
        query("locate"): _locate,
        query("application"): _read_application,
        query("to_deem"): _to_deem,
        query("to_lapse"): _to_lapse,
    }


def figures(rows: Sequence[Row]) -> list[Row]:
    """The view `figures` over the rows of `application`."""
    return [
        {
            "number": row["number"] or row["serial_number"],
            "item": row["item_name"],
            "received_on": row["received_on"],
            "accepted_on": row["accepted_on"],
            "due_on": row["case_promised_due_on"] or row["promised_due_on"],
            "closed_on": row["closed_on"],
            "outcome": row["outcome"],
            "on_time": row["on_time"],
            "early": row["early"],
            "application_id": row["application_id"],
        }
        for row in rows
        if not row["street"].endswith("999")
    ]


def _project(tx: Transaction, projections: Sequence[Mapping[str, Any]]) -> None:
    schemas = schema_of("intake")
    for projection in projections:
        if (written := projection.get("application")) is not None:
            row = schemas["application"].read(written)
            kept = {name: value for name, value in row.items() if name not in _OF_RECEIPT | _OF_DESKS}
            tx.upsert("application", row, always(kept))
        if (written := projection.get("ticket")) is not None:
            row = schemas["ticket"].read(written)
            tx.upsert("ticket", row, always({name: row[name] for name in ("revision", "window_code")}))
        for table in ("catalogue_entry", "published_place"):
            if (written := projection.get(table)) is not None:
                row = schemas[table].read(written)
                tx.upsert(table, row, always({"revision": row["revision"]}))


_RECEIVED: Mapping[str, Mapping[str, str]] = {
    "closings": {
        "case_closed_on": "closed_on",
        "case_outcome": "outcome",
        "case_on_time": "on_time",
        "case_early": "early",
    },
    "decisions": {"case_district_outcome": "outcome", "case_district_decided_on": "decided_on"},
    "terms": {
        "case_promised_due_on": "promised_due_on",
        "case_legal_due_on": "legal_due_on",
        "case_provisional": "provisional",
    },
    "deliveries": {"delivered_on": "delivered_on"},
}


def _project_received(tx: Transaction, batch: Mapping[str, Any]) -> None:
    for part, columns in _RECEIVED.items():
        for given in batch.get(part, ()):
            row = tx.get("application", (given["district"], given["street"], UUID(given["application_id"])))
            if row is not None:
                changes = {column: given.get(name) for column, name in columns.items()}
                tx.update("application", row, {column: _day(column, value) for column, value in changes.items()})
    for given in batch.get("passes", ()):
        row = {**given, "case_id": UUID(given["case_id"])}
        tx.upsert("ended_pass", row, _not_before(given))


def _not_before(given: Mapping[str, Any]) -> Callable[[Row], Mapping[str, Any] | None]:
    """A history lasts less than a year of the machine's clock, so no end is deleted here."""
    return lambda there: {name: max(there[name], given[name]) for name in ("revision", "ended_ms")}


def _day(column: str, value: Any) -> Any:
    return date.fromisoformat(value) if column.endswith("_on") and value is not None else value


def _entries(tx: Transaction) -> Sequence[Row]:
    return [row for table in ("catalogue_entry", "published_place") for row in tx.rows(table) if tx.sees(row)]


def _street_in_use(tx: Transaction, district: str, street: str) -> Sequence[Row]:
    places = [(row["district"], row["street"]) for row in tx.rows("application")]
    return scalar((district, street) in places)


def _ended_pass(tx: Transaction, district: str, streets: Sequence[str], case_id: UUID) -> Sequence[Row]:
    rows = [tx.get("ended_pass", (district, street, case_id)) for street in streets]
    return [{"revision": row["revision"]} for row in rows if row is not None]


def _publications(tx: Transaction) -> Sequence[Row]:
    entries = _entries(tx)
    return [{"entries": len(entries), "publications": sum(row["revision"] for row in entries)}]


def _entry_facts(
    tx: Transaction, districts: Sequence[str], streets: Sequence[str], entry_ids: Sequence[UUID]
) -> Sequence[Row]:
    facts: list[Row] = []
    for entry in sorted(zip(districts, streets, entry_ids, strict=True), key=lambda entry: entry[2]):
        revision = 1
        while (fact := tx.get("fact", (*entry, revision))) is not None:
            facts.append(fact)
            revision += 1
    return facts


def _locate(tx: Transaction, application_id: UUID) -> Sequence[Row]:
    return [row for row in tx.rows("application") if row["application_id"] == application_id and tx.sees(row)]


def _read_application(
    tx: Transaction, district: str, street: str, application_id: UUID | None, number: str | None
) -> Sequence[Row]:
    tx.set_scope(district, street)
    for row in tx.rows("application"):
        named = row["application_id"] == application_id if application_id is not None else _numbered(row, number)
        if named and tx.sees(row):
            file = (row["district"], row["street"], row["application_id"])
            text, key = tx.get("vault_text", (*file, "applicant")), tx.get("vault_key", file)
            return [{**row, "applicant": text and text["ciphertext"], "file_key": key and key["wrapped"]}]
    return []


def _numbered(row: Row, number: str | None) -> bool:
    return number is not None and number in (row["number"], row["serial_number"])


def _to_deem(tx: Transaction, day: date, limit: int) -> Sequence[Row]:
    due = [row for row in tx.rows("application") if row["answer_due_on"] is not None and row["answer_due_on"] < day]
    return sorted(due, key=lambda row: row["answer_due_on"])[:limit]


def _to_lapse(tx: Transaction, day: date, limit: int) -> Sequence[Row]:
    waiting = [row for row in tx.rows("application") if row["own_stage"] == _CORRECTION and row["supply_by"]]
    return sorted([row for row in waiting if row["supply_by"] < day], key=lambda row: row["supply_by"])[:limit]
