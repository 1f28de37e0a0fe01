"""Facts of intake and the events of the contract: one fact, one event, nothing lost either way."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Generic, TypeVar, get_args

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from onewindow.desk.v1.desk_pb2 import Actor, Place
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import EventMeta, FileKey
from chassis.event_store.dataclass_proto import to_dataclass, to_message
from services.intake.adapters import rows
from services.intake.domain import application, catalogue, ticket
from services.intake.domain.application import Application
from services.intake.domain.catalogue import Entry
from services.intake.domain.facts import ApplicationFact, EntryFact, TicketFact
from services.intake.domain.ticket import Ticket

SOURCE = "intake"
State = TypeVar("State")
Fact = TypeVar("Fact")
Row = Mapping[str, object]

_WORD_STARTS = re.compile(r"(?<!^)(?=[A-Z])")
_BESIDE = frozenset({"occurred_on"})
"""What every fact has and the event says once, outside its fact."""


class IntakeCodec(Generic[State, Fact]):
    """Joins the facts of one kind of file with IntakeEvent."""

    source = SOURCE

    def __init__(
        self, blank: State, fold: Callable[[State, Fact], State], row: Callable[[FileKey, int, State], Row]
    ) -> None:
        self._blank = blank
        self._fold = fold
        self._row = row

    def blank(self) -> State:
        """A file before its first fact."""
        return self._blank

    def fold(self, state: State, fact: Fact) -> State:
        """The file after one more fact."""
        return self._fold(state, fact)

    def decode(self, body: bytes) -> Fact:
        """The fact inside a serialised event; raises ValueError for a kind that this version does not know."""
        event = IntakeEvent.FromString(body)
        kind = event.WhichOneof("fact")
        if kind is None:
            raise ValueError("an event without a known fact")
        fact: Fact = to_dataclass(
            getattr(event, kind), _SHAPES[kind], {"occurred_on": date.fromisoformat(event.occurred_on)}
        )
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
            actor=_actor(meta.actor),
        )
        event.recorded_at.FromDatetime(meta.recorded_at)
        getattr(event, kind).CopyFrom(to_message(fact, _MESSAGES[kind], _BESIDE))
        return event.SerializeToString()

    def kind(self, fact: Fact) -> str:
        """The field of the event's oneof: TicketTaken is ticket_taken."""
        return _KINDS[type(fact)]

    def projection(self, key: FileKey, revision: int, state: State) -> Row | None:
        """The row by which lists, figures and sweeps find the file."""
        return self._row(key, revision, state)


def _actor(actor: str) -> Actor:
    """Staff number and unit; what time brings is brought by the office."""
    staff_no, _, unit = actor.partition(" ")
    return Actor(staff_no="office" if staff_no.startswith("sweep:") else staff_no, unit=unit)


APPLICATIONS: IntakeCodec[Application, ApplicationFact] = IntakeCodec(
    application.BLANK, application.fold, rows.application_row
)
TICKETS: IntakeCodec[Ticket, TicketFact] = IntakeCodec(ticket.BLANK, ticket.fold, rows.ticket_row)
ENTRIES: IntakeCodec[Entry, EntryFact] = IntakeCodec(catalogue.BLANK, catalogue.fold, rows.entry_row)

_KINDS: dict[type, str] = {
    kind: _WORD_STARTS.sub("_", kind.__name__).lower()
    for kind in (*get_args(ApplicationFact), *get_args(TicketFact), *get_args(EntryFact))
}
_SHAPES = {name: kind for kind, name in _KINDS.items()}
_MESSAGES: dict[str, type[Message]] = {
    field.name: GetMessageClass(field.message_type)
    for field in IntakeEvent.DESCRIPTOR.oneofs_by_name["fact"].fields
    if field.message_type is not None
}
KNOWN_KINDS = frozenset(_SHAPES)
"""The kinds of fact that this version folds."""
