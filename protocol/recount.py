"""Recount of the open files of a service after a publication of holidays: the loop, and the statements behind it.

Every row of the view `recount_file` is an open file with the version of the calendar by which its dates stand. A file
whose version is superseded, and whose days the later calendar sees otherwise, is looked at: one query for a page of
them, one pure act each, one statement that appends. What an act changes bears the new version; what it leaves alone is
noted in `recount_mark` at its revision. So nothing is left to memory: whatever was killed where, the same files are
still to be done, and an act that wrote by an earlier calendar after the page had passed is found like any other.

Example: approval receives the notice of 2027 while 40,000 cases are open, 9,000 of them with days in 2027. The loop
reads pages of 500. After the sixth the process is killed: 3,000 cases stand by the new version. The next leader finds
the other 6,000. Meanwhile a head extended a term by the calendar that the call had read before: its case stands by the
earlier version again, and is found at the next look.

A publication that another service has received and this one has not is no reason to move anything: dates computed by it
are left alone until the notice is here.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Protocol

import asyncpg
import structlog
from onewindow.recount.v1 import recount_service_pb2 as pb
from prometheus_client import Counter, Gauge

from chassis.event_store import AppendResult, Author, FileKey, FileRepository, IdempotencyKey
from chassis.event_store.codec import Fact, State
from chassis.event_store.model import Loaded
from chassis.event_store.postgres_store import RACES, append_many, load_many
from chassis.event_store.unit_of_work import PendingChange
from chassis.postgres.database import Connection, Pool, is_away
from chassis.postgres.leader import lead
from chassis.settings.tuning import DEFAULT_TUNING, Tuning
from chassis.telemetry.logs import failure
from law.recount import RecountCause, Span, changed_span, published_since, supersedes
from law.workdays import Calendar
from protocol.recount_table import BEGINNING, PagePlace, RecountProgress, RecountTable, StaleDates

_log = structlog.get_logger()
_recounted = Counter("onewindow_recount_files", "Files that a recount after a publication of holidays has changed.")
_unreadable = Counter("onewindow_recount_failed_files", "Files that a recount could not read: left to a human.")
_behind = Gauge("onewindow_recount_behind", "1 while open files stand by an earlier calendar, else 0.")

_ACTOR = "sweep:recount"
_POLL_SHARE = 50
"""A look that takes long is repeated the less often: it has at most a fiftieth of the time."""
_SPANS = 64


class Calendars(Protocol):
    """Calendars as a service has received them."""

    async def current(self) -> Calendar:
        """The calendar by every notice so far."""

    async def at_version(self, version: str) -> Calendar | None:
        """An earlier calendar by its version; None where it is not known any more."""


@dataclass(frozen=True, slots=True)
class RecountPlan(Generic[State, Fact]):
    """The recount of one kind of file: its act, and how the fact of the act is listed."""

    kind: str
    """Kind of the fact."""
    files: FileRepository[State, Fact]
    calendars: Calendars
    act: Callable[[State, Calendar, RecountCause, date], Sequence[Fact]]
    """The pure act: the fact of a file that changes, on a day; none for one that does not, and for a closed one."""
    decode: Callable[[bytes], Fact]
    listed: Callable[[Fact], pb.RecountedFile]
    """The fact as lists show it; file and street are filled in."""


@dataclass(frozen=True, slots=True)
class Decided(Generic[State]):
    """The decisions on a page: changes to write, and files that stay as they are."""

    changes: list[PendingChange[State]]
    unmoved: list[tuple[FileKey, int]]


@dataclass(slots=True)
class SpanTable:
    """Days that differ between an earlier version and a calendar; each pair is compared once."""

    calendars: Calendars
    _known: dict[tuple[str, str], Span | None] = field(default_factory=dict)

    async def between(self, version: str, calendar: Calendar) -> Span | None:
        """The days that a later calendar sees otherwise; None when there are none."""
        pair = (version, calendar.version)
        if pair not in self._known:
            if len(self._known) >= _SPANS:
                self._known.clear()
            self._known[pair] = changed_span(await self.calendars.at_version(version), calendar)
        return self._known[pair]


class Recounter(Generic[State, Fact]):
    """Counts the dates of open files anew while this replica leads the loop."""

    def __init__(
        self, pool: Pool, district: str, plan: RecountPlan[State, Fact], tuning: Tuning = DEFAULT_TUNING
    ) -> None:
        self._pool = pool
        self._table = RecountTable(pool, district)
        self._plan = plan
        self._tuning = tuning
        self._spans = SpanTable(plan.calendars)

    async def run(self) -> None:
        """Recounts for ever while leading; the loop that a service supervises."""
        await lead(self._pool, "recount", self._recount_for_ever)

    async def catch_up(self) -> int:
        """Recounts until no open file stands by an earlier calendar; the number of files changed.

        Sweeps begin with it, so that none acts on a day that a notice has moved.
        """
        changed = 0
        while (found := await self._next_stale()) is not None:
            _behind.set(1)
            changed += await self._version(*found)
        _behind.set(0)
        return changed

    async def finished(self, version: str) -> bool:
        """True once the calendar, or a later one, is here, and no open file stands by an earlier one."""
        calendar = await self._plan.calendars.current()
        if calendar.version != version and not supersedes(calendar.version, version):
            return False
        return await self._next_stale() is None

    async def progress(self, version: str) -> RecountProgress:
        """How far the recount by a calendar is."""
        return await self._table.progress(version)

    def listed(self, key: FileKey, fact: Fact) -> pb.RecountedFile:
        """A fact of the recount as lists show it, with its file and street."""
        listed = self._plan.listed(fact)
        listed.file_id, listed.street = str(key.file_id), key.street
        return listed

    async def changed(self, progress: RecountProgress, behind: int, most: int) -> list[tuple[int, FileKey, Fact]]:
        """Facts of this kind behind a place, in their order, each with its own place."""
        rows = await self._table.changed(self._plan.kind, progress, behind, most)
        return [
            (row["seq"], FileKey(self._table.district, row["street"], row["file_id"]), self._plan.decode(row["body"]))
            for row in rows
        ]

    async def preview_versions(self, calendar: Calendar) -> list[StaleDates]:
        """Versions of open files that a calendar would supersede, with the days that it sees otherwise."""
        current = (await self._plan.calendars.current()).version
        found = []
        for version in await self._table.versions():
            known = version == current or supersedes(current, version)
            span = await self._spans.between(version, calendar) if known else None
            if span is not None:
                found.append(StaleDates(version, span))
        return found

    async def preview_page(
        self, calendar: Calendar, cause: RecountCause, stale: StaleDates, behind: PagePlace, most: int
    ) -> tuple[list[tuple[FileKey, Fact]], int, PagePlace | None]:
        """Facts that a calendar would give on one page of open files; the files looked at; the place of the last."""
        today = self._plan.files.clock.today()
        async with self._pool.acquire() as connection:
            keys, place = await self._table.keys(connection, stale, calendar.version, behind, most)
            loaded = await load_many(connection, keys)
        fold = self._plan.files.unit_of_work.fold
        found = [
            (key, fact)
            for key, file in zip(keys, loaded, strict=True)
            for fact in self._plan.act(fold(file.bodies), calendar, cause, today)
        ]
        return found, len(keys), place if len(keys) == most else None

    async def _recount_for_ever(self) -> None:
        try:
            while True:
                await self._recount_and_rest()
        finally:
            _behind.set(0)  # the gauge is the next leader's to set

    async def _recount_and_rest(self) -> None:
        try:
            began = time.monotonic()
            stale = await self._next_stale()
            looked = time.monotonic() - began
            if stale is not None:
                await self.catch_up()
            _behind.set(0)
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("recount_away", reason=type(error).__name__)
            await asyncio.sleep(self._tuning.away_pause)
        else:
            await asyncio.sleep(max(self._tuning.recount_poll, _POLL_SHARE * looked))

    async def _next_stale(self) -> tuple[Calendar, StaleDates] | None:
        """The current calendar, and an earlier version by which an open file stands that it may move."""
        calendar = await self._plan.calendars.current()
        for version in await self._table.versions():
            if not supersedes(calendar.version, version):
                continue
            span = await self._spans.between(version, calendar)
            if span is None:
                continue
            stale = StaleDates(version, span)
            async with self._pool.acquire() as connection:
                keys, _ = await self._table.keys(connection, stale, calendar.version, BEGINNING, 1)
            if keys:
                return calendar, stale
        return None

    async def _version(self, calendar: Calendar, stale: StaleDates) -> int:
        """One pass over the open files that stand by an earlier version; the number of files changed."""
        await self._table.begin(calendar.version)
        cause = RecountCause(published_since(stale.version, calendar), calendar.version)
        behind, changed = BEGINNING, 0
        while True:
            began = time.monotonic()
            try:
                written, place = await self._page(calendar, cause, stale, behind)
            except asyncpg.UniqueViolationError as error:  # a file of the page was changed meanwhile: once more
                if error.constraint_name not in RACES:
                    raise
                continue
            changed += written
            if written:
                self._plan.files.wake()
            if place is None:
                return changed
            behind = place
            await asyncio.sleep((time.monotonic() - began) * self._tuning.recount_rest)

    async def _page(
        self, calendar: Calendar, cause: RecountCause, stale: StaleDates, behind: PagePlace
    ) -> tuple[int, PagePlace | None]:
        """Looks at one page and writes what follows, in one transaction: facts, marks and counts, or nothing."""
        began, version = time.monotonic(), calendar.version
        async with self._pool.acquire() as connection, connection.transaction():
            keys, place = await self._table.keys(connection, stale, version, behind, self._tuning.recount_batch)
            if not keys:
                return 0, None
            decided = self._decide(keys, await load_many(connection, keys), calendar, cause)
            results: Sequence[AppendResult] = []
            if decided.changes:
                appends = [pending.change for pending in decided.changes]
                results = await append_many(connection, appends, decided.changes[0].recorded_at)
            await self._table.mark(connection, version, decided.unmoved)
            written = results.count(AppendResult.WRITTEN)
            await self._table.count(connection, version, (len(keys), written, time.monotonic() - began))
        _recounted.inc(written)
        return written, place

    def _decide(
        self, keys: Sequence[FileKey], loaded: Sequence[Loaded], calendar: Calendar, cause: RecountCause
    ) -> Decided[State]:
        unit_of_work, today = self._plan.files.unit_of_work, self._plan.files.clock.today()
        decided: Decided[State] = Decided([], [])
        for key, file in zip(keys, loaded, strict=True):
            try:
                state = unit_of_work.fold(file.bodies)
                facts = self._plan.act(state, calendar, cause, today)
            except Exception as error:  # a damaged file, or a fact of a later release, must not stop the others
                _unreadable.inc()
                _log.error("recount_failed", file=str(key.file_id), **failure(error))
                facts = []
            if facts:
                once = IdempotencyKey(_ACTOR, f"{calendar.version}/{key.file_id}/{file.revision}", b"")
                author = Author(_ACTOR, once, today)
                decided.changes.append(unit_of_work.prepare(key, file, state, facts, author))
            else:
                decided.unmoved.append((key, file.revision))
        return decided


RecountFirst = Callable[[], Awaitable[object]]
"""Brings every open file to the current calendar."""


async def recounted_elsewhere() -> None:
    """For a sweep in whose place nothing is published."""


def after_recount(recount: RecountFirst, pick: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The query of a sweep that finds no file by a day that a received notice has moved."""

    async def pick_recounted(connection: Connection, day: date, limit: int) -> Any:  # noqa: ANN401 # as the sweep's own
        await recount()
        return await pick(connection, day, limit)

    return pick_recounted
