"""NATS as a service reaches it: one connection that never gives up, and batches that are published whole or told."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from prometheus_client import Counter, Gauge

from chassis.nats.broker_access import BrokerAccess, connect_once

_log = structlog.get_logger()
_connected = Gauge("onewindow_nats_connected", "1 while this process is connected to NATS, else 0.")
_errors = Counter("onewindow_nats_errors", "Errors that NATS told this process, refused subjects included.")

_ABSENT = "NATS（{}）没有应答，事实留在数据库里等候：请检查 ONEWINDOW_NATS_URL（图表的 nats.url）、网络策略与 NATS"
"""A service is ready without NATS, so this is the only place where a wrong address is told."""

AWAY = (nats.errors.Error, OSError, TimeoutError)
"""What is raised while NATS is away or restarting. Try again later."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message of a batch. `message_id` lets the stream drop a repeat within its window."""

    subject: str
    body: bytes
    message_id: str
    headers: Mapping[str, str]


async def connect(
    access: BrokerAccess, name: str, *, connect_timeout: float = 5.0, reconnect_wait: float = 0.5
) -> Client:
    """A connection that reconnects for ever and waits for a server that is not there yet; times in seconds.

    What is published while NATS is away fails at once instead of waiting in this process: the outbox keeps it.
    """

    async def gone() -> None:
        _connected.set(0)
        _log.warning("nats_disconnected")

    async def back() -> None:
        _connected.set(1)
        _log.info("nats_reconnected")

    async def on_error(error: Exception) -> None:
        _errors.inc()
        _log.warning("nats_error", reason=str(error))

    while True:
        try:
            client = await connect_once(access, name, on_error, connect_timeout)
        except AWAY as error:
            _log.warning("nats_away", reason=str(error) or type(error).__name__, sentence=_ABSENT.format(access.url))
            await asyncio.sleep(reconnect_wait)
        else:
            client.comes_back(reconnect_wait, gone, back)
            _connected.set(1)
            return client


async def request(client: Client, subject: str, body: bytes, timeout: float) -> Msg:
    """The answer to one request, within `timeout` seconds. Raises one of AWAY.

    The library would wait by `asyncio.wait_for`, which in Python 3.11 loses a cancellation that comes together with
    the answer: a loop that should have ended would go on, and whoever waits for its end would wait for ever.
    """
    async with asyncio.timeout(timeout):
        return await client.request(subject, body, timeout=None)  # type: ignore[arg-type] # None: it only waits


_STORED = b'{"stream":'
"""How the answer to a stored message begins; one to a refused message begins with its error."""


def _refusal(answer: bytes) -> str:
    error = json.loads(answer).get("error", "an answer of no stream") if answer else "no stream takes the subject"
    return str(error.get("description", error)) if isinstance(error, dict) else str(error)


@dataclass(slots=True)
class _Batch:
    left: int
    ended: asyncio.Future[None]
    stored: set[int] = field(default_factory=set)
    refused: str = ""


class BatchPublisher:
    """Publishes batches to JetStream over one inbox; one task waits for all answers of a batch."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = ""
        self._batches: dict[str, _Batch] = {}
        self._count = 0

    async def publish(self, messages: Sequence[OutgoingMessage], timeout: float) -> set[int]:
        """The places of those messages that the stream has stored, or had stored already.

        What was refused, or not answered within `timeout` seconds, is missing; the reason is in the log.
        """
        if not self._inbox:
            self._inbox = self._client.new_inbox()
            await self._client.subscribe(f"{self._inbox}.>", cb=self._answered)
        self._count += 1
        name = str(self._count)
        batch = self._batches[name] = _Batch(len(messages), asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(timeout):
                for n, message in enumerate(messages):
                    headers = {"Nats-Msg-Id": message.message_id, **message.headers}
                    reply = f"{self._inbox}.{name}.{n}"
                    await self._client.publish(message.subject, message.body, reply, headers)
                await batch.ended
        except AWAY as error:
            batch.refused = batch.refused or type(error).__name__
        finally:
            del self._batches[name]
        if batch.refused:
            _log.warning("publish_incomplete", reason=batch.refused, stored=len(batch.stored), sent=len(messages))
        return batch.stored

    async def _answered(self, answer: Msg) -> None:
        name, n = answer.subject.rsplit(".", 2)[1:]
        batch = self._batches.get(name)
        if batch is None:
            return
        if answer.data.startswith(_STORED):
            batch.stored.add(int(n))
        else:
            batch.refused = _refusal(answer.data)
        batch.left -= 1
        if batch.left == 0 and not batch.ended.done():
            batch.ended.set_result(None)
