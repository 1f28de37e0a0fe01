"""Reconciler of our legs with the district's whole list: reads reports in, and lists the remaining differences.

1. The list is read from its beginning, page by page, and compared with our legs. Legs that match are done.
2. Our legs that the list does not contain are added to the doubtful ones.
3. Each doubtful leg is looked up at the district by its key; its reports are put on file as if they had been pulled.
4. The leg is compared again. If it was changed meanwhile, step 3 is repeated, at most five times.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import asyncpg

from chassis.postgres.database import Pool, queries_of
from protocol.identifiers import district_leg_id
from services.approval.domain.case.state import Case
from services.approval.handoff.adapters.client import DistrictClient, DistrictRefusal
from services.approval.handoff.adapters.district_listing import ListedCase, clean, listed_case, record_of
from services.approval.handoff.adapters.obligations import RECEIVE, district_key
from services.approval.handoff.adapters.puller import Puller
from services.approval.handoff.domain.reconciliation import (
    Advice,
    Comparison,
    Difference,
    HandoffState,
    LegRecord,
    Reconciliation,
    Verdict,
    compare,
    our_record,
)
from services.approval.usecases.case import CaseFiles

_ROUNDS = 5
"""Most looks at a leg that is changed meanwhile."""
_CONCURRENCY = 16
"""Legs looked up at one time."""
_FIRST = UUID(int=0)
_SENT_AGAIN = (Advice.HAND_OVER_AGAIN, Advice.REFUSED_THERE)
_query = queries_of("services.approval.handoff")


@dataclass(frozen=True, slots=True)
class _Leg:
    """One of our legs as it was read."""

    case: Case
    revision: int
    handoff: HandoffState

    def compared_with(self, theirs: LegRecord | None) -> Comparison:
        """The comparison with the district's record."""
        return compare(self.case, self.handoff, theirs)

    def agrees_with(self, theirs: LegRecord) -> bool:
        """True when our files lack nothing that the district has."""
        return self.compared_with(theirs).verdict in (Verdict.MATCHED, Verdict.CROSSED)


