"""Streams by convention: names, subjects, and the shape without which a fact could be lost."""

from collections.abc import Iterator
from dataclasses import dataclass

from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)

_DAY = 86_400
MAX_AGE = 14 * _DAY
"""Seconds a fact stays in its stream; PostgreSQL keeps it for ever and can publish it again."""
DUPLICATE_WINDOW = 600
"""Seconds in which a fact published twice is stored once; after them the consumer's inbox removes it."""
_ACK_WAIT_SECONDS = 5
"""A batch takes well under a second; what a killed hearer held is offered to the next one after this long."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream by the name of what is told on it: a service's facts, or sealed envelopes."""

    source: str

    @property
    def name(self) -> str:
        """Its name at the server."""
        return f"OW_{self.source.upper()}"

    @property
    def subject(self) -> str:
        """Every subject that it keeps."""
        return f"onewindow.{self.source}.v1.>"

    def config(self, max_bytes: int, replicas: int) -> StreamConfig:
        """Kept in files, full means refused: the outbox keeps what waits."""
        return StreamConfig(
            name=self.name,
            subjects=[self.subject],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            discard=DiscardPolicy.NEW,
            max_bytes=max_bytes,
            max_age=MAX_AGE,
            duplicate_window=DUPLICATE_WINDOW,
            num_replicas=replicas,
        )

    def wrong(self, present: StreamConfig) -> Iterator[str]:
        """The fields of a stream that is there by which facts could be lost, each with what it is."""
        wanted = self.config(0, 1)
        for field in ("retention", "storage", "discard"):
            if getattr(present, field) != getattr(wanted, field):
                yield f"{field}={getattr(present, field)}"
        if self.subject not in (present.subjects or ()):
            yield f"subjects={','.join(present.subjects or ())}"


def consumer_config(service: str) -> ConsumerConfig:
    """The durable consumer by which a service hears a stream; it has the service's name."""
    return ConsumerConfig(
        name=service,
        durable_name=service,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.ALL,
        ack_wait=_ACK_WAIT_SECONDS,
        max_ack_pending=4000,
        max_deliver=-1,
    )


def wrong_consumer(present: ConsumerConfig) -> Iterator[str]:
    """The fields of a consumer that is there by which its place would be lost, each with what it is."""
    wanted = consumer_config("")
    for field in ("ack_policy", "deliver_policy"):
        if getattr(present, field) != getattr(wanted, field):
            yield f"{field}={getattr(present, field)}"
