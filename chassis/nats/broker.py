"""Connection of a service to NATS, and publication of batches to JetStream with acknowledgements.

JetStream answers each message that it has stored on the reply subject of the message. A batch of n messages needs n
answers; a future and an inbox for each of them, as in the library, cost more than twice the CPU of the message itself
(docs/figures.md). The publisher subscribes once to `<inbox>.>` and numbers its reply subjects:

    batch 7: message 0 -> reply `_INBOX.x.7.0`, message 1 -> `_INBOX.x.7.1`, message 2 -> `_INBOX.x.7.2`

Example: the server answers 0 (stored) and 2 (stored), refuses 1 (stream is full). The callback reads batch and number
from the subject of the answer: stored = {0, 2}, three answers have come, the batch ends. The caller deletes the rows of
0 and 2 from the outbox and keeps 1. If an answer is lost, the batch ends by its timeout; the unanswered message is
published again later, and the stream drops it by its `Nats-Msg-Id` if it had been stored.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from prometheus_client import Counter, Gauge

from chassis.nats.broker_access import BrokerAccess, connect_once
from chassis.nats.streams import Stream, consumer_creation

_log = structlog.get_logger()
_connected = Gauge("onewindow_nats_connected", "1 while this process is connected to NATS, else 0.")
_errors = Counter("onewindow_nats_errors", "Errors that NATS reported to this process, refused subjects included.")

consumers_remade = Counter(
    "onewindow_inbox_subscriptions_remade",
    "Durable consumers that were gone and that the service made anew.",
    ["source"],
)

_ABSENT = "NATS（{}）没有应答，事实留在数据库里等候：请检查 ONEWINDOW_NATS_URL（图表的 nats.url）、网络策略与 NATS"
"""A service is ready without NATS, so this line of the log is the only sign of a wrong address."""

AWAY = (nats.errors.Error, OSError, TimeoutError)
"""Errors while NATS is away or restarting: try again later."""

_STORED = b'{"stream":'
"""Start of the answer to a stored message; an answer to a refused message starts with its error."""
_NUMBER, _DUPLICATE = b'"seq":', b'"duplicate":'


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message of a batch. The stream drops a second message with the same `message_id` within its window."""

    subject: str
    body: bytes
    message_id: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class StoredBatch:
    """Answers of the stream to one batch."""

    places: set[int] = field(default_factory=set)
    """Places in the batch of the messages that the stream has stored, or had stored already."""
    lowest: int = 0
    """Least number in the stream of those that were stored just now; 0 when there were none."""
    highest: int = 0
    """Greatest number of those."""

    def add(self, place: int, answer: bytes) -> None:
        """Notes the answer to a message: `{"stream":"OW_INTAKE","seq":57}`, for a repeat with `"duplicate":true`."""
        self.places.add(place)
        if _DUPLICATE in answer:
            return
        number = int(answer.partition(_NUMBER)[2].partition(b",")[0].rstrip(b"} "))
        self.lowest = min(self.lowest or number, number)
        self.highest = max(self.highest, number)


@dataclass(slots=True)
class _Batch:
    left: int
    ended: asyncio.Future[None]
    stored: StoredBatch = field(default_factory=StoredBatch)
    refused: str = ""


async def connect(
    access: BrokerAccess, name: str, *, connect_timeout: float = 5.0, reconnect_wait: float = 0.5
) -> Client:
    """A connection that reconnects for ever and waits for a server that does not answer yet; times in seconds.

    A publish while NATS is away fails at once instead of waiting in this process: the outbox keeps the row.
    """
    connected = False

    async def on_loss() -> None:
        if connected:
            _connected.set(0)
            _log.warning("nats_disconnected")

    async def on_return() -> None:
        _connected.set(1)
        _log.info("nats_reconnected")

    async def on_error(error: Exception) -> None:
        _errors.inc()
        _log.warning("nats_error", reason=str(error))

    while True:
        try:
            client = await connect_once(access, name, on_error, connect_timeout, on_loss=on_loss, on_return=on_return)
        except AWAY as error:
            _log.warning("nats_away", reason=str(error) or type(error).__name__, sentence=_ABSENT.format(access.url))
            await asyncio.sleep(reconnect_wait)
        else:
            connected = True
            client.reconnect_for_ever(reconnect_wait)
            _connected.set(1)
            return client


