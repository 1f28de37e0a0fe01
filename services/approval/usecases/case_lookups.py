"""Lookups of desks and supervisors: worklists, cases, the proof of a due date."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.event_store import EVERY_STREET, FileKey, PositionWaiter, Scope
from chassis.refusals import NotFound
from law import term_clock
from law.term_proof import ProvenDay, proof
from services.approval.domain.case.due_dates import days_left
from services.approval.domain.case.facts import Leg
from services.approval.domain.case.state import Case
from services.approval.ports import CaseList, CurrentCalendar, DistrictStatus, WaitingStep, WorklistDesk, WorklistPage
from services.approval.usecases.case_file import CaseFiles, ChangedCase, existing


@dataclass(frozen=True, slots=True)
class TermProof:
    """Both limits of a case, day by day, and the numbers of the holiday notices they rest on."""

    case: Case
    promised: tuple[ProvenDay, ...]
    legal: tuple[ProvenDay, ...]
    notices: tuple[str, ...]
    days_left: tuple[int, int]
    """Of the promised and of the legal limit, in their units, below 0 when it is over."""


class CaseLookups:
    """Reads cases and changes nothing."""

    def __init__(self, files: CaseFiles, lists: CaseList, calendars: CurrentCalendar, waiter: PositionWaiter) -> None:
        self._files = files
        self._lists = lists
        self._calendars = calendars
        self._waiter = waiter

    async def worklist(self, desk: WorklistDesk, page: WorklistPage, after: str) -> tuple[list[WaitingStep], int]:
        """The steps that wait for a desk, nearest due day first, with the exact count."""
        await self._waiter.until_reached(after)
        return await self._lists.worklist(desk, page)

    async def until_reached(self, after: str) -> None:
        """Wait until the position that the caller saw elsewhere was received here."""
        await self._waiter.until_reached(after)

    async def find(self, scope: Scope, case_id: UUID | None, number: str, leg: Leg) -> FileKey:
        """The key of a case within the scope, by id or by number; raises NotFound."""
        if case_id and scope.street != EVERY_STREET:  # reading the file itself shows if it exists at this place
            return FileKey(scope.district, scope.street, case_id)
        lists = self._lists
        found = await (lists.locate(scope, case_id) if case_id else lists.by_number(scope, number, leg))
        if found is None:
            raise NotFound
        return found

    async def read(self, key: FileKey) -> tuple[ChangedCase, DistrictStatus | None]:
        """A case as it stands, and the state of its hand-off; None when it has none."""
        read = await self._files.read(key)
        case = existing(read.state)
        leg_id = key.file_id if case.leg is Leg.DISTRICT else case.referral.case_id
        return read, await self._lists.district_status(key.scope, leg_id) if leg_id else None

    async def prove(self, key: FileKey, today: date) -> TermProof:
        """Both due dates of a case, day by day, and the days left of both limits."""
        case, calendar = existing((await self._files.read(key)).state), await self._calendars.current()
        term = case.term
        clocks = [case.clock(limit) for limit in (term.promised_limit, term.legal_limit)]
        notices = dict.fromkeys(number for clock in clocks for number in term_clock.due(clock, calendar).notices)
        return TermProof(
            case,
            proof(clocks[0], calendar),
            proof(clocks[1], calendar),
            tuple(notices),
            days_left(case, today, calendar),
        )
