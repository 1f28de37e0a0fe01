"""Event loop on a virtual clock: asyncio's own tasks, timeouts and locks, without a second of real time.

When nothing is ready, the clock jumps to the next timer; without one, everything that can happen has happened, and who
waits for quiet is woken. Equal timers go off in the order in which they were set, so a run depends on nothing but the
delays that its history draws.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextvars import Context, copy_context
from typing import Any, Protocol, TypeVar, TypeVarTuple, Unpack, cast

from tests.support.ledger import StillClock

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")

_MOST_STEPS = 400_000
"""Callbacks of one history; one that takes more goes round in circles."""


class NeverQuiet(Exception):
    """The history goes round in circles."""


class Traveller(Protocol):
    """A process under way, or waiting for what is."""

    alive: bool


class Turn(list[Any]):
    """A callback with its context and arguments, empty once it is cancelled; what `asyncio.Handle` is, and a list."""

    __slots__ = ()

    def cancel(self) -> None:
        """Leave it out."""
        self.clear()

    def cancelled(self) -> bool:
        """True when it was cancelled."""
        return not self


class Scheduler(asyncio.BaseEventLoop):
    """A seeded run of one history."""

    def __init__(self) -> None:
        super().__init__()
        self.instant = 0.0
        self.steps = 0
        self._turns: deque[Turn] = deque()
        self._timers: list[tuple[float, int, Any, Traveller | None]] = []
        """Instant, number, timer or future of a way, and the process that is under way."""
        self._timers_set = 0
        self._quiet: list[asyncio.Future[None]] = []
        self.set_exception_handler(lambda _loop, _context: None)  # tasks of killed processes are left as they are
        self.set_debug(False)

    def time(self) -> float:
        """Virtual seconds since the beginning of the history."""
        return self.instant

    def way(self, seconds: float, of: Traveller | None = None) -> "asyncio.Future[None]":
        """Done after some seconds; never, when the process that is under way was killed until then."""
        arrived: asyncio.Future[None] = asyncio.Future(loop=self)
        self._set_timer(self.instant + seconds, arrived, of)
        return arrived

    # Parts of asyncio's loop that histories use often, without its checks.

    def call_soon(
        self, callback: Callable[[Unpack[Arguments]], object], *args: *Arguments, context: Context | None = None
    ) -> asyncio.Handle:
        """Run a callback in the next round."""
        turn = Turn((copy_context() if context is None else context, callback, args))
        self._turns.append(turn)
        return cast(asyncio.Handle, turn)

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Run a callback at an instant."""
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._set_timer(when, timer, None)
        return timer

    def create_future(self) -> "asyncio.Future[Any]":
        """A future of this loop."""
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Coroutine[Any, Any, T] | Generator[Any, None, T], *, name: object = None, context: Any = None
    ) -> "asyncio.Task[T]":
        """A task of this loop."""
        return asyncio.Task(coro, loop=self, context=context)

    def _set_timer(self, when: float, timer: Any, of: Traveller | None) -> None:
        self._timers_set += 1
        heapq.heappush(self._timers, (when, self._timers_set, timer, of))

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
                while self._turns:
                    self._run_ready()
        finally:
            asyncio.events._set_running_loop(outer)
        self._timers.clear()
        self._turns.clear()

    def _run_once(self) -> None:
        if not self._turns:
            timers = self._timers
            while timers and _is_void(timers[0]):
                heapq.heappop(timers)
            if timers:
                self.instant = max(self.instant, timers[0][0])
                while timers and timers[0][0] <= self.instant:
                    self._go_off(heapq.heappop(timers))
            else:
                self._all_quiet()
        self._run_ready()

    def _go_off(self, timer: tuple[float, int, Any, Traveller | None]) -> None:
        _, _, what, _ = timer
        if _is_void(timer):
            return
        if isinstance(what, asyncio.TimerHandle):
            timed: Any = what  # names of the library; test_scheduler.py fails when they go
            self._turns.append(Turn((timed._context, timed._callback, timed._args)))
        else:
            what.set_result(None)

    def _all_quiet(self) -> None:
        if not self._quiet:
            raise NeverQuiet("every task waits for another")
        waiting, self._quiet = self._quiet, []
        for each in waiting:
            if not each.done():
                each.set_result(None)

    def _run_ready(self) -> None:
        turns = self._turns
        for _ in range(len(turns)):
            turn = turns.popleft()
            if turn:
                self.steps += 1
                context, callback, arguments = turn
                context.run(callback, *arguments)
        if self.steps > _MOST_STEPS:
            raise NeverQuiet(f"{_MOST_STEPS} steps")


class SimulatedClock(StillClock):
    """The office clock: it stands until it is set."""

    async def wait_change(self, seconds: float) -> bool:
        """Nothing polls here."""
        await asyncio.sleep(seconds)
        return False


async def arrival(way: Awaitable[None] | None) -> None:
    """The end of a way between processes; at once where there is none."""
    if way is not None:
        await way


def _is_void(timer: tuple[float, int, Any, Traveller | None]) -> bool:
    """True for a timer that was cancelled, and for a way whose process was killed."""
    _, _, what, of = timer
    if isinstance(what, asyncio.TimerHandle):
        return what.cancelled()
    return what.done() or (of is not None and not of.alive)
