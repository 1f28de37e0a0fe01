"""Watch over one subscription: its durable consumer exists, how far it is behind the stream, and its repair.

A service that lost its consumer receives nothing, and nothing else shows it: calls are answered, and in a small hall an
hour without a fact is usual. So the leader asks the server for the consumer every few seconds. A consumer that is gone
is made anew where the account may: it begins with everything that the stream still has, and the inbox drops what it
knows. Where the account may not, the log and `ready` name the command.

The age of the oldest message that was not received is that of the first message behind the last acknowledged one, by
the server's own clock. Where the account may not read that message, it is the time since the position last moved.

A server that is connected and does not say how the consumer stands (JetStream without its majority) delivers nothing
either. After three such looks presence and number are unknown, and the age grows with the silence; since when it lasts
is a series of its own, which an alert compares with the time of its scrape, so that no value can grow old unnoticed.
"""

import asyncio
import json
import time
from datetime import datetime
from typing import Any

import structlog
from nats.aio.client import Client
from nats.js.api import ConsumerInfo
from prometheus_client import Gauge

from chassis.inbox.subscription import Subscription
from chassis.nats.broker import AWAY, call_api, consumer_state, consumers_remade, make_consumer
from chassis.nats.streams import APPLY, CONSUMER_MISSING, wrong_consumer
from chassis.settings.tuning import Tuning

_log = structlog.get_logger()
_present = Gauge(
    "onewindow_inbox_subscription_present",
    "1 while the durable consumer exists at NATS with our configuration, as the leader saw last, else 0.",
    ["source"],
)
_behind = Gauge(
    "onewindow_inbox_behind_messages", "Messages of the stream that are not applied and acknowledged yet.", ["source"]
)
_oldest = Gauge(
    "onewindow_inbox_oldest_waiting_seconds",
    "Age of the oldest message that is not applied and acknowledged, or may be while JetStream does not say.",
    ["source"],
)
_looked = Gauge(
    "onewindow_inbox_looked_timestamp_seconds",
    "Unix time at which NATS last said how the durable consumer stands, or at which the leader began to ask.",
    ["source"],
)

_REFUSED_PAUSE = 60.0
"""Seconds until a request that the account may not make is tried again; NATS counts each as an error."""
_UNREADABLE_PAUSE = 3600.0
_SILENT_LOOKS = 3
"""Looks without an answer after which the last values are no longer shown."""
_GONE = "流 {} 没有消费者 {}，本服务收不到新的事实：{}"
_MAY_NOT = f"账号无权自建，{APPLY}，并按 onewindow streams permissions 的输出更新 NATS 权限"


def start_at_zero(source: str) -> None:
    """Makes the series of a source before its first loss: an increase is invisible in one that starts later."""
    consumers_remade.labels(source)


