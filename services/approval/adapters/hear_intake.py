"""What follows from intake: a case begins with acceptance, ends with a withdrawal; a calendar is kept.

Acceptance opens the street's leg. A withdrawal after acceptance ends every leg that is open; one that reaches us
before the district's leg is opened is kept, and the leg finds it. Other facts of intake change nothing here.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import FileKey
from chassis.hearing import Effect, HeardEvent, HearingTx, change_many
from law.desk import Place
from law.workdays import Calendar
from services.approval.domain.case import Case, Closing, leg_id
from services.approval.domain.facts import Fact
from services.approval.domain.open_case import open_street_leg
from services.approval.domain.withdraw import withdraw
from services.approval.usecases.changing import CaseFiles

from .calendars import HeardCalendars
from .heard import OFFICE, accepted_of, beside, occurred_on, of_kind
from .obligations import owe_withdrawal, withdrawal_of
from .queries import query

CaseEffect = Effect[Case | None, Fact]


class HearIntake:
    """Applies facts of intake."""

    def __init__(self, files: CaseFiles, calendars: HeardCalendars, owe: Callable[[], None] = lambda: None) -> None:
        self._files = files
        self._calendars = calendars
        self._owe = owe

    async def apply(self, tx: HearingTx, events: Sequence[HeardEvent]) -> None:
        """Calendars first, then the street's legs, then what a withdrawal means for legs already at the district."""
        for event in of_kind(events, "calendar_published"):
            await _keep_notice(tx, event)
        stopped = [event for event in of_kind(events, "application_withdrawn") if _after_acceptance(event)]
        await _keep_withdrawn(tx, stopped)
        if effects := await self._street_effects(tx, events):
            await change_many(tx, self._files, effects, OFFICE)
        await self._stop_referred(tx, stopped)

    async def _street_effects(self, tx: HearingTx, events: Sequence[HeardEvent]) -> list[CaseEffect]:
        concerned = [event for event in events if event.kind in ("application_accepted", "application_withdrawn")]
        if not concerned:
            return []
        calendar = await self._calendars.seen_by(tx.connection)
        return [effect for event in concerned if (effect := _street_effect(event, calendar)) is not None]

    async def _stop_referred(self, tx: HearingTx, stopped: Sequence[HeardEvent]) -> None:
        """Legs at the district whose street matter was closed by the referral: nothing else tells them."""
        if not stopped:
            return
        streets = await tx.load_many([beside(event.key, leg_id(event.key.file_id)) for event in stopped])
        legs: dict[FileKey, HeardEvent] = {}
        for event, loaded in zip(stopped, streets, strict=True):
            street = self._files.drafter.state(loaded)
            if street is not None and street.closing is Closing.REFERRED and street.referral.case_id:
                legs[_district_key(event.key.district, street.referral.case_id)] = event
        found = dict(zip(legs, await tx.load_many(list(legs)), strict=True))
        for key, event in legs.items():
            leg, on = self._files.drafter.state(found[key]), occurred_on(event)
            if leg is None or leg.closed:
                continue
            await change_many(tx, self._files, [_withdrawal(event, key, on)], OFFICE)
            if (owed := withdrawal_of(key.file_id, leg, on)) is not None:
                await owe_withdrawal(tx, owed)
                self._owe()


def _street_effect(event: HeardEvent, calendar: Calendar) -> CaseEffect | None:
    key = beside(event.key, leg_id(event.key.file_id))
    match event.kind:
        case "application_accepted":
            accepted = accepted_of(event)
            return Effect(event, key, lambda case: open_street_leg(case, accepted, calendar))
        case "application_withdrawn" if _after_acceptance(event):
            return _withdrawal(event, key, occurred_on(event))
    return None


def _withdrawal(event: HeardEvent, key: FileKey, on: date) -> CaseEffect:
    return Effect(event, key, lambda case: withdraw(case, on) if case is not None else [])


def _after_acceptance(event: HeardEvent) -> bool:
    return IntakeEvent.FromString(event.body).application_withdrawn.after_acceptance


def _district_key(district: str, case_id: UUID) -> FileKey:
    return FileKey(district, Place.of_district(district).street, case_id)


async def _keep_withdrawn(tx: HearingTx, stopped: Sequence[HeardEvent]) -> None:
    if not stopped:
        return
    keys = [event.key for event in stopped]
    await tx.execute(query("take_turns"), [key.file_id for key in keys])
    await tx.execute(
        query("keep_withdrawn"),
        [key.district for key in keys],
        [key.street for key in keys],
        [key.file_id for key in keys],
        [occurred_on(event) for event in stopped],
    )


async def _keep_notice(tx: HearingTx, event: HeardEvent) -> None:
    told = IntakeEvent.FromString(event.body)
    notice = told.calendar_published.notice
    recorded_at: datetime = told.recorded_at.ToDatetime(UTC)
    await tx.execute(
        query("keep_notice"),
        event.key.district,
        notice.year,
        notice.number,
        [date.fromisoformat(day) for day in notice.days_off],
        [date.fromisoformat(day) for day in notice.makeup_days],
        told.calendar_published.calendar_version,
        recorded_at,
    )
