"""An SMS gateway as the district's carrier offers one: takes messages over HTTP, answers for each by our own id.

Faults can be ordered at its control paths, so that retries and unknown outcomes can be tried for real.
"""

import argparse
import asyncio
import json
import signal
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

_MOST_KEPT = 200_000


@dataclass(slots=True)
class Fault:
    """What the gateway does wrong, for the next so many messages."""

    kind: str = ""
    """refuse: 422; unavailable: 503; lost_answer: takes the message and drops the connection."""
    left: int = 0


@dataclass(slots=True)
class Gateway:
    """Messages taken, by the sender's own id."""

    taken: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    fault: Fault = field(default_factory=Fault)

    async def take(self, request: web.Request) -> web.Response:
        """POST /messages: {"id", "to", "text"} → 202 {"gateway_id"}; a repeated id is not sent twice."""
        message = await _json(request)
        missing = [name for name in ("id", "to", "text") if not isinstance(message.get(name), str) or not message[name]]
        if missing:
            return web.json_response({"error": f"missing: {', '.join(missing)}"}, status=400)
        kind = self._next_fault()
        if kind == "unavailable":
            return web.json_response({"error": "unavailable"}, status=503)
        if kind == "refuse":
            return web.json_response({"error": "refused"}, status=422)
        self.seen[message["id"]] += 1
        gateway_id = self._keep(message)
        if kind == "lost_answer" and request.transport is not None:
            request.transport.close()
        return web.json_response({"gateway_id": gateway_id}, status=202)

    async def find(self, request: web.Request) -> web.Response:
        """GET /messages/{id}: 200 {"gateway_id"} when it was taken, else 404."""
        kept = self.taken.get(request.match_info["id"])
        if kept is None:
            return web.json_response({"error": "unknown"}, status=404)
        return web.json_response({"gateway_id": kept["gateway_id"]})

    async def counts(self, _: web.Request) -> web.Response:
        """GET /control/counts: how many messages were taken, and how many ids were offered more than once."""
        repeated = sum(1 for count in self.seen.values() if count > 1)
        return web.json_response({"taken": len(self.taken), "repeated": repeated})

    async def listing(self, request: web.Request) -> web.Response:
        """GET /control/messages?to=PHONE: what that phone received, in order."""
        to = request.query.get("to")
        return web.json_response([kept for kept in self.taken.values() if to in (None, kept["to"])])

    async def order_fault(self, request: web.Request) -> web.Response:
        """POST /control/faults: {"kind", "count"}."""
        order = await _json(request)
        if order.get("kind") not in {"refuse", "unavailable", "lost_answer"} or not isinstance(order.get("count"), int):
            return web.json_response({"error": "kind: refuse, unavailable or lost_answer; count: a number"}, status=400)
        self.fault = Fault(order["kind"], order["count"])
        return web.json_response({})

    def _keep(self, message: dict[str, str]) -> str:
        kept = self.taken.get(message["id"])
        if kept is None:
            if len(self.taken) >= _MOST_KEPT:
                del self.taken[next(iter(self.taken))]
            kept = {**message, "gateway_id": f"G{len(self.seen):09}"}
            self.taken[message["id"]] = kept
        return kept["gateway_id"]

    def _next_fault(self) -> str:
        if self.fault.left <= 0:
            return ""
        self.fault.left -= 1
        return self.fault.kind


def application(gateway: Gateway) -> web.Application:
    """The HTTP paths of the gateway."""
    app = web.Application(client_max_size=16 * 1024)
    app.router.add_post("/messages", gateway.take)
    app.router.add_get("/messages/{id}", gateway.find)
    app.router.add_get("/control/counts", gateway.counts)
    app.router.add_get("/control/messages", gateway.listing)
    app.router.add_post("/control/faults", gateway.order_fault)
    return app


async def serve(listen: str) -> None:
    """Serve until the process is told to stop."""
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(application(Gateway()), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, int(port)).start()
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    await stop.wait()
    await runner.cleanup()


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
