"""Twins of notify: services/notify/sql and queries.sql."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.notify.adapters.database import query
from tests.simulate.database.event_store import event_store_twins, project_into
from tests.simulate.database.inbox import inbox_twins, store_notice
from tests.simulate.database.pool import Twin
from tests.simulate.database.schema import Row
from tests.simulate.database.storage import Generated, Transaction, always

GENERATED: Mapping[str, Generated] = {}

_WAITING, _SENDING, _SUPERSEDED = 1, 2, 5
_KNOWN = [
    "item_code",
    "item_version",
    "item_name",
    "sensitive",
    "sms",
    "number",
    "applicant_index",
    "outcome",
    "decided_on",
    "withdrawn",
]
_UNSENT = {"tries": 0, "real_next_at": None, "sent_on": None, "gateway_id": "", "template_version": ""}
_NEW_MESSAGE = [
    "district",
    "street",
    "application_id",
    "message_id",
    "template",
    "phase",
    "stage_revision",
    "stage_on",
    "particulars",
    "state",
    "next_at",
]


def twins() -> dict[str, Twin]:
    """Every statement of notify that the histories use."""
    return {
        **event_store_twins(project_into("dossier", "document")),
        **inbox_twins(None),
        query("store_holidays"): store_notice,
        query("lock_matters"): _lock_matters,
        query("store_matters"): _store_matters,
        query("take_messages"): _take_messages,
        query("end_messages"): _end_messages,
        query("postpone_messages"): _postpone_messages,
        query("hold_messages"): _hold_messages,
        query("queue_size"): _queue_size,
        query("take_documents"): _take_documents,
        query("end_documents"): _end_documents,
        query("set_aside_document"): _set_aside_document,
        query("find_matter"): _matter_for_call,
        query("list_messages"): _list_messages,
    }


def _matter_key(row: Row) -> tuple[str, str, UUID]:
    return row["district"], row["street"], row["application_id"]


def _messages_of(tx: Transaction, key: tuple[str, str, UUID]) -> list[Row]:
    return [row for row in tx.rows("message") if _matter_key(row) == key]


def _lock_matters(tx: Transaction, *arguments: Any) -> Sequence[Row]:
    (
        districts,
        streets,
        ids,
        codes,
        versions,
        published,
    ) = arguments
    given: dict[tuple[str, str, UUID], tuple[str | None, int | None]] = {
        (district, street, application_id): (code, version)
        for district, street, application_id, code, version in zip(
            districts, streets, ids, codes, versions, strict=True
        )
    }
    for key in sorted(given):
        if tx.get("matter", key) is None:
            names = dict.fromkeys(_KNOWN)
            tx.insert(
                "matter", {**names, "district": key[0], "street": key[1], "application_id": key[2], "withdrawn": False}
            )
    if published is not None:
        for row in tx.rows("matter"):
            if row["sms"] is None and row["item_code"] in published and _matter_key(row) not in given:
                given[_matter_key(row)] = (None, None)
    for key in sorted(given):
        tx.lock(("matter", key))
    return [_locked(tx, key, given[key]) for key in sorted(given)]


def _locked(tx: Transaction, key: tuple[str, str, UUID], item: Sequence[Any]) -> Row:
    matter = tx.get("matter", key)
    assert matter is not None, "it was inserted where it was not stored"
    code, version = item[0] or matter["item_code"], item[1] or matter["item_version"]
    found = tx.get("item_version", (key[0], code, version)) if matter["sms"] is None else None
    dossier = tx.get("dossier", key)
    messages = [
        [str(row["message_id"]), row["template"], row["phase"], row["stage_revision"], row["state"]]
        for row in _messages_of(tx, key)
    ]
    return {
        **matter,
        "published_code": found and found["code"],
        "published_version": found and found["version"],
        "published_name": found and found["name"],
        "published_sensitive": found and found["sensitive"],
        "published_sms": found and found["sms"],
        "delivery_opened": dossier is not None and dossier["deliver_by"] is not None,
        "messages": json.dumps(messages) if messages else None,
    }


def _store_matters(tx: Transaction, *parts: str | None) -> Sequence[Row]:
    items, matters, new, suppressed, dropped, tasks = [json.loads(part) if part else [] for part in parts]
    schema = tx.database.schema
    for item in items:
        row = schema["item_version"].read(item)
        tx.insert("item_version", row)
    for matter in matters:
        row = schema["matter"].read(matter)
        tx.upsert("matter", row, always({name: row[name] for name in _KNOWN}))
    stored = {row["message_id"]: row for row in tx.rows("message")}
    for each in suppressed:
        there = stored.get(UUID(each["message_id"]))
        if there is not None and there["state"] == _WAITING:
            tx.update("message", there, {"state": _SUPERSEDED})
    for each in dropped:
        for row in _messages_of(tx, (each["district"], each["street"], UUID(each["application_id"]))):
            tx.delete("message", row)
    for task in tasks:
        row = schema["document_task"].read(task)
        tx.insert("document_task", {**row, "set_aside": False})
    for message in new:
        row = schema["message"].read(message)
        tx.insert("message", {**{name: row[name] for name in _NEW_MESSAGE}, **_UNSENT})
    return []


def _envelope(tx: Transaction, key: tuple[str, str, UUID]) -> Row | None:
    return tx.get("vault_text", (*key, "applicant"))


def _is_due(row: Row, now: datetime, clock: datetime) -> bool:
    return row["state"] in (_WAITING, _SENDING) and (
        row["next_at"] <= now or (row["real_next_at"] is not None and row["real_next_at"] <= clock)
    )


def _take_messages(tx: Transaction, now: datetime, limit: int) -> Sequence[Row]:
    clock = tx.database.clock()
    ready = []
    for row in sorted(tx.rows("message"), key=lambda row: (row["next_at"], row["message_id"])):
        key = _matter_key(row)
        matter = tx.get("matter", key)
        if _is_due(row, now, clock) and matter and matter["sms"] and _envelope(tx, key) is not None:
            ready.append((row, matter))
    taken = []
    for row, matter in ready[:limit]:
        uncertain = row["state"] == _SENDING
        sent = tx.update("message", row, {"state": _SENDING, "tries": row["tries"] + 1})
        text, wrapped = _envelope(tx, _matter_key(row)), tx.get("vault_key", _matter_key(row))
        assert text is not None and wrapped is not None
        taken.append(
            {
                **sent,
                "uncertain": uncertain,
                "item_name": matter["item_name"],
                "sensitive": matter["sensitive"],
                "number": matter["number"] or "",
                "ciphertext": text["ciphertext"],
                "wrapped": wrapped["wrapped"],
            }
        )
    return taken


def _sent(tx: Transaction, *key: Any) -> Row | None:
    row = tx.get("message", key)
    return row if row is not None and row["state"] == _SENDING else None


def _end_messages(tx: Transaction, *columns: Sequence[Any]) -> Sequence[Row]:
    for district, street, application_id, message_id, *end in zip(*columns, strict=True):
        if (row := _sent(tx, district, street, application_id, message_id)) is not None:
            names = ("state", "sent_on", "gateway_id", "template_version")
            tx.update("message", row, {**dict(zip(names, end, strict=True)), "real_next_at": None})
    return []


def _postpone_messages(tx: Transaction, *columns: Sequence[Any]) -> Sequence[Row]:
    for district, street, application_id, message_id, state, next_at, seconds in zip(*columns, strict=True):
        if (row := _sent(tx, district, street, application_id, message_id)) is not None:
            real = None if seconds is None else tx.database.clock() + timedelta(seconds=seconds)
            tx.update("message", row, {"state": state, "next_at": next_at, "real_next_at": real})
    return []


def _hold_messages(tx: Transaction, now: datetime, until: datetime) -> Sequence[Row]:
    clock = tx.database.clock()
    for row in tx.rows("message"):
        if _is_due(row, now, clock):
            tx.update("message", row, {"next_at": until, "real_next_at": None})
    return []


def _queue_size(tx: Transaction, today: date) -> Sequence[Row]:
    waiting = [row for row in tx.rows("message") if row["state"] in (_WAITING, _SENDING)]
    tasks = tx.rows("document_task")
    return [
        {
            "messages": len(waiting),
            "oldest": min((row["next_at"] for row in waiting), default=None),
            "documents": len([row for row in tasks if not row["set_aside"]]),
            "set_aside": len([row for row in tasks if row["set_aside"]]),
            "not_offered": len([row for row in tx.rows("dossier") if _is_late(row, today)]),
        }
    ]


def _is_late(dossier: Row, today: date) -> bool:
    told = dossier["offered_on"] or dossier["delivered_on"]
    return dossier["deliver_by"] is not None and dossier["deliver_by"] < today and told is None


def _take_documents(tx: Transaction, limit: int) -> Sequence[Row]:
    found = []
    for row in tx.rows("document_task"):
        key = _matter_key(row)
        fact = tx.get("inbox", ("intake", *key, row["revision"]))
        item = tx.get("item_version", (row["district"], row["item_code"], row["item_version"]))
        text, wrapped = _envelope(tx, key), tx.get("vault_key", key)
        if fact and item and text and wrapped and not row["set_aside"]:
            found.append(
                {
                    **row,
                    "body": fact["body"],
                    "materials": item["materials"],
                    "ciphertext": text["ciphertext"],
                    "wrapped": wrapped["wrapped"],
                }
            )
    return found[:limit]


def _end_documents(tx: Transaction, *columns: Sequence[Any]) -> Sequence[Row]:
    for key in zip(*columns, strict=True):
        if (row := tx.get("document_task", key)) is not None:
            tx.delete("document_task", row)
    return []


def _set_aside_document(tx: Transaction, *key: Any) -> Sequence[Row]:
    if (row := tx.get("document_task", key)) is not None:
        tx.update("document_task", row, {"set_aside": True})
    return []


def _matter_for_call(tx: Transaction, district: str, street: str, application_id: UUID, leg_id: UUID) -> Sequence[Row]:
    tx.set_scope(district, street)
    places = [
        (row["district"], row["street"])
        for row in tx.rows("matter")
        if row["application_id"] == application_id and tx.sees(row)
    ]
    offset = tx.get("inbox_offset", ("approval", district, street, leg_id)) if street != "*" else None
    if offset is not None and tx.sees(offset):
        places.append((district, street))
    return [_for_call(tx, place, application_id, leg_id) for place in dict.fromkeys(places)]


def _for_call(tx: Transaction, place: tuple[str, str], application_id: UUID, leg_id: UUID) -> Row:
    matter = tx.get("matter", (*place, application_id)) or dict.fromkeys(_KNOWN)
    tasks = [row for row in tx.rows("document_task") if _matter_key(row) == (*place, application_id)]
    return {
        "district": place[0],
        "street": place[1],
        "application_id": application_id,
        "applicant_index": matter["applicant_index"] or "",
        "submitted": matter["item_code"] is not None,
        "accepted": matter["number"] is not None,
        "decided": matter["decided_on"] is not None,
        "case_received": tx.get("inbox_offset", ("approval", *place, leg_id)) is not None,
        "owed": [row["kind"] for row in tasks if not row["set_aside"]],
        "set_aside": [row["kind"] for row in tasks if row["set_aside"]],
    }


def _list_messages(tx: Transaction, district: str, street: str, application_id: UUID) -> Sequence[Row]:
    names = ("message_id", "template", "state", "stage_on", "sent_on", "tries")
    listed = [row for row in _messages_of(tx, (district, street, application_id)) if tx.sees(row)]
    listed.sort(key=lambda row: (row["phase"], row["stage_revision"]))
    return [{name: row[name] for name in names} for row in listed]
