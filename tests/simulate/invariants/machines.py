"""Machines: everything is heard once, nothing is left, and the chains of facts hold."""

from typing import Any
from uuid import UUID

from chassis.event_store import verify_chain
from protocol.streams import APPROVAL, INTAKE, NOTIFY, SERVICES, STREAMS
from tests.simulate.invariants.checked import Checked, Violations


def nothing_is_left(checked: Checked) -> Violations:
    """Nothing is under way, parked, dead or set aside; no loop went down for good."""
    world = checked.world
    if world.crashed:
        yield world.crashed[0]
    if not world.drained():
        yield "outboxes or streams are not empty"
    for service in SERVICES:
        for table in ("parked", "dead_letter"):
            for row in world.databases[service].table(table):
                yield f"{service}.{table}: {row['source']} {row['kind']} {row.get('error') or row.get('reason')}"
        if world.databases[service].locks:
            yield f"{service}: locks are held"
    for row in world.databases[NOTIFY].table("document_task"):
        yield f"notify.document_task: {'set aside' if row['set_aside'] else 'not issued'}"


def every_fact_is_heard_once(checked: Checked) -> Violations:
    """Each receiver has each fact of each stream in its inbox."""
    world = checked.world
    for one in STREAMS:
        if one.source == "sealed":
            continue
        stored = {row["event_id"] for row in world.databases[one.publisher].table("fact")}
        for receiver in one.receivers:
            heard = {row["event_id"] for row in world.databases[receiver].table("inbox") if row["source"] == one.source}
            if heard != stored:
                yield f"{receiver} heard {len(heard)} of {len(stored)} facts of {one.source}"


def chains_hold(checked: Checked) -> Violations:
    """Facts of a file are numbered without a gap, and their chain of digests holds."""
    for service in (INTAKE, APPROVAL, NOTIFY):
        files: dict[UUID, list[Any]] = {}
        for row in checked.world.databases[service].table("fact"):
            files.setdefault(row["file_id"], []).append(row)
        for file_id, rows in files.items():
            rows.sort(key=lambda row: row["revision"])
            if [row["revision"] for row in rows] != list(range(1, len(rows) + 1)):
                yield f"{service} {file_id}: revisions have a gap"
            if verify_chain([row["body"] for row in rows], [row["digest"] for row in rows]) is not None:
                yield f"{service} {file_id}: the chain breaks"