async def request(client: Client, subject: str, body: bytes, timeout: float) -> Msg:
    """Answer to one request, within `timeout` seconds. Raises one of AWAY.

    The library would wait by `asyncio.wait_for`, which in Python 3.11 loses a cancellation that comes together with
    the answer: a loop that should have ended would go on, and the wait for its end would never be over.
    """
    async with asyncio.timeout(timeout):
        return await client.request(subject, body, timeout=None)  # type: ignore[arg-type] # None: no timeout of its own


async def call_api(client: Client, subject: str, body: bytes, timeout: float) -> dict[str, Any]:
    """Answer of JetStream to a request on a subject of its interface; with `error` where it refuses.

    Raises one of AWAY, also where the account may not: a refused subject is never answered.
    """
    answer: dict[str, Any] = json.loads((await request(client, subject, body, timeout)).data)
    return answer


async def consumer_state(client: Client, stream: str, consumer: str, timeout: float) -> dict[str, Any]:
    """State of a durable consumer in JetStream's words; with `error` where there is none. Raises one of AWAY."""
    return await call_api(client, f"$JS.API.CONSUMER.INFO.{stream}.{consumer}", b"", timeout)


async def last_message(client: Client, stream: str, timeout: float) -> int:
    """Number of the last message that a stream has; 0 when it has none. Raises one of AWAY.

    A consumer's own count of what is still to come (`num_pending`) follows the stream a little later: right after a
    message was stored it may not contain it yet.
    """
    answer = await call_api(client, f"$JS.API.STREAM.MSG.GET.{stream}", b'{"last_by_subj": ">"}', timeout)
    return int(answer["message"]["seq"]) if "message" in answer else 0


async def make_consumer(client: Client, source: str, service: str, timeout: float) -> str:
    """Makes the durable consumer of a service anew, counted; the server's reason where it refuses, else empty.

    Raises one of AWAY, as call_api does.
    """
    stream = Stream(source).name
    refused = (await call_api(client, *consumer_creation(stream, service), timeout)).get("error")
    if refused:
        return str(refused.get("description"))
    consumers_remade.labels(source).inc()
    _log.warning("subscription_remade", stream=stream, consumer=service)
    return ""


class BatchPublisher:
    """Publishes batches to JetStream; one subscription receives all answers, one future ends a batch."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = ""
        self._batches: dict[str, _Batch] = {}
        self._count = 0

    async def publish(self, messages: Sequence[OutgoingMessage], timeout: float) -> StoredBatch:
        """Publishes a batch; the messages that the stream has stored, or had stored already.

        Messages that were refused or not answered within `timeout` seconds are missing; the reason is logged.
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
            _log.warning(
                "publish_incomplete", reason=batch.refused, stored=len(batch.stored.places), sent=len(messages)
            )
        return batch.stored

    async def _answered(self, answer: Msg) -> None:
        name, n = answer.subject.rsplit(".", 2)[1:]
        batch = self._batches.get(name)
        if batch is None:
            return
        if answer.data.startswith(_STORED):
            batch.stored.add(int(n), answer.data)
        else:
            batch.refused = _refusal(answer.data)
        batch.left -= 1
        if batch.left == 0 and not batch.ended.done():
            batch.ended.set_result(None)


def _refusal(answer: bytes) -> str:
    error = json.loads(answer).get("error", "an answer of no stream") if answer else "no stream takes the subject"
    return str(error.get("description", error)) if isinstance(error, dict) else str(error)
