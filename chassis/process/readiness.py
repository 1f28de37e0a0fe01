"""Conditions of readiness, each with the sentence that says what to do while it is unmet.

Checked until all were met once. A later loss makes calls fail and gauges move; it takes no pod out of its service. A
stream or a subscription that is lost later is named by health under `streams` (chassis/process/health.py).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from ssl import SSLError
from typing import TypeAlias

import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from nats.js.errors import APIError, NotFoundError

from chassis.nats.broker import AWAY, make_consumer
from chassis.nats.broker_access import BrokerAccess, connect_once
from chassis.nats.streams import APPLY, STREAM_MISSING, Stream, wrong_consumer
from chassis.postgres import database
from chassis.postgres.connect import LoginRefused
from chassis.postgres.database import Pool
from chassis.postgres.schema import WrongSchema, check_schema

OLDEST_POSTGRES = 15
"""SQL of ours runs on PostgreSQL 15 to 18."""

_WITHIN_SECONDS = 3
"""Seconds in which NATS must answer a question."""
_SILENT_LOOKS = 2
"""Looks in a row at a JetStream that does not answer after which it is named."""
_SILENT = (
    "NATS 已连上，而 JetStream 一直不回答：事实发不出、也收不到，请检查 NATS 各节点、磁盘与 JetStream 的多数"
    "（nats server report jetstream）"
)
_NOT_NOW = 10_008
"""NATS' own number for a JetStream that exists and is not available just now."""


class Lacking(Exception):
    """A condition is unmet; `str` is the sentence for the operator."""


Condition: TypeAlias = Callable[[], Awaitable[object]]
"""Raises Lacking, or any other error while the other side does not answer."""


@dataclass(frozen=True, slots=True)
class StreamUsage:
    """Streams that a service publishes and receives, by their sources."""

    service: str
    published: Sequence[str]
    received: Sequence[str]


def conditions(
    pools: Sequence[Pool], access: BrokerAccess, usage: StreamUsage, *, heal: bool = False
) -> Mapping[str, Condition]:
    """Conditions of every service: its database under each of its logins, and its streams.

    With `heal` a consumer that is gone is made anew until all streams were met once: the loops, and with them the watch
    over each subscription, begin only then. From then on the watch heals, and the condition reports. A JetStream that
    does not answer is no reason not to begin; once begun it is named.
    """
    begun, silent = False, 0

    async def streams() -> None:
        nonlocal begun, silent
        answered = await check_streams(access, usage, heal=heal and not begun)
        silent = 0 if answered else silent + 1
        if begun and silent >= _SILENT_LOOKS:
            raise Lacking(_SILENT)
        begun = True

    return {"database": lambda: _databases(pools, usage.service), "streams": streams}


async def _databases(pools: Sequence[Pool], service: str) -> None:
    for pool in pools:
        try:
            await _database(pool, service)
        except (LoginRefused, WrongSchema) as error:
            raise Lacking(str(error)) from error
        except database.AWAY as error:
            reason = str(error) or type(error).__name__
            where = "ONEWINDOW_DATABASE_HOST（图表的 database.host）"
            raise Lacking(f"PostgreSQL 没有应答（{reason}）：请检查 {where}、网络策略与数据库") from error


async def _database(pool: Pool, service: str) -> None:
    async with pool.acquire() as connection:
        version = connection.get_server_version()
        if version.major < OLDEST_POSTGRES:
            raise Lacking(f"数据库服务器是 PostgreSQL {version.major}，本系统需要 {OLDEST_POSTGRES} 及以上")
        await check_schema(connection, service)


async def check_streams(access: BrokerAccess, usage: StreamUsage, *, heal: bool = False) -> bool:
    """Checks the streams and consumers of a service at NATS. Raises Lacking; passes while NATS is away.

    False where NATS was reached and JetStream did not answer.
    With `heal` a consumer that is gone is made anew where the account may: it begins with all that the stream has.
    """
    refused: list[str] = []
    reached = False

    async def on_error(error: Exception) -> None:
        refused.append(str(error))

    try:
        client = await connect_once(access, usage.service, on_error)
        reached = True
        try:
            await _streams(client, usage, heal=heal)
        finally:
            await client.close()
    except AWAY as error:
        if sentence := _sentence(error, refused):
            raise Lacking(sentence) from error
        return not reached
    return True


