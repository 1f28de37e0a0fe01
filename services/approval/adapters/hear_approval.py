"""What follows from our own facts: one leg hears the other, since no transaction changes files of two places.

A referral opens the district's leg; its decision and its return come back to the street; a withdrawal goes up.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias
from uuid import UUID

from chassis.event_store import FileKey
from chassis.hearing import Effect, HeardEvent, HearingTx, change_many
from law.desk import Place
from law.workdays import Calendar
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

from .calendars import HeardCalendars
from .heard import OFFICE
from .obligations import Obligation, owe_package, owe_withdrawal, withdrawal_of
from .queries import query
from .wire import CaseCodec

CaseEffect: TypeAlias = Effect[Case | None, Fact]
_FROM_DISTRICT = (DistrictDecided, CaseDecided, CaseReturned)
_HEARD = {"case_referred", "district_decided", "case_decided", "case_returned", "case_withdrawn"}


class HearApproval:
    """Applies our own facts to the other leg."""

    def __init__(self, files: CaseFiles, calendars: HeardCalendars, owe: Callable[[], None] = lambda: None) -> None:
        self._files = files
        self._calendars = calendars
        self._owe = owe
        self._codec = CaseCodec()

    async def apply(self, tx: HearingTx, events: Sequence[HeardEvent]) -> None:
        """Each event in turn: what one of them opens, the next may close."""
        heard = [(event, self._codec.decode(event.body)) for event in events if event.kind in _HEARD]
        for event, fact in heard:
            if isinstance(fact, CaseReferred):
                await self._open(tx, event, fact, await self._calendars.seen_by(tx.connection))
            elif isinstance(fact, _FROM_DISTRICT) and fact.leg is Leg.DISTRICT:
                await self._tell_street(tx, event, fact)
            elif isinstance(fact, CaseWithdrawn) and fact.leg is Leg.STREET:
                await self._withdraw(tx, event, fact)

    async def _open(self, tx: HearingTx, event: HeardEvent, referred: CaseReferred, calendar: Calendar) -> None:
        """The district's leg; one whose matter the applicant has stopped meanwhile ends as it begins."""
        street, key = event.key, _district_key(event.key, referred.linked_case_id)
        await tx.execute(query("take_turns"), [referred.application_id])
        stopped = await tx.fetch(query("withdrawn"), [referred.application_id])

        def opening(case: Case | None) -> Sequence[Fact]:
            opened = open_district_leg(case, referred, Place(street.district, street.street), calendar)
            if not opened or not stopped:
                return opened
            return [*opened, *withdraw(fold(None, opened[0]), stopped[0]["withdrawn_on"])]

        await change_many(tx, self._files, [Effect(event, key, opening)], OFFICE)
        if referred.destination and not stopped:
            owed = Obligation(
                key.file_id,
                street,
                referred.application_id,
                referred.destination,
                referred.term.promised_due_on,
                referred.occurred_on,
            )
            await owe_package(tx, owed)
            self._owe()

    async def _tell_street(
        self, tx: HearingTx, event: HeardEvent, fact: DistrictDecided | CaseDecided | CaseReturned
    ) -> None:
        leg = await self._read(tx, event.key)
        if leg is None or leg.referral.place is None or leg.referral.case_id is None:
            return
        street = FileKey(leg.referral.place.district, leg.referral.place.street, leg.referral.case_id)

        def hearing(case: Case | None) -> Sequence[Fact]:
            if case is None:
                return []
            return hear_return(case, fact) if isinstance(fact, CaseReturned) else hear_decision(case, fact)

        await change_many(tx, self._files, [Effect(event, street, hearing)], OFFICE)

    async def _withdraw(self, tx: HearingTx, event: HeardEvent, withdrawn: CaseWithdrawn) -> None:
        street = await self._read(tx, event.key)
        if street is None or street.referral.case_id is None:
            return
        key = _district_key(event.key, street.referral.case_id)
        leg = await self._read(tx, key)
        if leg is None or leg.closed:
            return
        on = withdrawn.occurred_on
        effect: CaseEffect = Effect(event, key, lambda case: withdraw(case, on) if case is not None else [])
        await change_many(tx, self._files, [effect], OFFICE)
        if (owed := withdrawal_of(key.file_id, leg, on)) is not None:
            await owe_withdrawal(tx, owed)
            self._owe()

    async def _read(self, tx: HearingTx, key: FileKey) -> Case | None:
        (loaded,) = await tx.load_many([key])
        return self._files.drafter.state(loaded)


def _district_key(street: FileKey, case_id: UUID) -> FileKey:
    return FileKey(street.district, Place.of_district(street.district).street, case_id)
