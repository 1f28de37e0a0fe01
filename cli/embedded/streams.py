"""The streams and who hears them, applied as often as one likes; a change that could lose facts is refused."""

from collections.abc import Mapping
from dataclasses import dataclass

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from cli.embedded.errors import StackError

_DAY = 86_400
_GIB = 1 << 30
MAX_AGE = 14 * _DAY
"""Seconds a fact stays in its stream; PostgreSQL keeps it for ever and can publish it again."""
_ACK_WAIT_SECONDS = 5
"""A batch takes well under a second; what a killed hearer held is offered to the next one after this long."""
DUPLICATE_WINDOW = 600
"""Seconds in which a fact published twice is stored once; after them the consumer's inbox removes it."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream, the subjects it keeps, and the services that hear it."""

    name: str
    subject: str
    max_bytes: int
    hearers: tuple[str, ...]


STREAMS: tuple[Stream, ...] = (
    Stream("OW_INTAKE", "onewindow.intake.v1.>", 4 * _GIB, ("approval", "notify", "metrics")),
    Stream("OW_APPROVAL", "onewindow.approval.v1.>", 6 * _GIB, ("intake", "approval", "notify", "metrics")),
    Stream("OW_NOTIFY", "onewindow.notify.v1.>", 4 * _GIB, ("intake", "metrics")),
    Stream("OW_SEALED", "onewindow.sealed.v1.>", 2 * _GIB, ("notify",)),
)
"""Together below the server's `max_file`, else the last one is refused for want of storage."""


async def apply_streams(jetstream: JetStreamContext, streams: tuple[Stream, ...] = STREAMS, replicas: int = 1) -> None:
    """Makes or updates every stream and durable. Raises StackError when a change could lose facts."""
    for stream in streams:
        await _apply_stream(jetstream, stream, replicas)
        for hearer in stream.hearers:
            await _apply_consumer(jetstream, stream.name, hearer)


async def _apply_stream(jetstream: JetStreamContext, stream: Stream, replicas: int) -> None:
    wanted = StreamConfig(
        name=stream.name,
        subjects=[stream.subject],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_bytes=stream.max_bytes,
        max_age=MAX_AGE,
        duplicate_window=DUPLICATE_WINDOW,
        num_replicas=replicas,
    )
    try:
        present = (await jetstream.stream_info(stream.name)).config
    except NotFoundError:
        await jetstream.add_stream(wanted)
        return
    _refuse_loss(present, wanted)
    if _differs(present, wanted):
        await jetstream.update_stream(wanted)


async def _apply_consumer(jetstream: JetStreamContext, stream: str, hearer: str) -> None:
    wanted = ConsumerConfig(
        name=hearer,
        durable_name=hearer,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.ALL,
        ack_wait=_ACK_WAIT_SECONDS,
        max_ack_pending=4000,
        max_deliver=-1,
    )
    try:
        present = (await jetstream.consumer_info(stream, hearer)).config
    except NotFoundError:
        present = wanted
    for field in ("ack_policy", "deliver_policy"):
        if getattr(present, field) != getattr(wanted, field):
            raise StackError(f"{stream}/{hearer}.{field}: 改动会丢失已听到的位置，须由人处理")
    await jetstream.add_consumer(stream, wanted)


def _refuse_loss(present: StreamConfig, wanted: StreamConfig) -> None:
    smaller = {
        "max_bytes": (present.max_bytes or 0) > (wanted.max_bytes or 0),
        "max_age": (present.max_age or 0) > (wanted.max_age or 0),
        "num_replicas": (present.num_replicas or 1) > (wanted.num_replicas or 1),
        "subjects": not set(present.subjects or ()) <= set(wanted.subjects or ()),
        "retention": present.retention != wanted.retention,
        "storage": present.storage != wanted.storage,
        "discard": present.discard != wanted.discard,
    }
    for field, loses in smaller.items():
        if loses:
            was, would_be = getattr(present, field), getattr(wanted, field)
            raise StackError(f"{wanted.name}.{field}: {was} → {would_be} 会丢失事实，须由人处理")


def _differs(present: StreamConfig, wanted: StreamConfig) -> bool:
    compared: Mapping[str, object] = {
        field: getattr(wanted, field)
        for field in ("subjects", "max_bytes", "max_age", "duplicate_window", "num_replicas")
    }
    return any(getattr(present, field) != value for field, value in compared.items())
