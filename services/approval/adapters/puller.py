"""Reads what changed at the district, so that a report that never came is found.

A page and the cursor behind it are one transaction. A change takes the road of a pushed report, under the same key:
whichever comes first counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import structlog
from onewindow.district.v1 import district_service_pb2 as pb

from chassis.clock import Clock
from chassis.database import Pool, is_away
from chassis.event_store import Author, FileKey
from chassis.hearing import HearingTx, Retry
from chassis.leader import lead
from chassis.refusals import NotFound
from law.desk import Place
from law.not_allowed import NotAllowed
from law.workdays import Calendar
from services.approval.domain.acknowledge import Acknowledgement
from services.approval.domain.district_decide import Report
from services.approval.domain.words import Outcome
from services.approval.usecases.changing import CaseFiles
from services.approval.usecases.district import ANY_DISTRICT, Reports, Told

from .calendars import HeardCalendars
from .district import DistrictSystem, Refused, Unreached
from .obligations import RECEIVE
from .queries import query

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
                await self._take(page)
            if not page.more:
                return

    async def _pull_for_ever(self) -> None:
        while True:
            try:
                await self.pull()
            except (Unreached, Refused) as error:
                _log.warning("district_changes_away", reason=str(error))
            await self._clock.wait_change(self._settings.seconds)

    async def _take(self, page: pb.ListCaseChangesResponse) -> None:
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                tx = HearingTx(connection)
                calendar = await self._with.calendars.seen_by(connection)
                for change in page.changes:
                    await self._hear(tx, change, calendar)
                await tx.execute(query("keep_cursor"), page.cursor)
        except Retry:
            _log.info("district_changes_retry")
            await self._take(page)

    async def _hear(self, tx: HearingTx, change: pb.DistrictCase, calendar: Calendar) -> None:
        """One change; what does not fit what is on file is told to the operators and holds nothing up."""
        try:
            for told in self._told(change, calendar):
                await self._put(tx, told)
            if change.district_number:
                await tx.execute(query("told"), UUID(change.case_id), RECEIVE, change.district_number)
        except (NotAllowed, NotFound, ValueError) as error:
            if is_away(error):
                raise
            _log.warning("district_change_refused", report_key=change.report_key, reason=type(error).__name__)

    def _told(self, change: pb.DistrictCase, calendar: Calendar) -> Iterator[Told]:
        place = Place.of_district(self._with.calendars.district)
        key = FileKey(place.district, place.street, UUID(change.case_id))
        reports = self._with.reports
        if change.received_on:
            receipt = Acknowledgement(change.district_number, date.fromisoformat(change.received_on))
            yield reports.acknowledged(key, receipt, calendar)
        match change.stage:
            case pb.DISTRICT_STAGE_REVIEWING:
                yield reports.progressed(key, change.report_key, "REVIEWING")
            case pb.DISTRICT_STAGE_DECIDED:
                decided_on = date.fromisoformat(change.decided_on)
                report = Report(change.report_key, Outcome(change.outcome), decided_on)
                yield reports.decided(key, report, change.reasons)
            case pb.DISTRICT_STAGE_RETURNED:
                yield reports.returned(key, change.report_key, change.reasons)

    async def _put(self, tx: HearingTx, told: Told) -> None:
        (loaded,) = await tx.load_many([told.key])
        state = self._with.files.drafter.state(loaded)
        decision = told.decide(state, {})
        if not decision.facts:
            return
        draft = self._with.files.drafter.draft(told.key, loaded, state, decision, Author(ANY_DISTRICT, told.cause))
        await tx.append_many([draft.change], draft.recorded_at)
