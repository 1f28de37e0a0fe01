"""Reads what changed at the district, so that a report that never came is found.

A page and the cursor behind it are one transaction, read and written together. A change takes the road of a pushed
report, under the same key: whichever comes first counts.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

import structlog
from onewindow.district.v1 import district_service_pb2 as pb

from chassis.clock import Clock
from chassis.event_store import AppendResult, Author, FileKey, Loaded, PendingChange
from chassis.inbox import InboxTransaction, Retry, write_many
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from chassis.refusals import NotFound, RequestIdReused
from law.desk import Place
from law.not_allowed import NotAllowed
from law.workdays import Calendar
from services.approval.adapters.calendars import HeardCalendars
from services.approval.adapters.district import DistrictSystem, Refused, Unreached, key_of, number_of
from services.approval.adapters.obligations import RECEIVE
from services.approval.adapters.queries import query
from services.approval.domain.acknowledge import Acknowledgement
from services.approval.domain.case import Case
from services.approval.domain.district_decide import Report
from services.approval.domain.words import Outcome
from services.approval.usecases.changing import CaseFiles
from services.approval.usecases.district import ANY_DISTRICT, Reports, Told

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PullSettings:
    """How often, in seconds, and how much at one time."""

    seconds: float = 60.0
    page: int = 100


@dataclass(frozen=True, slots=True)
class Pulling:
    """What the puller works with."""

    district: DistrictSystem
    files: CaseFiles
    reports: Reports
    calendars: HeardCalendars


class Puller:
    """Reads the district's list while this replica leads it."""

    def __init__(self, pool: Pool, pulling: Pulling, clock: Clock, settings: PullSettings) -> None:
        self._pool = pool
        self._with = pulling
        self._clock = clock
        self._settings = settings

    async def run(self) -> None:
        """Read for ever while leading; the loop that the service supervises."""
        await lead(self._pool, "district_changes", self._pull_for_ever)

    async def pull(self) -> None:
        """Read every page there is now. Raises Unreached, Refused."""
        while True:
            cursor = await self._pool.fetchval(query("cursor")) or ""
            page = await self._with.district.changes(cursor, self._settings.page)
            if page.changes or page.cursor != cursor:
                await self.take(page.changes, page.cursor)
            if not page.more:
                return

    async def _pull_for_ever(self) -> None:
        while True:
            try:
                await self.pull()
            except (Unreached, Refused) as error:
                _log.warning("district_changes_away", reason=str(error))
            await self._clock.wait_change(self._settings.seconds)

    async def take(self, changes: Sequence[pb.DistrictCase], cursor: str | None = None) -> None:
        """Put on file what follows from these changes, and the cursor behind them where there is one."""
        while True:
            try:
                async with self._pool.acquire() as connection:
                    tx = InboxTransaction(connection)
                    async with connection.transaction():
                        await self._read_in(tx, changes)
                        if cursor is not None:
                            await tx.execute(query("keep_cursor"), cursor)
            except Retry:
                _log.info("district_changes_retry")
                continue
            tx.committed()
            self._with.files.wake()
            return

    async def _read_in(self, tx: InboxTransaction, changes: Sequence[pb.DistrictCase]) -> None:
        calendar = await self._with.calendars.seen_by(tx.connection)
        heard = [_Heard(change, self._told(change, calendar)) for change in changes]
        await self._put(tx, heard)
        await self._settle(tx, [each.change for each in heard if not each.refused])

    async def _put(self, tx: InboxTransaction, changes: Sequence["_Heard"]) -> None:
        """The next report of every leg together, then those after them: each is decided on what the one before left."""
        legs: dict[str, deque[_Heard]] = {}
        for heard in changes:
            legs.setdefault(_leg_named(heard.change.case_id), deque()).append(heard)
        while following := [each for leg in legs.values() if (each := self._next(leg)) is not None]:
            loaded = await tx.load_many([told.key for _, told in following])
            drafts = [self._draft(*each, file) for each, file in zip(following, loaded, strict=True)]
            drafted = [(*each, draft) for each, draft in zip(following, drafts, strict=True) if draft is not None]
            for batch in _each_key_once(drafted):
                await self._write(tx, batch)

    async def _write(self, tx: InboxTransaction, drafted: Sequence["_Drafted"]) -> None:
        outcomes = await write_many(tx, self._with.files, [draft for *_, draft in drafted])
        for (heard, _, draft), outcome in zip(drafted, outcomes, strict=True):
            cause = draft.change.cause
            if (
                outcome is AppendResult.REPEATED
                and cause
                and await tx.fetch(query("key_of_another"), cause.caller, cause.request_id, cause.fingerprint)
            ):
                heard.refuse(RequestIdReused())

    def _next(self, leg: deque["_Heard"]) -> tuple["_Heard", Told] | None:
        """The next report on a leg from which something may follow."""
        while leg:
            while (told := leg[0].next()) is not None:
                if not self._nothing_follows(told):
                    return leg[0], told
            leg.popleft()
        return None

    def _nothing_follows(self, told: Told) -> bool:
        """Whether the leg as it was seen last has this report already: what has happened by then has happened."""
        leg = self._with.files.last_seen(told.key)
        try:
            return leg is not None and not told.decide(leg, {}).facts
        except NotAllowed:  # the leg as it stands has to say so
            return False

    def _draft(self, heard: "_Heard", told: Told, loaded: Loaded) -> PendingChange[Case | None] | None:
        unit_of_work = self._with.files.unit_of_work
        state = unit_of_work.state(loaded)
        try:
            decision = told.decide(state, {})
        except (NotAllowed, NotFound, ValueError) as error:
            heard.refuse(error)
            return None
        author = Author(ANY_DISTRICT, told.cause)
        return unit_of_work.prepare(told.key, loaded, state, decision, author) if decision.facts else None

    async def _settle(self, tx: InboxTransaction, changes: Sequence[pb.DistrictCase]) -> None:
        """Obligations to hand over are done when the district shows that it has the case."""
        had = [change for change in changes if change.district_number]
        if had:
            legs, kinds = [UUID(change.case_id) for change in had], [RECEIVE] * len(had)
            await tx.execute(query("told"), legs, kinds, [change.district_number for change in had])

    def _told(self, change: pb.DistrictCase, calendar: Calendar) -> Iterator[Told]:
        place = Place.of_district(self._with.calendars.district)
        key = FileKey(place.district, place.street, UUID(change.case_id))
        reports, number = self._with.reports, number_of(change.district_number)
        if change.received_on:
            receipt = Acknowledgement(number, date.fromisoformat(change.received_on))
            yield reports.acknowledged(key, receipt, calendar)
        match change.stage:
            case pb.DISTRICT_STAGE_REVIEWING:
                yield reports.progressed(key, key_of(change.report_key), "REVIEWING")
            case pb.DISTRICT_STAGE_DECIDED:
                decided_on = date.fromisoformat(change.decided_on)
                report = Report(key_of(change.report_key), Outcome(change.outcome), decided_on)
                yield reports.decided(key, report, change.reasons)
            case pb.DISTRICT_STAGE_RETURNED:
                yield reports.returned(key, key_of(change.report_key), change.reasons)


