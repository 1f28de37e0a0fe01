"""What time alone brings about: each day since the last one finished, in order, with that day as today."""

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
"""The files on which the day has something to do, at most so many; a file that was done must no longer come."""


def no_serials(_key: FileKey) -> Sequence[str]:
    """Most sweeps draw no numbers."""
    return ()


@dataclass(frozen=True, slots=True)
class Sweep(Generic[State, Fact]):
    """One kind of thing that a day brings: which files, and the act that is done on each."""

    name: str
    """Also the row in table sweep_name, so that a day knows whom it waits for."""
    pick: Pick
    act: Callable[[State, date, Drawn], Decision[Fact] | Sequence[Fact]]
    """The same pure act as in a call; no facts, or an exception in `forbidden`, leave the file as it is."""
    files: FileRepository[State, Fact]
    forbidden: tuple[type[Exception], ...] = ()
    """What the act raises when it must not be done; the day goes on without the file."""
    serials: Callable[[FileKey], Sequence[str]] = no_serials
    """The counters from which the act needs a number."""


@dataclass(slots=True)
class _DayTally:
    """What became of the files of one sweep on one day."""

    left: set[FileKey] = field(default_factory=set)
    tries: dict[FileKey, int] = field(default_factory=dict)

    def note(self, key: FileKey, attempts: int) -> None:
        """The file comes again; after `attempts` it is left alone for this day."""
        self.tries[key] = self.tries.get(key, 0) + 1
        if self.tries[key] >= attempts:
            self.left.add(key)


class Sweeper:
    """Runs the sweeps of a service, while this replica leads them."""

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

    async def run(self) -> None:
        """Sweep for ever while leading; the loop that a service supervises."""
        await lead(self._pool, "sweep", self._sweep_for_ever)

    async def sweep_up_to(self, today: date) -> None:
        """Every day that is not finished, in order, up to and with `today`; all sweeps of a day before the next."""
        done = await self._finished(today)
        for day in _days(min(done.values(), default=today), today):
            _behind.set((today - day).days + 1)
            for sweep in self._sweeps:
                if done[sweep.name] < day:
                    await self.sweep_day(sweep, day)
                    await self._finish(sweep.name, day)
        _behind.set(0)

    async def sweep_day(self, sweep: Sweep[State, Fact], day: date) -> None:
        """One sweep of one day, until it finds nothing that it has not done or left."""
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
            _behind.set(0)  # the days are the next leader's to tell

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
        drafts = []
        for key, file, numbers in zip(keys, loaded, drawn, strict=True):
            draft = _decide(sweep, day, key, file, numbers)
            if draft is None:
                tally.left.add(key)
            else:
                drafts.append(draft)
        if drafts:
            await self._write(sweep, drafts, tally)

    async def _write(self, sweep: Sweep[State, Fact], drafts: Sequence[PendingChange[State]], tally: _DayTally) -> None:
        try:
            outcomes = await sweep.files.store.append_many([draft.change for draft in drafts], drafts[0].recorded_at)
        except KeyTaken:
            outcomes = [AppendResult.STALE] * len(drafts)
        for draft, outcome in zip(drafts, outcomes, strict=True):
            if outcome is AppendResult.REPEATED:
                tally.left.add(draft.change.key)
            else:
                tally.note(draft.change.key, self._tuning.sweep_attempts)
        _swept.labels(sweep.name).inc(outcomes.count(AppendResult.WRITTEN))

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
        """The last finished day of each sweep; one that never ran begins today."""
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
        raise  # passes by itself: the day is begun again
    except Exception as error:  # a damaged file, or a fact of a later release: the day is for all the others too
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
