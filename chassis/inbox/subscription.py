"""Subscription of a service to one stream, with the effect of its events."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from chassis.inbox.events import InboxEvent
from chassis.inbox.transaction import InboxTransaction

Apply: TypeAlias = Callable[[InboxTransaction, Sequence[InboxEvent]], Awaitable[None]]
"""Effect of admitted events, in order for each file, inside their transaction."""

Verify: TypeAlias = Callable[[InboxEvent], None]
"""Compares an event's headers with its body; an error that it raises makes the event a dead letter."""

RowProjector: TypeAlias = Callable[[Sequence[InboxEvent]], str | None]
"""Rows that follow from events, as JSON for the service's SQL function `project_received(jsonb)`; None for none."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A stream that a service receives, and the effect of its events."""

    consumer: str
    """Name of the durable consumer: the service's own name."""
    stream: str
    source: str
    """Service whose facts these are; `sealed` for envelopes."""
    apply: Apply
    known_kinds: Sequence[str]
    """Kinds that this release understands; events of others are parked until a release does."""
    ordered: bool = True
    """True when revision n of a file waits for n-1; envelopes are applied as they come."""
    verify: Verify = lambda _event: None
    applied_kinds: Collection[str] | None = None
    """Kinds with an effect here: only these are verified and applied. Events of the others are stored in the inbox, in
    their order, for the effects of later releases. None for all."""
    projector: RowProjector | None = None
    """Set where `apply` only writes rows: a batch in order is then admitted and projected in one statement."""

    def applicable(self, events: Sequence[InboxEvent]) -> Sequence[InboxEvent]:
        """Events with an effect here."""
        if self.applied_kinds is None:
            return events
        return [event for event in events if event.kind in self.applied_kinds]


def row_projection(projector: RowProjector) -> Apply:
    """The `apply` of a service whose events only write rows: passes the rows to its SQL function `project_received`."""

    async def apply(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        rows = projector(events)
        if rows is not None:
            await tx.fetch("select project_received($1)", rows)

    return apply
