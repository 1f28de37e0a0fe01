"""SMS gateway simulator: takes many messages a call, as a carrier's does, and answers for each by our own id.

Faults can be ordered at its control paths, so that retries and unknown outcomes can be tried for real.
"""

import argparse
import asyncio
import json
import signal
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

_MOST_STORED = 200_000


@dataclass(slots=True)
class Fault:
    """A fault of the gateway, for the next so many messages."""

    kind: str = ""
    """One of FAULTS; empty for none."""
    left: int = 1


FAULTS: Mapping[str, str] = {
    "refuse": "the message is refused for ever",
    "unavailable": "the message is not taken now",
    "lost_answer": "the message is taken like all of its call, and the connection drops before the answer",
    "cut": "the connection drops: what stands before the message in its call was taken, it and the rest were not",
}
"""Faults that can be ordered at /control/faults."""


class _Cut(Exception):
    """The connection drops in the middle of a call."""


@dataclass(slots=True)
class GatewaySimulator:
    """Messages taken, by the sender's own id."""

    taken: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    """Calls by kind: take, find."""
    faults: deque[Fault] = field(default_factory=deque)
    """The next faults, one after the other."""

    async def take(self, request: web.Request) -> web.Response:
        """POST /messages: {"messages": [{"id", "to", "text"}]} → 202 {"answers": [{"id", "result", "gateway_id"}]}.

        A repeated id is not sent twice. Nothing is taken of a call with a message that lacks something.
        """
        self.calls["take"] += 1
        messages = (await _json(request)).get("messages")
        if not isinstance(messages, list) or not all(map(_whole, messages)):
            return web.json_response({"error": "messages: a list, each with id, to and text"}, status=400)
        answers, lost = [], False
        try:
            for message in messages:
                answer, lost_too = self._one(message)
                answers.append(answer)
                lost = lost or lost_too
        except _Cut:
            lost = True
        if lost and request.transport is not None:
            request.transport.close()
        return web.json_response({"answers": answers}, status=202)

    async def find(self, request: web.Request) -> web.Response:
        """POST /messages/find: {"ids": [...]} → 200 {"taken": [{"id", "gateway_id"}]}, those that were taken."""
        self.calls["find"] += 1
        ids = (await _json(request)).get("ids")
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            return web.json_response({"error": "ids: a list"}, status=400)
        found = [self.taken[each] for each in ids if each in self.taken]
        return web.json_response(
            {"taken": [{"id": message["id"], "gateway_id": message["gateway_id"]} for message in found]}
        )

    async def counts(self, _: web.Request) -> web.Response:
        """GET /control/counts: the number of messages taken, and of ids offered more than once."""
        repeated = sum(1 for count in self.seen.values() if count > 1)
        return web.json_response({"taken": len(self.taken), "repeated": repeated})

    async def listing(self, request: web.Request) -> web.Response:
        """GET /control/messages?to=PHONE: the messages to that phone, in order."""
        to = request.query.get("to")
        return web.json_response([message for message in self.taken.values() if to in (None, message["to"])])

    async def order_fault(self, request: web.Request) -> web.Response:
        """POST /control/faults: {"kind", "count"}."""
        order = await _json(request)
        if order.get("kind") not in FAULTS or not isinstance(order.get("count"), int):
            return web.json_response({"error": f"kind: {', '.join(FAULTS)}; count: a number"}, status=400)
        self.faults = deque([Fault(order["kind"], order["count"])])
        return web.json_response({})

    def _one(self, message: dict[str, str]) -> tuple[dict[str, str], bool]:
        """The answer for one message, and whether the whole call's answer is lost with it; raises _Cut."""
        kind = self._next_fault()
        if kind == "cut":
            raise _Cut
        if kind in {"unavailable", "refuse"}:
            return {"id": message["id"], "result": "refused" if kind == "refuse" else kind}, False
        self.seen[message["id"]] += 1
        return {"id": message["id"], "result": "taken", "gateway_id": self._store(message)}, kind == "lost_answer"

    def _store(self, message: dict[str, str]) -> str:
        stored = self.taken.get(message["id"])
        if stored is None:
            if len(self.taken) >= _MOST_STORED:
                del self.taken[next(iter(self.taken))]
            stored = {**message, "gateway_id": f"G{len(self.seen):09}"}
            self.taken[message["id"]] = stored
        return stored["gateway_id"]

    def _next_fault(self) -> str:
        while self.faults and self.faults[0].left <= 0:
            self.faults.popleft()
        if not self.faults:
            return ""
        self.faults[0].left -= 1
        return self.faults[0].kind


def application(gateway: GatewaySimulator) -> web.Application:
    """The HTTP paths of the gateway."""
    app = web.Application(client_max_size=1024 * 1024)
    app.router.add_post("/messages", gateway.take)
    app.router.add_post("/messages/find", gateway.find)
    app.router.add_get("/control/counts", gateway.counts)
    app.router.add_get("/control/messages", gateway.listing)
    app.router.add_post("/control/faults", gateway.order_fault)
    return app


async def serve(listen: str) -> None:
    """Serves until SIGTERM or SIGINT."""
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(application(GatewaySimulator()), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, int(port)).start()
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    await stop.wait()
    await runner.cleanup()


def _whole(message: object) -> bool:
    """True when a message has every field."""
    return isinstance(message, dict) and all(
        isinstance(message.get(name), str) and message[name] for name in ("id", "to", "text")
    )


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        found = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--listen", required=True, help="HOST:PORT")
    asyncio.run(serve(arguments.parse_args().listen))
