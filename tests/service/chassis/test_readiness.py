"""A service with an unmet condition is not ready, names the condition and the remedy, and does not die."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import asyncpg
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from nats.js.api import DiscardPolicy, StreamConfig

from chassis.nats.broker_access import BrokerAccess
from chassis.postgres.database import PoolSettings, as_role, open_rpc_pool
from chassis.postgres.schema import WrongSchema, check_schema, migrations_of, own_release
from chassis.process.health import READY, Health
from chassis.process.readiness import Condition, Lacking, StreamUsage, check_streams, conditions, lacking
from chassis.process.supervision import Heartbeat
from operations.broker import jetstream
from operations.streams import apply_streams
from protocol.streams import SERVICES
from tests.support.nats_servers import NatsOf, mounted
from tests.support.servers import Database, NatsServer, PostgresServer

BROADCAST = StreamUsage("intake", ("intake", "sealed"), ("approval", "notify"))
NOWHERE = BrokerAccess("nats://127.0.0.1:1")


@pytest.fixture
def database(create_database: Callable[..., Database]) -> Database:
    return create_database("intake", f"intake_{uuid4().hex[:8]}")


@pytest.fixture
async def caller(database: Database) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await asyncpg.connect(database.dsn("rpc"))
    yield connection
    await connection.close()


def settings(database: Database) -> PoolSettings:
    return PoolSettings(database.host, database.port, database.name, as_role(database.role("rpc")), connect_timeout=1)


async def said(database: PoolSettings) -> str:
    """Unmet condition of a service with this database; empty when all are met."""
    async with open_rpc_pool(database) as pool:
        found = await lacking({"database": conditions([pool], NOWHERE, BROADCAST)["database"]}, 5)
    return found[1] if found else ""


async def test_a_database_as_it_should_be_lacks_nothing(database: Database) -> None:
    assert await said(settings(database)) == ""


async def test_a_wrong_database_is_named_with_the_remedy(database: Database, postgres_server: PostgresServer) -> None:
    right = settings(database)
    assert "请检查 ONEWINDOW_DATABASE_HOST" in await said(replace(right, host="/nowhere"))
    assert "没有数据库 nothing" in await said(replace(right, database="nothing"))
    assert "数据库不接受账号 nobody" in await said(replace(right, login=as_role("nobody")))
    assert "无权进入数据库" in await said(replace(right, login=as_role("metrics_rpc")))
    assert "请先执行 onewindow database migrate" in await said(
        replace(right, database="postgres", login=as_role("postgres"))
    )


async def test_every_migration_says_the_oldest_code_that_may_run_on_it() -> None:
    steps = {service: migrations_of(service) for service in SERVICES}
    assert all(step.oldest_code for found in steps.values() for step in found)
    assert all(len({step.version for step in found}) == len(found) for found in steps.values())


async def _record(database: Database, version: str, oldest_code: str) -> None:
    """As a later release's migration would have left it."""
    owner = await asyncpg.connect(database.dsn("owner"))
    await owner.execute("insert into schema_rule values ($1, $2)", version, oldest_code)
    await owner.execute("insert into schema_migrations values ($1)", version)
    await owner.close()


