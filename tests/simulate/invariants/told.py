"""Messages and figures: what residents and supervisors are told follows from the facts."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from protocol.streams import APPROVAL, INTAKE, METRICS, NOTIFY
from tests.simulate.invariants.checked import Checked, Violations, day, same, table
from tests.simulate.record import MatterRecord, Recorded

_OUTCOMES = {1: "granted", 2: "refused"}
_NO_STAGE = "N12"
_LAST_DAY = re.compile(r"(?:最迟|请在)(\d{4})年(\d{1,2})月(\d{1,2})日")
"""A day that is still to come for its reader."""


def messages_are_true(checked: Checked) -> Violations:
    """A message names no last day that has passed when it comes, and a matter is written about once for each stage."""
    for carried in checked.world.carrier.carried:
        for written in _LAST_DAY.findall(carried.text):
            named = date(*map(int, written))
            if named < carried.on:
                yield f"a message of {carried.on} names {named}: {carried.text}"
        if "{" in carried.text or "（）" in carried.text or "《》" in carried.text:
            yield f"a message names nothing: {carried.text}"
    ids = [carried.message_id for carried in checked.world.carrier.carried]
    if len(ids) != len(set(ids)):
        yield "a message was carried twice"
    yield from _in_order(checked)
    sent = {
        UUID(fact.body.message_id)
        for matter in checked.matters
        for fact in matter.dossier
        if fact.kind == "notice_sent"
    }
    if sent - set(ids):
        yield "a message is on file as sent that nobody carried"


def _in_order(checked: Checked) -> Violations:
    """A message about an earlier stage does not come after one about a later stage of the same matter.

    The answer to a withdrawal that came too late is no stage.
    """
    rows = {row["message_id"]: row for row in table(checked, NOTIFY, "message")}
    last: dict[UUID, tuple[int, int]] = {}
    for carried in checked.world.carrier.carried:
        row = rows.get(carried.message_id)
        if row is not None and row["template"] != _NO_STAGE:
            rank = row["phase"], row["stage_revision"]
            if rank < last.get(row["application_id"], rank):
                yield f"a message about an earlier stage came after a later one: {carried.text[:40]}"
            last[row["application_id"]] = max(rank, last.get(row["application_id"], rank))


def figures_are_the_fold(checked: Checked) -> Violations:
    """Counts, cards and columns of metrics follow from the facts."""
    metrics = checked.world.databases[METRICS]
    counted = {(row["street"], row["source"], row["kind"]): row["facts"] for row in metrics.table("fact_count")}
    stored: Counter[tuple[str, str, str]] = Counter()
    for service in (INTAKE, APPROVAL, NOTIFY):
        for row in checked.world.databases[service].table("fact"):
            stored[row["street"], service, row["kind"]] += 1
    if counted != dict(stored):
        wrong = sorted(key for key in counted.keys() | stored.keys() if counted.get(key) != stored.get(key))
        yield f"facts counted otherwise than stored: {wrong[:3]}"
    cards = {(row["case_id"], row["level"]) for row in metrics.table("card")}
    issued = {
        (case_id, fact.body.level)
        for matter in checked.matters
        for case_id, facts in _legs(matter)
        for fact in facts
        if fact.kind == "card_issued"
    }
    if cards != issued:
        yield f"{len(cards)} cards in metrics, {len(issued)} issued"
    for matter in checked.matters:
        if matter.figures is not None:
            yield from _columns_follow(matter, matter.figures)


def _legs(matter: MatterRecord) -> Iterator[tuple[UUID, list[Recorded]]]:
    if matter.street_case is not None:
        yield matter.street_case["case_id"], matter.street
    yield from matter.districts.items()


def _made_on(fact: Recorded) -> str:
    """The day of a referral or return: a return counts on the day on which the district made it."""
    return str(fact.body.returned_on) if fact.kind == "case_returned" else fact.on.isoformat()


def _columns_follow(matter: MatterRecord, row: Any) -> Violations:
    rated = matter.fact(matter.intake, "service_rated")
    yield from same("grade", row["grade"], rated.body.grade if rated else None)
    accepted = matter.fact(matter.intake, "application_accepted")
    yield from same("accepted on", row["accepted_on"], day(accepted.body.accepted_on) if accepted else None)
    referred = matter.fact(matter.street, "case_referred")
    yield from same("referred on", row["referred_on"], referred.on if referred else None)
    returned = matter.fact(matter.street, "case_returned")
    yield from same("returned on", row["returned_on"], day(returned.body.returned_on) if returned else None)
    listed = {
        str(fact.event.revision): [fact.kind.removeprefix("case_"), _made_on(fact)]
        for fact in matter.street
        if fact.kind in ("case_referred", "case_returned")
    }
    yield from same("referrals", json.loads(row["referrals"] or "{}"), listed)
    yield from same("corrections", json.loads(row["corrections"] or "{}"), dict(_corrections(matter)))
    yield from same("procedures", _spans(row["procedures"]), dict(_procedures(matter)))
    decided = matter.fact(matter.street, "district_decided")
    expected = _OUTCOMES[decided.body.outcome] if decided else None
    yield from same("district's outcome", row["district_outcome"], expected)
    paused, resumed = matter.fact(matter.street, "term_paused"), matter.fact(matter.street, "term_resumed")
    if paused is not None and resumed is not None:
        yield from same("paused", row["paused"], matter.street.index(paused) > matter.street.index(resumed))


def _spans(procedures: str | None) -> dict[str, list[str]]:
    return {revision: [what, on] for revision, (what, on, _) in json.loads(procedures or "{}").items()}


def _procedures(matter: MatterRecord) -> Iterator[tuple[str, list[str]]]:
    for fact in matter.street:
        if fact.kind == "term_paused":
            yield str(fact.event.revision), ["paused", fact.body.paused_on]
        if fact.kind == "term_resumed":
            yield str(fact.event.revision), ["resumed", fact.body.resumed_on]


def _corrections(matter: MatterRecord) -> Iterator[tuple[str, list[str]]]:
    for fact in matter.intake:
        revision, on = str(fact.event.revision), fact.on.isoformat()
        if fact.kind == "correction_requested":
            yield revision, ["supplement" if fact.body.supplement else "correction", on]
        if fact.kind == "correction_supplied" and not fact.body.still_missing:
            yield revision, ["supplied", on]
