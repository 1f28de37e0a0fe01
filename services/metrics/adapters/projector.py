"""Projects received facts to the rows that figures are read from, in the statement that admits them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from chassis.event_store import FileKey, PositionSources
from chassis.inbox import InboxEvent, Subscription, row_projection
from protocol.event_headers import EVENT_TYPES, fact_kinds
from protocol.streams import APPROVAL, INTAKE, METRICS, NOTIFY, received_by
from services.metrics.adapters import project_approval, project_intake, project_notify
from services.metrics.adapters.row_batch import RowBatch

SOURCES = PositionSources(own="", received=received_by(METRICS))
"""Sources whose positions a caller may pass."""

Projections: TypeAlias = Mapping[str, Any]
"""By kind of fact, a function of batch, file and event."""


@dataclass(frozen=True, slots=True)
class Projector:
    """Projects the facts of one source."""

    source: str
    projections: Projections

    def subscription(self) -> Subscription:
        """The subscription to the source; a kind of fact newer than this release stays parked until it is known."""
        stream = f"OW_{self.source.upper()}"
        project = row_projection(self.rows)
        return Subscription(METRICS, stream, self.source, project, sorted(fact_kinds(self.source)), projector=self.rows)

    def rows(self, events: Sequence[InboxEvent]) -> str:
        """Rows of a batch of events as JSON, for the SQL function. Raises as `batch` does."""
        return self.batch(events).as_json()

    def batch(self, events: Iterable[InboxEvent]) -> RowBatch:
        """Rows of a batch of events. Raises ValueError for an event of another file than its headers name."""
        batch = RowBatch()
        for received in events:
            batch.count(received.key, self.source, received.kind)
            project = self.projections.get(received.kind)
            if project is not None:
                event: Any = EVENT_TYPES[self.source].FromString(received.body)
                _check(received.key, received.kind, event)
                project(batch, received.key, event)
        return batch


PROJECTORS = (
    Projector(INTAKE, project_intake.PROJECTIONS),
    Projector(APPROVAL, project_approval.PROJECTIONS),
    Projector(NOTIFY, project_notify.PROJECTIONS),
)
"""One for each of the three streams of facts."""


def _check(key: FileKey, kind: str, event: Any) -> None:  # noqa: ANN401 # one of three generated classes
    if event.WhichOneof("fact") != kind or event.place.street != key.street:
        raise ValueError(f"the event is no {kind} of the place in its headers")
