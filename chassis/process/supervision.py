"""Supervised loops, restarted when they die, and heartbeats that show a stuck process."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import Counter, Gauge

from chassis.telemetry.logs import failure

Loop = Callable[[], Awaitable[object]]

BEAT_SECONDS = 1.0

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_log = structlog.get_logger(__name__)
_loop_restarts = Counter(
    "onewindow_loop_restarts_total", "How often a background loop died and was started again.", ["loop"]
)
_loop_lag = Gauge("onewindow_loop_lag_seconds", "Seconds by which the event loop's last heartbeat was late.")


class Heartbeat:
    """Times of the last heartbeat of each named part of the process."""

    def __init__(self, limit_seconds: float) -> None:
        self._limit = limit_seconds
        self._beats: dict[str, float] = {}

    def beat(self, part: str) -> None:
        """Records a heartbeat of `part`; from the first one on, further ones are expected."""
        self._beats[part] = time.monotonic()

    def still(self) -> list[str]:
        """Parts whose last heartbeat is older than the limit."""
        now = time.monotonic()
        return [part for part, at in self._beats.items() if now - at > self._limit]

    async def keep_beating(self) -> None:
        """Beats for the event loop itself, and measures its lag."""
        while True:
            began = time.monotonic()
            self.beat("event_loop")
            await asyncio.sleep(BEAT_SECONDS)
            _loop_lag.set(max(0.0, time.monotonic() - began - BEAT_SECONDS))


async def supervised(name: str, loop: Loop) -> None:
    """Runs `loop` for ever: restarts it when it ends or dies, after a pause that grows while it keeps dying."""
    pause = _FIRST_PAUSE_SECONDS
    _loop_restarts.labels(name)  # the series starts at 0: an increase is invisible in one that starts at 1
    while True:
        began = time.monotonic()
        await _once(name, loop)
        _loop_restarts.labels(name).inc()
        lived = time.monotonic() - began
        pause = _FIRST_PAUSE_SECONDS if lived > _LONGEST_PAUSE_SECONDS else min(pause * 2, _LONGEST_PAUSE_SECONDS)
        await asyncio.sleep(pause)


async def _once(name: str, loop: Loop) -> None:
    try:
        await loop()
        _log.warning("loop ended", loop=name)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        _log.warning("loop cancelled from inside", loop=name)
    except Exception as error:
        _log.error("loop died", loop=name, **failure(error))
