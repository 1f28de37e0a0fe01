"""Readiness and liveness without a server: unmet conditions with their sentences, later failures, shutdown."""

import asyncio
import ssl
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import nats.errors
import pytest
from grpc_health.v1 import health_pb2
from nats.js.errors import APIError, NotFoundError
from prometheus_client import REGISTRY

from chassis.nats.broker_access import BrokerAccess
from chassis.nats.streams import Stream, consumer_config
from chassis.postgres.connect import LoginRefused
from chassis.process import readiness
from chassis.process.health import LIVE, READY, STREAMS, Health
from chassis.process.readiness import Lacking, StreamUsage, check_streams, conditions, lacking
from chassis.process.supervision import Heartbeat

USAGE = StreamUsage("intake", ("intake",), ("approval",))
NOWHERE = BrokerAccess("nats://127.0.0.1:1")
SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING


class FakeJetStream:
    """Streams and consumers as configured, or an error in place of the first answer."""

    def __init__(self, *, stream: Any = None, consumer: Any = None, error: Exception | None = None) -> None:
        self.stream = Stream("intake").config(1, 1) if stream is None else stream
        self.consumer = consumer_config("intake") if consumer is None else consumer
        self.error = error
        self.closed = False

    def jetstream(self, timeout: float) -> Any:
        return SimpleNamespace(stream_info=self._stream, consumer_info=self._consumer)

    async def _stream(self, _: str) -> Any:
        if self.error is not None:
            raise self.error
        if isinstance(self.stream, Exception):
            raise self.stream
        return type("Info", (), {"config": self.stream})

    async def _consumer(self, _stream: str, _consumer: str) -> Any:
        if isinstance(self.consumer, Exception):
            raise self.consumer
        return type("Info", (), {"config": self.consumer})

    async def close(self) -> None:
        self.closed = True


async def unmet(monkeypatch: pytest.MonkeyPatch, server: FakeJetStream | Exception, refused: str = "") -> str:
    """Sentence of the condition `streams` at this server; empty when it is met or NATS is away."""

    async def connect(_access: object, _name: str, on_error: Any) -> Any:
        if refused:
            await on_error(nats.errors.Error(refused))
        if isinstance(server, Exception):
            raise server
        return server

    monkeypatch.setattr(readiness, "connect_once", connect)
    try:
        await check_streams(NOWHERE, USAGE)
    except Lacking as error:
        return str(error)
    finally:
        assert isinstance(server, Exception) or server.closed
    return ""


async def test_streams_as_they_should_be_lack_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await unmet(monkeypatch, FakeJetStream()) == ""


