"""The record of a played history: facts as they are stored, by matter, and the rows of every service about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from protocol.identifiers import street_leg_id
from protocol.streams import APPROVAL, INTAKE, METRICS, NOTIFY
from tests.simulate.database.schema import Row
from tests.simulate.world import World

_EVENTS: Mapping[str, Any] = {INTAKE: IntakeEvent, APPROVAL: ApprovalEvent, NOTIFY: NotifyEvent}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One fact."""

    kind: str
    on: date
    event: Any
    body: Any
    """The part of the event that is the fact."""


@dataclass(slots=True)
class MatterRecord:
    """One matter as every service has it."""

    application_id: UUID
    intake: list[Recorded] = field(default_factory=list)
    street: list[Recorded] = field(default_factory=list)
    """Facts of the street's leg."""
    districts: dict[UUID, list[Recorded]] = field(default_factory=dict)
    """Facts of each leg at the district."""
    dossier: list[Recorded] = field(default_factory=list)
    application: Row | None = None
    street_case: Row | None = None
    district_cases: list[Row] = field(default_factory=list)
    """Rows of the legs at the district, the newest one last."""
    known: Row | None = None
    """The row of notify."""
    figures: Row | None = None
    """The row of metrics."""

    def fact(self, facts: list[Recorded], kind: str) -> Recorded | None:
        """The last fact of a kind."""
        return next((fact for fact in reversed(facts) if fact.kind == kind), None)


def records(world: World) -> list[MatterRecord]:
    """The matters of a world, in the order of their receipt."""
    matters: dict[UUID, MatterRecord] = {}
    facts = {service: _facts(world, service) for service in (INTAKE, APPROVAL, NOTIFY)}
    for file_id, of_file in facts[INTAKE].items():
        if of_file[0].kind == "application_submitted":
            matters[file_id] = MatterRecord(file_id, of_file)
    for case_id, of_case in facts[APPROVAL].items():
        application_id = UUID(of_case[0].event.application_id)
        matter = matters[application_id]
        if case_id == street_leg_id(application_id):
            matter.street = of_case
        else:
            matter.districts[case_id] = of_case
    for file_id, of_file in facts[NOTIFY].items():
        if file_id in matters:
            matters[file_id].dossier = of_file
    rows = {service: world.databases[service] for service in (INTAKE, APPROVAL, NOTIFY, METRICS)}
    for row in rows[INTAKE].table("application"):
        matters[row["application_id"]].application = row
    for row in rows[APPROVAL].table("case_file"):
        matter = matters[row["application_id"]]
        if row["leg"] == 1:
            matter.street_case = row
        else:
            matter.district_cases.append(row)
    for matter in matters.values():
        matter.district_cases.sort(key=lambda row: row["attempt"])
    for row in rows[NOTIFY].table("matter"):
        if row["application_id"] in matters:
            matters[row["application_id"]].known = row
    for row in rows[METRICS].table("matter"):
        if row["application_id"] in matters:
            matters[row["application_id"]].figures = row
    return list(matters.values())


def _facts(world: World, service: str) -> dict[UUID, list[Recorded]]:
    files: dict[UUID, list[Recorded]] = {}
    for row in sorted(world.databases[service].table("fact"), key=lambda row: row["seq"]):
        event = _EVENTS[service].FromString(row["body"])
        recorded = Recorded(row["kind"], row["occurred_on"], event, getattr(event, row["kind"]))
        files.setdefault(row["file_id"], []).append(recorded)
    return files
