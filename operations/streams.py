"""The streams and who hears them, applied as often as one likes; a change that could lose facts is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import APIError, NotFoundError

from chassis.nats.streams import Stream, consumer_config, wrong_consumer
from operations.errors import CommandError

_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Heard:
    """A stream, its share of the room that streams may take, and the services that hear it."""

    stream: Stream
    share: int
    """Sixteenths of the whole."""
    hearers: tuple[str, ...]


STREAMS: tuple[Heard, ...] = (
    Heard(Stream("intake"), 4, ("approval", "notify", "metrics")),
    Heard(Stream("approval"), 6, ("intake", "approval", "notify", "metrics")),
    Heard(Stream("notify"), 4, ("intake", "metrics")),
    Heard(Stream("sealed"), 2, ("notify",)),
)
"""Who hears whom: `docs/map.md` says why. The shares add up to sixteen."""


TELLERS = ("intake", "approval", "notify")
"""The services that have facts of their own."""


@dataclass(frozen=True, slots=True)
class Room:
    """What the streams may take."""

    max_bytes: int = 16 * _GIB
    """Bytes of all streams together on one server; below its `max_file`, else the last one is refused."""
    replicas: int = 1
    """Copies of each stream."""

    def of(self, heard: Heard) -> StreamConfig:
        """A stream as it should be."""
        return heard.stream.config(self.max_bytes * heard.share // 16, self.replicas)


async def apply_streams(
    jetstream: JetStreamContext, streams: Sequence[Heard] = STREAMS, room: Room | None = None
) -> list[str]:
    """Makes or updates every stream and durable; what was made or changed. Raises CommandError.

    All of it is looked at before anything is changed: a change that could lose facts changes nothing at all.
    """
    wanted = [(heard, (room or Room()).of(heard)) for heard in streams]
    present = [await _present(jetstream, heard.stream) for heard in streams]
    for (heard, config), there in zip(wanted, present, strict=True):
        if there is not None:
            _refuse_loss(there, config)
            await _refuse_wrong_consumers(jetstream, heard)
    changed = []
    for (heard, config), there in zip(wanted, present, strict=True):
        try:
            changed += await _apply(jetstream, heard, config, there)
        except APIError as error:
            raise CommandError(f"NATS 没有接受 {config.name}：{error.description}{_advice(error)}") from error
    return changed


async def recreate_streams(jetstream: JetStreamContext, room: Room) -> None:
    """Deletes every stream with its consumers and makes them anew, empty: after PostgreSQL went back to an instant.

    What NATS has beyond that instant never happened. Raises CommandError while anybody hears. Each is emptied before it
    goes: NATS clears the folder of a deleted stream later, and one of its name made at once can find messages there.
    """
    for heard in STREAMS:
        if await _present(jetstream, heard.stream) is not None:
            await _refuse_hearers(jetstream, heard)
    for heard in STREAMS:
        if await _present(jetstream, heard.stream) is not None:
            await jetstream.purge_stream(heard.stream.name)
            await jetstream.delete_stream(heard.stream.name)
    await apply_streams(jetstream, room=room)


async def _refuse_hearers(jetstream: JetStreamContext, heard: Heard) -> None:
    for hearer in heard.hearers:
        try:
            waiting = (await jetstream.consumer_info(heard.stream.name, hearer)).num_waiting
        except NotFoundError:
            continue
        if waiting:
            raise CommandError(
                f"{hearer} 仍在听 {heard.stream.name}：请先把四个服务的副本数调为 0，再重建消息流，"
                "否则恢复后的数据库会听到从未发生的事实"
            )


async def _apply(
    jetstream: JetStreamContext, heard: Heard, config: StreamConfig, there: StreamConfig | None
) -> list[str]:
    changed = []
    if there is None:
        await jetstream.add_stream(config)
        changed.append(str(config.name))
    elif _differs(there, config):
        await jetstream.update_stream(config)
        changed.append(str(config.name))
    for hearer in heard.hearers:
        if await _consumer(jetstream, heard.stream, hearer) is None:
            changed.append(f"{config.name}/{hearer}")
        await jetstream.add_consumer(heard.stream.name, consumer_config(hearer))
    return changed


async def _present(jetstream: JetStreamContext, stream: Stream) -> StreamConfig | None:
    try:
        return (await jetstream.stream_info(stream.name)).config
    except NotFoundError:
        return None


async def _consumer(jetstream: JetStreamContext, stream: Stream, hearer: str) -> object:
    try:
        return (await jetstream.consumer_info(stream.name, hearer)).config
    except NotFoundError:
        return None


async def _refuse_wrong_consumers(jetstream: JetStreamContext, heard: Heard) -> None:
    for hearer in heard.hearers:
        try:
            present = (await jetstream.consumer_info(heard.stream.name, hearer)).config
        except NotFoundError:
            continue
        for said in wrong_consumer(present):
            raise CommandError(f"{heard.stream.name}/{hearer}.{said}：改动会丢失已听到的位置，须由人处理")


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
            raise CommandError(
                f"{wanted.name}.{field}: {was} → {would_be} 会丢失事实，须由人处理"
                "（确认后可用 onewindow streams recreate 重建，由数据库重新发布）"
            )


def _differs(present: StreamConfig, wanted: StreamConfig) -> bool:
    compared: Mapping[str, object] = {
        field: getattr(wanted, field)
        for field in ("subjects", "max_bytes", "max_age", "duplicate_window", "num_replicas")
    }
    return any(getattr(present, field) != value for field, value in compared.items())


def _advice(error: APIError) -> str:
    said = error.description or ""
    if "storage" in said or "resources" in said:
        return "。请增大 NATS 的 max_file，或减小 ONEWINDOW_STREAMS_MAX_BYTES（图表的 nats.streamsGiB）"
    if "replicas" in said or "peers" in said:
        return "。NATS 的服务器数少于 ONEWINDOW_STREAMS_REPLICAS（图表的 nats.streamReplicas）"
    return ""
