"""Event store in PostgreSQL: one statement to read, one to write, each with its scope set inside."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

import asyncpg

from chassis.event_store.model import (
    NO_DIGEST,
    Answered,
    Append,
    AppendResult,
    Drawn,
    FileKey,
    IdempotencyKey,
    Loaded,
    chain,
)
from chassis.event_store.store import KeyTaken, TextTaken
from chassis.postgres.database import Connection, Pool, away_as_refusal
from chassis.refusals import NotPermitted
from chassis.scope import acting_scope
from chassis.telemetry import traces

RACES = frozenset({"fact_pkey", "cause_pkey", "vault_key_pkey"})
"""Constraints whose violation means that another change was faster: by revision, request id or data key."""

_LOAD = "select * from load_file($1, $2, $3, $4, $5, $6, $7, $8)"
_CHANGE = f"select change_file({', '.join(f'${n}' for n in range(1, 26))})"
_TEXTS = "select * from read_texts($1, $2, $3, $4, $5)"
_LOAD_MANY = "select * from load_files($1, $2, $3)"
_CHANGE_MANY = f"select change_files({', '.join(f'${n}' for n in range(1, 27))})"
_DRAW = "select * from draw_serials($1, $2, $3)"


class PostgresStore:
    """Store of a service: calls through the pool `rpc`, batches through `worker`."""

    def __init__(self, rpc: Pool, worker: Pool) -> None:
        self._rpc = rpc
        self._worker = worker

    async def load(self, key: FileKey, cause: IdempotencyKey | None, serials: Sequence[str] = ()) -> Loaded:
        """File, any earlier answer to the cause, and a number from each counter named; one round trip."""
        scope = acting_scope(key.scope)
        names = sorted(serials)
        with _refusals():
            row = await self._rpc.fetchrow(
                _LOAD, scope.district, scope.street, key.district, key.street, key.file_id,
                cause and cause.caller, cause and cause.request_id, names or None,
            )  # fmt: skip # the arguments of a statement, in its order
        assert row is not None  # a function with out parameters returns one row
        numbers = dict(zip(names, row["serials"] or (), strict=False))  # none are drawn for an answered cause
        return _loaded(row, tuple([numbers[name] for name in serials]) if numbers else (), _answered(row))

    async def append(self, change: Append, recorded_at: datetime) -> None:
        """Writes the change; one round trip, one commit."""
        key, cause, records, texts = change.key, change.cause, change.records, change.texts
        scope = acting_scope(key.scope)
        bodies = [record.body for record in records]
        with _refusals():
            await self._rpc.fetchval(
                _CHANGE, scope.district, scope.street, key.district, key.street, key.file_id, change.expected_revision,
                change.head,
                [record.event_id for record in records], [record.kind for record in records],
                [record.occurred_on for record in records], [record.actor for record in records],
                bodies, chain(change.head, bodies), recorded_at,
                cause and cause.caller, cause and cause.request_id, cause and cause.fingerprint, change.answer,
                None if change.projection is None else f"[{as_json(change.projection)}]",
                list(texts) or None, list(texts.values()) or None, change.file_key, change.sealed, change.erase,
                traces.parent(),
            )  # fmt: skip # the arguments of a statement, in its order

    async def texts(self, key: FileKey) -> tuple[bytes | None, Mapping[str, bytes]]:
        """Wrapped data key and every ciphertext of the file."""
        scope = acting_scope(key.scope)
        with _refusals():
            row = await self._rpc.fetchrow(_TEXTS, scope.district, scope.street, key.district, key.street, key.file_id)
        assert row is not None  # a function with out parameters returns one row
        return row["file_key"], dict(zip(row["names"] or (), row["ciphertexts"] or (), strict=True))

    async def load_many(self, keys: Sequence[FileKey]) -> list[Loaded]:
        """Files, in the order of `keys`; one statement."""
        with _refusals():
            async with self._worker.acquire() as connection:
                return await load_many(connection, keys)

    async def append_many(self, changes: Sequence[Append], recorded_at: datetime) -> list[AppendResult]:
        """Writes changes of different files in one statement; one result for each."""
        with _refusals():
            async with self._worker.acquire() as connection:
                return await append_many(connection, changes, recorded_at)

    async def draw(self, district: str, counts: Mapping[str, int]) -> Drawn:
        """Draws consecutive numbers of each counter; the first of each."""
        with _refusals():
            rows = await self._worker.fetch(_DRAW, district, list(counts), list(counts.values()))
        return {row["name"]: row["first"] for row in rows}


async def load_many(connection: Connection, keys: Sequence[FileKey]) -> list[Loaded]:
    """Files, in the order of `keys`, inside the connection's transaction."""
    if not keys:
        return []
    rows = await connection.fetch(
        _LOAD_MANY, [key.district for key in keys], [key.street for key in keys], [key.file_id for key in keys]
    )
    return [_loaded(row) for row in rows]