async def _streams(client: Client, usage: StreamUsage, *, heal: bool) -> None:
    jetstream = client.jetstream(timeout=_WITHIN_SECONDS)
    for source in usage.published:
        stream = Stream(source)
        try:
            present = (await jetstream.stream_info(stream.name)).config
        except NotFoundError as error:
            raise Lacking(f"NATS 中没有流 {stream.name}，{APPLY}") from error
        for wrong in stream.wrong(present):
            raise Lacking(
                f"流 {stream.name} 的配置会丢失事实（{wrong}），须由人处理：见 onewindow streams apply 的提示"
            )
    for source in usage.received:
        consumer = await _consumer(jetstream, Stream(source), usage.service)
        if consumer is None and heal:
            await _make_anew(client, Stream(source), usage.service)
        elif consumer is None:
            raise Lacking(f"流 {Stream(source).name} 没有消费者 {usage.service}，{APPLY}")
        for wrong in wrong_consumer(consumer) if consumer else ():
            raise Lacking(f"消费者 {Stream(source).name}/{usage.service} 的配置不对（{wrong}），须由人处理")


async def _consumer(jetstream: JetStreamContext, stream: Stream, service: str) -> ConsumerConfig | None:
    """The durable consumer of a service; None when it is gone."""
    try:
        config: ConsumerConfig = (await jetstream.consumer_info(stream.name, service)).config
    except NotFoundError as error:
        if error.err_code == STREAM_MISSING:
            raise Lacking(f"NATS 中没有流 {stream.name}，{APPLY}") from error
        return None
    return config


async def _make_anew(client: Client, stream: Stream, service: str) -> None:
    """Makes the durable consumer of a service as the watch would, who does not look before the start is complete."""
    missing = f"流 {stream.name} 没有消费者 {service}"
    try:
        refused = await make_consumer(client, stream.source, service, _WITHIN_SECONDS)
    except AWAY as error:
        raise Lacking(f"{missing}，本服务的 NATS 账号无权自建：{APPLY}") from error
    if refused:
        raise Lacking(f"{missing}（{refused}），{APPLY}")


def _sentence(error: Exception, refused: Sequence[str]) -> str:
    """Sentence for the operator about an error of NATS; empty when NATS is merely away."""
    text = " ".join((*refused, str(error))).lower()
    if "authorization" in text:
        return "NATS 不接受这个账号：请核对挂载的 Secret 与 NATS 的用户"
    if "permissions violation" in text:
        return f"NATS 账号权限不足（{refused[0]}）：请按 onewindow streams permissions 的输出配置"
    if isinstance(error, nats.errors.NoRespondersError) or (isinstance(error, APIError) and error.err_code != _NOT_NOW):
        return "NATS 没有启用 JetStream，事实无处可存：请在 NATS 配置中加上 jetstream"
    if isinstance(error, SSLError):
        reason = getattr(error, "reason", None) or "TLS"
        return f"NATS 的证书不被认可（{reason}）：请核对 ONEWINDOW_NATS_AUTHORITY_FILE 与服务器证书"
    if "offers no tls" in text:
        return "NATS 没有开启 TLS：请在服务器上开启，或去掉 ONEWINDOW_NATS_AUTHORITY_FILE"
    if "cannot read" in text or "is empty" in text or "no seed" in text:
        return f"NATS 账号文件缺失或不对（{error}）：请检查挂载的 Secret"
    return ""


async def lacking(conditions: Mapping[str, Condition], limit_seconds: float) -> tuple[str, str] | None:
    """Name and sentence of the first unmet condition; None when all are met."""
    for name, condition in conditions.items():
        try:
            async with asyncio.timeout(limit_seconds):
                await condition()
        except Lacking as error:
            return name, str(error)
        except Exception as error:  # any other error: it does not answer as it must
            return name, f"{name} 没有应答（{type(error).__name__}）"
    return None
