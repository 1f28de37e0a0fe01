"""Streams of the product: which service publishes each, and which services receive it.

NATS streams and consumers, account permissions, readiness checks and accepted positions all follow from this table.
`docs/map.md` says which facts each receiver uses, and why.
"""

from dataclasses import dataclass

from chassis.nats.streams import Stream

INTAKE, APPROVAL, NOTIFY, METRICS = "intake", "approval", "notify", "metrics"
SEALED = "sealed"
"""Envelopes from intake that only notify can open."""

SERVICES = (INTAKE, APPROVAL, NOTIFY, METRICS)


@dataclass(frozen=True, slots=True)
class Topology:
    """One stream: its publisher, its receivers, and its part of the room that all streams share."""

    source: str
    publisher: str
    receivers: tuple[str, ...]
    share: int
    """Sixteenths of the whole room."""

    @property
    def stream(self) -> Stream:
        """The stream as the server knows it."""
        return Stream(self.source)


STREAMS = (
    Topology(INTAKE, INTAKE, (APPROVAL, NOTIFY, METRICS), 4),
    Topology(APPROVAL, APPROVAL, (INTAKE, APPROVAL, NOTIFY, METRICS), 6),
    Topology(NOTIFY, NOTIFY, (INTAKE, METRICS), 4),
    Topology(SEALED, INTAKE, (NOTIFY,), 2),
)
"""Every stream; the shares add up to sixteen."""

PUBLISHERS = tuple(service for service in SERVICES if any(one.source == service for one in STREAMS))
"""Services that have facts of their own."""


def published_by(service: str) -> tuple[str, ...]:
    """The sources that a service publishes."""
    return tuple(one.source for one in STREAMS if one.publisher == service)


def publisher_of(source: str) -> str:
    """The service that publishes a source."""
    return next(one.publisher for one in STREAMS if one.source == source)


def received_by(service: str) -> tuple[str, ...]:
    """The sources that a service receives."""
    return tuple(one.source for one in STREAMS if service in one.receivers)
