"""Events from a durable consumer: standing credit at the server, and a session that knows when it is cut off."""

import asyncio
import json
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Self

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from chassis.inbox.acks import AckLedger, Delivered, read_reply
from chassis.nats.broker import AWAY, request
from chassis.settings.tuning import Tuning, linger

_NANOSECONDS = 1_000_000_000
_HEARTBEAT, _EXPIRED = "100", "408"


class SessionLost(Exception):
    """The server no longer has our request, or a delivery was lost: ask anew."""


class Session:
    """One subscription to a durable consumer, from its first request until it is cut off."""

    def __init__(self, client: Client, stream: str, durable: str, ledger: AckLedger, tuning: Tuning) -> None:
        self._client = client
        self._name = f"{stream}.{durable}"
        self._ledger = ledger
        self._tuning = tuning
        self._inbox = client.new_inbox()
        self._queue: deque[tuple[Delivered, Msg]] = deque()
        self._arrived = asyncio.Event()
        self._credit = 0
        self._lost = ""
        self._subscription: Subscription | None = None

    async def __aenter__(self) -> Self:
        await self._begin()
        self._subscription = await self._client.subscribe(f"{self._inbox}", cb=self._take)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give back what was delivered and not applied, so that whoever asks next has it at once."""
        with suppress(*AWAY):
            if self._subscription is not None:
                await self._subscription.unsubscribe()
            for delivered, _ in self._queue:
                await self._client.publish(delivered.reply, b"-NAK")

    async def collect(self) -> list[tuple[Delivered, Msg]]:
        """The next messages: at least one, at most a batch, after a linger for more. Raises SessionLost."""
        await self._top_up()
        while not self._queue:
            await self._wait_for_sign()
        if len(self._queue) < self._tuning.inbox_batch:
            await linger(lambda: len(self._queue), self._tuning.inbox_quiet, self._tuning.inbox_linger)
        return [self._queue.popleft() for _ in range(min(len(self._queue), self._tuning.inbox_batch))]

    async def settle(self, messages: list[Delivered]) -> None:
        """These were applied and committed; acknowledge them when that is safe."""
        reply = self._ledger.settle(messages)
        if reply is not None:
            await request(self._client, reply, b"+ACK", self._tuning.ack_timeout)
            self._ledger.acknowledged()

    async def _begin(self) -> None:
        answer = await request(self._client, f"$JS.API.CONSUMER.INFO.{self._name}", b"", self._tuning.ack_timeout)
        state = json.loads(answer.data)
        if "error" in state:
            raise SessionLost(str(state["error"].get("description")))
        delivered, floor = state["delivered"], state["ack_floor"]
        self._ledger.begin(
            floor["stream_seq"], delivered["stream_seq"], delivered["consumer_seq"], state["num_ack_pending"]
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
        await self._client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._name}", json.dumps(pull_request).encode(), self._inbox
        )

    async def _wait_for_sign(self) -> None:
        self._arrived.clear()  # before looking, so that no sign is missed
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
            delivered = read_reply(message.reply)
            self._credit -= 1
            if not self._ledger.follows(delivered):
                self._lost = "a delivery was lost on the way"
            self._queue.append((delivered, message))
        else:
            self._note(message.headers or {})
        self._arrived.set()

    def _note(self, headers: dict[str, str]) -> None:
        status = headers.get("Status", "")
        if status == _EXPIRED:
            self._credit -= int(headers.get("Nats-Pending-Messages", 0))
        elif status != _HEARTBEAT:
            self._lost = f"{status} {headers.get('Description', '')}".strip()
