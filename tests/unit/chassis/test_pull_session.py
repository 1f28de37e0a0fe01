"""A pull session keeps credit at the server, notices its loss, and hands back what it could not apply."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from chassis.inbox.acks import AckLedger
from chassis.inbox.pull_session import PullSession, SessionLost
from chassis.settings.tuning import Tuning

TUNING = Tuning(inbox_batch=2, inbox_quiet=0.0, inbox_linger=0.0, pull_heartbeat=0.01, ack_timeout=1.0)
STATE = {
    "delivered": {"stream_seq": 0, "consumer_seq": 0},
    "ack_floor": {"stream_seq": 0, "consumer_seq": 0},
    "num_ack_pending": 0,
}


class FakeClient:
    """The calls of a session, and its callback for messages."""

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        self.state = STATE if state is None else state
        self.published: list[tuple[str, bytes]] = []
        self.requests: list[tuple[str, bytes]] = []
        self.unsubscribed = False
        self.deliver: Callable[[Msg], Awaitable[None]]

    def new_inbox(self) -> str:
        return "_INBOX.one"

    async def request(self, subject: str, body: bytes, timeout: float | None) -> Any:
        self.requests.append((subject, body))
        return SimpleNamespace(data=json.dumps(self.state).encode())

    async def subscribe(self, subject: str, cb: Callable[[Msg], Awaitable[None]]) -> Any:
        self.deliver = cb
        return self

    async def unsubscribe(self) -> None:
        self.unsubscribed = True

    async def publish(self, subject: str, body: bytes, reply: str = "") -> None:
        self.published.append((subject, body))

    async def message(self, number: int) -> None:
        """Delivers message `number` of the stream."""
        reply = f"$JS.ACK.OW_INTAKE.approval.1.{number}.{number}.0.0"
        await self.deliver(cast("Msg", SimpleNamespace(reply=reply, headers=None, data=b"fact")))

    async def status(self, **headers: str) -> None:
        """A message of the server about the request."""
        await self.deliver(cast("Msg", SimpleNamespace(reply="", headers=headers, data=b"")))


def session(client: FakeClient, tuning: Tuning = TUNING) -> PullSession:
    return PullSession(cast("Client", client), "OW_INTAKE", "approval", AckLedger(), tuning)


def requested(client: FakeClient) -> list[int]:
    """Messages requested by each pull request."""
    return [json.loads(body)["batch"] for subject, body in client.published if ".MSG.NEXT." in subject]


async def test_messages_come_in_batches_and_one_ack_covers_each() -> None:
    client = FakeClient()
    async with session(client) as pulling:
        for number in (1, 2, 3):
            await client.message(number)
        first = await pulling.collect()
        await pulling.settle([delivery for delivery, _ in first])
        second = await pulling.collect()
        await pulling.settle([delivery for delivery, _ in second])
    assert [delivery.stream_seq for delivery, _ in first + second] == [1, 2, 3]
    assert [body for _, body in client.requests] == [b"", b"+ACK", b"+ACK"]
    assert client.requests[1][0].split(".")[5] == "2", "the ack of the last one covers the batch"
    assert client.unsubscribed


async def test_credit_is_topped_up_when_half_of_it_is_used() -> None:
    client = FakeClient()
    async with session(client) as pulling:
        for number in (1, 2, 3, 4):
            await client.message(number)
            await pulling.collect()
    assert requested(client) == [4 + 1, 2], "twice a batch from the start, then what was used"


async def test_an_expired_request_gives_its_credit_back() -> None:
    client = FakeClient()
    async with session(client) as pulling:
        await client.message(1)
        await pulling.collect()
        await client.status(Status="408", **{"Nats-Pending-Messages": "4"})
        await client.message(2)
        await pulling.collect()
    assert len(requested(client)) == 2


async def test_messages_in_hand_are_handed_back_at_the_end() -> None:
    client = FakeClient()
    async with session(client):
        await client.message(1)
        await client.message(2)
    assert [body for subject, body in client.published if subject.startswith("$JS.ACK")] == [b"-NAK", b"-NAK"]


async def test_a_lost_delivery_ends_the_session_once_the_others_are_applied() -> None:
    client = FakeClient()
    async with session(client) as pulling:
        await client.message(1)
        await client.message(3)
        assert len(await pulling.collect()) == 2
        with pytest.raises(SessionLost, match="lost on the way"):
            await pulling.collect()


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Status": "409", "Description": "Consumer Deleted"}, "409 Consumer Deleted"),
        ({"Status": "503"}, "503"),
    ],
)
async def test_a_request_that_the_server_gave_up_ends_the_session(headers: dict[str, str], reason: str) -> None:
    client = FakeClient()
    async with session(client) as pulling:
        await client.status(**headers)
        with pytest.raises(SessionLost, match=reason):
            await pulling.collect()


async def test_a_heartbeat_keeps_the_session_and_silence_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    client = FakeClient()
    waits: list[float] = []
    timeout = asyncio.timeout

    def quick(seconds: float) -> Any:
        waits.append(seconds)
        return timeout(0.01 if seconds > 1 else seconds)

    async with session(client) as pulling:
        monkeypatch.setattr(asyncio, "timeout", quick)
        waiting = asyncio.create_task(pulling.collect())
        await asyncio.sleep(0)
        await client.status(Status="100")
        await client.message(1)
        assert len(await waiting) == 1
        with pytest.raises(SessionLost, match="silent"):
            await pulling.collect()
    assert max(waits) == 2 * TUNING.pull_heartbeat + 1


async def test_a_missing_consumer_is_named() -> None:
    client = FakeClient({"error": {"code": 404, "description": "consumer not found"}})
    with pytest.raises(SessionLost, match="consumer not found"):
        await session(client).__aenter__()
