"""Daily sweeps: every day since the last finished one is done in order, with that day as `today`.

A sweep is one query for a batch of due files, the same pure act as in a call for each of them, and one statement that
appends. Its cause is (sweep, day, file), so that a repeated day changes nothing twice.

Example: the service was down from Friday evening to Monday morning. On Monday the last finished day of each
sweep is Thursday or Friday. First every sweep does Saturday with Saturday as `today`, then Sunday, then
Monday; so what fell due on Saturday bears Saturday's date. A file whose act fails several times is left
alone for that day, counted and logged, and the day goes on without it: one unreadable file must not stop
all others.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic, TypeAlias

import structlog
from prometheus_client import Counter, Gauge

from chassis.clock import Clock
from chassis.event_store.codec import Decision, Fact, State
from chassis.event_store.file_repository import FileRepository
from chassis.event_store.model import AppendResult, Drawn, FileKey, IdempotencyKey, Loaded
from chassis.event_store.store import KeyTaken
from chassis.event_store.unit_of_work import Author, PendingChange
from chassis.postgres.database import Connection, Pool, is_away
from chassis.postgres.leader import lead
from chassis.refusals import NotYetHere
from chassis.settings.tuning import DEFAULT_TUNING, Tuning
from chassis.telemetry.logs import failure

_log = structlog.get_logger()
_swept = Counter("onewindow_swept_files", "Files that a sweep has changed.", ["sweep"])
_skipped = Counter(
    "onewindow_sweep_skipped_files", "Files that a sweep left as they were: their act forbade it.", ["sweep"]
)
_failed = Counter(
    "onewindow_sweep_failed_files",
    "Files that a sweep could not read or decide: left to a human and the next day.",
    ["sweep"],
)
_behind = Gauge("onewindow_sweep_days_behind", "Days up to today that the slowest sweep has not finished.")

Pick: TypeAlias = Callable[[Connection, date, int], Awaitable[Sequence[FileKey]]]
"""Files that are due on the day, at most so many; a file that was done must not come again."""


def no_serials(_key: FileKey) -> Sequence[str]:
    """No counters: most sweeps draw no numbers."""
    return ()


@dataclass(frozen=True, slots=True)
class Sweep(Generic[State, Fact]):
    """One daily sweep: the query for its due files, and the act that is done on each."""

    name: str
    """Also its row in table sweep_name, by which the end of a day is known; without one no day waits for it."""
    pick: Pick
    act: Callable[[State, date, Drawn], Decision[Fact] | Sequence[Fact]]
    """The pure act; no facts, or an exception in `forbidden`, leave the file as it is."""
    files: FileRepository[State, Fact]
    forbidden: tuple[type[Exception], ...] = ()
    """Refusals of the act; the day goes on without the file."""
    serials: Callable[[FileKey], Sequence[str]] = no_serials
    """Counters from which the act needs a number."""


@dataclass(slots=True)
class _DayTally:
    """Files left alone and tries so far, of one sweep on one day."""

    left: set[FileKey] = field(default_factory=set)
    tries: dict[FileKey, int] = field(default_factory=dict)

    def note(self, key: FileKey, attempts: int) -> None:
        """Counts a try; after `attempts` the file is left alone for this day."""
        self.tries[key] = self.tries.get(key, 0) + 1
        if self.tries[key] >= attempts:
            self.left.add(key)


class Sweeper:
    """Runs the sweeps of a service while this replica leads their loop."""

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        district: str,
        sweeps: Sequence[Sweep[Any, Any]],
        tuning: Tuning = DEFAULT_TUNING,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._district = district
        self._sweeps = sweeps
        self._tuning = tuning
        for sweep in sweeps:  # the series start at 0: an increase is invisible in one that starts at 1
            for counter in (_swept, _skipped, _failed):
                counter.labels(sweep.name)

    async def run(self) -> None:
        """Sweeps for ever while leading; the loop that a service supervises."""
        await lead(self._pool, "sweep", self._sweep_for_ever)

    async def sweep_up_to(self, today: date) -> None:
        """Does every unfinished day up to and with `today`, in order; all sweeps of a day before the next."""
        done = await self._finished(today)
        for day in _days(min(done.values(), default=today), today):
            _behind.set((today - day).days + 1)
            for sweep in self._sweeps:
                if done[sweep.name] < day:
                    await self.sweep_day(sweep, day)
                    await self._finish(sweep.name, day)
        _behind.set(0)

    async def sweep_day(self, sweep: Sweep[State, Fact], day: date) -> None:
        """Does one sweep of one day, until only files are due that it has left alone."""
        tally = _DayTally()
        while True:
            began = time.monotonic()
            async with self._pool.acquire() as connection:
                picked = await sweep.pick(connection, day, self._tuning.sweep_batch + len(tally.left))
            keys = [key for key in picked if key not in tally.left]
            if not keys:
                return
            await self._batch(sweep, day, keys[: self._tuning.sweep_batch], tally)
            sweep.files.wake()
            await asyncio.sleep((time.monotonic() - began) * self._tuning.sweep_rest)

    async def _sweep_for_ever(self) -> None:
        try:
            while True:
                await self._sweep_and_rest()
        finally:
            _behind.set(0)  # the gauge is the next leader's to set

    async def _sweep_and_rest(self) -> None:
        try:
            await self.sweep_up_to(self._clock.today())
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("sweep_away", reason=type(error).__name__)
            await asyncio.sleep(self._tuning.away_pause)
        else:
            await self._clock.wait_change(self._tuning.sweep_poll)

    async def _batch(self, sweep: Sweep[State, Fact], day: date, keys: Sequence[FileKey], tally: _DayTally) -> None:
        loaded = await sweep.files.store.load_many(keys)
        drawn = await self._draw(sweep, keys)
        changes = []
        for key, file, numbers in zip(keys, loaded, drawn, strict=True):
            pending = _decide(sweep, day, key, file, numbers)
            if pending is None:
                tally.left.add(key)
            else:
                changes.append(pending)
        if changes:
            await self._write(sweep, changes, tally)

    async def _write(
        self, sweep: Sweep[State, Fact], changes: Sequence[PendingChange[State]], tally: _DayTally
    ) -> None:
        try:
            results = await sweep.files.store.append_many(
                [pending.change for pending in changes], changes[0].recorded_at
            )
        except KeyTaken:
            results = [AppendResult.STALE] * len(changes)
        for pending, result in zip(changes, results, strict=True):
            if result is AppendResult.REPEATED:
                tally.left.add(pending.change.key)
            else:
                tally.note(pending.change.key, self._tuning.sweep_attempts)
        _swept.labels(sweep.name).inc(results.count(AppendResult.WRITTEN))

    async def _draw(self, sweep: Sweep[State, Fact], keys: Sequence[FileKey]) -> list[Drawn]:
        wanted = [sweep.serials(key) for key in keys]
        counts: dict[str, int] = {}
        for name in (name for names in wanted for name in names):
            counts[name] = counts.get(name, 0) + 1
        next_numbers = dict(await sweep.files.store.draw(self._district, counts)) if counts else {}
        drawn: list[Drawn] = []
        for names in wanted:
            drawn.append({name: next_numbers[name] for name in names})
            next_numbers.update({name: next_numbers[name] + 1 for name in names})
        return drawn

    async def _finished(self, today: date) -> dict[str, date]:
        """Last finished day of each sweep; one that never ran begins today."""
        rows = await self._pool.fetch("select sweep, max(day) as day from swept group by sweep")
        done = {row["sweep"]: row["day"] for row in rows}
        for sweep in self._sweeps:
            if sweep.name not in done:
                done[sweep.name] = today - timedelta(days=1)
                await self._finish(sweep.name, done[sweep.name])
        return {sweep.name: done[sweep.name] for sweep in self._sweeps}

    async def _finish(self, name: str, day: date) -> None:
        await self._pool.execute(
            "insert into swept (district, sweep, day) values ($1, $2, $3) on conflict do nothing",
            self._district, name, day,
        )  # fmt: skip # one row


def _decide(
    sweep: Sweep[State, Fact], day: date, key: FileKey, loaded: Loaded, drawn: Drawn
) -> PendingChange[State] | None:
    unit_of_work = sweep.files.unit_of_work
    try:
        state = unit_of_work.state(loaded)
        decision = sweep.act(state, day, drawn)
    except sweep.forbidden as reason:
        _skipped.labels(sweep.name).inc()
        _log.info("sweep_skipped", sweep=sweep.name, day=day.isoformat(), reason=type(reason).__name__)
        return None
    except NotYetHere:
        raise  # resolves itself: the day is begun again
    except Exception as error:  # a damaged file, or a fact of a later release, must not stop the others
        _failed.labels(sweep.name).inc()
        _log.error("sweep_failed", sweep=sweep.name, day=day.isoformat(), file=str(key.file_id), **failure(error))
        return None
    decision = decision if isinstance(decision, Decision) else Decision(decision)
    if not decision.facts:
        return None
    cause = IdempotencyKey(f"sweep:{sweep.name}", f"{day.isoformat()}/{key.file_id}", b"")
    return unit_of_work.prepare(key, loaded, state, decision, Author(f"sweep:{sweep.name}", cause, day))


def _days(finished: date, today: date) -> list[date]:
    return [finished + timedelta(days=n) for n in range(1, (today - finished).days + 1)]
