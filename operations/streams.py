"""JetStream streams, consumers and account permissions; a change that could lose facts is refused.

Every change is checked before anything is applied. Enlarging a stream or adding a consumer is applied; a
change of storage, retention or subjects is refused with the fields that differ, because NATS would drop
messages. Each account may publish only the streams of its own service; of the streams that it receives it may make,
read and acknowledge its own consumer, and read a message by its number, which says how long it has waited.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, StreamConfig
from nats.js.errors import APIError, NotFoundError

from chassis.nats.streams import Stream, consumer_config, wrong_consumer
from operations.broker import ADMIN
from operations.errors import CommandError
from protocol.streams import SERVICES, STREAMS, Topology, published_by, received_by

_GIB = 1 << 30
_SIXTEENTHS = 16


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Room and copies of the streams."""

    max_bytes: int = 16 * _GIB
    """Bytes of all streams together on one server; below its `max_file`, else the last one is refused."""
    replicas: int = 1
    """Copies of each stream."""

    def config(self, topology: Topology) -> StreamConfig:
        """The wanted configuration of a stream."""
        return topology.stream.config(self.max_bytes * topology.share // _SIXTEENTHS, self.replicas)


async def apply_streams(
    jetstream: JetStreamContext, streams: Sequence[Topology] = STREAMS, limits: StreamLimits | None = None
) -> list[str]:
    """Creates or updates every stream and consumer; the names of those changed. Raises CommandError.

    All of it is checked before anything is changed: a change that could lose facts changes nothing at all.
    """
    wanted = [(topology, (limits or StreamLimits()).config(topology)) for topology in streams]
    present = [await _present(jetstream, topology.stream) for topology in streams]
    for (topology, config), existing in zip(wanted, present, strict=True):
        if existing is not None:
            _refuse_loss(existing, config)
            await _refuse_wrong_consumers(jetstream, topology)
    changed = []
    for (topology, config), existing in zip(wanted, present, strict=True):
        try:
            changed += await _apply(jetstream, topology, config, existing)
        except APIError as error:
            raise CommandError(f"NATS 没有接受 {config.name}：{error.description}{_advice(error)}") from error
    return changed


async def recreate_streams(jetstream: JetStreamContext, limits: StreamLimits) -> None:
    """Deletes every stream with its consumers and creates it empty: after PostgreSQL was restored to an instant.

    Messages beyond that instant never happened. Raises CommandError while a service receives. A stream is purged before
    it is deleted: NATS clears the folder of a deleted stream later, and a new one of its name can find messages in it.
    """
    for topology in STREAMS:
        if await _present(jetstream, topology.stream) is not None:
            await _refuse_active_receivers(jetstream, topology)
    for topology in STREAMS:
        if await _present(jetstream, topology.stream) is not None:
            await jetstream.purge_stream(topology.stream.name)
            await jetstream.delete_stream(topology.stream.name)
    await apply_streams(jetstream, limits=limits)


async def _refuse_active_receivers(jetstream: JetStreamContext, topology: Topology) -> None:
    for receiver in topology.receivers:
        try:
            waiting = (await jetstream.consumer_info(topology.stream.name, receiver)).num_waiting
        except NotFoundError:
            continue
        if waiting:
            raise CommandError(
                f"{receiver} 仍在接收 {topology.stream.name}：请先把四个服务的副本数调为 0，再重建消息流，"
                "否则恢复后的数据库会收到从未发生的事实"
            )


async def _apply(
    jetstream: JetStreamContext, topology: Topology, config: StreamConfig, existing: StreamConfig | None
) -> list[str]:
    changed = []
    if existing is None:
        await jetstream.add_stream(config)
        changed.append(str(config.name))
    elif _differs(existing, config):
        await jetstream.update_stream(config)
        changed.append(str(config.name))
    for receiver in topology.receivers:
        if await _consumer(jetstream, topology.stream, receiver) is None:
            changed.append(f"{config.name}/{receiver}")
        await jetstream.add_consumer(topology.stream.name, consumer_config(receiver))
    return changed


async def _present(jetstream: JetStreamContext, stream: Stream) -> StreamConfig | None:
    try:
        return (await jetstream.stream_info(stream.name)).config
    except NotFoundError:
        return None


async def _consumer(jetstream: JetStreamContext, stream: Stream, receiver: str) -> ConsumerConfig | None:
    try:
        config: ConsumerConfig = (await jetstream.consumer_info(stream.name, receiver)).config
    except NotFoundError:
        return None
    return config


async def _refuse_wrong_consumers(jetstream: JetStreamContext, topology: Topology) -> None:
    for receiver in topology.receivers:
        present = await _consumer(jetstream, topology.stream, receiver)
        for fault in wrong_consumer(present) if present else ():
            raise CommandError(f"{topology.stream.name}/{receiver}.{fault}：改动会丢失已收到的位置，须由人处理")


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
    description = error.description or ""
    if "storage" in description or "resources" in description:
        return "。请增大 NATS 的 max_file，或减小 ONEWINDOW_STREAMS_MAX_BYTES（图表的 nats.streamsGiB）"
    if "replicas" in description or "peers" in description:
        return "。NATS 的服务器数少于 ONEWINDOW_STREAMS_REPLICAS（图表的 nats.streamReplicas）"
    return ""


@dataclass(frozen=True, slots=True)
class AccountPermissions:
    """Subjects of one account; a subject that is not named is refused."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions() -> dict[str, AccountPermissions]:
    """By account: the four services, and `admin` for the Jobs that create streams and consumers."""
    return {**{service: _of_service(service) for service in SERVICES}, ADMIN: _of_admin()}


def authorization() -> str:
    """The permissions as NATS reads them, to be included in a server's configuration.

    The passwords come from the server's environment: ONEWINDOW_INTAKE_PASSWORD and so on.
    """
    accounts = [
        {
            "user": name,
            "password": f"$ONEWINDOW_{name.upper()}_PASSWORD",
            "permissions": {"publish": list(allowed.publish), "subscribe": list(allowed.subscribe)},
        }
        for name, allowed in permissions().items()
    ]
    users = ",\n".join(f"    {_user(account)}" for account in accounts)
    return f"authorization {{\n  users: [\n{users}\n  ]\n}}\n"


def _user(account: Mapping[str, object]) -> str:
    """A variable stands without quotes, everything else as JSON."""
    return json.dumps(account).replace(f'"{account["password"]}"', str(account["password"]))


def _of_service(service: str) -> AccountPermissions:
    publish = []
    for source in published_by(service):
        publish += [Stream(source).subject, f"$JS.API.STREAM.INFO.{Stream(source).name}"]
    for source in received_by(service):
        consumer = f"{Stream(source).name}.{service}"
        publish += [
            f"$JS.API.CONSUMER.CREATE.{consumer}",
            f"$JS.API.CONSUMER.INFO.{consumer}",
            f"$JS.API.STREAM.MSG.GET.{Stream(source).name}",
            f"$JS.API.CONSUMER.MSG.NEXT.{consumer}",
            f"$JS.ACK.{consumer}.>",
        ]
    return AccountPermissions(tuple(publish), (f"_INBOX.{service}.>",))


def _of_admin() -> AccountPermissions:
    publish = ["$JS.API.INFO"]
    for topology in STREAMS:
        name = topology.stream.name
        publish += [f"$JS.API.STREAM.{act}.{name}" for act in ("CREATE", "UPDATE", "INFO", "PURGE", "DELETE")]
        publish += [f"$JS.API.CONSUMER.{act}.{name}.>" for act in ("CREATE", "DURABLE.CREATE", "INFO", "DELETE")]
    return AccountPermissions(tuple(publish), (f"_INBOX.{ADMIN}.>",))
