"""Heard facts become rows, in the transaction that admits them: one statement for a batch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.event_store import FileKey
from chassis.hearing import HeardEvent, HearingTx

from . import told_by_approval, told_by_intake, told_by_notify
from .sheet import Sheet

_TELL = "select tell($1)"


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes what the facts of one source tell; the `apply` of its hearing."""

    source: str
    event: type[Message]
    tells: Mapping[str, Any]
    """By kind of fact, a function of sheet, file and event."""

    @property
    def kinds(self) -> list[str]:
        """Every kind of fact that this version knows; a newer one waits until a newer version hears it."""
        return sorted(field.name for field in self.event.DESCRIPTOR.oneofs_by_name["fact"].fields)

    @property
    def stream(self) -> str:
        """The stream on which the source tells its facts."""
        return f"OW_{self.source.upper()}"

    async def apply(self, tx: HearingTx, events: Sequence[HeardEvent]) -> None:
        """Write what the events tell."""
        await tx.fetch(_TELL, self.sheet(events).text())

    def sheet(self, events: Iterable[HeardEvent]) -> Sheet:
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
