"""Puller of the district's list of changes, so that a report that was never sent is found.

A page of changes and the cursor behind it are one transaction, read and written together. A change is put on file like
a report that the district sent, under the same key: the first of the two counts, the other one is a repeat.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

import structlog
from onewindow.district.v1 import district_service_pb2 as pb

from chassis.clock import Clock
from chassis.event_store import AppendResult, Author, FileKey, Loaded, PendingChange
from chassis.inbox import InboxTransaction, Retry, write_many
from chassis.postgres.database import Pool, queries_of
from chassis.postgres.leader import lead
from chassis.refusals import NotFound, RequestIdReused
from law.not_allowed import NotAllowed
from law.workdays import Calendar
from protocol.calendars import ReceivedCalendars
from services.approval.domain.case.facts import Outcome, SpecialProcedure
from services.approval.domain.case.state import Case
from services.approval.handoff.adapters.client import (
    DistrictClient,
    DistrictRefusal,
    DistrictUnreachable,
    district_number_in,
    report_key_in,
)
from services.approval.handoff.adapters.inbound_reports import approval_of
from services.approval.handoff.adapters.obligations import RECEIVE, district_key
from services.approval.handoff.domain.acknowledge import Acknowledgement
from services.approval.handoff.domain.district_clock import ExtensionReport, PauseReport
from services.approval.handoff.domain.district_decide import DecisionReport
from services.approval.handoff.usecases import DISTRICT_CALLER, DistrictReport, DistrictReports
from services.approval.usecases.case import CaseFiles

_log = structlog.get_logger()
_query = queries_of("services.approval.handoff")


@dataclass(frozen=True, slots=True)
class PullSettings:
    """Seconds between two readings of the list, and changes a page."""

    seconds: float = 60.0
    page: int = 100


class Puller:
    """Reads the district's list of changes while this replica leads it."""

    def __init__(
        self,
        pool: Pool,
        client: DistrictClient,
        files: CaseFiles,
        reports: DistrictReports,
        calendars: ReceivedCalendars,
        clock: Clock,
        settings: PullSettings,
    ) -> None:
        self._pool = pool
        self._client = client
        self._files = files
        self._reports = reports
        self._calendars = calendars
        self._clock = clock
        self._settings = settings

    async def run(self) -> None:
        """Pull for ever while leading; the loop that the service supervises."""
        await lead(self._pool, "district_changes", self._pull_for_ever)

    async def pull(self) -> None:
        """Read all pages up to the present. Raises DistrictUnreachable, DistrictRefusal."""
        while True:
            cursor = await self._pool.fetchval(_query("cursor")) or ""
            page = await self._client.changes(cursor, self._settings.page)
            if page.changes or page.cursor != cursor:
                await self.apply(page.changes, page.cursor)
            if not page.more:
                return

    async def apply(self, changes: Sequence[pb.DistrictCase], cursor: str | None = None) -> None:
        """Put these changes on file, and store the cursor behind them where there is one, in one transaction."""
        # A leg that a desk or another report changed meanwhile raises Retry: the whole page is decided again.
        while True:
            try:
                async with self._pool.acquire() as connection:
                    tx = InboxTransaction(connection)
                    async with connection.transaction():
                        await self._apply_in(tx, changes)
                        if cursor is not None:
                            await tx.execute(_query("store_cursor"), cursor)
            except Retry:
                _log.info("district_changes_retry")
                continue
            tx.committed()
            self._files.wake()
            return

    async def _pull_for_ever(self) -> None:
        while True:
            try:
                await self.pull()
            except (DistrictUnreachable, DistrictRefusal) as error:
                _log.warning("district_changes_away", reason=str(error))
            await self._clock.wait_change(self._settings.seconds)

    async def _apply_in(self, tx: InboxTransaction, changes: Sequence[pb.DistrictCase]) -> None:
        calendar = await self._calendars.seen_by(tx.connection)
        pulled = [_PulledChange(change, self._reports_in(change, calendar)) for change in changes]
        await self._put_on_file(tx, pulled)
        await self._complete_packages(tx, [each.change for each in pulled if not each.refused])

    async def _put_on_file(self, tx: InboxTransaction, changes: Sequence["_PulledChange"]) -> None:
        """Put reports on file in rounds: the next report of every leg together, on the state that the last round left.

        Example: A received, B received, A decided. The first round writes both receipts, the second A's decision.
        """
        legs: dict[str, deque[_PulledChange]] = {}
        for pulled in changes:
            legs.setdefault(_leg_name(pulled.change.case_id), deque()).append(pulled)
        loaded: dict[str, Loaded] = {}
        moved: Iterable[str] = legs
        while moved:
            keys = {name: key for name in moved if (key := self._key(name)) is not None}
            loaded.update(zip(keys, await tx.load_many(list(keys.values())), strict=True))
            pending = {name: each for name in legs if (each := self._next(legs[name], loaded.get(name))) is not None}
            for batch in _batches_by_key(list(pending.values())):
                await self._write(tx, batch)
            moved = pending.keys()

    async def _write(self, tx: InboxTransaction, pending: Sequence["_PendingReport"]) -> None:
        # A repeat is fine when the same report came before; under the key of another report it is a mistake of theirs.
        results = await write_many(tx, self._files, [change for *_, change in pending])
        for (pulled, _, change), result in zip(pending, results, strict=True):
            cause = change.change.cause
            if (
                result is AppendResult.REPEATED
                and cause
                and await tx.fetch(_query("key_of_another_report"), cause.caller, cause.request_id, cause.fingerprint)
            ):
                pulled.refuse(RequestIdReused())

    def _next(self, leg: deque["_PulledChange"], loaded: Loaded | None) -> "_PendingReport | None":
        """The next report on a leg from which something follows; one that is on file already is passed over."""
        while leg:
            while (report := leg[0].next()) is not None:
                assert loaded is not None, "a report on a leg without a key cannot be read"
                if (change := self._change(leg[0], report, loaded)) is not None:
                    return leg[0], report, change
            leg.popleft()
        return None

    def _change(
        self, pulled: "_PulledChange", report: DistrictReport, loaded: Loaded
    ) -> PendingChange[Case | None] | None:
        unit_of_work = self._files.unit_of_work
        state = unit_of_work.state(loaded)
        try:
            decision = report.decide(state, {})
        except (NotAllowed, NotFound, ValueError) as error:
            pulled.refuse(error)
            return None
        author = Author(DISTRICT_CALLER, report.cause)
        return unit_of_work.prepare(report.key, loaded, state, decision, author) if decision.facts else None

    def _key(self, leg: str) -> FileKey | None:
        """The file of a leg; None for a name that is no id, whose changes are refused when they are read."""
        try:
            return district_key(self._calendars.district, UUID(leg))
        except ValueError:
            return None

    async def _complete_packages(self, tx: InboxTransaction, changes: Sequence[pb.DistrictCase]) -> None:
        """Mark packages as done that the district lists under a number of its own."""
        numbered = [change for change in changes if change.district_number]
        if numbered:
            legs, kinds = [UUID(change.case_id) for change in numbered], [RECEIVE] * len(numbered)
            await tx.execute(_query("complete"), legs, kinds, [change.district_number for change in numbered])

    def _reports_in(self, change: pb.DistrictCase, calendar: Calendar) -> Iterator[DistrictReport]:
        """The reports that a change contains. Raises ValueError for a part that cannot be read."""
        key = district_key(self._calendars.district, UUID(change.case_id))
        reports, number = self._reports, district_number_in(change.district_number)
        if change.received_on:
            receipt = Acknowledgement(number, date.fromisoformat(change.received_on))
            yield reports.acknowledged(key, receipt, calendar)
        yield from self._clock_reports_in(change, key, calendar)
        match change.stage:
            case pb.DISTRICT_STAGE_REVIEWING:
                yield reports.reviewing(key, report_key_in(change.report_key))
            case pb.DISTRICT_STAGE_DECIDED:
                decided_on = date.fromisoformat(change.decided_on)
                report = DecisionReport(report_key_in(change.report_key), Outcome(change.outcome), decided_on)
                yield reports.decided(key, report, change.reasons)
            case pb.DISTRICT_STAGE_RETURNED:
                returned_on = date.fromisoformat(change.returned_on) if change.returned_on else None
                yield reports.returned(key, report_key_in(change.report_key), change.reasons, returned_on)

    def _clock_reports_in(self, change: pb.DistrictCase, key: FileKey, calendar: Calendar) -> Iterator[DistrictReport]:
        """The reports of special procedures and of the extension that a change lists."""
        for pause in change.pauses:
            procedure = SpecialProcedure(pause.procedure) if pause.procedure else None
            begun = PauseReport(procedure, date.fromisoformat(pause.first_on), kind=pause.kind)
            yield self._reports.paused(key, report_key_in(pause.report_key), begun, pause.reason, calendar)
            if pause.last_on:
                last_on = date.fromisoformat(pause.last_on)
                yield self._reports.resumed(key, report_key_in(pause.end_report_key), last_on, calendar)
        if change.HasField("extension"):
            listed = change.extension
            decided_on, approval = date.fromisoformat(listed.decided_on), approval_of(listed)
            extension = ExtensionReport(listed.days, decided_on, approval=approval)
            yield self._reports.extended(key, report_key_in(listed.report_key), extension, listed.reason, calendar)


