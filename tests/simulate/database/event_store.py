"""Twins of the event store, the outboxes and the sweeps: chassis/sql/20_event_store.sql, 30_batches.sql."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from chassis.event_store import postgres_store
from chassis.postgres import database as chassis_database
from protocol import recount_table
from tests.simulate.database.causes import cause_of, require_new, store_cause
from tests.simulate.database.pool import Twin, scalar
from tests.simulate.database.publication import drawn, publication_twins, set_scope
from tests.simulate.database.schema import Row
from tests.simulate.database.storage import Transaction, always, violation

Project: TypeAlias = Callable[[Transaction, Sequence[Mapping[str, Any]]], None]
"""The `project` of a service: writes the projections of changed files."""


def event_store_twins(project: Project) -> dict[str, Twin]:
    """The statements of every service with facts."""

    def change_file(tx: Transaction, *arguments: Any) -> Sequence[Row]:
        _change_file(tx, project, *arguments)
        return scalar(None)

    def change_files(tx: Transaction, *arguments: Any) -> Sequence[Row]:
        return scalar(_change_files(tx, project, *arguments))

    return {
        postgres_store._LOAD: _load_file,
        postgres_store._CHANGE: change_file,
        postgres_store._TEXTS: _read_texts,
        postgres_store._LOAD_MANY: _load_files,
        postgres_store._CHANGE_MANY: change_files,
        chassis_database._SET_SCOPE: set_scope,
        recount_table._VERSIONS: _open_versions,
        **publication_twins(),
    }


_OPEN: Mapping[str, Callable[[Row], bool]] = {
    "application": lambda row: row["answer_due_on"] is not None or row["own_stage"] == 2,
    "case_file": lambda row: row["closed_on"] is None,
    "dossier": lambda row: row["deliver_by"] is not None and row["delivered_on"] is None,
}
"""The files of each service whose dates a notice can move: the view `recount_file`."""


def _open_versions(tx: Transaction, district: str) -> Sequence[Row]:
    """The calendars by which open files stand; no history publishes holidays, so that no page follows."""
    rows = (
        row
        for table, is_open in _OPEN.items()
        if table in tx.database.rows
        for row in tx.rows(table)
        if row["district"] == district and is_open(row)
    )
    return [{"calendar_version": version} for version in sorted({row["calendar_version"] or "" for row in rows})]


def project_into(*tables: str) -> Project:
    """The `project` that one upsert for each table makes."""

    def project(tx: Transaction, projections: Sequence[Mapping[str, Any]]) -> None:
        for table in tables:
            schema = tx.database.schema[table]
            for projection in projections:
                written = projection.get(table, ())
                for one in [written] if isinstance(written, Mapping) else written:
                    row = schema.read(one)
                    tx.upsert(table, row, always(row))

    return project


def _file(tx: Transaction, district: str, street: str, file_id: UUID) -> list[Row]:
    """The facts of a file in their order."""
    facts: list[Row] = []
    while (fact := tx.get("fact", (district, street, file_id, len(facts) + 1))) is not None:
        facts.append(fact)
    return facts if facts and tx.sees(facts[0]) else []


def _wrapped(tx: Transaction, district: str, street: str, file_id: UUID) -> bytes | None:
    row = tx.get("vault_key", (district, street, file_id))
    return row["wrapped"] if row is not None and tx.sees(row) else None


def _loaded(facts: Sequence[Row]) -> Row:
    return {
        "revision": len(facts),
        "head": facts[-1]["digest"] if facts else None,
        "bodies": [fact["body"] for fact in facts] or None,
    }


def _load_file(tx: Transaction, *arguments: Any) -> Sequence[Row]:
    (
        scope_district,
        scope_street,
        district,
        street,
        file_id,
        caller,
        request_id,
        serials,
    ) = arguments
    tx.set_scope(scope_district, scope_street)
    cause = cause_of(tx, caller, request_id, street) if caller is not None else None
    if cause is not None:
        district, street, file_id = cause["district"], cause["street"], cause["file_id"]
    row = _loaded(_file(tx, district, street, file_id))
    row["file_key"] = _wrapped(tx, district, street, file_id)
    row["serials"] = None
    row["answer"] = cause and cause["answer"]
    row["fingerprint"] = cause and cause["fingerprint"]
    row["answered_district"] = cause and cause["district"]
    row["answered_street"] = cause and cause["street"]
    row["answered_file"] = cause and cause["file_id"]
    row["answered_revision"] = cause and cause["revision"]
    if serials is not None and cause is None:
        row["serials"] = [drawn(tx, district, name, 1) for name in serials]
    return [row]


def _change_file(tx: Transaction, project: Project, *arguments: Any) -> None:
    (
        scope_district,
        scope_street,
        district,
        street,
        file_id,
        expected,
        head,
        event_ids,
        kinds,
        occurred_on,
        actors,
        bodies,
        digests,
        recorded_at,
        caller,
        request_id,
        fingerprint,
        answer,
        projections,
        text_names,
        texts,
        file_key,
        sealed,
        erase,
        trace,
    ) = arguments
    tx.set_scope(scope_district, scope_street)
    file = (district, street, file_id)
    if expected > 0:
        fact = tx.get("fact", (*file, expected))
        if fact is None or not tx.sees(fact) or fact["digest"] != head:
            raise violation("fact_pkey")
    facts = list(zip(event_ids, kinds, occurred_on, actors, bodies, digests, strict=True))
    _append(tx, file, expected, facts, recorded_at, trace)
    if caller is not None:
        require_new(tx, caller, request_id, street)
        store_cause(tx, (caller, request_id), file, expected + len(facts), (fingerprint, answer, recorded_at))
    if projections is not None:
        project(tx, json.loads(projections))
    if erase:
        _erase(tx, file)
    if file_key is not None:
        _insert_key(tx, file, file_key)
    for name, text in zip(text_names or (), texts or (), strict=True):
        _store_text(tx, file, name, text)
    if sealed is not None:
        _seal(tx, file, expected + len(facts), sealed)


def _append(
    tx: Transaction,
    file: tuple[str, str, UUID],
    expected: int,
    facts: Sequence[tuple[Any, ...]],
    recorded_at: datetime,
    trace: str | None,
) -> None:
    district, street, file_id = file
    if facts:
        tx.require_scope(district, street)
    for revision, (event_id, kind, on, actor, body, digest) in enumerate(facts, start=expected + 1):
        fact = tx.insert_new(
            "fact",
            {
                "district": district,
                "street": street,
                "file_id": file_id,
                "revision": revision,
                "event_id": event_id,
                "kind": kind,
                "occurred_on": on,
                "recorded_at": recorded_at,
                "actor": actor,
                "body": body,
                "digest": digest,
            },
        )
        # The fact of an outbox row is found by its number in PostgreSQL; here the row remembers its key.
        tx.insert_new("outbox", {"seq": fact["seq"], "district": district, "trace": trace, "_fact": (*file, revision)})


def _erase(tx: Transaction, file: tuple[str, str, UUID]) -> None:
    for table in ("vault_text", "vault_key", "sealed_sent"):
        for row in tx.rows(table):
            if (row["district"], row["street"], row["file_id"]) == file:
                tx.delete(table, row)


def _insert_key(tx: Transaction, file: tuple[str, str, UUID], wrapped: bytes) -> None:
    tx.require_scope(file[0], file[1])
    tx.insert_new("vault_key", {"district": file[0], "street": file[1], "file_id": file[2], "wrapped": wrapped})


def _store_text(tx: Transaction, file: tuple[str, str, UUID], name: str, text: bytes) -> None:
    row = {"district": file[0], "street": file[1], "file_id": file[2], "name": name, "ciphertext": text}
    tx.insert_new("vault_text", row)


def _seal(tx: Transaction, file: tuple[str, str, UUID], revision: int, body: bytes) -> None:
    tx.insert_new(
        "sealed_outbox",
        {"district": file[0], "street": file[1], "file_id": file[2], "revision": revision, "body": body},
    )


def _read_texts(
    tx: Transaction, scope_district: str, scope_street: str, district: str, street: str, file_id: UUID
) -> Sequence[Row]:
    tx.set_scope(scope_district, scope_street)
    file = (district, street, file_id)
    texts = [
        row
        for row in tx.rows("vault_text")
        if (row["district"], row["street"], row["file_id"]) == file and tx.sees(row)
    ]
    texts.sort(key=lambda row: row["name"])
    return [
        {
            "file_key": _wrapped(tx, *file),
            "names": [row["name"] for row in texts] or None,
            "ciphertexts": [row["ciphertext"] for row in texts] or None,
        }
    ]


def _load_files(
    tx: Transaction, districts: Sequence[str], streets: Sequence[str], file_ids: Sequence[UUID]
) -> Sequence[Row]:
    return [
        _loaded(_file(tx, *file)) | {"file_key": _wrapped(tx, *file)}
        for file in zip(districts, streets, file_ids, strict=True)
    ]


class _Changes(NamedTuple):
    """The arguments of `change_files`, in their order."""

    districts: Sequence[str]
    streets: Sequence[str]
    file_ids: Sequence[UUID]
    expected: Sequence[int]
    counts: Sequence[int]
    callers: Sequence[str | None]
    request_ids: Sequence[str | None]
    fingerprints: Sequence[bytes | None]
    answers: Sequence[bytes]
    projections: Sequence[str | None]
    file_keys: Sequence[bytes | None]
    sealed: Sequence[bytes | None]
    erase: Sequence[bool]
    fact_of: Sequence[int]
    revisions: Sequence[int]
    event_ids: Sequence[UUID]
    kinds: Sequence[str]
    occurred_on: Sequence[date]
    actors: Sequence[str]
    bodies: Sequence[bytes]
    digests: Sequence[bytes]
    text_of: Sequence[int]
    text_names: Sequence[str]
    texts: Sequence[bytes]
    recorded_at: datetime
    trace: str | None

    def file(self, n: int) -> tuple[str, str, UUID]:
        """The file of a change."""
        return self.districts[n], self.streets[n], self.file_ids[n]

    def facts(self, n: int) -> list[tuple[Any, ...]]:
        """The facts of a change in their order."""
        columns = (self.event_ids, self.kinds, self.occurred_on, self.actors, self.bodies, self.digests)
        facts = zip(self.fact_of, self.revisions, *columns, strict=True)
        return [fact[2:] for fact in sorted(fact for fact in facts if fact[0] == n + 1)]


def _change_files(tx: Transaction, project: Project, *arguments: Any) -> list[int]:
    changes = _Changes(*arguments)
    outcomes = [_outcome(tx, changes, n) for n in range(len(changes.districts))]
    written = [n for n, outcome in enumerate(outcomes) if outcome == 1]
    for n in written:
        _append(tx, changes.file(n), changes.expected[n], changes.facts(n), changes.recorded_at, changes.trace)
    for n in written:
        if changes.callers[n] is not None:
            cause, revision = (changes.callers[n], changes.request_ids[n]), changes.expected[n] + changes.counts[n]
            answered = (changes.fingerprints[n], changes.answers[n], changes.recorded_at)
            store_cause(tx, cause, changes.file(n), revision, answered)
    project(tx, [json.loads(projected) for n in written if (projected := changes.projections[n]) is not None])
    for n in written:
        if changes.erase[n]:
            _erase(tx, changes.file(n))
        if (key := changes.file_keys[n]) is not None:
            _insert_key(tx, changes.file(n), key)
    for of, name, text in zip(changes.text_of, changes.text_names, changes.texts, strict=True):
        if outcomes[of - 1] == 1:
            _store_text(tx, changes.file(of - 1), name, text)
    for n in written:
        if (envelope := changes.sealed[n]) is not None:
            _seal(tx, changes.file(n), changes.expected[n] + changes.counts[n], envelope)
    return outcomes


def _outcome(tx: Transaction, changes: _Changes, n: int) -> int:
    caller = changes.callers[n]
    if caller is not None and tx.get("cause", (caller, changes.request_ids[n])) is not None:
        return 2
    return 1 if len(_file(tx, *changes.file(n))) == changes.expected[n] else 0
