"""What desks and supervisors can look up: worklists, cases, the proof of a date."""

from dataclasses import dataclass
from uuid import UUID

from chassis.event_store import EVERY_STREET, FileKey, Scope
from chassis.refusals import NotFound
from law import term_clock
from law.term_proof import ProvenDay, proof
from services.approval.domain.case import Case
from services.approval.domain.words import Leg
from services.approval.ports import AtDistrict, Desk, Page, Waiting
from services.approval.usecases.changing import CaseFiles, ChangedCase, Office, existing


@dataclass(frozen=True, slots=True)
class Proof:
    """Both limits of a case, day by day, and the notices they rest on."""

    case: Case
    promised: tuple[ProvenDay, ...]
    legal: tuple[ProvenDay, ...]
    notices: tuple[str, ...]


class Reading:
    """Looks at cases and changes nothing."""

    def __init__(self, files: CaseFiles, office: Office) -> None:
        self._files = files
        self._office = office

    async def worklist(self, desk: Desk, page: Page, after: str) -> tuple[list[Waiting], int]:
        """What waits for a desk, nearest due day first, with the exact count."""
        await self._office.waiter.until_reached(after)
        return await self._office.lists.worklist(desk, page)

    async def until_reached(self, after: str) -> None:
        """Wait until what the caller has seen elsewhere was heard here."""
        await self._office.waiter.until_reached(after)

    async def find(self, scope: Scope, case_id: UUID | None, number: str, leg: Leg) -> FileKey:
        """Where a case lives that the scope reaches; raises NotFound."""
        if case_id and scope.street != EVERY_STREET:  # the file itself says whether it is there
            return FileKey(scope.district, scope.street, case_id)
        lists = self._office.lists
        found = await (lists.locate(scope, case_id) if case_id else lists.by_number(scope, number, leg))
        if found is None:
            raise NotFound
        return found

    async def read(self, key: FileKey) -> tuple[ChangedCase, AtDistrict | None]:
        """A case as it stands, and how its hand-off stands."""
        read = await self._files.read(key)
        case = existing(read.state)
        leg_id = key.file_id if case.leg is Leg.DISTRICT else case.referral.case_id
        return read, await self._office.lists.at_district(key.scope, leg_id) if leg_id else None

    async def prove(self, key: FileKey) -> Proof:
        """Both due dates of a case, day by day."""
        case, calendar = existing((await self._files.read(key)).state), await self._office.calendars.current()
        clocks = [case.clock(limit) for limit in (case.term.promised_limit, case.term.legal_limit)]
        notices = dict.fromkeys(number for clock in clocks for number in term_clock.due(clock, calendar).notices)
        return Proof(case, proof(clocks[0], calendar), proof(clocks[1], calendar), tuple(notices))
