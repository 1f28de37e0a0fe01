"""What every heard event is held against before it is believed, and how its parts are read."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from google.protobuf.message import Message
from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import FileKey
from chassis.event_store.dataclass_proto import to_dataclass
from chassis.inbox import InboxEvent
from services.approval.domain.facts import CaseMaterial
from services.approval.domain.open_case import Accepted

OFFICE = "office"
"""Who acts where one file follows from another."""


class WrongEvent(Exception):
    """The headers of a message name another event than its body is."""


def kinds_of(event: type[Message]) -> list[str]:
    """The kinds of fact that this version knows of a stream."""
    return [field.name for field in event.DESCRIPTOR.oneofs_by_name["fact"].fields]


def verify_intake(event: InboxEvent) -> None:
    """Compares headers and body; raises WrongEvent."""
    told = IntakeEvent.FromString(event.body)
    _agree(event, told.place, (told.file_id, told.event_id, told.revision, told.WhichOneof("fact")))


def verify_approval(event: InboxEvent) -> None:
    """Compares headers and body; raises WrongEvent."""
    told = ApprovalEvent.FromString(event.body)
    _agree(event, told.place, (told.case_id, told.event_id, told.revision, told.WhichOneof("fact")))


def accepted_of(event: InboxEvent) -> Accepted:
    """An acceptance as intake told it."""
    told = IntakeEvent.FromString(event.body)
    materials = [to_dataclass(paper, CaseMaterial) for paper in told.application_accepted.materials]
    beside = {
        "application_id": event.key.file_id,
        "occurred_on": date.fromisoformat(told.occurred_on),
        "materials": tuple(materials),
    }
    return to_dataclass(told.application_accepted, Accepted, beside)


def of_kind(events: Iterable[InboxEvent], kind: str) -> list[InboxEvent]:
    """The events of one kind, in their order."""
    return [event for event in events if event.kind == kind]


def occurred_on(event: InboxEvent) -> date:
    """The day on which an event of intake happened."""
    return date.fromisoformat(IntakeEvent.FromString(event.body).occurred_on)


def beside(key: FileKey, file_id: UUID) -> FileKey:
    """Another file at the same place."""
    return FileKey(key.district, key.street, file_id)


def _agree(event: InboxEvent, place: Place, said: tuple[str, str, int, str | None]) -> None:
    key = event.key
    expected = (str(key.file_id), str(event.event_id), event.revision, event.kind)
    if (place.district, place.street) != (key.district, key.street) or said != expected:
        raise WrongEvent