async def append_many(connection: Connection, changes: Sequence[Append], recorded_at: datetime) -> list[AppendResult]:
    """Writes changes of different files inside the connection's transaction; one result for each."""
    if not changes:
        return []
    keys = [change.key for change in changes]
    causes = [change.cause for change in changes]
    outcomes = await connection.fetchval(
        _CHANGE_MANY,
        [key.district for key in keys], [key.street for key in keys], [key.file_id for key in keys],
        [change.expected_revision for change in changes], [len(change.records) for change in changes],
        [cause and cause.caller for cause in causes], [cause and cause.request_id for cause in causes],
        [cause and cause.fingerprint for cause in causes], [change.answer for change in changes],
        [None if change.projection is None else as_json(change.projection) for change in changes],
        [change.file_key for change in changes], [change.sealed for change in changes],
        [change.erase for change in changes],
        *_columns(8, _facts(changes)), *_columns(3, _texts(changes)), recorded_at, traces.parent(),
    )  # fmt: skip # the arguments of a statement, in its order
    return [AppendResult(outcome) for outcome in outcomes]


def as_json(projection: Mapping[str, object]) -> str:
    """A projection as JSON for the SQL function `project`."""
    return json.dumps(projection, default=_as_text, ensure_ascii=False, separators=(",", ":"))


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        with away_as_refusal():
            yield
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "vault_text_pkey":
            raise TextTaken from error
        if error.constraint_name not in RACES:
            raise
        raise KeyTaken(by_cause=error.constraint_name == "cause_pkey") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotPermitted from error


def _loaded(row: asyncpg.Record, serials: tuple[int, ...] = (), answered: Answered | None = None) -> Loaded:
    bodies, head = row["bodies"] or (), row["head"] or NO_DIGEST
    return Loaded(row["revision"], head, tuple(bodies), row["file_key"], serials, answered)


def _answered(row: asyncpg.Record) -> Answered | None:
    if row["answered_file"] is None:
        return None
    key = FileKey(row["answered_district"], row["answered_street"], row["answered_file"])
    return Answered(key, row["answered_revision"], row["fingerprint"], row["answer"])


def _facts(changes: Sequence[Append]) -> Iterator[tuple[object, ...]]:
    for n, change in enumerate(changes, start=1):
        digests = chain(change.head, [record.body for record in change.records])
        for ahead, (record, digest) in enumerate(zip(change.records, digests, strict=True), start=1):
            yield (
                n, change.expected_revision + ahead, record.event_id, record.kind, record.occurred_on, record.actor,
                record.body, digest,
            )  # fmt: skip # one row, in the statement's order


def _texts(changes: Sequence[Append]) -> Iterator[tuple[object, ...]]:
    for n, change in enumerate(changes, start=1):
        yield from ((n, *text) for text in change.texts.items())


def _columns(width: int, rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a projection cannot hold {type(value).__name__}")
