"""Subscription to intake: acceptance opens a case, a withdrawal ends the matter, holiday notices are stored.

A withdrawal after acceptance is decided by the leg at which the matter stands: the street's, or the district's while it
has the matter. It is stored first, under a lock on the matter, so that a leg of the district that is opened later, and
a decision or a return that is on its way to the street, find it (`leg_subscription`). Other facts change nothing here.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime

from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import FileKey
from chassis.event_store.dataclass_proto import to_dataclass
from chassis.inbox import Effect, InboxEvent, InboxTransaction, Subscription, change_many
from chassis.nats.streams import Stream
from chassis.postgres.database import queries_of
from law.workdays import Calendar
from protocol.calendars import ReceivedCalendars
from protocol.event_headers import check_headers, fact_kinds
from protocol.identifiers import street_leg_id
from protocol.streams import APPROVAL, INTAKE
from services.approval.domain.case.facts import CaseMaterial, Fact
from services.approval.domain.case.open_case import Acceptance, open_street_leg, opens
from services.approval.domain.case.state import Case
from services.approval.domain.case.withdraw import withdraw
from services.approval.domain.supervision.cards import with_due_cards
from services.approval.handoff.adapters.obligations import (
    CaseEffect,
    Obligation,
    district_key,
    owe_withdrawals,
    withdrawal_effect,
)
from services.approval.usecases.case import OFFICE, CaseFiles

_APPLIED = frozenset({"application_accepted", "application_withdrawn", "calendar_published"})
"""Kinds of fact from which something follows here."""
_query = queries_of("services.approval")


class IntakeEffects:
    """Applies facts of intake to the cases."""

    def __init__(
        self, files: CaseFiles, calendars: ReceivedCalendars, wake_sender: Callable[[], None] = lambda: None
    ) -> None:
        """`wake_sender` is called after the commit of a batch that owes the district something."""
        self._files = files
        self._calendars = calendars
        self._wake_sender = wake_sender

    def subscription(self) -> Subscription:
        """The subscription with these effects."""
        return Subscription(
            consumer=APPROVAL,
            stream=Stream(INTAKE).name,
            source=INTAKE,
            apply=self.apply,
            known_kinds=fact_kinds(INTAKE),
            verify=check_headers,
            applied_kinds=_APPLIED,
        )

    async def apply(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        """Apply a batch: notices first, then the street's legs, then withdrawals of legs at the district."""
        for event in _of_kind(events, "calendar_published"):
            await _store_notice(tx, event)
        withdrawals = [event for event in _of_kind(events, "application_withdrawn") if _after_acceptance(event)]
        await _store_withdrawals(tx, withdrawals)
        if tx.rebuilding:  # the facts that followed are on file, and obligations are no projection
            return
        effects = await self._openings(tx, _of_kind(events, "application_accepted"))
        effects += [_street_withdrawal(event) for event in withdrawals]
        if effects:
            await change_many(tx, self._files, effects, OFFICE)
        await self._withdraw_at_district(tx, withdrawals)

    async def _openings(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> list[CaseEffect]:
        """The street's legs to be opened; most matters are instant and have none."""
        accepted = [(event, acceptance) for event in events if opens(acceptance := _acceptance_of(event))]
        if not accepted:
            return []
        calendar = await self._calendars.seen_by(tx.connection)
        return [_new_street_leg(event, acceptance, calendar) for event, acceptance in accepted]

    async def _withdraw_at_district(self, tx: InboxTransaction, withdrawals: Sequence[InboxEvent]) -> None:
        """End the open legs of the district that have the matter; their end comes to the street by our own stream.

        A leg that is not open yet finds the stored withdrawal when it opens. One that has decided or returned leaves
        the answer to the street's leg, which finds the stored withdrawal when that comes.
        """
        if not withdrawals:
            return
        streets = await tx.load_many([_street_leg(event) for event in withdrawals])
        owed: list[Obligation] = []
        legs: dict[FileKey, CaseEffect] = {}
        for event, loaded in zip(withdrawals, streets, strict=True):
            street = self._files.unit_of_work.state(loaded)
            if street is not None and street.at_district and street.referral.case_id:
                key = district_key(event.key.district, street.referral.case_id)
                legs[key] = withdrawal_effect(event, key, _occurred_on(event), owed)
        if legs:
            await change_many(tx, self._files, list(legs.values()), OFFICE)
        if owed:
            await owe_withdrawals(tx, owed)
            tx.after_commit(self._wake_sender)


def _new_street_leg(event: InboxEvent, acceptance: Acceptance, calendar: Calendar) -> CaseEffect:
    return Effect(event, _street_leg(event), lambda case: open_street_leg(case, acceptance, calendar))


def _street_withdrawal(event: InboxEvent) -> CaseEffect:
    on = _occurred_on(event)

    def withdrawn(case: Case | None) -> Sequence[Fact]:
        return with_due_cards(case, withdraw(case, on)) if case is not None else []

    return Effect(event, _street_leg(event), withdrawn)


def _street_leg(event: InboxEvent) -> FileKey:
    return FileKey(event.key.district, event.key.street, street_leg_id(event.key.file_id))


def _of_kind(events: Iterable[InboxEvent], kind: str) -> list[InboxEvent]:
    return [event for event in events if event.kind == kind]


def _occurred_on(event: InboxEvent) -> date:
    return date.fromisoformat(IntakeEvent.FromString(event.body).occurred_on)


def _after_acceptance(event: InboxEvent) -> bool:
    return IntakeEvent.FromString(event.body).application_withdrawn.after_acceptance


def _acceptance_of(event: InboxEvent) -> Acceptance:
    body = IntakeEvent.FromString(event.body)
    materials = [to_dataclass(paper, CaseMaterial) for paper in body.application_accepted.materials]
    envelope = {
        "application_id": event.key.file_id,
        "occurred_on": date.fromisoformat(body.occurred_on),
        "materials": tuple(materials),
    }
    return to_dataclass(body.application_accepted, Acceptance, envelope)


async def _store_withdrawals(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
    if not events:
        return
    keys = [event.key for event in events]
    # While projections are folded again nothing else is written, and nothing has to be kept waiting.
    if not tx.rebuilding:
        await tx.execute(_query("lock_matters"), [key.file_id for key in keys])
    await tx.execute(
        _query("store_withdrawals"),
        [key.district for key in keys],
        [key.street for key in keys],
        [key.file_id for key in keys],
        [_occurred_on(event) for event in events],
    )


async def _store_notice(tx: InboxTransaction, event: InboxEvent) -> None:
    body = IntakeEvent.FromString(event.body)
    notice = body.calendar_published.notice
    recorded_at: datetime = body.recorded_at.ToDatetime(UTC)
    await tx.execute(
        _query("store_notice"),
        event.key.district,
        notice.year,
        notice.number,
        [date.fromisoformat(day) for day in notice.days_off],
        [date.fromisoformat(day) for day in notice.makeup_days],
        body.calendar_published.calendar_version,
        recorded_at,
    )
