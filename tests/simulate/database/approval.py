"""Twins of approval and its hand-off: services/approval/sql, queries.sql and handoff/queries.sql."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.postgres.database import queries_of
from services.approval.adapters.case.lists import _AT_ONE_PLACE
from tests.simulate.database.event_store import event_store_twins, project_into
from tests.simulate.database.inbox import inbox_twins, store_notice
from tests.simulate.database.pool import Twin
from tests.simulate.database.schema import Row
from tests.simulate.database.storage import Generated, Transaction

GENERATED: Mapping[str, Generated] = {}

_query = queries_of("services.approval")
_handoff = queries_of("services.approval.handoff")
_ON_ITS_WAY = ("waiting", "sending")
_OWED = ("waiting", "blocked")
_WORKLIST = [
    "case_id",
    "revision",
    "number",
    "item_name",
    "step",
    "step_name",
    "step_post",
    "claimed_by",
    "promised_due_on",
    "legal_due_on",
    "warn_on",
    "yellow_on",
    "red_on",
    "procedure",
    "procedure_first_on",
    "procedure_ends_on",
    "approving_post",
    "procedure_overdue",
]


def twins() -> dict[str, Twin]:
    """Every statement of approval that the histories use."""
    return {
        **event_store_twins(project_into("case_file")),
        **inbox_twins(None),
        _query("worklist"): _worklist,
        _query("worklist").replace(*_AT_ONE_PLACE): _worklist,
        _query("locate"): _locate,
        _query("by_number"): _by_number,
        _query("district_status"): _district_status,
        _query("store_notice"): store_notice,
        _query("lock_matters"): _lock_matters,
        _query("store_withdrawals"): _store_withdrawals,
        _query("withdrawals_of"): _withdrawals_of,
        _query("withdrawals_unanswered"): _withdrawals_unanswered,
        _query("cards_due"): _cards_due,
        _query("procedures_overdue"): _procedures_overdue,
        _handoff("owe"): _owe,
        _handoff("drop_packages"): _drop_packages,
        _handoff("take"): _take,
        _handoff("complete"): _complete,
        _handoff("opinions"): _opinions,
        _handoff("retry_later"): _retry_later,
        _handoff("block"): _block,
        _handoff("close_breakers"): _close_breakers,
        _handoff("count_failures"): _count_failures,
        _handoff("cursor"): _cursor,
        _handoff("store_cursor"): _store_cursor,
        _handoff("key_of_another_report"): _key_of_another_report,
    }


def figures(rows: Sequence[Row]) -> list[Row]:
    """The view `figures` over the rows of `case_file`."""
    return [
        {
            "number": row["number"],
            "item": row["item_name"],
            "received_on": row["received_on"],
            "accepted_on": row["accepted_on"],
            "due_on": row["promised_due_on"],
            "closed_on": row["closed_on"],
            "outcome": row["outcome"],
            "on_time": row["on_time"],
            "early": row["early"],
            "application_id": row["application_id"],
        }
        for row in rows
        if row["leg"] == 1 and not row["street"].endswith("999")
    ]


# Cases


def _worklist(tx: Transaction, *arguments: Any) -> Sequence[Row]:
    (
        posts,
        lines,
        holder,
        after_due_on,
        after_case,
        limit,
        *_street,
    ) = arguments
    mine = [
        row
        for row in tx.rows("case_file")
        if row["waits"]
        and tx.sees(row)
        and (not posts or row["step_post"] in posts or row["approving_post"] in posts)
        and (not lines or row["line"] in lines)
        and (not holder or row["claimed_by"] == holder)
    ]
    beyond = [row for row in mine if (row["promised_due_on"], row["case_id"]) > (after_due_on, after_case)]
    page = sorted(beyond, key=lambda row: (row["promised_due_on"], row["case_id"]))[:limit]
    listed = [{"total": len(mine), **{name: row[name] for name in _WORKLIST}} for row in page]
    return listed or [{"total": len(mine), **dict.fromkeys(_WORKLIST)}]


def _locate(tx: Transaction, case_id: UUID) -> Sequence[Row]:
    return [row for row in tx.rows("case_file") if row["case_id"] == case_id and tx.sees(row)]


def _by_number(tx: Transaction, number: str, leg: int) -> Sequence[Row]:
    found = [row for row in tx.rows("case_file") if row["number"] == number and tx.sees(row)]
    return sorted(found, key=lambda row: (row["leg"] != leg, -row["attempt"]))[:1]


def _district_status(tx: Transaction, case_id: UUID) -> Sequence[Row]:
    row = tx.get("handoff", (tx.district, case_id, "receive"))
    if row is None:
        return []
    waits = row["state"] in ("waiting", "sending", "blocked")
    return [{"waiting_since": row["waiting_since"] if waits else None, "district_number": row["district_number"]}]


def _lock_matters(tx: Transaction, ids: Sequence[UUID]) -> Sequence[Row]:
    for matter in sorted(set(ids)):
        tx.lock(("matter", matter))
    return [{"pg_advisory_xact_lock": None} for _ in ids]


def _store_withdrawals(
    tx: Transaction, districts: Sequence[str], streets: Sequence[str], ids: Sequence[UUID], days: Sequence[date]
) -> Sequence[Row]:
    for district, street, application_id, on in zip(districts, streets, ids, days, strict=True):
        place = {"district": district, "street": street}
        tx.insert("withdrawn", {**place, "application_id": application_id, "withdrawn_on": on})
    return []


def _withdrawals_of(tx: Transaction, streets: Sequence[str], ids: Sequence[UUID]) -> Sequence[Row]:
    keys = [(tx.district, street, application_id) for street, application_id in zip(streets, ids, strict=True)]
    return [row for key in keys if (row := tx.get("withdrawn", key)) is not None]


def _withdrawals_unanswered(tx: Transaction, day: date, limit: int) -> Sequence[Row]:
    withdrawn = [row for row in tx.rows("withdrawn") if row["withdrawn_on"] <= day]
    if not withdrawn:
        return []
    streets = {row["application_id"]: row for row in tx.rows("case_file") if row["leg"] == 1}
    legs = {row["case_id"]: row for row in tx.rows("case_file")}
    later = any(row["sweep"] == "withdrawals" and row["day"] < day - timedelta(days=1) for row in tx.rows("swept"))
    told = {row["file_id"] for row in tx.rows("fact") if row["kind"] == "withdrawal_too_late"}
    found = []
    for row in withdrawn:
        street = streets.get(row["application_id"])
        if street is None or street["outcome"] == "withdrawn" or street["case_id"] in told:
            continue
        if not later or row["withdrawn_on"] > day - timedelta(days=31):
            district = legs.get(street["linked_case_id"])
            ended = district is not None and district["outcome"] == "withdrawn"
            found.append({**street, "withdrawn_on": row["withdrawn_on"], "ended": ended})
    return sorted(found, key=lambda row: (row["street"], row["case_id"]))[:limit]


def _cards_due(tx: Transaction, day: date, limit: int) -> Sequence[Row]:
    due = [row for row in tx.rows("case_file") if row["next_card_on"] is not None and row["next_card_on"] <= day]
    return sorted(due, key=lambda row: (row["next_card_on"], row["street"], row["case_id"]))[:limit]


def _procedures_overdue(tx: Transaction, day: date, limit: int) -> Sequence[Row]:
    due = [row for row in tx.rows("case_file") if row["overdue_on"] is not None and row["overdue_on"] <= day]
    return sorted(due, key=lambda row: (row["overdue_on"], row["street"], row["case_id"]))[:limit]


# Hand-off


def _owe(tx: Transaction, kind: str, *columns: Sequence[Any]) -> Sequence[Row]:
    names = (
        "district",
        "street",
        "case_id",
        "destination",
        "street_case_id",
        "application_id",
        "due_on",
        "told_on",
    )
    for values in zip(*columns, strict=True):
        row = dict(zip(names, values, strict=True))
        nothing_yet = {"next_at": None, "real_next_at": None}
        tx.insert("handoff", {**row, "kind": kind, "waiting_since": row["told_on"], **nothing_yet})
    return []


def _drop_packages(tx: Transaction, case_ids: Sequence[UUID]) -> Sequence[Row]:
    for case_id in case_ids:
        row = tx.get("handoff", (tx.district, case_id, "receive"))
        if row is not None and row["state"] in _OWED:
            tx.update("handoff", row, {"state": "withdrawn"})
    return []


def _due(row: Row, now: datetime, clock: datetime) -> bool:
    next_at, real_next_at = row["next_at"], row["real_next_at"]
    return next_at is None or next_at <= now or (real_next_at is not None and real_next_at <= clock)


def _take(tx: Transaction, limit: int, now: datetime) -> Sequence[Row]:
    clock = tx.database.clock()
    ready = []
    for row in sorted(tx.rows("handoff"), key=lambda row: (row["due_on"], row["case_id"], row["kind"])):
        breaker = tx.get("breaker", (row["district"], row["destination"]))
        package = tx.get("handoff", (row["district"], row["case_id"], "receive"))
        behind = row["kind"] != "receive" and package is not None and package["state"] in _ON_ITS_WAY
        fits = row["state"] in _ON_ITS_WAY and _due(row, now, clock) and not behind
        if fits and (breaker is None or _due(breaker, now, clock)):
            ready.append((row, breaker))
    probed: set[str] = set()
    taken = []
    for row, breaker in ready:
        probing = breaker is not None and breaker["next_at"] is not None
        if not probing or row["destination"] not in probed:
            taken.append((row, breaker is not None and breaker["failures"] > 0))
        probed.add(row["destination"])
    changed = []
    for row, missed_before in taken[:limit]:
        uncertain = row["uncertain"] or row["state"] == "sending"
        written = tx.update(
            "handoff", row, {"state": "sending", "attempts": row["attempts"] + 1, "uncertain": uncertain}
        )
        changed.append({**written, "missed_before": missed_before})
    return changed


def _complete(tx: Transaction, case_ids: Sequence[UUID], kinds: Sequence[str], numbers: Sequence[str]) -> Sequence[Row]:
    for case_id, kind, number in zip(case_ids, kinds, numbers, strict=True):
        row = tx.get("handoff", (tx.district, case_id, kind))
        if row is not None and (row["state"], row["district_number"]) != ("done", number):
            done = {"state": "done", "district_number": number, "last_error": "", "uncertain": False}
            tx.update("handoff", row, {**done, "next_at": None, "real_next_at": None})
    return []


def _opinions(
    tx: Transaction, districts: Sequence[str], streets: Sequence[str], ids: Sequence[UUID], names: Sequence[str]
) -> Sequence[Row]:
    found = []
    for district, street, file_id, name in zip(districts, streets, ids, names, strict=True):
        text, key = (
            tx.get("vault_text", (district, street, file_id, name)),
            tx.get("vault_key", (district, street, file_id)),
        )
        if text is not None and key is not None:
            found.append({**text, "wrapped": key["wrapped"]})
    return found


def _sent(tx: Transaction, case_id: UUID, kind: str) -> Row | None:
    row = tx.get("handoff", (tx.district, case_id, kind))
    return row if row is not None and row["state"] == "sending" else None


def _retry_later(tx: Transaction, case_id: UUID, kind: str, at: datetime, seconds: float, reason: str) -> Sequence[Row]:
    if (row := _sent(tx, case_id, kind)) is not None:
        real = tx.database.clock() + timedelta(seconds=seconds)
        later = {"next_at": at, "real_next_at": real, "last_error": reason}
        tx.update("handoff", row, {"state": "waiting", "uncertain": True, **later})
    return []


def _block(tx: Transaction, case_id: UUID, kind: str, reason: str) -> Sequence[Row]:
    if (row := _sent(tx, case_id, kind)) is not None:
        tx.update("handoff", row, {"state": "blocked", "last_error": reason, "next_at": None, "real_next_at": None})
    return []


def _close_breakers(tx: Transaction, destinations: Sequence[str]) -> Sequence[Row]:
    for row in tx.rows("breaker"):
        if row["destination"] in destinations and row["failures"] > 0:
            tx.update("breaker", row, {"failures": 0, "next_at": None, "real_next_at": None})
    return []


def _count_failures(tx: Transaction, *arguments: Any) -> Sequence[Row]:
    (
        district,
        destination,
        most,
        probe,
        seconds,
        failures,
    ) = arguments

    def counted(total: int) -> dict[str, Any]:
        real = tx.database.clock() + timedelta(seconds=seconds)
        opened = {"next_at": probe, "real_next_at": real} if total >= most else {"next_at": None, "real_next_at": None}
        return {"failures": total, **opened}

    row = {"district": district, "destination": destination, **counted(failures)}
    tx.upsert("breaker", row, lambda there: counted(there["failures"] + failures))
    return []


def _cursor(tx: Transaction) -> Sequence[Row]:
    row = tx.get("pull_cursor", (tx.district,))
    return [] if row is None else [{"cursor": row["cursor"]}]


def _store_cursor(tx: Transaction, cursor: str) -> Sequence[Row]:
    tx.upsert("pull_cursor", {"district": tx.district, "cursor": cursor}, lambda _: {"cursor": cursor})
    return []


def _key_of_another_report(tx: Transaction, caller: str, request_id: str, fingerprint: bytes) -> Sequence[Row]:
    row = tx.get("cause", (caller, request_id))
    return [{}] if row is not None and row["fingerprint"] != fingerprint else []
