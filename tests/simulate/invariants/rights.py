"""Rights of the applicant: what every office owes him, whatever was done in whatever order."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from protocol.streams import APPROVAL, INTAKE, METRICS, NOTIFY
from tests.simulate import walk
from tests.simulate.invariants.checked import Checked, Violations, day, same, table
from tests.simulate.office import ITEMS
from tests.simulate.record import MatterRecord, Recorded

_REFUSED = 2
_HEADS = frozenset({"NHX-201"})
_DISTRICT_SYSTEM = "district-system"
_LEGAL_LAST_DAYS = {
    INTAKE: ("application", ("answer_due_on", "supply_by", "promised_due_on", "legal_due_on",
                             "case_promised_due_on", "case_legal_due_on")),
    APPROVAL: ("case_file", ("promised_due_on", "legal_due_on")),
    NOTIFY: ("dossier", ("deliver_by",)),
    METRICS: ("matter", ("answer_due_on", "promised_due_on", "legal_due_on", "deliver_by")),
}  # fmt: skip # one service a line
_TOLD_OF_AN_EXTENSION = frozenset({"N06", "N17", "N18"})
_TOLD_OF_A_PAUSE = frozenset({"N05", "N15", "N16"})
_TOLD_OF_A_NON_ACCEPTANCE = "N03"


def last_days_are_working_days(checked: Checked) -> Violations:
    """No last day that a service has is a day of rest, and no promise ends after the law."""
    for service, (name, columns) in _LEGAL_LAST_DAYS.items():
        for row in table(checked, service, name):
            for column in columns:
                if row[column] is not None and not walk.works(row[column]):
                    yield f"{service}.{name}.{column}: {row[column]} is a day of rest"
            if row.get("promised_due_on") is not None and row["promised_due_on"] > row["legal_due_on"]:
                yield f"{service}.{name}: promised {row['promised_due_on']}, in law {row['legal_due_on']}"


def matters_add_up(checked: Checked) -> Violations:
    """What was applied for, accepted and closed adds up; early is on time, and on time is within both last days."""
    counted: Counter[str] = Counter()
    for matter in checked.matters:
        row = matter.figures
        if row is None:
            continue
        counted["applied"] += 1
        outcome, accepted, closed = row["outcome"], row["accepted_on"], row["closed_on"]
        if accepted is None:
            if outcome in ("granted", "refused", "completed", "referred"):
                yield f"{outcome} without an acceptance"
            continue
        counted["accepted"] += 1
        counted["withdrawn" if outcome == "withdrawn" else "running" if closed is None else "closed"] += 1
        if closed is not None and outcome != "withdrawn":
            counted["on time" if row["on_time"] else "overdue"] += 1
            counted["early"] += bool(row["early"])
            counted["decided" if outcome in ("granted", "refused") else "other"] += 1
            counted[str(outcome)] += 1
            if row["early"] and not row["on_time"]:
                yield "early and late"
            if row["on_time"] and not accepted <= closed <= min(row["promised_due_on"], row["legal_due_on"]):
                yield f"on time on {closed}, last day {min(row['promised_due_on'], row['legal_due_on'])}"
        elif row["on_time"] or row["early"]:
            yield f"{outcome or 'running'} is counted as punctual"
    if counted["accepted"] != counted["closed"] + counted["running"] + counted["withdrawn"]:
        yield f"accepted does not add up: {dict(counted)}"
    if counted["closed"] != counted["on time"] + counted["overdue"] or not (
        counted["early"] <= counted["on time"] <= counted["closed"] <= counted["accepted"] <= counted["applied"]
    ):
        yield f"punctuality does not add up: {dict(counted)}"
    if counted["granted"] + counted["refused"] != counted["decided"]:
        yield f"decisions do not add up: {dict(counted)}"


def extensions_are_lawful(checked: Checked) -> Violations:
    """A matter is extended once, by the head, by no more days than its law knows, with a reason, and is told so."""
    for matter in checked.matters:
        legs = (matter.street, *matter.districts.values())
        for facts in legs:
            for fact in _of_kind(facts, "term_extended"):
                most = next(item.extension for item in ITEMS.values() if item.code == _item_code(matter))
                if most is None or not 1 <= fact.body.days <= min(most.days, 10):
                    yield f"extended by {fact.body.days} days"
                if (
                    fact.event.actor.staff_no not in _HEADS | {_DISTRICT_SYSTEM}
                    and fact.event.actor.staff_no != "office"
                ):
                    yield f"extended by {fact.event.actor.staff_no}"
                if facts is matter.street and fact.event.actor.staff_no in _HEADS and not fact.body.reason.digest:
                    yield "extended without a reason"
        if len(_of_kind(matter.street, "term_extended")) > 1:
            yield "extended twice"
        yield from _told(checked, matter, "term_extended", _TOLD_OF_AN_EXTENSION)


def pauses_are_lawful(checked: Checked) -> Violations:
    """Pauses run forward and never overlap; each is told to the applicant."""
    for matter in checked.matters:
        for facts in (matter.street, *matter.districts.values()):
            spans = []
            first = None
            for fact in facts:
                if fact.kind == "term_paused":
                    first = day(fact.body.paused_on)
                if fact.kind == "term_resumed" and first is not None:
                    spans.append((first, day(fact.body.resumed_on)))
                    first = None
            if any(begin > end for begin, end in spans):
                yield f"a pause runs backwards: {spans}"
            if any(later[0] <= earlier[1] for earlier, later in pairwise(sorted(spans))):
                yield f"pauses overlap: {spans}"
        yield from _told(checked, matter, "term_paused", _TOLD_OF_A_PAUSE)


def _told(checked: Checked, matter: MatterRecord, kind: str, templates: frozenset[str]) -> Violations:
    """Each such fact of the street's leg has its message, which a message about a later stage may have replaced."""
    facts = len(_of_kind(matter.street, kind))
    written = [row for row in _messages(checked, matter) if row["template"] in templates]
    if len(written) != facts:
        yield f"{facts} facts {kind}, {len(written)} messages"


