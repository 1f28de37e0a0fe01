"""Connection of the commands to NATS: waits within a limit, refuses a server without JetStream."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import APIError, ServiceUnavailableError

from chassis.nats.broker_access import BrokerAccess, connect_once
from operations.errors import CommandError, report_waiting

ADMIN = "admin"
"""The account of the commands; their answers arrive at `_INBOX.admin`."""

_PAUSE = 0.1
_LONGEST_PAUSE = 2.0


@asynccontextmanager
async def jetstream(access: BrokerAccess, within: float) -> AsyncIterator[JetStreamContext]:
    """A JetStream context. Raises CommandError with the obstacle and the remedy."""
    client = await _connected(access, within)
    try:
        context = client.jetstream()
        await _refuse_without_jetstream(context, access)
        yield context
    finally:
        await client.close()


async def _connected(access: BrokerAccess, within: float) -> Client:
    loop = asyncio.get_running_loop()
    began, pause, reported = loop.time(), _PAUSE, ""
    while True:
        try:
            return await connect_once(access, ADMIN, _quiet)
        except (nats.errors.Error, OSError, TimeoutError) as error:
            if "authorization" in str(error).lower():
                raise CommandError("NATS 不接受这个账号：请核对挂载的 Secret 与 NATS 的用户") from error
            waited, reason = loop.time() - began, str(error) or type(error).__name__
            if waited > within:
                raise CommandError(
                    f"NATS（{access.url}）在 {within:g} 秒内没有应答（{reason}）："
                    "请检查地址、证书、网络策略，以及 NATS 是否已启动"
                ) from error
            sentence = f"NATS（{access.url}）还没有应答（{reason}），最多等 {within:g} 秒"
            reported = report_waiting(sentence, waited, reported)
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


async def _refuse_without_jetstream(context: JetStreamContext, access: BrokerAccess) -> None:
    try:
        await context.account_info()
    except (nats.errors.NoRespondersError, ServiceUnavailableError, APIError) as error:
        raise CommandError(
            f"NATS（{access.url}）没有启用 JetStream，事实无处可存：请在 NATS 配置中加上 jetstream 与 store_dir 后重试"
        ) from error
    except TimeoutError as error:
        raise CommandError("NATS 没有回答：这个账号可能无权查询 JetStream（须能发布 $JS.API.INFO）") from error


async def _quiet(_error: Exception) -> None:
    """Ignores it: the command itself reports the failure."""
