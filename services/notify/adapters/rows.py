"""What one heard event says, as rows of notify's tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from uuid import uuid5

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.clock import SHANGHAI
from chassis.event_store import FileKey
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


class Event(Protocol):
    """What every event of intake and approval has."""

    occurred_on: str
    revision: int

    @property
    def recorded_at(self) -> Timestamp:
        """The instant at which the fact was recorded."""


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
        "notice_id": str(uuid5(key.file_id, f"{template}/{revision}")),
        "template": template,
        "phase": phase,
        "stage_revision": revision,
        "stage_on": event.occurred_on,
        "particulars": dict(particulars),
        "next_at": hours.held_to(event.recorded_at.ToDatetime(SHANGHAI)).isoformat(),
    }