def refusals_have_reasons(checked: Checked) -> Violations:
    """A refusal has its reasons in the vault; a non-acceptance its letter and reason, and the message names it."""
    kept = {(str(row["file_id"]), row["name"]) for service in (INTAKE, APPROVAL) for row in _vault(checked, service)}
    for matter in checked.matters:
        for facts in (matter.street, *matter.districts.values()):
            for fact in facts:
                if fact.kind in ("case_decided", "district_decided") and fact.body.outcome == _REFUSED:
                    if not (fact.body.reasons.name and fact.body.reasons.digest):
                        yield f"{fact.kind}: refused without reasons"
                    elif fact.kind == "case_decided" and (fact.event.case_id, fact.body.reasons.name) not in kept:
                        yield f"{fact.kind}: the reasons are not in the vault"
        for fact in _of_kind(matter.intake, "application_declined"):
            if not (fact.body.letter_number and fact.body.ground and fact.body.reason.digest):
                yield "not accepted without a letter, a ground and a reason"
            if (str(matter.application_id), fact.body.reason.name) not in kept:
                yield "the reason of a non-acceptance is not in the vault"
            letters = [
                row["particulars"] for row in _messages(checked, matter) if row["template"] == _TOLD_OF_A_NON_ACCEPTANCE
            ]
            if len(letters) != 1 or fact.body.letter_number not in str(letters[0]):
                yield f"the message of a non-acceptance does not name its letter: {letters}"


def packages_are_the_streets(checked: Checked) -> Violations:
    """The district has the package that the street referred, and has asked the applicant for nothing."""
    packages = checked.world.district.packages
    for matter in checked.matters:
        accepted = matter.fact(matter.intake, "application_accepted")
        digests = {fact.body.attempt: fact.body for fact in _of_kind(matter.street, "case_referred")}
        for case_id, facts in matter.districts.items():
            opened = facts[0].body
            referred = digests[opened.attempt]
            yield from same("digest of the leg", opened.package_digest, referred.package_digest)
            package = packages.get(str(case_id))
            if package is None:
                continue
            lines = [package.number, package.item.code, str(package.item.version), package.destination]
            lines += sorted(f"{each.material_code}\t{each.copies}\t{each.sha256}" for each in package.materials)
            counted = hashlib.sha256("\n".join(lines).encode()).hexdigest()
            yield from same("digest at the district", package.package_digest, referred.package_digest)
            yield from same("digest of what the district has", counted, referred.package_digest)
            assert accepted is not None
            yield from same(
                "papers at the district",
                sorted((each.material_code, each.copies, each.sha256) for each in package.materials),
                sorted((each.material_code, each.copies, each.sha256) for each in accepted.body.materials),
            )
        for fact in matter.intake:
            if (
                accepted is not None
                and fact.kind.startswith("correction_")
                and (fact.event.revision > accepted.event.revision or fact.event.actor.staff_no == _DISTRICT_SYSTEM)
            ):
                yield f"{fact.kind} after the acceptance, by {fact.event.actor.staff_no}"


def cards_count_while_they_are_valid(checked: Checked) -> Violations:
    """Metrics counts each card that a leg still has, once, and none that was declared void."""
    counted = {(row["case_id"], row["level"]): row["void_on"] for row in table(checked, METRICS, "card")}
    for matter in checked.matters:
        for case_id, facts in _legs(matter):
            valid: dict[int, bool] = {}
            for fact in facts:
                if fact.kind == "card_issued":
                    if valid.get(fact.body.level):
                        yield f"card {fact.body.level} twice"
                    valid[fact.body.level] = True
                valid |= dict.fromkeys(getattr(fact.body, "void_cards", ()), False)
            for level, holds in valid.items():
                yield from same(f"card {level} counts", counted[case_id, level] is None, holds)


def _legs(matter: MatterRecord) -> Iterator[tuple[UUID, list[Recorded]]]:
    if matter.street_case is not None:
        yield matter.street_case["case_id"], matter.street
    yield from matter.districts.items()


def _of_kind(facts: Sequence[Recorded], kind: str) -> list[Recorded]:
    return [fact for fact in facts if fact.kind == kind]


def _item_code(matter: MatterRecord) -> str:
    return str(matter.intake[0].body.item_code)


def _messages(checked: Checked, matter: MatterRecord) -> list[Any]:
    return [row for row in table(checked, NOTIFY, "message") if row["application_id"] == matter.application_id]


def _vault(checked: Checked, service: str) -> list[Any]:
    return table(checked, service, "vault_text")
