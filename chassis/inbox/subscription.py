"""Which stream a service hears, and what follows from it there."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from chassis.inbox.events import InboxEvent
from chassis.inbox.transaction import InboxTransaction

Apply: TypeAlias = Callable[[InboxTransaction, Sequence[InboxEvent]], Awaitable[None]]
"""What follows from admitted events, in order for each file, inside their transaction."""

Verify: TypeAlias = Callable[[InboxEvent], None]
"""Compares an event's headers with its body; raises what lays the event aside."""

RowProjector: TypeAlias = Callable[[Sequence[InboxEvent]], str | None]
"""What events tell, as JSON for the service's SQL function `tell(jsonb)`; None when nothing follows from them."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Which stream a service hears, and what follows from it."""

    consumer: str
    """The durable consumer: the service's own name."""
    stream: str
    source: str
    """The service whose facts these are; `sealed` for envelopes."""
    apply: Apply
    """What follows from admitted events, inside their transaction."""
    known_kinds: Sequence[str]
    """Kinds this release understands; others are parked until one does."""
    ordered: bool = True
    """Whether revision n of a file waits for n-1; envelopes come as they are."""
    verify: Verify = lambda _event: None
    applied_kinds: Collection[str] | None = None
    """Kinds from which something follows here: only these are verified and applied. The others are kept in the inbox,
    in their order, for whatever a later release makes of them. None: all."""
    projector: RowProjector | None = None
    """Set where `apply` only writes rows: then a batch in order is admitted and told in one statement."""

    def applicable(self, events: Sequence[InboxEvent]) -> Sequence[InboxEvent]:
        """Those of the events from which something follows here."""
        if self.applied_kinds is None:
            return events
        return [event for event in events if event.kind in self.applied_kinds]


def row_projection(projector: RowProjector) -> Apply:
    """The `apply` of a service whose events only write rows: hands what they tell to its SQL function `tell`."""

    async def apply(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        text = projector(events)
        if text is not None:
            await tx.fetch("select tell($1)", text)

    return apply