@dataclass(slots=True)
class _ReconciliationFindings:
    """Findings so far."""

    seen: set[UUID] = field(default_factory=set)
    doubtful: set[UUID] = field(default_factory=set)
    strangers: dict[str, ListedCase] = field(default_factory=dict)
    """Cases of the list, by key, for which we have no file."""
    read_in: set[UUID] = field(default_factory=set)
    differences: list[Difference] = field(default_factory=list)

    def note(self, leg: UUID, comparison: Comparison) -> None:
        """Record the first look at a leg."""
        self.seen.add(leg)
        if comparison.verdict is Verdict.MATCHED:
            self.doubtful.discard(leg)
        else:
            self.doubtful.add(leg)

    def conclude(self, leg: UUID, read: _Leg, theirs: LegRecord | None) -> None:
        """Record the last look at a leg."""
        comparison, place = read.compared_with(theirs), read.case.referral.place
        if comparison.verdict is not Verdict.MATCHED:
            self.differences.append(
                Difference(
                    key=str(leg),
                    number=read.case.number,
                    street=place.street if place else "",
                    comparison=comparison,
                    ours=our_record(read.case, read.handoff),
                    theirs=theirs,
                    refusal=clean(read.handoff.refusal),
                )
            )


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Compares all legs; changes nothing but what follows from the district's own reports."""

    pool: Pool
    files: CaseFiles
    client: DistrictClient
    puller: Puller
    district: str
    """Six digits of GB/T 2260."""
    page: int
    """Cases read at one time."""

    async def reconcile(self) -> Reconciliation:
        """Run the whole comparison. Raises DistrictUnreachable, DistrictRefusal."""
        findings = _ReconciliationFindings()
        async for page in self._pages():
            await self._note_listed(findings, page)
        await self._note_unlisted(findings)
        await self._identify_strangers(findings)
        doubtful = sorted(findings.doubtful)
        for begin in range(0, len(doubtful), _CONCURRENCY):
            await self._look_again(findings, doubtful[begin : begin + _CONCURRENCY])
        differences = sorted(findings.differences, key=_sort_key)
        return Reconciliation(len(findings.seen), len(findings.read_in), tuple(differences))

    async def send_again(self, differences: Iterable[Difference]) -> int:
        """Queue packages that the district lost or refused once more, under their keys; their number."""
        legs = [UUID(each.key) for each in differences if each.comparison.advice in _SENT_AGAIN]
        return len(await self.pool.fetch(_query("send_again"), legs, self.files.clock.today()))

    async def _pages(self) -> AsyncIterator[Sequence[ListedCase]]:
        cursor = ""
        while True:
            page = await self.client.changes(cursor, self.page)
            yield [listed_case(change) for change in page.changes]
            if not page.more:
                return
            # "more" with the same cursor would go round for ever.
            if page.cursor == cursor:
                raise DistrictRefusal("ListCaseChanges: the cursor stands still")
            cursor = page.cursor

    async def _note_listed(self, findings: _ReconciliationFindings, page: Sequence[ListedCase]) -> None:
        """Compare a page of the list; a later entry of a leg replaces an earlier one."""
        legs = await self._legs(each.leg for each in page)
        for each in page:
            if each.leg is None or each.leg not in legs:
                findings.strangers[each.key] = each
            else:
                findings.note(each.leg, legs[each.leg].compared_with(each.record))

    async def _note_unlisted(self, findings: _ReconciliationFindings) -> None:
        """Compare our legs that the list does not contain."""
        last = _FIRST
        while rows := await self.pool.fetch(_query("packages_after"), last, self.page):
            last = rows[-1]["case_id"]
            unlisted = [row["case_id"] for row in rows if row["case_id"] not in findings.seen]
            for leg, read in (await self._legs(unlisted)).items():
                findings.note(leg, read.compared_with(None))

    async def _identify_strangers(self, findings: _ReconciliationFindings) -> None:
        """Explain cases without a file: opened meanwhile, gone at the district meanwhile, or a referral lost here."""
        opened = await self._legs(each.leg for each in findings.strangers.values())
        findings.seen.update(opened)
        findings.doubtful.update(opened)
        strangers = [each for each in findings.strangers.values() if each.leg not in opened]
        matters = await self._referable_matters() if strangers else {}
        for each in strangers:
            theirs = each.record
            if each.leg is not None:
                case = await self.client.find(each.key)
                if case is None:
                    continue
                theirs = record_of(case)
            findings.differences.append(_stranger(each.key, matters.get(each.leg), theirs))

    async def _referable_matters(self) -> Mapping[UUID | None, tuple[str, str]]:
        """Number and street of each open matter, by the id of the leg that its next referral would open."""
        rows = await self.pool.fetch(_query("open_matters"))
        return {
            district_leg_id(row["application_id"], row["attempt"] + 1): (row["number"], row["street"]) for row in rows
        }

    async def _look_again(self, findings: _ReconciliationFindings, doubtful: Sequence[UUID]) -> None:
        """Look these legs up at the district, read its reports in, and compare; repeat for legs that were changed."""
        waiting = list(doubtful)
        for remaining in reversed(range(_ROUNDS)):
            before = await self._legs(waiting)
            answers = await asyncio.gather(*(self.client.find(str(leg)) for leg in waiting))
            cases = {leg: case for leg, case in zip(waiting, answers, strict=True) if case is not None}
            ahead = {leg: case for leg, case in cases.items() if not before[leg].agrees_with(record_of(case))}
            await self.puller.apply(list(ahead.values()))
            after = await self._legs(waiting)
            changed = [leg for leg in waiting if after[leg].revision != before[leg].revision]
            findings.read_in.update(ahead.keys() & set(changed))
            for leg in waiting:
                if leg not in changed or not remaining:
                    findings.conclude(leg, after[leg], record_of(cases[leg]) if leg in cases else None)
            if not (waiting := changed):
                return

    async def _legs(self, ids: Iterable[UUID | None]) -> Mapping[UUID, _Leg]:
        """Those of these legs that are on file, in two statements."""
        wanted = sorted({each for each in ids if each is not None})
        if not wanted:
            return {}
        loaded = await self.files.store.load_many([district_key(self.district, each) for each in wanted])
        handoffs = _handoff_states(await self.pool.fetch(_query("handoff_states"), wanted))
        states = [self.files.unit_of_work.state(each) for each in loaded]
        return {
            each: _Leg(case, read.revision, handoffs.get(each, HandoffState()))
            for each, read, case in zip(wanted, loaded, states, strict=True)
            if case is not None
        }


def _sort_key(difference: Difference) -> tuple[str, str, str]:
    return difference.comparison.verdict.name, difference.number, difference.key


def _stranger(key: str, matter: tuple[str, str] | None, theirs: LegRecord) -> Difference:
    number, street = matter or ("", "")
    advice = Advice.REFER_AGAIN if matter else Advice.FIND_HERE
    return Difference(key, number, street, Comparison(Verdict.ONLY_THERE, (), advice), None, theirs)


def _handoff_states(rows: Sequence[asyncpg.Record]) -> Mapping[UUID, HandoffState]:
    found: dict[UUID, HandoffState] = {}
    for row in rows:
        state = found.get(row["case_id"], HandoffState())
        if row["kind"] == RECEIVE:
            fields = {"package": row["state"], "district_number": row["district_number"], "refusal": row["last_error"]}
        else:
            fields = {"withdrawal": row["state"]}
        found[row["case_id"]] = replace(state, **fields)
    return found
