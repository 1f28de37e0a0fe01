"""Facts of a case and the events of the contract: one fact, one event, nothing lost either way."""

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from google.protobuf.message import Message
from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.desk.v1.desk_pb2 import Actor, Place

from chassis.event_store import EventMeta, FileKey
from chassis.event_store.dataclass_proto import to_dataclass, to_message
from services.approval.adapters.case_row import case_row
from services.approval.domain.case import Case
from services.approval.domain.facts import Fact
from services.approval.domain.fold import fold

SOURCE = "approval"

_WORD_STARTS = re.compile(r"(?<!^)(?=[A-Z])")
_BESIDE = frozenset({"occurred_on", "application_id"})
"""What every fact has and the event says once, outside its fact."""


class CaseCodec:
    """Joins the facts of a case with ApprovalEvent."""

    source = SOURCE

    def blank(self) -> Case | None:
        """A case before its first fact is not there."""
        return None

    def fold(self, state: Case | None, fact: Fact) -> Case | None:
        """The case after one more fact."""
        return fold(state, fact)

    def decode(self, body: bytes) -> Fact:
        """The fact inside a serialised event."""
        return fact_of(ApprovalEvent.FromString(body))

    def encode(self, meta: EventMeta, fact: Fact) -> bytes:
        """The serialised event of a fact."""
        kind = self.kind(fact)
        event = ApprovalEvent(
            event_id=str(meta.event_id),
            case_id=str(meta.key.file_id),
            revision=meta.revision,
            place=Place(district=meta.key.district, street=meta.key.street),
            occurred_on=fact.occurred_on.isoformat(),
            actor=Actor(staff_no=meta.actor),
            application_id=str(fact.application_id),
        )
        event.recorded_at.FromDatetime(meta.recorded_at)
        getattr(event, kind).CopyFrom(to_message(fact, _MESSAGES[kind], _BESIDE))
        return event.SerializeToString()

    def kind(self, fact: Fact) -> str:
        """The field of the event's oneof: CaseOpened is case_opened."""
        return _KINDS[type(fact)]

    def projection(self, key: FileKey, revision: int, state: Case | None) -> Mapping[str, object] | None:
        """The row by which worklists, figures and sweeps find the case."""
        return None if state is None else {"case_file": case_row(key, revision, state)}


def fact_of(event: ApprovalEvent) -> Fact:
    """The fact inside an event; raises ValueError for a kind that this version does not know."""
    kind = event.WhichOneof("fact")
    if kind is None:
        raise ValueError("an event without a known fact")
    beside = {"occurred_on": _day(event), "application_id": UUID(event.application_id)}
    return to_dataclass(getattr(event, kind), _SHAPES[kind], beside)


def _day(event: ApprovalEvent) -> date:
    return date.fromisoformat(event.occurred_on)


_KINDS: dict[type[Fact], str] = {kind: _WORD_STARTS.sub("_", kind.__name__).lower() for kind in Fact.__subclasses__()}
_SHAPES = {name: kind for kind, name in _KINDS.items()}
_MESSAGES: dict[str, type[Message]] = {name: type(getattr(ApprovalEvent(), name)) for name in _SHAPES}
KNOWN_KINDS = frozenset(_SHAPES)
"""The kinds of fact that this version folds."""