@dataclass(slots=True)
class _PulledChange:
    """One change of the list. One that does not fit the files is logged for the operators and delays no other."""

    change: pb.DistrictCase
    reports: Iterator[DistrictReport]
    refused: bool = False

    def next(self) -> DistrictReport | None:
        """The next report in it, None when there is no more."""
        try:
            return None if self.refused else next(self.reports, None)
        except ValueError as error:
            self.refuse(error)
            return None

    def refuse(self, error: Exception) -> None:
        """Log the reason and leave out the rest of it."""
        self.refused = True
        _log.warning("district_change_refused", report_key=self.change.report_key[:64], reason=type(error).__name__)


_PendingReport: TypeAlias = tuple[_PulledChange, DistrictReport, PendingChange[Case | None]]


def _batches_by_key(pending: Sequence[_PendingReport]) -> list[list[_PendingReport]]:
    """The changes in batches without a report key twice: of two reports under one key the first counts."""
    batches: list[dict[str, _PendingReport]] = []
    for each in pending:
        key = each[1].cause.request_id
        batch = next((batch for batch in batches if key not in batch), None)
        if batch is None:
            batches.append(batch := {})
        batch[key] = each
    return [list(batch.values()) for batch in batches]


def _leg_name(case_id: str) -> str:
    """One name for a leg however its id is written; a text that is no id stays as it is, and is refused when read."""
    try:
        return str(UUID(case_id))
    except ValueError:
        return case_id