@dataclass(slots=True)
class _Heard:
    """One change; what does not fit what is on file is told to the operators and holds nothing up."""

    change: pb.DistrictCase
    told: Iterator[Told]
    refused: bool = False

    def next(self) -> Told | None:
        """The next report in it, None when there is no more."""
        try:
            return None if self.refused else next(self.told, None)
        except ValueError as error:
            self.refuse(error)
            return None

    def refuse(self, error: Exception) -> None:
        """Leave it; nothing more of it counts."""
        self.refused = True
        _log.warning("district_change_refused", report_key=self.change.report_key[:64], reason=type(error).__name__)


_Drafted: TypeAlias = tuple[_Heard, Told, PendingChange[Case | None]]


def _each_key_once(drafted: Sequence[_Drafted]) -> list[list[_Drafted]]:
    """The drafts in batches in which no key of a report stands twice: of two reports under one key the first counts."""
    batches: list[dict[str, _Drafted]] = []
    for each in drafted:
        key = each[1].cause.request_id
        batch = next((batch for batch in batches if key not in batch), None)
        if batch is None:
            batches.append(batch := {})
        batch[key] = each
    return [list(batch.values()) for batch in batches]


def _leg_named(case_id: str) -> str:
    """One name for a leg however its id is written; what is no id stands for itself, and is refused when it is read."""
    try:
        return str(UUID(case_id))
    except ValueError:
        return case_id
