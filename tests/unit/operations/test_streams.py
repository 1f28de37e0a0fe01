"""Changes of streams: what is new is created, what could lose facts is refused, and everything is looked at first."""

from dataclasses import replace
from typing import Any

import pytest
from nats.js.api import ConsumerConfig, DeliverPolicy, StreamConfig
from nats.js.errors import APIError, NotFoundError

from chassis.nats.streams import consumer_config
from operations.errors import CommandError
from operations.streams import StreamLimits, apply_streams, recreate_streams
from protocol.streams import STREAMS, Topology

GIB = 1 << 30
SMALL = Topology("sealed", "intake", ("notify",), 2)


class Found:
    """The answer of NATS about a stream or a consumer."""

    def __init__(self, config: Any, waiting: int = 0) -> None:
        self.config = config
        self.num_waiting = waiting


class Streams:
    """The part of JetStream that is used, in memory."""

    def __init__(self) -> None:
        self.streams: dict[str, StreamConfig] = {}
        self.consumers: dict[tuple[str, str], ConsumerConfig] = {}
        self.waiting = 0
        self.refusal: APIError | None = None
        self.acts: list[str] = []

    async def stream_info(self, name: str) -> Found:
        if name not in self.streams:
            raise NotFoundError
        return Found(self.streams[name])

    async def consumer_info(self, stream: str, name: str) -> Found:
        if (stream, name) not in self.consumers:
            raise NotFoundError
        return Found(self.consumers[stream, name], self.waiting)

    async def add_stream(self, config: StreamConfig) -> None:
        if self.refusal:
            raise self.refusal
        self.streams[str(config.name)] = config
        self.acts.append(f"add {config.name}")

    async def update_stream(self, config: StreamConfig) -> None:
        self.streams[str(config.name)] = config
        self.acts.append(f"update {config.name}")

    async def add_consumer(self, stream: str, config: ConsumerConfig) -> None:
        self.consumers[stream, str(config.durable_name)] = config

    async def purge_stream(self, name: str) -> None:
        self.acts.append(f"purge {name}")

    async def delete_stream(self, name: str) -> None:
        del self.streams[name]
        self.consumers = {key: each for key, each in self.consumers.items() if key[0] != name}
        self.acts.append(f"delete {name}")


@pytest.fixture
def streams() -> Any:
    return Streams()


async def test_streams_and_consumers_are_created_once(streams: Any) -> None:
    changed = await apply_streams(streams)
    assert len(changed) == len(STREAMS) + sum(len(one.receivers) for one in STREAMS)
    assert await apply_streams(streams) == []
    assert sum(config.max_bytes or 0 for config in streams.streams.values()) == 16 * GIB


async def test_more_room_is_an_update(streams: Any) -> None:
    await apply_streams(streams, (SMALL,))
    assert await apply_streams(streams, (SMALL,), StreamLimits(32 * GIB)) == ["OW_SEALED"]


@pytest.mark.parametrize(
    "lost",
    [
        {"max_bytes": 1 << 50},
        {"max_age": 10**9},
        {"num_replicas": 3},
        {"subjects": ["onewindow.sealed.>", "another.>"]},
        {"retention": "workqueue"},
        {"storage": "memory"},
        {"discard": "old"},
    ],
    ids=lambda lost: next(iter(lost)),
)
async def test_what_could_lose_facts_is_refused_by_name_and_changes_nothing(streams: Any, lost: dict[str, Any]) -> None:
    await apply_streams(streams)
    streams.streams["OW_SEALED"] = replace(streams.streams["OW_SEALED"], **lost)
    streams.acts.clear()
    with pytest.raises(CommandError, match=rf"OW_SEALED\.{next(iter(lost))}: .*会丢失事实"):
        await apply_streams(streams, limits=StreamLimits(32 * GIB))
    assert streams.acts == []


async def test_a_consumer_that_would_lose_its_place_is_refused(streams: Any) -> None:
    await apply_streams(streams, (SMALL,))
    streams.consumers["OW_SEALED", "notify"] = replace(consumer_config("notify"), deliver_policy=DeliverPolicy.NEW)
    with pytest.raises(CommandError, match="OW_SEALED/notify"):
        await apply_streams(streams, (SMALL,))


@pytest.mark.parametrize(
    ("description", "advice"),
    [
        ("insufficient storage resources available", "max_file"),
        ("replicas > 1 not supported in non-clustered mode", "ONEWINDOW_STREAMS_REPLICAS"),
        ("no suitable peers for placement", "ONEWINDOW_STREAMS_REPLICAS"),
        ("something else", "something else"),
    ],
)
async def test_a_refusal_of_nats_comes_with_advice(streams: Any, description: str, advice: str) -> None:
    streams.refusal = APIError(code=500, err_code=1, description=description)
    with pytest.raises(CommandError, match=advice):
        await apply_streams(streams)


async def test_recreated_streams_are_purged_deleted_and_made_anew(streams: Any) -> None:
    await apply_streams(streams, (SMALL,))
    streams.acts.clear()
    await recreate_streams(streams, StreamLimits())
    assert streams.acts[:2] == ["purge OW_SEALED", "delete OW_SEALED"]
    assert streams.streams.keys() == {one.stream.name for one in STREAMS}


async def test_streams_are_not_recreated_while_a_service_receives(streams: Any) -> None:
    await apply_streams(streams)
    streams.waiting = 1
    streams.acts.clear()
    with pytest.raises(CommandError, match="仍在接收"):
        await recreate_streams(streams, StreamLimits())
    assert streams.acts == []
