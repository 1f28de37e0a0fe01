"""What follows from intake: a case begins with acceptance, ends with a withdrawal; a calendar is kept.

Acceptance opens the street's leg. A withdrawal after acceptance ends every leg that is open; one that reaches us
before the district's leg is opened is kept, and the leg finds it. Other facts of intake change nothing here.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import FileKey
from chassis.inbox import Effect, InboxEvent, InboxTransaction, change_many
from law.workdays import Calendar
from services.approval.adapters.calendars import HeardCalendars
from services.approval.adapters.heard import OFFICE, accepted_of, beside, occurred_on, of_kind
from services.approval.adapters.obligations import Obligation, owe_withdrawals
from services.approval.adapters.queries import query
from services.approval.adapters.stopping import CaseEffect, district_key, stopping
from services.approval.domain.case import Closing, leg_id
from services.approval.domain.open_case import Accepted, open_street_leg, opens
from services.approval.domain.withdraw import withdraw
from services.approval.usecases.changing import CaseFiles


class HearIntake:
    """Applies facts of intake."""

    followed = frozenset({"application_accepted", "application_withdrawn", "calendar_published"})
    """From these something follows."""

    def __init__(self, files: CaseFiles, calendars: HeardCalendars, owe: Callable[[], None] = lambda: None) -> None:
        self._files = files
        self._calendars = calendars
        self._owe = owe

    async def apply(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        """Calendars first, then the street's legs, then what a withdrawal means for legs already at the district."""
        for event in of_kind(events, "calendar_published"):
            await _keep_notice(tx, event)
        stopped = [event for event in of_kind(events, "application_withdrawn") if _after_acceptance(event)]
        await _keep_withdrawn(tx, stopped)
        if tx.rebuilding:  # the facts that followed are on file, and obligations are no projection
            return
        opening = await self._opening(tx, of_kind(events, "application_accepted"))
        if effects := [*opening, *(_withdrawing(event) for event in stopped)]:
            await change_many(tx, self._files, effects, OFFICE)
        await self._stop_referred(tx, stopped)

    async def _opening(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> list[CaseEffect]:
        """The street's legs; most matters are instant and have none."""
        accepted = [(event, told) for event in events if opens(told := accepted_of(event))]
        if not accepted:
            return []
        calendar = await self._calendars.seen_by(tx.connection)
        return [_opens(event, told, calendar) for event, told in accepted]

    async def _stop_referred(self, tx: InboxTransaction, stopped: Sequence[InboxEvent]) -> None:
        """Legs at the district whose street matter was closed by the referral: nothing else tells them."""
        if not stopped:
            return
        streets = await tx.load_many([_street_leg(event) for event in stopped])
        owed: list[Obligation] = []
        legs: dict[FileKey, CaseEffect] = {}
        for event, loaded in zip(stopped, streets, strict=True):
            street = self._files.unit_of_work.state(loaded)
            if street is not None and street.closing is Closing.REFERRED and street.referral.case_id:
                key = district_key(event.key.district, street.referral.case_id)
                legs[key] = stopping(event, key, occurred_on(event), owed)
        if legs:
            await change_many(tx, self._files, list(legs.values()), OFFICE)
        if owed:
            await owe_withdrawals(tx, owed)
            self._owe()


def _opens(event: InboxEvent, accepted: Accepted, calendar: Calendar) -> CaseEffect:
    return Effect(event, _street_leg(event), lambda case: open_street_leg(case, accepted, calendar))


def _withdrawing(event: InboxEvent) -> CaseEffect:
    on = occurred_on(event)
    return Effect(event, _street_leg(event), lambda case: withdraw(case, on) if case is not None else [])


def _street_leg(event: InboxEvent) -> FileKey:
    return beside(event.key, leg_id(event.key.file_id))


def _after_acceptance(event: InboxEvent) -> bool:
    return IntakeEvent.FromString(event.body).application_withdrawn.after_acceptance


async def _keep_withdrawn(tx: InboxTransaction, stopped: Sequence[InboxEvent]) -> None:
    if not stopped:
        return
    keys = [event.key for event in stopped]
    if not tx.rebuilding:
        await tx.execute(query("take_turns"), [key.file_id for key in keys])
    await tx.execute(
        query("keep_withdrawn"),
        [key.district for key in keys],
        [key.street for key in keys],
        [key.file_id for key in keys],
        [occurred_on(event) for event in stopped],
    )


async def _keep_notice(tx: InboxTransaction, event: InboxEvent) -> None:
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