class SubscriptionWatch:
    """Presence and position of the durable consumer of one subscription, seen by the replica that leads its loop."""

    def __init__(self, client: Client, subscription: Subscription, tuning: Tuning) -> None:
        self._client = client
        self._subscription = subscription
        self._tuning = tuning
        self._one = asyncio.Lock()
        self._floor = -1
        self._moved = self._answered = time.monotonic()
        self._waited = 0.0
        self._unanswered = 0
        self._missing_since: float | None = None
        self._not_before = {"create": 0.0, "read": 0.0}
        self._reported = ""
        self.rest()

    def rest(self) -> None:
        """Ends the series: a replica that does not lead, and a new leader before its first look, know nothing.

        A 0 would say that the consumer is gone. While PostgreSQL is away no replica leads, and nobody looked.
        """
        for gauge in (_present, _behind, _oldest, _looked):
            gauge.remove(self._subscription.source)

    async def run(self) -> None:
        """Looks for ever; ends with the leadership."""
        self._answered, self._unanswered = time.monotonic(), 0
        _looked.labels(self._subscription.source).set_to_current_time()
        while True:
            await self.look()
            await asyncio.sleep(self._tuning.watch_poll)

    async def look(self) -> bool:
        """Asks for the consumer, sets the gauges, makes it anew where it is gone; True when it was made now.

        Never raises: an answer that cannot be understood is none.
        """
        async with self._one:
            if not self._client.is_connected:
                return False  # another gauge says so, and the last values stay
            try:
                return await self._look_once()
            except Exception as error:
                self._silent(error)
                return False

    async def _look_once(self) -> bool:
        state = await consumer_state(self._client, *self._names(), self._tuning.ack_timeout)
        made = False
        if "error" in state:
            made = await self._lost(state["error"])
        else:
            await self._found(state)
        self._answered, self._unanswered = time.monotonic(), 0
        _looked.labels(self._subscription.source).set_to_current_time()
        return made

    def _silent(self, error: Exception) -> None:
        """A look without an answer. The last values stay for a while: one answer may be late."""
        self._unanswered += 1
        self._report(f"NATS 没有回答 {self._name()} 的状态（{type(error).__name__}）")
        if self._unanswered < _SILENT_LOOKS:
            return
        source = self._subscription.source
        for unknown in (_present, _behind):
            unknown.remove(source)
        _oldest.labels(source).set(self._waited + time.monotonic() - self._answered)

    async def _found(self, state: dict[str, Any]) -> None:
        source, floor = self._subscription.source, state["ack_floor"]["stream_seq"]
        present = ConsumerInfo.from_response(dict(state))
        faults = [*wrong_consumer(present.config), *(["paused"] if present.paused else [])]
        if faults:
            self._report(f"消费者 {self._name()} 的配置不对（{'，'.join(faults)}），须由人处理")
        else:
            self._reported, self._missing_since = "", None
        behind = state["num_pending"] + state["num_ack_pending"]
        if floor != self._floor or not behind:
            self._floor, self._moved = floor, time.monotonic()
        _present.labels(source).set(0 if faults else 1)
        _behind.labels(source).set(behind)
        self._waited = await self._age(floor, str(state.get("ts", ""))) if behind else 0.0
        _oldest.labels(source).set(self._waited)

    async def _lost(self, error: dict[str, Any]) -> bool:
        source, now = self._subscription.source, time.monotonic()
        self._missing_since = self._missing_since or now
        _present.labels(source).set(0)
        self._waited = now - self._missing_since
        _oldest.labels(source).set(self._waited)
        if error.get("err_code") != CONSUMER_MISSING:
            self._report(_GONE.format(*self._names(), f"{error.get('description')}，{APPLY}"))
            return False
        if not self._tuning.self_healing:
            self._report(_GONE.format(*self._names(), APPLY))
            return False
        return await self._make_anew()

    async def _make_anew(self) -> bool:
        if time.monotonic() < self._not_before["create"]:
            return False
        try:
            refused = await make_consumer(
                self._client, self._subscription.source, self._subscription.consumer, self._tuning.ack_timeout
            )
        except AWAY:  # a refused subject is never answered
            self._not_before["create"] = time.monotonic() + _REFUSED_PAUSE
            self._report(_GONE.format(*self._names(), _MAY_NOT))
            return False
        if refused:
            self._report(_GONE.format(*self._names(), f"{refused}，{APPLY}"))
            return False
        _present.labels(self._subscription.source).set(1)
        self._missing_since = None
        return True

    async def _age(self, floor: int, server_time: str) -> float:
        """Seconds since the message behind `floor` was stored, at least; 0 when it has just been removed."""
        idle = time.monotonic() - self._moved
        if not server_time or time.monotonic() < self._not_before["read"]:
            return idle
        subject = f"$JS.API.STREAM.MSG.GET.{self._subscription.stream}"
        body = json.dumps({"seq": floor + 1, "next_by_subj": ">"}).encode()
        try:
            answer = await call_api(self._client, subject, body, self._tuning.ack_timeout)
        except AWAY:
            self._not_before["read"] = time.monotonic() + _UNREADABLE_PAUSE
            return idle
        if "error" in answer:
            return idle
        stored = datetime.fromisoformat(answer["message"]["time"])
        return max(0.0, (datetime.fromisoformat(server_time) - stored).total_seconds())

    def _names(self) -> tuple[str, str]:
        return self._subscription.stream, self._subscription.consumer

    def _name(self) -> str:
        return "/".join(self._names())

    def _report(self, sentence: str) -> None:
        """Writes a sentence once, until another one is due."""
        if sentence != self._reported:
            self._reported = sentence
            _log.error("subscription_lost", sentence=sentence)
