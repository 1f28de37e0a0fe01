"""Life of a service process: open ports, run loops, drain on SIGTERM, and exit in any case.

Start: telemetry, then the ports, then the loops; readiness begins when the conditions were met and
PostgreSQL answered. Stop, on SIGTERM: readiness ends at once so that no new calls are routed here, calls
under way get their time, loops are cancelled, connections are closed, the health port last. A watchdog ends
the process if any of this hangs.
"""

import asyncio
import faulthandler
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

import grpc.aio
import structlog
from google.protobuf.descriptor import ServiceDescriptor
from grpc_reflection.v1alpha import reflection
from prometheus_client import REGISTRY, start_http_server
from prometheus_client.registry import Collector

from chassis.process.health import Health
from chassis.process.readiness import Condition
from chassis.process.supervision import Heartbeat, Loop, supervised
from chassis.rpc.deadlines import Ends
from chassis.rpc.errors import ErrorMap
from chassis.rpc.identity.caller import ANY_PLACE, PlaceRules
from chassis.rpc.server import guarded_server, open_port, options
from chassis.settings.service import ServiceSettings, without_fork_support
from chassis.settings.watched_file import FileAway, UnusableFile
from chassis.telemetry import logs, traces

_EXIT_SLACK_SECONDS = 5.0
_COLLECT_AFTER = 50_000
_STREAMS_AFTER, _CALLS_AFTER = 0.2, 0.9
"""Parts of the grace after which streams and calls end by name; at its end the library cancels them without one."""
_MOUNTED = "look at the Secret or ConfigMap that it is mounted from"
_log = structlog.get_logger(__name__)

Closing = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """All parts of one service process, put together by its app.py."""

    service: str
    """Name of the service in logs, traces and health."""
    settings: ServiceSettings
    servicers: Sequence[tuple[Callable[[Any, grpc.aio.Server], None], object]]
    """Generated `add_…_to_server` functions, each with its servicer."""
    descriptors: Sequence[ServiceDescriptor]
    """Contracts that are served: their access rules, their names in health and reflection."""
    access: Any
    """Method option of the contract that declares the permitted callers."""
    reach: Callable[[], Awaitable[object]]
    """One cheap statement to PostgreSQL; the service is ready when the conditions are met and it first succeeds."""
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    """Conditions that must be met once before the service is ready, by name."""
    errors: ErrorMap = field(default_factory=ErrorMap)
    loops: Mapping[str, Loop] = field(default_factory=dict)
    """Publishers, inbox consumers, sweeps by name; each is restarted when it dies."""
    collectors: Sequence[Collector] = ()
    closing: Sequence[Closing] = ()
    """Closed when the loops have ended, in this order: connections last."""
    caller_places: PlaceRules = ANY_PLACE
    heart: Heartbeat | None = None
    """Heartbeat of the loops that are watched."""


def run(main: Callable[[], Coroutine[Any, Any, int]]) -> NoReturn:
    """Runs the `main` of a service in the one event loop of the process, and exits with its code."""
    without_fork_support()
    try:
        sys.exit(asyncio.run(main()))
    except (UnusableFile, FileAway) as error:  # the log is not open yet: this is the last line of a crashed pod
        sys.exit(f"{error}; {_MOUNTED}")


async def serve(plan: ServicePlan) -> int:
    """Serves until SIGTERM or SIGINT, then drains. Exit code: 0, or 1 when a port was taken."""
    settings = plan.settings
    heart = plan.heart or Heartbeat(settings.heartbeat_limit_seconds)
    health = Health([service.full_name for service in plan.descriptors], heart)
    ends = Ends()
    stop_requested = _listen_for_signals()
    async with AsyncExitStack() as stack:
        _start_telemetry(plan, stack)
        try:
            server, health_server = await _open_ports(plan, health, ends, stack)
        except (RuntimeError, OSError) as error:
            _log.error("port not free", reason=str(error))
            return 1
        except UnusableFile as error:
            _log.error("mounted file unusable", reason=f"{error}; {_MOUNTED}")
            return 1
        background = _start_background(plan, heart, health)
        _freeze()
        await stop_requested.wait()
        _arm_watchdog(settings)
        await _drain(server, health, ends, settings)
        await _end(background)
        for close in plan.closing:
            await close()
        await health_server.stop(0)
    return 0


