"""Shape of streams and durable consumers: names, subjects, and the settings without which a fact could be lost."""

import json
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
"""A batch takes well under a second; messages of a killed consumer are delivered to the next one after this long."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of the facts of one service, or of sealed envelopes."""

    source: str
    """Publishing service; `sealed` for envelopes."""

    @property
    def name(self) -> str:
        """Name of the stream at the server."""
        return f"OW_{self.source.upper()}"

    @property
    def subject(self) -> str:
        """Subjects that the stream stores."""
        return f"onewindow.{self.source}.v1.>"

    def config(self, max_bytes: int, replicas: int) -> StreamConfig:
        """Configuration: stored in files; a full stream refuses messages, which then wait in the outbox."""
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
        """Settings of an existing stream by which facts could be lost, each with its value."""
        wanted = self.config(0, 1)
        for field in ("retention", "storage", "discard"):
            if getattr(present, field) != getattr(wanted, field):
                yield f"{field}={getattr(present, field)}"
        if self.subject not in (present.subjects or ()):
            yield f"subjects={','.join(present.subjects or ())}"


def consumer_config(service: str) -> ConsumerConfig:
    """Durable consumer of a service; it has the name of the service."""
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
    """Settings of an existing consumer by which its place in the stream, or a fact, could be lost."""
    wanted = consumer_config("")
    for field in ("ack_policy", "deliver_policy"):
        if getattr(present, field) != getattr(wanted, field):
            yield f"{field}={getattr(present, field)}"
    for field in ("filter_subject", "filter_subjects", "deliver_subject", "headers_only"):
        if getattr(present, field):
            yield f"{field}={getattr(present, field)}"
    if (present.max_deliver or -1) > 0:
        yield f"max_deliver={present.max_deliver}"


APPLY = "请先执行 onewindow streams apply（集群中为任务 onewindow-streams）"
"""The other way to a stream or a consumer that is missing, in sentences for the operator."""
CONSUMER_MISSING, STREAM_MISSING = 10_014, 10_059
"""NATS' own numbers for a consumer and for a stream that do not exist."""


def consumer_creation(stream: str, service: str) -> tuple[str, bytes]:
    """Subject and body of the request that makes the durable consumer of a service, and changes none that exists.

    The subject is the only one by which the account of a service may make a consumer: its own, on this stream.
    """
    config = consumer_config(service).as_dict()
    body = {"stream_name": stream, "config": config, "action": "create"}
    return f"$JS.API.CONSUMER.CREATE.{stream}.{service}", json.dumps(body).encode()
