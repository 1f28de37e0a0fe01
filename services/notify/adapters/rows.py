"""What one heard event says, as rows of notify's tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from uuid import uuid5

from google.protobuf.timestamp_pb2 import Timestamp
from onewindow.desk.v1 import desk_pb2

from chassis.clock import SHANGHAI
from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from law.desk import Place
from services.notify.domain.hours import Hours

Row: TypeAlias = dict[str, object]

INTAKE, APPROVAL = 0, 1
"""Phases of a matter: every stage of intake lies before every stage of approval."""


@dataclass(frozen=True, slots=True)
class Told:
    """What follows from one event, by table; `key` is the dossier it belongs to."""

    key: FileKey
    matter: Row | None = None
    notice: Row | None = None
    task: Row | None = None
    item: Row | None = None
    holidays: Row | None = None


class WrongEvent(Exception):
    """The headers of a message name another event than its body is."""


class Event(Protocol):
    """What every event of intake and approval has."""

    event_id: str
    occurred_on: str
    revision: int

    @property
    def place(self) -> desk_pb2.Place:
        """Where its file lives."""

    @property
    def recorded_at(self) -> Timestamp:
        """The instant at which the fact was recorded."""


def agree(heard: InboxEvent, event: Event, file_id: str, kind: str | None) -> None:
    """Pass when the headers name the event that the body is; raises WrongEvent."""
    key = heard.key
    headers = (str(key.file_id), str(heard.event_id), heard.revision, heard.kind, key.district, key.street)
    if headers != (file_id, event.event_id, event.revision, kind, event.place.district, event.place.street):
        raise WrongEvent


def place(key: FileKey) -> Row:
    """The columns by which a row names its dossier."""
    return {"district": key.district, "street": key.street, "application_id": str(key.file_id)}


def notice_row(
    key: FileKey, template: str, event: Event, stage: tuple[int, int], particulars: Mapping[str, str], hours: Hours
) -> Row | None:
    """The message of a stage, from the fact that made it; its hour comes from the fact as well.

    None at the reserved place, where nobody is written to. The same fact gives the same id for ever.
    """
    if Place(key.district, key.street).synthetic:
        return None
    phase, revision = stage
    return place(key) | {
        "message_id": str(uuid5(key.file_id, f"{template}/{revision}")),
        "template": template,
        "phase": phase,
        "stage_revision": revision,
        "stage_on": event.occurred_on,
        "particulars": dict(particulars),
        "next_at": hours.held_to(event.recorded_at.ToDatetime(SHANGHAI)).isoformat(),
    }
