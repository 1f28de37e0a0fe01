"""What follows from our own facts: one leg hears the other, since no transaction changes files of two places.

A referral opens the district's leg; its decision and its return come back to the street; a withdrawal goes up. A batch
takes as many statements as one event of each sort, however many it holds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from chassis.event_store import FileKey
from chassis.inbox import Effect, InboxEvent, InboxTransaction, change_many
from law.desk import Place
from law.workdays import Calendar
from services.approval.adapters.calendars import HeardCalendars
from services.approval.adapters.heard import OFFICE
from services.approval.adapters.obligations import Obligation, owe_packages, owe_withdrawals
from services.approval.adapters.queries import query
from services.approval.adapters.stopping import CaseEffect, district_key, stopping
from services.approval.adapters.wire import CaseCodec
from services.approval.domain.case import Case
from services.approval.domain.district_decide import hear_decision
from services.approval.domain.facts import (
    CaseDecided,
    CaseReferred,
    CaseReturned,
    CaseWithdrawn,
    DistrictDecided,
    Fact,
)
from services.approval.domain.fold import fold
from services.approval.domain.open_case import open_district_leg
from services.approval.domain.return_case import hear_return
from services.approval.domain.withdraw import withdraw
from services.approval.domain.words import Leg
from services.approval.usecases.changing import CaseFiles

FromDistrict: TypeAlias = DistrictDecided | CaseDecided | CaseReturned
Told: TypeAlias = Sequence[tuple[InboxEvent, Fact]]
"""Our own facts that concern the other leg, in the order in which they came."""

_FROM_DISTRICT = (DistrictDecided, CaseDecided, CaseReturned)
_HEARD = {"case_referred", "district_decided", "case_decided", "case_returned", "case_withdrawn"}


@dataclass(frozen=True, slots=True)
class _Opening:
    """What the referrals of a batch begin with."""

    calendar: Calendar
    stopped: Mapping[UUID, date]
    """The matters among them that the applicant has stopped meanwhile."""


class HearApproval:
    """Applies our own facts to the other leg."""

    followed = frozenset(_HEARD)
    """From these something follows."""

    def __init__(self, files: CaseFiles, calendars: HeardCalendars, owe: Callable[[], None] = lambda: None) -> None:
        self._files = files
        self._calendars = calendars
        self._owe = owe
        self._codec = CaseCodec()

    async def apply(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        """All of them read and written together, each decided in turn: what one of them opens, the next may close."""
        decoded = [(event, self._codec.decode(event.body)) for event in events if event.kind in _HEARD]
        told = [(event, fact) for event, fact in decoded if _concerns_the_other(fact)]
        if not told:
            return
        opening = await self._opening(tx, told)
        legs = await self._told_by(tx, told)
        packages: list[Obligation] = []
        withdrawals: list[Obligation] = []
        effects: list[CaseEffect] = []
        for event, fact in told:
            if isinstance(fact, CaseReferred) and opening is not None:
                effects.append(_opens(event, fact, opening))
                packages.extend(_owed(event, fact, opening))
            elif isinstance(fact, CaseWithdrawn) and (case_id := _leg_of(legs.get(event.key))):
                key = district_key(event.key.district, case_id)
                effects.append(stopping(event, key, fact.occurred_on, withdrawals))
            elif isinstance(fact, _FROM_DISTRICT) and (street := _street_of(legs.get(event.key))):
                effects.append(_tells(event, street, fact))
        await change_many(tx, self._files, effects, OFFICE)
        await owe_packages(tx, packages)
        await owe_withdrawals(tx, withdrawals)
        if packages or withdrawals:
            self._owe()

    async def _opening(self, tx: InboxTransaction, told: Told) -> _Opening | None:
        """Read when it is our turn, not before: whoever stops a matter meanwhile waits for us, or we see it."""
        ids = [fact.application_id for _, fact in told if isinstance(fact, CaseReferred)]
        if not ids:
            return None
        await tx.execute(query("take_turns"), ids)
        streets = [event.key.street for event, fact in told if isinstance(fact, CaseReferred)]
        stopped = await tx.fetch(query("withdrawn"), streets, ids)
        calendar = await self._calendars.seen_by(tx.connection)
        return _Opening(calendar, {row["application_id"]: row["withdrawn_on"] for row in stopped})

    async def _told_by(self, tx: InboxTransaction, told: Told) -> Mapping[FileKey, Case | None]:
        """The legs that tell of a decision, a return or a withdrawal: which other leg is theirs.

        A district's leg never changes its street, so that one may be taken as it was seen last.
        """
        legs: dict[FileKey, Case | None] = {}
        asked: list[FileKey] = []
        for event, fact in told:
            if isinstance(fact, CaseReferred):
                continue
            seen = self._files.last_seen(event.key) if isinstance(fact, _FROM_DISTRICT) else None
            if seen is not None:
                legs[event.key] = seen
            else:
                asked.append(event.key)
        loaded = await tx.load_many(asked)
        return legs | {key: self._files.unit_of_work.state(each) for key, each in zip(asked, loaded, strict=True)}


def _concerns_the_other(fact: Fact) -> bool:
    """A referral and a withdrawal go up, what ends the district's leg comes down."""
    if isinstance(fact, _FROM_DISTRICT):
        return fact.leg is Leg.DISTRICT
    return isinstance(fact, CaseReferred) or (isinstance(fact, CaseWithdrawn) and fact.leg is Leg.STREET)


def _opens(event: InboxEvent, referred: CaseReferred, opening: _Opening) -> CaseEffect:
    """The district's leg; one whose matter the applicant has stopped meanwhile ends as it begins."""
    street, stopped_on = event.key, opening.stopped.get(referred.application_id)

    def opened(case: Case | None) -> Sequence[Fact]:
        facts = open_district_leg(case, referred, Place(street.district, street.street), opening.calendar)
        if not facts or stopped_on is None:
            return facts
        return [*facts, *withdraw(fold(None, facts[0]), stopped_on)]

    return Effect(event, district_key(street.district, referred.linked_case_id), opened)


def _owed(event: InboxEvent, referred: CaseReferred, opening: _Opening) -> list[Obligation]:
    """The package, where the district has a system of its own and nobody has stopped the matter."""
    if not referred.destination or referred.application_id in opening.stopped:
        return []
    return [
        Obligation(
            referred.linked_case_id,
            event.key,
            referred.application_id,
            referred.destination,
            referred.term.promised_due_on,
            referred.occurred_on,
        )
    ]


def _tells(event: InboxEvent, street: FileKey, fact: FromDistrict) -> CaseEffect:
    def heard(case: Case | None) -> Sequence[Fact]:
        if case is None:
            return []
        return hear_return(case, fact) if isinstance(fact, CaseReturned) else hear_decision(case, fact)

    return Effect(event, street, heard)


def _leg_of(street: Case | None) -> UUID | None:
    return street.referral.case_id if street is not None else None


def _street_of(leg: Case | None) -> FileKey | None:
    if leg is None or leg.referral.place is None or leg.referral.case_id is None:
        return None
    return FileKey(leg.referral.place.district, leg.referral.place.street, leg.referral.case_id)