async def test_a_newer_schema_that_allows_this_code_is_fine_so_that_a_release_can_be_taken_back(
    database: Database, caller: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await _record(database, "1900", "any")
    await _record(database, "1901", own_release())
    await check_schema(caller, "intake")


async def test_a_schema_that_excludes_this_code_is_refused_until_it_is_taken_back(
    database: Database, caller: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await _record(database, "1900", "99.1")
    with pytest.raises(WrongSchema, match=r"只允许 99\.1 及以上的程序，本程序是"):
        await check_schema(caller, "intake")
    await check_schema(caller, "intake", release="99.2.0")
    owner = await asyncpg.connect(database.dsn("owner"))
    await owner.execute("delete from schema_migrations where version = '1900'")  # what `dbmate down` does at its end
    await owner.close()
    await check_schema(caller, "intake")


async def test_a_schema_older_than_the_code_needs_is_refused(
    database: Database, caller: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    owner = await asyncpg.connect(database.dsn("owner"))
    await owner.execute("delete from schema_migrations where version = '1001'")
    await owner.close()
    with pytest.raises(WrongSchema, match="缺少 1001"):
        await check_schema(caller, "intake")


@pytest.fixture(scope="module")
def without_jetstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsOf]:
    with NatsOf(tmp_path_factory.mktemp("nats"), "", jetstream=False) as server:
        yield server


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsOf]:
    """One account that may do everything, one that may do nothing."""
    users = [
        {"user": "admin", "password": "p"},
        {"user": "intake", "password": "p", "permissions": {"publish": ["nothing"], "subscribe": ["_INBOX.intake.>"]}},
    ]
    with NatsOf(tmp_path_factory.mktemp("nats"), f"authorization {{ users: {json.dumps(users)} }}\n") as server:
        yield server


async def streams_lack(access: BrokerAccess) -> str:
    try:
        await check_streams(access, BROADCAST)
    except Lacking as error:
        return str(error)
    return ""


async def test_streams_as_they_should_be_lack_nothing(nats_server: NatsServer) -> None:
    nats_server.reset_streams()
    assert await streams_lack(BrokerAccess(nats_server.url)) == ""


async def test_a_nats_that_is_away_is_no_reason_to_refuse_calls() -> None:
    assert await streams_lack(NOWHERE) == ""


async def test_a_nats_without_jetstream_is_named(without_jetstream: NatsOf) -> None:
    assert "没有启用 JetStream" in await streams_lack(without_jetstream.access())


async def test_streams_that_are_missing_or_would_lose_facts_are_named(nats_server: NatsServer) -> None:
    nats_server.reset_streams()
    access = BrokerAccess(nats_server.url)
    async with jetstream(access, 5) as context:
        await context.delete_consumer("OW_NOTIFY", "intake")
        assert "流 OW_NOTIFY 没有消费者 intake，请先执行 onewindow streams apply" in await streams_lack(access)
        await context.delete_stream("OW_SEALED")
        assert "没有流 OW_SEALED，请先执行 onewindow streams apply" in await streams_lack(access)
        await apply_streams(context)
        assert await streams_lack(access) == ""
        there = (await context.stream_info("OW_INTAKE")).config
        await context.update_stream(StreamConfig(**{**vars(there), "discard": DiscardPolicy.OLD}))
        assert "流 OW_INTAKE 的配置会丢失事实（discard=" in await streams_lack(access)
    nats_server.reset_streams()


async def test_a_refused_or_restricted_account_is_named(guarded: NatsOf, tmp_path: Path) -> None:
    assert "NATS 不接受这个账号" in await streams_lack(guarded.access(mounted(tmp_path / "a", "intake", "wrong")))
    assert "账号权限不足" in await streams_lack(guarded.access(mounted(tmp_path / "b", "intake", "p")))
    (tmp_path / "c").mkdir()
    assert "账号文件缺失或不对" in await streams_lack(guarded.access(tmp_path / "c"))
    assert "没有开启 TLS" in await streams_lack(replace(guarded.access(), authority=Path(__file__)))


async def test_readiness_is_refused_with_the_sentence_until_nothing_is_missing() -> None:
    missing = ["没有表结构，请先执行 onewindow database migrate"]

    async def condition() -> None:
        if missing:
            raise Lacking(missing[0])

    async def reach() -> None: ...

    async with _asked({"database": condition}, reach) as ask:
        async with asyncio.timeout(10):
            while (answer := await ask(READY))[1] != missing[0]:
                await asyncio.sleep(0.01)
            assert answer[0] == "UNAVAILABLE"
            assert await ask("") == ("NOT_SERVING", "")
            missing.clear()
            while await ask(READY) != ("SERVING", ""):
                await asyncio.sleep(0.01)
        missing.append("gone again")
        assert await ask(READY) == ("SERVING", ""), "what is lost later empties no endpoints"


class _asked:  # reads as a context
    def __init__(self, conditions: dict[str, Condition], reach: Condition) -> None:
        self._health = Health(["x.v1.X"], Heartbeat(30))
        self._watched = self._health.watch(conditions, reach, 5)

    async def __aenter__(self) -> Callable[[str], Awaitable[tuple[str, str]]]:
        self._server = grpc.aio.server()
        self._health.join(self._server)
        await self._health.begin()
        port = self._server.add_insecure_port("127.0.0.1:0")
        await self._server.start()
        self._watching = asyncio.create_task(self._watched)
        self._channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
        stub = health_pb2_grpc.HealthStub(self._channel)

        async def ask(service: str) -> tuple[str, str]:
            try:
                answer = await stub.Check(health_pb2.HealthCheckRequest(service=service))
            except grpc.aio.AioRpcError as error:
                return error.code().name, error.details() or ""
            return health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status), ""

        return ask

    async def __aexit__(self, *_: object) -> None:
        self._watching.cancel()
        await self._channel.close(None)
        await self._server.stop(0)
