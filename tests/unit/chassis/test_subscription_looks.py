"""A subscription of which NATS says nothing, or nothing to be understood, is shown as unknown and looked at again."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from chassis.clock import RealClock
from chassis.inbox import InboxConsumer, ProgressQuery, StreamProgress, Subscription, catch_up, watch
from chassis.inbox.watch import SubscriptionWatch
from chassis.nats.streams import consumer_config
from chassis.settings.tuning import Tuning

TUNING = Tuning(watch_poll=0.0, ack_timeout=0.001, self_healing=False)
GOOD = {
    "stream_name": "OW_LEDGER",
    "name": "tally",
    "created": "2016-03-01T00:00:00Z",
    "config": {key: value for key, value in consumer_config("tally").as_dict().items() if value is not None},
    "ack_floor": {"stream_seq": 5, "consumer_seq": 5},
    "delivered": {"stream_seq": 5, "consumer_seq": 5},
    "num_pending": 0,
    "num_ack_pending": 0,
}
LOST = {"error": {"code": 404, "err_code": 10014, "description": "consumer not found"}}


class FakeServer:
    """Answers in their order, the last one for ever; None is silence."""

    is_connected = True

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def request(self, subject: str, body: bytes, timeout: float | None) -> Any:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            await asyncio.sleep(60)
        return SimpleNamespace(data=answer if isinstance(answer, bytes) else json.dumps(answer).encode())


def gauge(name: str) -> float | None:
    return REGISTRY.get_sample_value(f"onewindow_inbox_{name}", {"source": "ledger"})


def a_watch(*answers: object) -> SubscriptionWatch:
    subscription = Subscription("tally", "OW_LEDGER", "ledger", cast("Any", None), ["entered"])
    return SubscriptionWatch(cast("Any", FakeServer(*answers)), subscription, TUNING)


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    a_watch(None).rest()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the monotonic clock of the watch on."""
    ahead = [0.0]
    moved = SimpleNamespace(monotonic=lambda: time.monotonic() + ahead[0])
    monkeypatch.setattr(watch, "time", moved)

    def move(seconds: float) -> None:
        ahead[0] += seconds

    return move


@pytest.mark.parametrize("waiting", [0, 3])
async def test_after_some_silent_looks_nothing_stale_is_shown_and_the_age_grows(
    waiting: int, clock: Callable[[float], None]
) -> None:
    watched = a_watch({**GOOD, "num_pending": waiting}, None)
    clock(30)
    await watched.look()
    before, answered = gauge("oldest_waiting_seconds") or 0.0, gauge("looked_timestamp_seconds")
    assert (gauge("subscription_present"), gauge("behind_messages")) == (1, waiting)
    with capture_logs() as lines:
        for _ in range(2):
            clock(10)
            await watched.look()
        assert gauge("subscription_present") == 1, "one answer may be late"
        clock(10)
        await watched.look()
    assert (gauge("subscription_present"), gauge("behind_messages")) == (None, None)
    assert before + 30 <= (gauge("oldest_waiting_seconds") or 0.0) < before + 35
    assert gauge("looked_timestamp_seconds") == answered
    (line,) = lines
    assert line["sentence"] == "NATS 没有回答 OW_LEDGER/tally 的状态（TimeoutError）"


async def test_an_answer_ends_the_silence() -> None:
    watched = a_watch(None, None, None, GOOD, None)
    for _ in range(3):
        await watched.look()
    assert gauge("subscription_present") is None
    await watched.look()
    assert (gauge("subscription_present"), gauge("oldest_waiting_seconds")) == (1, 0)
    await watched.look()
    assert gauge("subscription_present") == 1, "the silence is counted from its beginning"


@pytest.mark.parametrize("broken", [b"no JSON", b"[]", b'{"ack_floor": 3}', b"\xff"])
async def test_the_watch_survives_whatever_is_answered(broken: bytes) -> None:
    watched = a_watch(GOOD, broken, broken, LOST)
    with capture_logs() as lines:
        looking = asyncio.create_task(watched.run())
        async with asyncio.timeout(5):
            while gauge("subscription_present") != 0:
                await asyncio.sleep(0)
        assert not looking.done()
        looking.cancel()
    assert [line["log_level"] for line in lines] == ["error", "error"]
    assert "没有消费者 tally" in lines[-1]["sentence"]


async def test_the_time_of_the_last_answer_begins_with_the_leadership() -> None:
    watched = a_watch(None)
    assert gauge("looked_timestamp_seconds") is None
    began = RealClock().now().timestamp()
    looking = asyncio.create_task(watched.run())
    await asyncio.sleep(0)
    assert (gauge("looked_timestamp_seconds") or 0) >= began
    looking.cancel()
    watched.rest()
    assert gauge("looked_timestamp_seconds") is None


@pytest.mark.parametrize("part", ["_watch", "_days"])
async def test_a_side_loop_that_dies_ends_the_leadership(part: str) -> None:
    """The loop of the streams is begun again, counted and with its error in the log."""
    subscription = Subscription("tally", "OW_LEDGER", "ledger", cast("Any", None), ["entered"])
    consumer = InboxConsumer(cast("Any", None), cast("Any", FakeServer(GOOD)), subscription, tuning=TUNING)
    received = asyncio.Event()

    async def receive() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            received.set()

    async def die() -> None:
        raise LookupError("no reason")

    cast("Any", consumer)._receive_for_ever = receive
    cast("Any", consumer)._look_after_waiting = receive
    getattr(consumer, part).run = die
    with pytest.raises(LookupError, match="no reason"):
        async with asyncio.timeout(5):
            await consumer._receive_and_redrive()
    assert received.is_set(), "the session has ended before"


END_7, EMPTY = {"message": {"seq": 7}}, {"error": {"code": 404, "err_code": 10037, "description": "no message found"}}


@pytest.mark.parametrize(
    ("end", "state", "progress"),
    [
        (END_7, GOOD, StreamProgress(5, 7)),  # the consumer does not count the last two yet
        (END_7, {**GOOD, "num_ack_pending": 2, "delivered": {"stream_seq": 7}}, StreamProgress(5, 7)),
        (END_7, {**GOOD, "delivered": {"stream_seq": 7}}, StreamProgress(7, 7)),
        (END_7, {**GOOD, "delivered": {"stream_seq": 9}}, StreamProgress(9, 9)),  # the last two were deleted since
        (EMPTY, {**GOOD, "delivered": {"stream_seq": 0}}, StreamProgress(0, 0)),
        (None, {**GOOD, "num_pending": 3}, StreamProgress(5, 8)),  # the account may not read the stream
        (END_7, LOST, None),
        (END_7, None, None),
    ],
)
async def test_the_end_of_a_stream_is_its_own_not_a_consumers_count(
    monkeypatch: pytest.MonkeyPatch, end: object, state: object, progress: StreamProgress | None
) -> None:
    monkeypatch.setattr(catch_up, "_ANSWER_SECONDS", 0.01)
    query = ProgressQuery()
    query.connected(cast("Any", FakeServer(end, state)), "tally")
    assert await query("ledger") == progress
