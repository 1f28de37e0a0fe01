"""What callers ask, as the acts know it."""

from collections.abc import Iterable
from typing import TypeVar

from google.protobuf.message import Message
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.event_store.dataclass_proto import MismatchedField, to_dataclass
from chassis.refusals import Invalid
from services.intake.domain.applicant import Agent, Applicant
from services.intake.domain.facts import ApplicantKind, Channel, HandedIn, MaterialForm
from services.intake.domain.submit import Submission
from services.intake.usecases.people import People

Shape = TypeVar("Shape")


def submission_of(told: submission_pb.Submission) -> Submission:
    """What is handed in, as far as a fact may know it."""
    return Submission(
        told.item_code,
        Channel(told.channel),
        told.window,
        told.ticket_id,
        ApplicantKind(told.applicant.kind),
        handed_in(told.materials),
    )


def people_of(told: submission_pb.Submission) -> People:
    """Whose matter it is and who stands at the window."""
    given = told.applicant
    applicant = Applicant(ApplicantKind(given.kind), given.name, given.identity_number, given.phone, given.address)
    if not told.HasField("agent"):
        return People(applicant)
    return People(applicant, Agent(told.agent.name, told.agent.identity_number, told.agent.phone))


def handed_in(materials: Iterable[submission_pb.MaterialInput]) -> tuple[HandedIn, ...]:
    """The papers as the caller names them."""
    return tuple(
        [HandedIn(paper.material_code, MaterialForm(paper.form), paper.copies, paper.sha256) for paper in materials]
    )


def published(message: Message, kind: type[Shape], field: str) -> Shape:
    """What the district publishes; raises Invalid naming the day that no calendar has."""
    try:
        return to_dataclass(message, kind)
    except MismatchedField as wrong:
        raise Invalid(fields=[(f"{field}.{wrong.path}", "应为真实存在的日期（YYYY-MM-DD）。")]) from wrong