def _start_telemetry(plan: ServicePlan, stack: AsyncExitStack) -> None:
    listener = logs.start(plan.service, plan.settings.log_level)
    stack.callback(listener.stop)
    traces.start(plan.service, plan.settings.otlp_endpoint)
    stack.callback(traces.stop)
    for collector in plan.collectors:
        REGISTRY.register(collector)
        stack.callback(REGISTRY.unregister, collector)


async def _open_ports(
    plan: ServicePlan, health: Health, ends: Ends, stack: AsyncExitStack
) -> tuple[grpc.aio.Server, grpc.aio.Server]:
    settings = plan.settings
    server = guarded_server(settings, plan.descriptors, plan.access, plan.errors, ends, plan.caller_places)
    for add_to_server, servicer in plan.servicers:
        add_to_server(servicer, server)
    if settings.reflection:
        reflection.enable_server_reflection([*_names(plan), reflection.SERVICE_NAME], server)
    health_server = grpc.aio.server(options=options(settings))
    health.join(server)
    health.join(health_server)
    await health.begin()
    ports = open_port(server, settings), health_server.add_insecure_port(settings.health_address)
    metrics_server, _ = _open_metrics(settings.metrics_address)
    stack.callback(metrics_server.shutdown)
    await server.start()
    await health_server.start()
    _log.info("serving", rpc=ports[0], health=ports[1], metrics=metrics_server.server_port)
    return server, health_server


def _open_metrics(address: str) -> Any:  # noqa: ANN401 the class of its server is private to the library
    host, _, port = address.rpartition(":")
    return start_http_server(int(port), host.strip("[]"))


def _names(plan: ServicePlan) -> list[str]:
    return [service.full_name for service in plan.descriptors]


def _start_background(plan: ServicePlan, heart: Heartbeat, health: Health) -> list[asyncio.Task[None]]:
    limit = plan.settings.database_timeout_seconds
    own: dict[str, Loop] = {
        "heartbeat": heart.keep_beating,
        "liveness": health.watch_heart,
        "readiness": lambda: health.watch(plan.conditions, plan.reach, limit),
    }
    loops = own | {name: _once_complete(health, loop) for name, loop in plan.loops.items()}
    return [asyncio.create_task(supervised(name, loop), name=name) for name, loop in loops.items()]


def _once_complete(health: Health, loop: Loop) -> Loop:
    """The loop, begun when all conditions were met: without its schema it would only die and be restarted."""

    async def begun() -> None:
        await health.complete.wait()
        await loop()

    return begun


def _freeze() -> None:
    """Excludes all objects loaded so far from garbage collection: they live as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)


def _listen_for_signals() -> asyncio.Event:
    """Event set by SIGTERM and SIGINT; the handlers are installed before anything starts, so that none is missed."""
    stop_requested = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop_requested.set)
    return stop_requested


def _arm_watchdog(settings: ServiceSettings) -> None:
    """Exits in any case, with a traceback of the hang: gRPC's poller has been seen to keep a finished process alive."""
    faulthandler.dump_traceback_later(settings.drain_seconds + settings.grace_seconds + _EXIT_SLACK_SECONDS, exit=True)


async def _drain(server: grpc.aio.Server, health: Health, ends: Ends, settings: ServiceSettings) -> None:
    """Says not ready, lets streams and calls end, and ends by name those that do not."""
    _log.info("draining")
    await health.leave()
    await asyncio.sleep(settings.drain_seconds)
    shutdown = asyncio.create_task(server.stop(settings.grace_seconds))
    await asyncio.wait({shutdown}, timeout=settings.grace_seconds * _STREAMS_AFTER)
    ends.leave()
    await asyncio.wait({shutdown}, timeout=settings.grace_seconds * (_CALLS_AFTER - _STREAMS_AFTER))
    ends.cut()
    await shutdown


async def _end(background: Sequence[asyncio.Task[None]]) -> None:
    for task in background:
        task.cancel()
    for task in background:
        with suppress(asyncio.CancelledError):
            await task
