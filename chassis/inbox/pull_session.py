"""Pull requests to a durable consumer: standing credit at the server, and detection of a lost session.

The server pushes up to `batch` messages for each request. A new request is sent when half of the credit is used, so
that the server never waits for one. An idle server sends a heartbeat; when two of them are missing, or the server
reports that the request is gone, the session is over and the next one asks for the state of the consumer again.
"""

import asyncio
import json
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Self

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as NatsSubscription

from chassis.inbox.acks import AckLedger, StreamDelivery, read_reply
from chassis.nats.broker import AWAY, consumer_state, request
from chassis.settings.tuning import Tuning, linger

_NANOSECONDS = 1_000_000_000
_HEARTBEAT, _EXPIRED = "100", "408"


class SessionLost(Exception):
    """The server no longer has the request, or a delivery was lost on the way: begin a new session."""


class PullSession:
    """One subscription to a durable consumer, from its first request until it is cut off."""

    def __init__(self, client: Client, stream: str, durable: str, ledger: AckLedger, tuning: Tuning) -> None:
        self._client = client
        self._stream = stream
        self._durable = durable
        self._ledger = ledger
        self._tuning = tuning
        self._reply_subject = client.new_inbox()
        self._queue: deque[tuple[StreamDelivery, Msg]] = deque()
        self._arrived = asyncio.Event()
        self._credit = 0
        self._lost = ""
        self._subscription: NatsSubscription | None = None

    async def __aenter__(self) -> Self:
        await self._begin()
        self._subscription = await self._client.subscribe(self._reply_subject, cb=self._take)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hands back the messages that were delivered and not applied, so that the next session has them at once."""
        with suppress(*AWAY):
            if self._subscription is not None:
                await self._subscription.unsubscribe()
            for delivery, _ in self._queue:
                await self._client.publish(delivery.reply, b"-NAK")

    async def collect(self) -> list[tuple[StreamDelivery, Msg]]:
        """Next messages: at least one, at most a batch, after a linger for more. Raises SessionLost."""
        await self._top_up()
        while not self._queue:
            await self._wait_for_sign()
        if len(self._queue) < self._tuning.inbox_batch:
            await linger(lambda: len(self._queue), self._tuning.inbox_quiet, self._tuning.inbox_linger)
        return [self._queue.popleft() for _ in range(min(len(self._queue), self._tuning.inbox_batch))]

    async def settle(self, deliveries: list[StreamDelivery]) -> None:
        """Acknowledges messages that were applied and committed, as soon as an ack is safe."""
        reply = self._ledger.settle(deliveries)
        if reply is not None:
            await request(self._client, reply, b"+ACK", self._tuning.ack_timeout)
            self._ledger.acknowledged()

    async def _begin(self) -> None:
        state = await consumer_state(self._client, self._stream, self._durable, self._tuning.ack_timeout)
        if "error" in state:
            raise SessionLost(str(state["error"].get("description")))
        delivered, floor = state["delivered"], state["ack_floor"]
        self._ledger.begin(
            floor["stream_seq"],
            delivered["stream_seq"],
            delivered["consumer_seq"],
            state["num_ack_pending"],
            str(state.get("created", "")),
        )

    async def _top_up(self) -> None:
        batch = self._tuning.inbox_batch
        if self._credit > batch:
            return
        wanted = 2 * batch - self._credit
        pull_request = {
            "batch": wanted,
            "expires": int(self._tuning.pull_expires * _NANOSECONDS),
            "idle_heartbeat": int(self._tuning.pull_heartbeat * _NANOSECONDS),
        }
        self._credit += wanted
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._durable}"
        await self._client.publish(subject, json.dumps(pull_request).encode(), self._reply_subject)

    async def _wait_for_sign(self) -> None:
        self._arrived.clear()  # before the look at the queue, so that no sign is missed
        if self._lost:
            raise SessionLost(self._lost)
        if self._queue:
            return
        await self._top_up()
        try:
            async with asyncio.timeout(2 * self._tuning.pull_heartbeat + 1):
                await self._arrived.wait()
        except TimeoutError as error:
            raise SessionLost("the server is silent") from error

    async def _take(self, message: Msg) -> None:
        if message.reply:
            delivery = read_reply(message.reply)
            self._credit -= 1
            if not self._ledger.is_next(delivery):
                self._lost = "a delivery was lost on the way"
            self._queue.append((delivery, message))
        else:
            self._note_status(message.headers or {})
        self._arrived.set()

    def _note_status(self, headers: dict[str, str]) -> None:
        status = headers.get("Status", "")
        if status == _EXPIRED:
            self._credit -= int(headers.get("Nats-Pending-Messages", 0))
        elif status != _HEARTBEAT:
            self._lost = f"{status} {headers.get('Description', '')}".strip()
