"""Recorder of deliveries: the district's receipt goes on the leg's file first, then the obligation is done.

Results that come together are written together. A process that dies in between leaves obligations in the state
`sending`; the next sender looks these cases up at the district before it sends them again.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from prometheus_client import Counter

from chassis.clock import Clock
from chassis.event_store import FileKey
from chassis.postgres.database import Pool, is_away
from law.not_allowed import NotAllowed
from law.workdays import Calendar
from protocol.calendars import ReceivedCalendars
from services.approval.handoff.adapters.delivery import DeliveryOutcome, DeliveryResult, PackagePapers
from services.approval.handoff.adapters.queue import DueObligation, HandoffQueue, RetryTime
from services.approval.handoff.domain.acknowledge import Acknowledgement
from services.approval.handoff.usecases import (
    DistrictReport,
    DistrictReports,
    ReportOnLeg,
    put_many_on_file,
    put_on_file,
)
from services.approval.usecases.case import OFFICE, CaseFiles

_log = structlog.get_logger()
_attempts = Counter("onewindow_handoff_attempts", "Deliveries of obligations to the district, by outcome.", ["outcome"])
for _outcome in DeliveryOutcome:  # the series start at 0: an increase is invisible in one that starts at 1
    _attempts.labels(_outcome)


@dataclass(frozen=True, slots=True)
class RetrySettings:
    """Seconds between the attempts of one obligation."""

    backoff_cap: float = 300.0
    real_retry: float = 2.0
    """Least seconds by the machine's clock, for an office clock that stands still."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes results of deliveries."""

    pool: Pool
    queue: HandoffQueue
    files: CaseFiles
    reports: DistrictReports
    calendars: ReceivedCalendars
    retry: RetrySettings
    _away: set[str] = field(default_factory=set, init=False)
    """Destinations that did not answer their last attempt from this process."""

    async def write(self, results: Sequence[DeliveryResult], clock: Clock) -> None:
        """Write these results, in the order in which they came."""
        failed = await self._put_receipts_on_file([each for each in results if each.receipt is not None])
        final = [failed.get(each.due.leg, each) if each.receipt else each for each in results]
        delivered = [each for each in final if each.outcome is DeliveryOutcome.DELIVERED]
        await self.queue.complete([(each.due, _district_number(each)) for each in delivered])
        for result in final:
            if result.outcome is DeliveryOutcome.BLOCKED:
                await self.queue.block(result.due, result.reason)
            elif result.outcome is not DeliveryOutcome.DELIVERED:
                await self.queue.retry_later(result.due, self._retry_time(result.due, clock), result.reason)
            _attempts.labels(result.outcome).inc()
        await self._update_breakers(final, clock)

    async def _put_receipts_on_file(self, results: Sequence[DeliveryResult]) -> dict[FileKey, DeliveryResult]:
        """Put receipts on their legs, in one statement where no leg was changed meanwhile. Returns the failed ones.

        A receipt that the act refuses would be refused again, so that its obligation is blocked, not tried again.
        """
        if not results:
            return {}
        async with self.pool.acquire() as connection:
            calendar = await self.calendars.seen_by(connection)
        failed: dict[FileKey, DeliveryResult] = {}
        reports: list[ReportOnLeg] = []
        for result in results:
            assert result.receipt is not None and result.papers is not None
            report = self._receipt(result.due, result.receipt, result.papers, calendar)
            reports.append(ReportOnLeg(report, result.papers.loaded))
        due = {result.due.leg: result.due for result in results}
        for report in await put_many_on_file(self.files, reports, OFFICE):
            try:
                await put_on_file(self.files, report, OFFICE)
            except NotAllowed as refused:
                failed[report.key] = DeliveryResult(
                    due[report.key], DeliveryOutcome.BLOCKED, refused.sentence, answered=True
                )
            except Exception as error:
                if is_away(error):
                    raise
                _log.exception("handoff_failed", kind=due[report.key].kind)
                failed[report.key] = DeliveryResult(due[report.key], DeliveryOutcome.FAILED, type(error).__name__)
        return failed

    def _receipt(
        self, due: DueObligation, receipt: Acknowledgement, papers: PackagePapers, calendar: Calendar
    ) -> DistrictReport:
        """The report of a receipt: the first one, or that of a package which the district had lost."""
        if papers.leg is not None and papers.leg.referral.acknowledged:
            return self.reports.acknowledged_again(due.leg, receipt, due.attempts)
        return self.reports.acknowledged(due.leg, receipt, calendar)

    async def _update_breakers(self, results: Sequence[DeliveryResult], clock: Clock) -> None:
        """Count failures of destinations in a row; an answer closes the breaker and starts the count again."""
        answering: set[str] = set()
        missed: dict[str, list[DueObligation]] = {}
        for result in results:
            name = result.due.destination
            if result.answered:
                missed.pop(name, None)  # failures before an answer no longer count
                if result.due.missed_before or name in self._away:
                    answering.add(name)
            elif result.outcome is DeliveryOutcome.UNREACHED:
                missed.setdefault(name, []).append(result.due)
        await self.queue.close_breakers(sorted(answering))
        for obligations in missed.values():
            await self.queue.count_failures(obligations[0], len(obligations), clock.now())
        self._away.difference_update(answering)
        self._away.update(missed)

    def _retry_time(self, due: DueObligation, clock: Clock) -> RetryTime:
        """Exponential backoff up to the cap, with full jitter, so that a queue does not come back all at once.

        Example: after the third attempt the wait is a random time of up to four seconds.
        """
        longest = min(self.retry.backoff_cap, 2.0 ** min(due.attempts - 1, 30))
        seconds = random.uniform(0, longest)
        office = clock.now() + timedelta(seconds=max(seconds, 0.001))
        # The office clock may stand for hours in a simulation; the machine's clock lets a retry happen all the same.
        return RetryTime(office, max(self.retry.real_retry, seconds))


def _district_number(result: DeliveryResult) -> str:
    return result.receipt.district_number if result.receipt is not None else ""