@pytest.mark.parametrize(
    ("server", "sentence"),
    [
        (FakeJetStream(stream=NotFoundError()), "NATS 中没有流 OW_INTAKE"),
        (FakeJetStream(consumer=NotFoundError()), "流 OW_APPROVAL 没有消费者 intake"),
        (FakeJetStream(consumer=NotFoundError(err_code=10_059)), "NATS 中没有流 OW_APPROVAL"),
        (FakeJetStream(stream=Stream("other").config(1, 1)), "配置会丢失事实"),
        (FakeJetStream(consumer=consumer_config("intake").evolve(ack_policy="none")), "配置不对"),
        (FakeJetStream(error=nats.errors.NoRespondersError()), "没有启用 JetStream"),
        (FakeJetStream(error=APIError(err_code=10_039)), "没有启用 JetStream"),
        (FakeJetStream(error=APIError(err_code=10_008)), ""),
        (ssl.SSLError("certificate verify failed"), "证书不被认可"),
        (nats.errors.Error("nats: the server offers no TLS"), "没有开启 TLS"),
        (nats.errors.Error("nats: cannot read /a: No such file"), "账号文件缺失或不对"),
        (nats.errors.Error("nats: nkey.seed is no seed of a user (SU…)"), "账号文件缺失或不对"),
        (TimeoutError(), ""),
        (ConnectionRefusedError(), ""),
    ],
)
async def test_what_is_wrong_at_nats_is_named_with_the_remedy(
    server: FakeJetStream | Exception, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await unmet(monkeypatch, server)
    assert sentence in found
    assert bool(found) == bool(sentence)


async def test_a_jetstream_that_does_not_answer_is_named_once_the_service_has_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """NATS is reached, and JetStream has lost its majority: no reason not to start, and a service that is deaf."""
    server: list[Any] = [FakeJetStream(error=nats.errors.TimeoutError())]

    async def connect(*_: object) -> Any:
        if isinstance(server[0], Exception):
            raise server[0]
        return server[0]

    monkeypatch.setattr(readiness, "connect_once", connect)
    streams = {STREAMS: conditions((), NOWHERE, USAGE)["streams"]}
    assert await lacking(streams, 5) is None, "it begins"
    found = await lacking(streams, 5)
    assert found is not None
    assert "JetStream 一直不回答" in found[1]
    server[0] = FakeJetStream(error=APIError(err_code=10_008))
    assert await lacking(streams, 5) == found, "not available just now, for some time"
    for server[0] in (FakeJetStream(), ConnectionRefusedError()):
        assert await lacking(streams, 5) is None
    server[0] = FakeJetStream(error=nats.errors.TimeoutError())
    assert await lacking(streams, 5) is None, "one answer may be late"
    assert await lacking(streams, 5) == found


@pytest.mark.parametrize(
    ("refused", "sentence"),
    [
        ("nats: 'Authorization Violation'", "NATS 不接受这个账号"),
        ("nats: permissions violation for publish to $JS.API", "权限不足（nats: permissions violation"),
    ],
)
async def test_a_refused_account_is_named(refused: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sentence in await unmet(monkeypatch, nats.errors.Error("closed"), refused)


class FakePool:
    """A pool whose connect fails, or whose server has a version."""

    def __init__(self, error: Exception | None = None, major: int = 15) -> None:
        self.error, self.major = error, major

    def acquire(self) -> "FakePool":
        return self

    async def __aenter__(self) -> "FakePool":
        if self.error is not None:
            raise self.error
        return self

    async def __aexit__(self, *_: object) -> None:
        """Gives the connection back."""

    def get_server_version(self) -> Any:
        return type("Version", (), {"major": self.major})

    async def fetch(self, _: str) -> list[Any]:
        raise asyncpg.UndefinedTableError("schema_migrations")


@pytest.mark.parametrize(
    ("pool", "sentence"),
    [
        (FakePool(LoginRefused("账号 a 的口令不对")), "账号 a 的口令不对"),
        (FakePool(ConnectionRefusedError("refused")), "PostgreSQL 没有应答（refused）"),
        (FakePool(TimeoutError()), "PostgreSQL 没有应答（TimeoutError）"),
        (FakePool(major=14), "PostgreSQL 14，本系统需要 15 及以上"),
        (FakePool(), "数据库还没有 intake 的表结构"),
        (FakePool(LookupError()), "database 没有应答（LookupError）"),
    ],
)
async def test_what_is_wrong_at_postgresql_is_named_with_the_remedy(pool: FakePool, sentence: str) -> None:
    found = await lacking({"database": conditions([cast("Any", pool)], NOWHERE, USAGE)["database"]}, 5)
    assert found is not None
    assert found[0] == "database"
    assert sentence in found[1]


async def test_a_condition_that_does_not_answer_in_time_is_unmet() -> None:
    async def hangs() -> None:
        await asyncio.Event().wait()

    assert await lacking({"streams": hangs}, 0.001) == ("streams", "streams 没有应答（TimeoutError）")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses take no time."""
    sleep = asyncio.sleep
    monkeypatch.setattr("chassis.process.health.asyncio.sleep", lambda _: sleep(0))


class Answers:
    """Health as a cluster sees it."""

    def __init__(self) -> None:
        self.health = Health(["onewindow.intake.v1.IntakeService"], Heartbeat(30.0))

    async def status(self, service: str) -> Any:
        request = health_pb2.HealthCheckRequest(service=service)
        return (await self.health._servicer.Check(request, self)).status

    async def abort(self, _code: object, sentence: str) -> None:
        raise Lacking(sentence)


async def test_a_service_is_ready_once_all_conditions_were_met_and_stays_it(quick: None) -> None:
    answers, met, reaches = Answers(), [False], [0]

    async def condition() -> None:
        if not met[0]:
            raise Lacking("还没有表结构")

    async def reach() -> None:
        reaches[0] += 1
        if reaches[0] in (1, 3):
            raise ConnectionRefusedError

    await answers.health.begin()
    with pytest.raises(Lacking, match="正在启动"):
        await answers.status(READY)
    watching = asyncio.create_task(answers.health.watch({"database": condition}, reach, 1.0))
    while answers.health._servicer.lacks == "正在启动":
        await asyncio.sleep(0)
    with pytest.raises(Lacking, match="还没有表结构"):
        await answers.status(READY)
    assert await answers.status("") == NOT_SERVING
    assert await answers.status(LIVE) == SERVING
    assert not answers.health.complete.is_set()
    met[0] = True
    while reaches[0] < 3:
        await asyncio.sleep(0)
    assert answers.health.complete.is_set()
    assert await answers.status(READY) == SERVING, "a later failure takes no pod out of its service"
    assert REGISTRY.get_sample_value("onewindow_database_reachable") == 0
    await answers.health.leave()
    with pytest.raises(Lacking, match="正在停止"):
        await answers.status(READY)
    watching.cancel()


async def test_a_subscription_lost_later_is_named_beside_readiness_and_empties_no_service() -> None:
    answers, lost = Answers(), [""]

    async def condition() -> None:
        if lost[0]:
            raise Lacking(lost[0])

    await answers.health.begin()
    with pytest.raises(Lacking, match="正在启动"):
        await answers.status(STREAMS)

    async def reach() -> None:
        """Answers."""

    watching = asyncio.create_task(answers.health.watch({STREAMS: condition}, reach, 1.0))
    while answers.health._servicer.lacks:
        await asyncio.sleep(0)
    assert await answers.status(STREAMS) == SERVING
    lost[0] = "流 OW_INTAKE 没有消费者 approval"
    await answers.health.look_at_streams(condition, 1.0)
    with pytest.raises(Lacking, match="没有消费者 approval"):
        await answers.status(STREAMS)
    assert await answers.status(READY) == SERVING
    lost[0] = ""
    await answers.health.look_at_streams(condition, 1.0)
    assert await answers.status(STREAMS) == SERVING
    watching.cancel()


async def test_the_streams_are_looked_at_for_ever(quick: None) -> None:
    answers, looks = Answers(), [0]

    async def condition() -> None:
        looks[0] += 1

    async def reach() -> None:
        """Answers."""

    watching = asyncio.create_task(answers.health.watch({STREAMS: condition}, reach, 1.0))
    while looks[0] < 3:
        await asyncio.sleep(0)
    watching.cancel()


async def test_a_service_that_is_stopping_never_becomes_ready(quick: None) -> None:
    answers = Answers()

    async def nothing() -> None:
        """Is met, and is reached."""

    await answers.health.begin()
    await answers.health.leave()
    watching = asyncio.create_task(answers.health.watch({}, nothing, 1.0))
    for _ in range(5):
        await asyncio.sleep(0)
    assert await answers.status("") == NOT_SERVING
    watching.cancel()


async def test_a_service_with_a_stuck_part_is_dead(quick: None) -> None:
    answers = Answers()
    answers.health._heart = Heartbeat(limit_seconds=-1.0)
    answers.health._heart.beat("publisher")
    await answers.health.begin()
    watching = asyncio.create_task(answers.health.watch_heart())
    for _ in range(3):
        await asyncio.sleep(0)
    assert await answers.status(LIVE) == NOT_SERVING
    watching.cancel()
