"""What the cluster asks a process: does it serve, does it live. Plaintext gRPC health on a port of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health  # type: ignore[attr-defined] # the stubs know only the other kind

from chassis.supervision import BEAT_SECONDS, Heart
from chassis.telemetry.metrics import DATABASE_REACHABLE

LIVE = "live"
"""The name under which liveness is asked; every other name, and none, asks for readiness."""

_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
_FIRST_REACH_SECONDS = 0.25
_NEXT_REACH_SECONDS = 5.0


class Health:
    """Readiness of the named services, which begins when PostgreSQL was reached once, and liveness by heartbeats."""

    def __init__(self, services: Iterable[str], heart: Heart) -> None:
        self._servicer = health.HealthServicer()
        self._names = ["", *services]
        self._heart = heart
        self._lame = False

    def join(self, server: grpc.aio.Server) -> None:
        """Answer health on `server`."""
        health_pb2_grpc.add_HealthServicer_to_server(self._servicer, server)

    async def begin(self) -> None:
        """Live, and not yet ready."""
        await self._servicer.set(LIVE, _SERVING)
        await self._tell(_NOT_SERVING)

    async def watch_database(self, reach: Callable[[], Awaitable[object]], limit_seconds: float) -> None:
        """Ready from the first time `reach` succeeds; later failures only move a gauge, they empty no endpoints."""
        while not await _reached(reach, limit_seconds):
            await asyncio.sleep(_FIRST_REACH_SECONDS)
        if not self._lame:
            await self._tell(_SERVING)
        while True:
            await asyncio.sleep(_NEXT_REACH_SECONDS)
            await _reached(reach, limit_seconds)

    async def watch_heart(self) -> None:
        """Dead while any part of the process stands still; a stuck event loop answers nobody, which says the same."""
        while True:
            await self._servicer.set(LIVE, _NOT_SERVING if self._heart.still() else _SERVING)
            await asyncio.sleep(BEAT_SECONDS)

    async def leave(self) -> None:
        """No longer ready, for good: clients look elsewhere."""
        self._lame = True
        await self._tell(_NOT_SERVING)

    async def _tell(self, status: health_pb2.HealthCheckResponse.ServingStatus) -> None:
        for name in self._names:
            await self._servicer.set(name, status)


async def _reached(reach: Callable[[], Awaitable[object]], limit_seconds: float) -> bool:
    try:
        async with asyncio.timeout(limit_seconds):
            await reach()
    except Exception:  # whatever the driver says, it is not reached; the calls themselves tell why
        DATABASE_REACHABLE.set(0)
        return False
    DATABASE_REACHABLE.set(1)
    return True
