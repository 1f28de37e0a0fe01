"""Readiness and liveness of a process, by plaintext gRPC health on a port of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import grpc
import grpc.aio
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health  # type: ignore[attr-defined] # the stubs know only the other kind
from prometheus_client import Gauge

from chassis.process.readiness import Condition, lacking
from chassis.process.supervision import BEAT_SECONDS, Heartbeat

LIVE = "live"
"""Service name of liveness; every other name, and none, means readiness."""
READY = "ready"
"""Service name of readiness for a cluster: a process that is not ready answers with the sentence that says why."""
STREAMS = "streams"
"""Service name of the streams, and name of their condition: a process that lost a stream or a subscription after it
became ready answers with the sentence. It stays ready: its calls are answered, and without them nobody is helped."""

_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
_FIRST_REACH_SECONDS = 0.25
_LONGEST_FIRST_REACH_SECONDS = 2.0
_NEXT_REACH_SECONDS = 5.0
_STREAMS_EVERY = 6
"""One in how many looks at PostgreSQL also looks at the streams."""
_log = structlog.get_logger(__name__)
_database_reachable = Gauge("onewindow_database_reachable", "1 while PostgreSQL answers this process, else 0.")


class _Servicer(health.HealthServicer):  # type: ignore[misc] # the stubs know only the other kind
    """Standard health answers, with a sentence under the names `ready` and `streams`."""

    lacks = ""
    lost = ""

    async def Check(self, request: health_pb2.HealthCheckRequest, context: Any) -> Any:  # noqa: ANN401 # the library's
        """Standard check; `ready` is refused as UNAVAILABLE with the unmet condition, which `kubectl` then shows."""
        if request.service == READY and self.lacks:
            await context.abort(grpc.StatusCode.UNAVAILABLE, self.lacks)
        if request.service == STREAMS and (self.lacks or self.lost):
            await context.abort(grpc.StatusCode.UNAVAILABLE, self.lacks or self.lost)
        return await super().Check(request, context)


class Health:
    """Readiness of the named services, from the first reach of PostgreSQL on, and liveness by heartbeats."""

    def __init__(self, services: Iterable[str], heart: Heartbeat) -> None:
        self._servicer = _Servicer()
        self._names = ["", READY, STREAMS, *services]
        self._heart = heart
        self._lame = False
        self.complete = asyncio.Event()
        """Set once all conditions were met: the loops behind the calls begin then."""

    def join(self, server: grpc.aio.Server) -> None:
        """Answers health on `server`."""
        health_pb2_grpc.add_HealthServicer_to_server(self._servicer, server)

    async def begin(self) -> None:
        """Live, and not yet ready."""
        self._servicer.lacks = "正在启动"
        await self._servicer.set(LIVE, _SERVING)
        await self._set_all(_NOT_SERVING)

    async def watch(
        self, conditions: Mapping[str, Condition], reach: Callable[[], Awaitable[object]], limit_seconds: float
    ) -> None:
        """Sets ready from the first time that all conditions are met and `reach` succeeds.

        Later failures only move a gauge, and are named under `streams`: they take no pod out of its service.
        """
        pause = _FIRST_REACH_SECONDS
        while not await self._complete(conditions, limit_seconds) or not await _reached(reach, limit_seconds):
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_FIRST_REACH_SECONDS)
        if not self._lame:
            self._servicer.lacks = ""
            await self._set_all(_SERVING)
        looks = 0
        while True:
            await asyncio.sleep(_NEXT_REACH_SECONDS)
            await _reached(reach, limit_seconds)
            looks += 1
            if STREAMS in conditions and looks % _STREAMS_EVERY == 0:
                await self.look_at_streams(conditions[STREAMS], limit_seconds)

    async def look_at_streams(self, condition: Condition, limit_seconds: float) -> None:
        """Names a stream or a subscription that was lost after the process became ready, once, until it is back."""
        found = await lacking({STREAMS: condition}, limit_seconds)
        sentence = found[1] if found else ""
        if sentence != self._servicer.lost:
            self._servicer.lost = sentence
            _log.warning("streams_lost" if sentence else "streams_back", sentence=sentence)

    async def watch_heart(self) -> None:
        """Sets dead while a part of the process stands still; a stuck event loop has the same effect: no answer."""
        while True:
            await self._servicer.set(LIVE, _NOT_SERVING if self._heart.still() else _SERVING)
            await asyncio.sleep(BEAT_SECONDS)

    async def leave(self) -> None:
        """Sets not ready for good: clients look for another replica."""
        self._lame = True
        self._servicer.lacks = "正在停止"
        await self._set_all(_NOT_SERVING)

    async def _complete(self, conditions: Mapping[str, Condition], limit_seconds: float) -> bool:
        """True when all conditions are met; the sentence of an unmet one is logged once and is the health answer."""
        found = await lacking(conditions, limit_seconds)
        if found is None:
            self.complete.set()
            return True
        name, sentence = found
        if sentence != self._servicer.lacks and not self._lame:
            self._servicer.lacks = sentence
            _log.warning("not_ready", waits_for=name, sentence=sentence)
        return False

    async def _set_all(self, status: health_pb2.HealthCheckResponse.ServingStatus) -> None:
        for name in self._names:
            await self._servicer.set(name, status)


async def _reached(reach: Callable[[], Awaitable[object]], limit_seconds: float) -> bool:
    try:
        async with asyncio.timeout(limit_seconds):
            await reach()
    except Exception:  # any error means not reached; the calls themselves report the reason
        _database_reachable.set(0)
        return False
    _database_reachable.set(1)
    return True
