"""What a change of a case obliges us to tell the district, written in the same transaction."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.event_store import FileKey
from chassis.hearing import HearingTx
from law.desk import Place
from services.approval.domain.case import Case

from .queries import query

RECEIVE, WITHDRAW = "receive", "withdraw"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing to tell: which leg, whose, by when it matters, since when it is owed."""

    leg_id: UUID
    street: FileKey
    application_id: UUID
    destination: str
    due_on: date
    owed_on: date


async def owe_package(tx: HearingTx, obligation: Obligation) -> None:
    """The package goes to the district's system; matters made up by a test of the system never do."""
    await _owe(tx, RECEIVE, obligation)


async def owe_withdrawal(tx: HearingTx, obligation: Obligation) -> None:
    """The withdrawal is told; a package that is not on its way need not go any more."""
    if not tx.rebuilding:
        await tx.execute(query("stop_receiving"), obligation.leg_id)
    await _owe(tx, WITHDRAW, obligation)


def withdrawal_of(leg_id: UUID, leg: Case, on: date) -> Obligation | None:
    """What a withdrawn leg of the district's own system obliges to; None for a leg of the district's desks."""
    place, street_id = leg.referral.place, leg.referral.case_id
    if not leg.handed_over or place is None or street_id is None:
        return None
    street = FileKey(place.district, place.street, street_id)
    return Obligation(leg_id, street, leg.application_id, leg.referral.destination, leg.term.promised_due_on, on)


async def _owe(tx: HearingTx, kind: str, owed: Obligation) -> None:
    street = owed.street
    if tx.rebuilding or Place(street.district, street.street).synthetic:
        return
    await tx.execute(
        query("owe"), street.district, street.street, owed.leg_id, kind, owed.destination, street.file_id,
        owed.application_id, owed.due_on, owed.owed_on,
    )  # fmt: skip # one row, in the statement's order
