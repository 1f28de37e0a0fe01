"""Causes of changes in memory: the answer to a request, under the names of its caller."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.simulate.database.schema import Row
from tests.simulate.database.storage import Transaction, violation


def caller_names(caller: str, street: str) -> list[str]:
    """The names under which the answers to a caller may be stored: the whole one, and that of releases up to 0.2."""
    bare = re.sub(r"^(staff|machine)/[^/]*/", "", caller)
    if re.match(r"district$|sweep:|heard:", bare):
        return [caller]
    if bare != caller:
        return [caller, bare, *(["district"] if caller.startswith("machine/") else [])]
    return [caller, f"staff/{street}/{caller}", f"machine/*/{caller}", f"machine/{street}/{caller}"]


def cause_of(tx: Transaction, caller: str, request_id: str | None, street: str) -> Row | None:
    """The answer to a request, as far as the scope reaches; None without one."""
    for name in caller_names(caller, street):
        row = tx.get("cause", (name, request_id))
        if row is not None and tx.sees(row) and _is_answer_to(tx, caller, row):
            return row
    return None


def _is_answer_to(tx: Transaction, caller: str, cause: Row) -> bool:
    """True for an answer that the caller got itself: reports of every system were stored under `district` once."""
    if cause["caller"] != "district" or caller == "district":
        return True
    fact = tx.get("fact", (cause["district"], cause["street"], cause["file_id"], cause["revision"]))
    return fact is not None and fact["actor"] in (caller, re.sub(r"^machine/[^/]*/", "", caller))


def store_cause(
    tx: Transaction,
    cause: tuple[Any, Any],
    file: tuple[str, str, UUID],
    revision: int,
    answered: tuple[bytes | None, bytes, datetime],
) -> None:
    """Store the answer to a request. Raises UniqueViolationError."""
    tx.require_scope(file[0], file[1])
    tx.insert_new(
        "cause",
        {
            "caller": cause[0],
            "request_id": cause[1],
            "district": file[0],
            "street": file[1],
            "file_id": file[2],
            "revision": revision,
            "fingerprint": answered[0],
            "answer": answered[1],
            "recorded_at": answered[2],
        },
    )


def require_new(tx: Transaction, caller: str, request_id: str, street: str) -> None:
    """Pass where the request was answered under no other name of its caller. Raises UniqueViolationError."""
    names = [name for name in caller_names(caller, street) if name != caller]
    stored = [row for name in names if (row := tx.get("cause", (name, request_id))) is not None]
    if any(_is_answer_to(tx, caller, row) for row in stored):
        raise violation("cause_pkey")
