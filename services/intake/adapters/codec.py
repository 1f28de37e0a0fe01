"""Codec of intake's files: facts to events of the contract and back, without loss; and the rows of a file."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import UnionType
from typing import Any, Generic, TypeVar, get_args

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import EventMeta, FileKey
from chassis.event_store.dataclass_proto import to_dataclass, to_message
from chassis.postgres.database import queries_of
from protocol.requests import actor_message
from protocol.streams import INTAKE

State = TypeVar("State")
Fact = TypeVar("Fact")
Row = Mapping[str, object]

query = queries_of("services.intake")
"""The named query of the service."""

_WORD_STARTS = re.compile(r"(?<!^)(?=[A-Z])")
_OUTSIDE = frozenset({"occurred_on"})
"""Field that every fact has and the event holds once, outside its fact."""
_MESSAGES: dict[str, type[Message]] = {
    field.name: GetMessageClass(field.message_type)
    for field in IntakeEvent.DESCRIPTOR.oneofs_by_name["fact"].fields
    if field.message_type is not None
}


class IntakeCodec(Generic[State, Fact]):
    """Joins the facts of one kind of file with IntakeEvent."""

    source = INTAKE

    def __init__(
        self,
        facts: UnionType | Any,  # noqa: ANN401 # the union of the fact classes of the kind
        blank: State,
        fold: Callable[[State, Fact], State],
        row: Callable[[FileKey, int, State], Row],
    ) -> None:
        self._blank = blank
        self._fold = fold
        self._row = row
        self._kinds: dict[type, str] = {fact: _WORD_STARTS.sub("_", fact.__name__).lower() for fact in get_args(facts)}
        self._classes = {kind: fact for fact, kind in self._kinds.items()}

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of fact that this release folds."""
        return frozenset(self._classes)

    def blank(self) -> State:
        """A file before its first fact."""
        return self._blank

    def fold(self, state: State, fact: Fact) -> State:
        """The file after one more fact."""
        return self._fold(state, fact)

    def decode(self, body: bytes) -> Fact:
        """The fact inside a serialised event; raises ValueError for a kind that this release does not know."""
        event = IntakeEvent.FromString(body)
        kind = event.WhichOneof("fact")
        if kind not in self._classes:
            raise ValueError("an event without a known fact")
        outside = {"occurred_on": date.fromisoformat(event.occurred_on)}
        fact: Fact = to_dataclass(getattr(event, kind), self._classes[kind], outside)
        return fact

    def encode(self, meta: EventMeta, fact: Fact) -> bytes:
        """The serialised event of a fact."""
        kind = self.kind(fact)
        event = IntakeEvent(
            event_id=str(meta.event_id),
            file_id=str(meta.key.file_id),
            revision=meta.revision,
            place=Place(district=meta.key.district, street=meta.key.street),
            occurred_on=meta.occurred_on.isoformat(),
            actor=actor_message(meta.actor),
        )
        event.recorded_at.FromDatetime(meta.recorded_at)
        getattr(event, kind).CopyFrom(to_message(fact, _MESSAGES[kind], _OUTSIDE))
        return event.SerializeToString()

    def kind(self, fact: Fact) -> str:
        """Field of the fact in the event's oneof: ticket_taken for TicketTaken."""
        return self._kinds[type(fact)]

    def projection(self, key: FileKey, revision: int, state: State) -> Row | None:
        """The row by which lists, figures and sweeps find the file. Enums are their numbers."""
        return self._row(key, revision, state)
