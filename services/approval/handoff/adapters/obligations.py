"""Obligations towards the district's system: packages to hand over and withdrawals to report.

They are written in the transaction of the change from which they follow, so that none is lost and none is made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from chassis.event_store import FileKey
from chassis.inbox import Effect, InboxEvent, InboxTransaction
from chassis.postgres.database import queries_of
from law.desk import Place
from services.approval.domain.case.facts import Fact
from services.approval.domain.case.state import Case
from services.approval.domain.case.withdraw import withdraw
from services.approval.domain.supervision.cards import with_due_cards

CaseEffect: TypeAlias = Effect[Case | None, Fact]

RECEIVE, WITHDRAW = "receive", "withdraw"
"""Kinds of obligation, as stored."""
_query = queries_of("services.approval.handoff")


@dataclass(frozen=True, slots=True)
class Obligation:
    """A package or a withdrawal that the district must be sent."""

    leg_id: UUID
    street: FileKey
    """The street's leg, whose file holds the opinion of the package."""
    application_id: UUID
    destination: str
    due_on: date
    owed_on: date
    """The day of the referral or of the withdrawal."""


async def owe_packages(tx: InboxTransaction, owed: Sequence[Obligation]) -> None:
    """Store packages to be handed over; matters of the reserved place 999 are made up by tests and never sent."""
    await _store(tx, RECEIVE, owed)


async def owe_withdrawals(tx: InboxTransaction, owed: Sequence[Obligation]) -> None:
    """Store withdrawals to be reported; packages of these legs that are not on their way need not be sent any more."""
    # A package that is being sent may arrive; the withdrawal follows it under the same key.
    if owed and not tx.rebuilding:
        await tx.execute(_query("drop_packages"), [each.leg_id for each in owed])
    await _store(tx, WITHDRAW, owed)


def withdrawal_obligation(leg_id: UUID, leg: Case, on: date) -> Obligation | None:
    """The obligation that follows from the withdrawal of a leg; None for a leg of the district's desks."""
    place, street_id = leg.referral.place, leg.referral.case_id
    if not leg.handed_over or place is None or street_id is None:
        return None
    street = FileKey(place.district, place.street, street_id)
    return Obligation(leg_id, street, leg.application_id, leg.referral.destination, leg.term.promised_due_on, on)


def withdrawal_effect(event: InboxEvent, key: FileKey, on: date, owed: list[Obligation]) -> CaseEffect:
    """The end of the district's leg, if it is open; the obligation that follows is added to `owed` when decided."""

    def withdrawn(case: Case | None) -> Sequence[Fact]:
        facts = with_due_cards(case, withdraw(case, on)) if case is not None else []
        obligation = withdrawal_obligation(key.file_id, case, on) if case is not None and facts else None
        if obligation is not None:
            owed.append(obligation)
        return facts

    return Effect(event, key, withdrawn)


def district_key(district: str, case_id: UUID) -> FileKey:
    """The file of a district's leg."""
    return FileKey(district, Place.of_district(district).street, case_id)


async def _store(tx: InboxTransaction, kind: str, obligations: Sequence[Obligation]) -> None:
    owed = [each for each in obligations if not Place(each.street.district, each.street.street).synthetic]
    if tx.rebuilding or not owed:
        return
    streets = [each.street for each in owed]
    await tx.execute(
        _query("owe"), kind, [street.district for street in streets], [street.street for street in streets],
        [each.leg_id for each in owed], [each.destination for each in owed], [street.file_id for street in streets],
        [each.application_id for each in owed], [each.due_on for each in owed], [each.owed_on for each in owed],
    )  # fmt: skip # the arrays of the statement, in its order
