"""What came of telling the district is written: its answer on the leg's file first, then the obligation is done.

Answers that came together are written together. A death in between leaves obligations that are being told, and these
are asked for before they are told again.
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
from services.approval.adapters.calendars import HeardCalendars
from services.approval.adapters.handoff_queue import HandoffQueue, Later, Owed
from services.approval.adapters.heard import OFFICE
from services.approval.adapters.package import Papers
from services.approval.adapters.telling import Answer, Ended
from services.approval.domain.acknowledge import Acknowledgement
from services.approval.usecases.changing import CaseFiles
from services.approval.usecases.district import Found, Reports, Told, put_on_file, put_together

_log = structlog.get_logger()
_told = Counter("onewindow_handoff_attempts", "Obligations told to the district, by how it ended.", ["outcome"])


@dataclass(frozen=True, slots=True)
class Retrying:
    """When what did not arrive is tried again, in seconds."""

    backoff_cap: float = 300.0
    real_retry: float = 2.0
    """At the earliest by the machine's clock, where the office clock stands."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Writes answers."""

    pool: Pool
    queue: HandoffQueue
    files: CaseFiles
    reports: Reports
    calendars: HeardCalendars
    retrying: Retrying
    _away: set[str] = field(default_factory=set, init=False)
    """The destinations whose last attempt was missed in this process."""

    async def write(self, answers: Sequence[Answer], clock: Clock) -> None:
        """Write what came of these obligations, in the order in which the answers came."""
        failed = await self._put_on_file([answer for answer in answers if answer.receipt is not None])
        ended = [failed.get(answer.owed.leg, answer) if answer.receipt else answer for answer in answers]
        await self.queue.told([(each.owed, _number(each)) for each in ended if each.ended is Ended.TOLD])
        for answer in ended:
            if answer.ended is Ended.BLOCKED:
                await self.queue.block(answer.owed, answer.reason)
            elif answer.ended is not Ended.TOLD:
                await self.queue.put_off(answer.owed, self._later(answer.owed, clock), answer.reason)
            _told.labels(answer.ended).inc()
        await self._learn(ended, clock)

    async def _put_on_file(self, answers: Sequence[Answer]) -> dict[FileKey, Answer]:
        """The receipts on their legs, in one statement where nobody else changes one; those that do not fit.

        What the act says no to is said again to the same receipt: it is a human's task, not a retry's.
        """
        if not answers:
            return {}
        async with self.pool.acquire() as connection:
            calendar = await self.calendars.seen_by(connection)
        failed: dict[FileKey, Answer] = {}
        found: list[Found] = []
        for answer in answers:
            assert answer.receipt is not None and answer.papers is not None
            found.append(
                Found(self._receipt(answer.owed, answer.receipt, answer.papers, calendar), answer.papers.loaded)
            )
        owed = {answer.owed.leg: answer.owed for answer in answers}
        for told in await put_together(self.files, found, OFFICE):
            try:
                await put_on_file(self.files, told, OFFICE)
            except NotAllowed as refused:
                failed[told.key] = Answer(owed[told.key], Ended.BLOCKED, refused.sentence, answered=True)
            except Exception as error:
                if is_away(error):
                    raise
                _log.exception("handoff_failed", kind=owed[told.key].kind)
                failed[told.key] = Answer(owed[told.key], Ended.FAILED, type(error).__name__)
        return failed

    def _receipt(self, owed: Owed, receipt: Acknowledgement, papers: Papers, calendar: Calendar) -> Told:
        """The receipt; another one of a leg that the district had lost and was handed once more."""
        if papers.leg is not None and papers.leg.referral.acknowledged:
            return self.reports.acknowledged_again(owed.leg, receipt, owed.attempts)
        return self.reports.acknowledged(owed.leg, receipt, calendar)

    async def _learn(self, answers: Sequence[Answer], clock: Clock) -> None:
        """Whether the destinations are there: a miss counts until the next answer."""
        back: set[str] = set()
        missed: dict[str, list[Owed]] = {}
        for answer in answers:
            name = answer.owed.destination
            if answer.answered:
                missed.pop(name, None)
                if answer.owed.missed_before or name in self._away:
                    back.add(name)
            elif answer.ended is Ended.UNREACHED:
                missed.setdefault(name, []).append(answer.owed)
        await self.queue.reached(sorted(back))
        for owed in missed.values():
            await self.queue.missed(owed[0], len(owed), clock.now())
        self._away.difference_update(back)
        self._away.update(missed)

    def _later(self, owed: Owed, clock: Clock) -> Later:
        """Twice as long each time up to the cap, with full jitter, so that a queue does not come back as one."""
        longest = min(self.retrying.backoff_cap, 2.0 ** min(owed.attempts - 1, 30))
        seconds = random.uniform(0, longest)
        office = clock.now() + timedelta(seconds=max(seconds, 0.001))
        return Later(office, max(self.retrying.real_retry, seconds))


def _number(answer: Answer) -> str:
    return answer.receipt.district_number if answer.receipt is not None else ""
