"""Event loop on a virtual clock: asyncio's own tasks, timeouts and locks, without a second of real time.

When nothing is ready, the clock jumps to the next timer; without one, everything that can happen has happened, and who
waits for quiet is woken. Equal timers go off in the order in which they were set, so a run depends on nothing but the
delays that its history draws.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_MOST_STEPS = 400_000
"""Callbacks of one history; one that takes more goes round in circles."""


class NeverQuiet(Exception):
    """The history goes round in circles."""


class Scheduler(asyncio.BaseEventLoop):
    """A seeded run of one history."""

    # Names of the library; test_histories.py fails when they go.
    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self) -> None:
        super().__init__()
        self.instant = 0.0
        self.steps = 0
        self._quiet: list[asyncio.Future[None]] = []
        self.set_exception_handler(lambda _loop, _context: None)  # tasks of killed processes are left as they are
        self.set_debug(False)

    def time(self) -> float:
        """Virtual seconds since the beginning of the history."""
        return self.instant

    def quiet(self) -> "asyncio.Future[None]":
        """Done as soon as nothing is ready and no timer is set."""
        waiting: asyncio.Future[None] = self.create_future()
        self._quiet.append(waiting)
        return waiting

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        """The result of the main task."""
        outer = asyncio.events._get_running_loop()
        asyncio.events._set_running_loop(self)
        try:
            task = self.create_task(main)
            while not task.done():
                self._run_once()
            return task.result()
        finally:
            asyncio.events._set_running_loop(outer)

    def unwind(self) -> None:
        """Cancel what is left, so that no task outlives its history."""
        outer = asyncio.events._get_running_loop()
        asyncio.events._set_running_loop(self)
        try:
            for _ in range(5):
                left = [task for task in asyncio.all_tasks(self) if not task.done()]
                if not left:
                    break
                for task in left:
                    task.cancel()
                while self._ready:
                    self._run_ready()
        finally:
            asyncio.events._set_running_loop(outer)
        self._scheduled.clear()
        self._ready.clear()

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled
        if not ready:
            while scheduled and scheduled[0].cancelled():
                heapq.heappop(scheduled)
            if scheduled:
                self.instant = max(self.instant, scheduled[0].when())
                while scheduled and scheduled[0].when() <= self.instant:
                    ready.append(heapq.heappop(scheduled))
            else:
                self._all_quiet()
        self._run_ready()

    def _all_quiet(self) -> None:
        if not self._quiet:
            raise NeverQuiet("every task waits for another")
        waiting, self._quiet = self._quiet, []
        for each in waiting:
            if not each.done():
                each.set_result(None)

    def _run_ready(self) -> None:
        ready = self._ready
        for _ in range(len(ready)):
            turn = ready.popleft()
            if not turn.cancelled():
                self.steps += 1
                turn._run()
        if self.steps > _MOST_STEPS:
            raise NeverQuiet(f"{_MOST_STEPS} steps")
