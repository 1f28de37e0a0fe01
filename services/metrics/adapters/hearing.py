"""Heard facts become rows, in the statement that admits them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.event_store import FileKey, PositionSources
from chassis.inbox import InboxEvent, Subscription, row_projection
from services.metrics.adapters import told_by_approval, told_by_intake, told_by_notify
from services.metrics.adapters.sheet import Sheet

SOURCES = PositionSources(own="", received=("intake", "approval", "notify"))
"""Whose positions a caller may show."""
_CONSUMER = "metrics"


@dataclass(frozen=True, slots=True)
class Teller:
    """Says what the facts of one source tell."""

    source: str
    event: type[Message]
    tells: Mapping[str, Any]
    """By kind of fact, a function of sheet, file and event."""

    def hears(self) -> Subscription:
        """The hearing of the source; a kind of fact that is newer than this version waits for a newer version."""
        kinds = sorted(field.name for field in self.event.DESCRIPTOR.oneofs_by_name["fact"].fields)
        stream = f"OW_{self.source.upper()}"
        return Subscription(_CONSUMER, stream, self.source, row_projection(self.told), kinds, projector=self.told)

    def told(self, events: Sequence[InboxEvent]) -> str:
        """What the events tell, for the function `tell`. Raises as `sheet` does."""
        return self.sheet(events).text()

    def sheet(self, events: Iterable[InboxEvent]) -> Sheet:
        """What the events tell, by row. Raises ValueError when an event is not of the file that it came with."""
        sheet = Sheet()
        for heard in events:
            sheet.count(heard.key, self.source, heard.kind)
            tell = self.tells.get(heard.kind)
            if tell is not None:
                event: Any = self.event.FromString(heard.body)
                _check(heard.key, heard.kind, event)
                tell(sheet, heard.key, event)
        return sheet


TELLERS = (
    Teller(told_by_intake.SOURCE, IntakeEvent, told_by_intake.TELLS),
    Teller(told_by_approval.SOURCE, ApprovalEvent, told_by_approval.TELLS),
    Teller(told_by_notify.SOURCE, NotifyEvent, told_by_notify.TELLS),
)
"""The three streams that metrics hears whole."""


def _check(key: FileKey, kind: str, event: Any) -> None:  # noqa: ANN401 # one of three generated classes
    if event.WhichOneof("fact") != kind or event.place.street != key.street:
        raise ValueError(f"the event is no {kind} of the place in its headers")
