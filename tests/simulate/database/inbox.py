"""Twins of the inbox: chassis/sql/40_inbox.sql and the statements of chassis/inbox/store.py."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from chassis.inbox import store
from protocol import calendars, known_places
from tests.simulate.database.pool import Twin, scalar
from tests.simulate.database.schema import Row
from tests.simulate.database.storage import Transaction, violation

ProjectReceived: TypeAlias = Callable[[Transaction, Mapping[str, Any]], None]
"""The `project_received` of a service whose received events write rows."""
File: TypeAlias = tuple[str, str, UUID]

_PROJECT = "select project_received($1)"
_HEARD = ("intake", "approval", "notify")
_PARTS = ("district", "street", "file_id", "revision", "event_id", "kind", "body")


def inbox_twins(project_received: ProjectReceived | None) -> dict[str, Twin]:
    """The statements of every service that receives events."""

    def project(tx: Transaction, rows: str) -> Sequence[Row]:
        assert project_received is not None
        project_received(tx, json.loads(rows))
        return scalar(None)

    def apply_at_once(
        tx: Transaction,
        source: str,
        known: Sequence[str],
        ordered: bool,  # in the order of the statement
        rows: str | None,
        *columns: Sequence[Any],
    ) -> Sequence[Row]:
        events = _events(columns)
        if not _in_order(tx, source, known, events, ordered=ordered):
            return scalar(False)
        if len(_store(tx, source, events)) < len(events):
            raise violation("inbox_apply")
        if rows is not None:
            project(tx, rows)
        return scalar(True)

    return {
        store._ADMIT_AND_PROJECT: apply_at_once,
        store._ADMIT: _admit,
        store._NEWLY_PARKED: _newly_parked,
        store._HAS_REACHED: _has_reached,
        store._RELEASED: _released,
        store._BURY: _bury,
        store._HELD_BACK: _held_back,
        _PROJECT: project,
        calendars._SELECT: _calendar_notices,
        known_places._NEWEST: _newest_body,
        known_places._RECEIVED: _received_street,
        "select current_setting('app.district')": lambda tx: scalar(tx.district),
    }


def _newest_body(tx: Transaction, source: str, district: str, street: str, file_id: UUID, kind: str) -> Sequence[Row]:
    file = (source, district, street, file_id, kind)
    found = [
        row
        for row in tx.rows("inbox")
        if (row["source"], row["district"], row["street"], row["file_id"], row["kind"]) == file and tx.sees(row)
    ]
    return scalar(max(found, key=lambda row: row["revision"])["body"]) if found else []


def _received_street(tx: Transaction, district: str, street: str) -> Sequence[Row]:
    found = (
        row
        for row in tx.rows("inbox_offset")
        if (row["district"], row["street"]) == (district, street) and tx.sees(row)
    )
    return scalar(any(row["source"] in _HEARD for row in found))


def store_notice(tx: Transaction, *arguments: Any) -> Sequence[Row]:
    """The newest notice of a year, in the services that store those they received."""
    (
        district,
        year,
        number,
        days_off,
        makeup,
        version,
        recorded_at,
    ) = arguments
    row = {
        "district": district,
        "year": year,
        "number": number,
        "days_off": list(days_off),
        "makeup_days": list(makeup),
        "calendar_version": version,
        "recorded_at": recorded_at,
    }
    tx.upsert("calendar_notice", row, lambda there: row if there["recorded_at"] < recorded_at else None)
    return []


def _calendar_notices(tx: Transaction) -> Sequence[Row]:
    return sorted(tx.rows("calendar_notice"), key=lambda row: (row["recorded_at"], row["year"]))


def _events(columns: Sequence[Sequence[Any]]) -> list[Row]:
    return [dict(zip(_PARTS, event, strict=True)) for event in zip(*columns, strict=True)]


def _file(event: Row) -> File:
    return event["district"], event["street"], event["file_id"]


def _offset(tx: Transaction, source: str, file: File) -> Row | None:
    """The offset of a file; it is locked where there is one."""
    row = tx.get("inbox_offset", (source, *file))
    if row is not None:
        tx.lock(("inbox_offset", (source, *file)))
    return row


def _in_order(tx: Transaction, source: str, known: Sequence[str], events: Sequence[Row], *, ordered: bool) -> bool:
    before: dict[File, int] = {}
    in_order = True
    for event in events:
        file = _file(event)
        offset = _offset(tx, source, file)
        held = offset is not None and offset["state"] == "parked"
        reached = offset["revision"] if offset is not None else 0
        if ordered:
            right = event["revision"] == before.get(file, reached) + 1
        else:
            right = event["revision"] > before.get(file, 0)
        in_order = in_order and right and not held and event["kind"] in known
        before[file] = event["revision"]
    return in_order and not any(row["source"] == source for row in tx.rows("parked"))


def _store(tx: Transaction, source: str, events: Sequence[Row]) -> list[UUID]:
    """Stores events that are due, and moves the offsets of their files; the ids of those that are new."""
    stored = []
    for event in events:
        if tx.insert("inbox", {"source": source, **event}) is not None:
            stored.append(event["event_id"])
    last: dict[File, int] = {}
    for event in events:
        last[_file(event)] = max(event["revision"], last.get(_file(event), 0))
    for (district, street, file_id), revision in last.items():
        row = {
            "source": source,
            "district": district,
            "street": street,
            "file_id": file_id,
            "revision": revision,
        }
        tx.upsert("inbox_offset", row, _not_before(revision))
    return stored


def _not_before(revision: int) -> Callable[[Row], Mapping[str, Any] | None]:
    return lambda there: {"revision": max(there["revision"], revision)}


def _admit(
    tx: Transaction,
    source: str,
    known: Sequence[str],
    ordered: bool,  # in the order of the statement
    alone: bool,
    *columns: Sequence[Any],
) -> Sequence[Row]:
    events = _events(columns)
    if _in_order(tx, source, known, events, ordered=ordered):
        stored = set(_store(tx, source, events))
        if len(stored) == len(events):
            return [{"n": 0}]
        return [{"n": n} for n, event in enumerate(events, start=1) if event["event_id"] in stored]
    return _sorted_in(tx, source, known, events, ordered=ordered, alone=alone)


def _sorted_in(
    tx: Transaction, source: str, known: Sequence[str], events: Sequence[Row], *, ordered: bool, alone: bool
) -> Sequence[Row]:
    """Each event by itself: due, repeated, early, behind a dead letter or unknown; with the parked ones it releases."""
    by_file: dict[File, dict[int, tuple[Row, int | None]]] = {}
    for n, event in enumerate(events, start=1):
        by_file.setdefault(_file(event), {}).setdefault(event["revision"], (event, n))
    due: list[tuple[Row, int | None]] = []
    for file, incoming in by_file.items():
        offset = _offset(tx, source, file)
        reached = offset["revision"] if offset is not None else 0
        held = offset is not None and offset["state"] == "parked"
        waiting = {
            row["revision"]: row
            for row in tx.rows("parked")
            if (row["source"], *_file(row)) == (source, *file)
            and (not alone or any(event["revision"] == row["revision"] for event, _ in incoming.values()))
        }
        sequence: dict[int, tuple[Row, int | None]] = {revision: (row, None) for revision, row in waiting.items()}
        sequence |= incoming
        place, still_known = 0, True
        for revision in sorted(sequence):
            if ordered and revision <= reached:
                continue
            event, in_batch = sequence[revision]
            place += 1
            following = not ordered or place == revision - reached
            still_known = still_known and event["kind"] in known
            if following and still_known and not held:
                due.append((event, in_batch))
                if revision in waiting:
                    tx.delete("parked", waiting[revision])
            else:
                reason = "behind_dead_letter" if held else "unknown_kind" if following else "gap"
                _park(tx, source, event, reason)
    taken = set(_store(tx, source, [{part: event[part] for part in _PARTS} for event, _ in due]))
    return [
        {**{part: event[part] for part in _PARTS}, "n": n, "body": event["body"] if n is None else None}
        for event, n in due
        if event["event_id"] in taken
    ]


def _park(tx: Transaction, source: str, event: Row, reason: str) -> None:
    row = {"source": source, **{part: event[part] for part in _PARTS}, "reason": reason}
    tx.upsert("parked", row, lambda there: {"reason": reason} if there["reason"] != reason else None)


def _newly_parked(tx: Transaction, source: str, *columns: Sequence[Any]) -> Sequence[Row]:
    before, now = tx.database.rows["parked"], tx.writes.get("parked", {})
    keys = [(source, *file_and_revision) for file_and_revision in zip(*columns, strict=True)]
    return scalar(sum(now.get(key) is not None and key not in before for key in keys))


def _has_reached(tx: Transaction, source: str, district: str, street: str, file_id: UUID, revision: int) -> Any:
    row = tx.get("inbox_offset", (source, district, street, file_id))
    return scalar(row is not None and row["revision"] >= revision)


def _held_back(tx: Transaction, source: str, district: str, street: str, file_id: UUID, kind: str) -> Sequence[Row]:
    file = (district, street, file_id)
    parked = any(row["source"] == source and _file(row) == file for row in tx.rows("parked"))
    letters = [row for row in tx.rows("dead_letter") if row["source"] == source and row["redriven_at"] is None]
    unreadable = any(row["district"] == district and not row["street"] and row["kind"] in ("", kind) for row in letters)
    return scalar(parked or unreadable or any(_file(row) == file for row in letters))


def _released(
    tx: Transaction,
    source: str,
    known: Sequence[str],
    ordered: bool,  # in the order of the statement
    limit: int,
) -> Sequence[Row]:
    found = []
    for row in list(tx.rows("parked")):
        offset = tx.get("inbox_offset", (source, *_file(row)))
        state = offset["state"] if offset is not None else "open"
        reached = offset["revision"] if offset is not None else 0
        if row["source"] != source:
            continue
        if ordered and row["revision"] <= reached:
            tx.delete("parked", row)
            continue
        fits = row["kind"] in known and state == "open"
        if fits and (not ordered or row["revision"] == reached + 1):
            found.append(row)
    return found[:limit]


def _bury(tx: Transaction, *arguments: Any) -> Sequence[Row]:
    (
        source,
        district,
        street,
        file_id,
        revision,
        event_id,
        kind,
        body,
        error,
    ) = arguments
    event = dict(zip(_PARTS, (district, street, file_id, revision, event_id, kind, body), strict=True))
    same = [row for row in tx.rows("dead_letter") if row["source"] == source and row["event_id"] == event_id]
    if same:
        tx.update("dead_letter", same[0], {"error": error, "redriven_at": None, "asked_at": None})
    else:
        tx.insert_new("dead_letter", {"source": source, **event, "error": error, "redriven_at": None, "asked_at": None})
    parked = tx.get("parked", (source, district, street, file_id, revision))
    if parked is not None:
        tx.delete("parked", parked)
    offset = {
        "source": source,
        "district": district,
        "street": street,
        "file_id": file_id,
        "revision": revision - 1,
        "state": "parked",
    }
    tx.upsert("inbox_offset", offset, lambda _: {"state": "parked"})
    return []
