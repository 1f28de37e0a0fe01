"""The district's whole list against our legs: what it reported is read in, and what then still differs is told.

The list is read from its beginning, page by page. A leg that does not match as listed is asked for by its key, what the
district says of it takes the road of a pulled report, and it is compared while nothing changes it on our side.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import asyncpg

from chassis.postgres.database import Pool
from services.approval.adapters.district import DistrictSystem, Refused
from services.approval.adapters.obligations import RECEIVE
from services.approval.adapters.puller import Puller
from services.approval.adapters.queries import query
from services.approval.adapters.stopping import district_key
from services.approval.adapters.there import Listed, clean, listed, standing_there
from services.approval.domain.case import Case, leg_id
from services.approval.domain.reconcile import (
    Advice,
    Comparison,
    Found,
    HandedOver,
    Line,
    Reconciliation,
    Standing,
    compare,
    standing,
)
from services.approval.usecases.changing import CaseFiles

_ROUNDS = 5
"""How often a leg that changes meanwhile is looked at again."""
_TOGETHER = 16
"""Legs asked for at one time."""
_FIRST = UUID(int=0)
_AGAIN = (Advice.HAND_OVER_AGAIN, Advice.REFUSED_THERE)


@dataclass(frozen=True, slots=True)
class _Leg:
    """One of our legs as it was read."""

    case: Case
    revision: int
    handed: HandedOver

    def against(self, there: Standing | None) -> Comparison:
        """The leg against what the district has of it."""
        return compare(self.case, self.handed, there)

    def agrees(self, there: Standing) -> bool:
        """Whether nothing that the district has is missing here."""
        return self.against(there).found in (Found.MATCHED, Found.CROSSED)


@dataclass(slots=True)
class _Tally:
    """What was found so far."""

    seen: set[UUID] = field(default_factory=set)
    doubtful: set[UUID] = field(default_factory=set)
    strangers: dict[str, Listed] = field(default_factory=dict)
    """By key: what the district lists and nobody here knows."""
    read_in: set[UUID] = field(default_factory=set)
    lines: list[Line] = field(default_factory=list)

    def note(self, leg: UUID, comparison: Comparison) -> None:
        """A leg at a first look."""
        self.seen.add(leg)
        if comparison.found is Found.MATCHED:
            self.doubtful.discard(leg)
        else:
            self.doubtful.add(leg)

    def tell(self, leg: UUID, read: _Leg, there: Standing | None) -> None:
        """A leg at the last look."""
        comparison, place = read.against(there), read.case.referral.place
        if comparison.found is not Found.MATCHED:
            here, street = standing(read.case, read.handed), place.street if place else ""
            line = Line(str(leg), read.case.number, street, comparison, here, there, clean(read.handed.refusal))
            self.lines.append(line)


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Compares all there is; changes nothing but what the district's own reports change."""

    pool: Pool
    files: CaseFiles
    system: DistrictSystem
    puller: Puller
    district: str
    """Six digits of GB/T 2260."""
    page: int
    """Cases read at one time."""

    async def reconcile(self) -> Reconciliation:
        """The whole comparison. Raises Unreached, Refused."""
        tally = _Tally()
        async for page in self._pages():
            await self._note(tally, page)
        await self._note_unlisted(tally)
        await self._recognise(tally)
        doubtful = sorted(tally.doubtful)
        for begin in range(0, len(doubtful), _TOGETHER):
            await self._look_again(tally, doubtful[begin : begin + _TOGETHER])
        lines = sorted(tally.lines, key=lambda line: (line.comparison.found.name, line.number, line.key))
        return Reconciliation(len(tally.seen), len(tally.read_in), tuple(lines))

    async def send_again(self, lines: Iterable[Line]) -> int:
        """Puts packages that the district lost or refused into the queue once more, under their keys; how many."""
        wanted = [UUID(line.key) for line in lines if line.comparison.advice in _AGAIN]
        return len(await self.pool.fetch(query("send_again"), wanted, self.files.clock.today()))

    async def _pages(self) -> AsyncIterator[Sequence[Listed]]:
        cursor = ""
        while True:
            page = await self.system.changes(cursor, self.page)
            yield [listed(change) for change in page.changes]
            if not page.more:
                return
            if page.cursor == cursor:
                raise Refused("ListCaseChanges: the cursor stands still")
            cursor = page.cursor

    async def _note(self, tally: _Tally, page: Sequence[Listed]) -> None:
        """Who of a page is known, and who of these does not match; the later entry of a leg holds."""
        legs = await self._legs(each.leg for each in page)
        for each in page:
            if each.leg is None or each.leg not in legs:
                tally.strangers[each.key] = each
            else:
                tally.note(each.leg, legs[each.leg].against(each.standing))

    async def _note_unlisted(self, tally: _Tally) -> None:
        """Our legs that the list has not."""
        last = _FIRST
        while rows := await self.pool.fetch(query("packages_beyond"), last, self.page):
            last = rows[-1]["case_id"]
            unlisted = [row["case_id"] for row in rows if row["case_id"] not in tally.seen]
            for unlisted_leg, read in (await self._legs(unlisted)).items():
                tally.note(unlisted_leg, read.against(None))

    async def _recognise(self, tally: _Tally) -> None:
        """What nobody knew while the list was read: opened meanwhile, gone there, or a referral that is lost here."""
        opened = await self._legs(each.leg for each in tally.strangers.values())
        tally.seen.update(opened)
        tally.doubtful.update(opened)
        strangers = [each for each in tally.strangers.values() if each.leg not in opened]
        matters = await self._referable() if strangers else {}
        for each in strangers:
            there = each.standing
            if each.leg is not None:
                case = await self.system.known(each.key)
                if case is None:
                    continue
                there = standing_there(case)
            tally.lines.append(_stranger(each.key, matters.get(each.leg), there))

    async def _referable(self) -> Mapping[UUID | None, tuple[str, str]]:
        """Number and street of each open matter, by the key under which it would be referred next."""
        rows = await self.pool.fetch(query("open_matters"))
        return {leg_id(row["application_id"], row["attempt"] + 1): (row["number"], row["street"]) for row in rows}

    async def _look_again(self, tally: _Tally, doubtful: Sequence[UUID]) -> None:
        """What the district says of these now, read in and compared; a leg that moved meanwhile is asked for again."""
        waiting = list(doubtful)
        for left in reversed(range(_ROUNDS)):
            before = await self._legs(waiting)
            answers = await asyncio.gather(*(self.system.known(str(leg)) for leg in waiting))
            cases = {leg: case for leg, case in zip(waiting, answers, strict=True) if case is not None}
            ahead = {leg: case for leg, case in cases.items() if not before[leg].agrees(standing_there(case))}
            await self.puller.take(list(ahead.values()))
            after = await self._legs(waiting)
            moved = [leg for leg in waiting if after[leg].revision != before[leg].revision]
            tally.read_in.update(ahead.keys() & set(moved))
            for leg in waiting:
                if leg not in moved or not left:
                    tally.tell(leg, after[leg], standing_there(cases[leg]) if leg in cases else None)
            if not (waiting := moved):
                return

    async def _legs(self, ids: Iterable[UUID | None]) -> Mapping[UUID, _Leg]:
        """Those of these legs that are on file; two statements."""
        wanted = sorted({each for each in ids if each is not None})
        if not wanted:
            return {}
        loaded = await self.files.store.load_many([district_key(self.district, each) for each in wanted])
        handed = _handed_over(await self.pool.fetch(query("handed"), wanted))
        states = [self.files.unit_of_work.state(each) for each in loaded]
        return {
            each: _Leg(case, read.revision, handed.get(each, HandedOver()))
            for each, read, case in zip(wanted, loaded, states, strict=True)
            if case is not None
        }


def _stranger(key: str, matter: tuple[str, str] | None, there: Standing) -> Line:
    number, street = matter or ("", "")
    advice = Advice.REFER_AGAIN if matter else Advice.FIND_HERE
    return Line(key, number, street, Comparison(Found.ONLY_THERE, (), advice), None, there)


def _handed_over(rows: Sequence[asyncpg.Record]) -> Mapping[UUID, HandedOver]:
    found: dict[UUID, HandedOver] = {}
    for row in rows:
        known = found.get(row["case_id"], HandedOver())
        if row["kind"] == RECEIVE:
            told = {"package": row["state"], "district_number": row["district_number"], "refusal": row["last_error"]}
        else:
            told = {"withdrawal": row["state"]}
        found[row["case_id"]] = replace(known, **told)
    return found
