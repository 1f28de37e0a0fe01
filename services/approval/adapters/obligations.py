"""What a change of a case obliges us to tell the district, written in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.event_store import FileKey
from chassis.inbox import InboxTransaction
from law.desk import Place
from services.approval.adapters.queries import query
from services.approval.domain.case import Case

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


async def owe_packages(tx: InboxTransaction, owed: Sequence[Obligation]) -> None:
    """The packages go to the district's system; matters made up by a test of the running system never do."""
    await _owe(tx, RECEIVE, owed)


async def owe_withdrawals(tx: InboxTransaction, owed: Sequence[Obligation]) -> None:
    """The withdrawals are told; packages that are not on their way need not go any more."""
    if owed and not tx.rebuilding:
        await tx.execute(query("stop_receiving"), [each.leg_id for each in owed])
    await _owe(tx, WITHDRAW, owed)


def withdrawal_of(leg_id: UUID, leg: Case, on: date) -> Obligation | None:
    """What a withdrawn leg of the district's own system obliges to; None for a leg of the district's desks."""
    place, street_id = leg.referral.place, leg.referral.case_id
    if not leg.handed_over or place is None or street_id is None:
        return None
    street = FileKey(place.district, place.street, street_id)
    return Obligation(leg_id, street, leg.application_id, leg.referral.destination, leg.term.promised_due_on, on)


async def _owe(tx: InboxTransaction, kind: str, obligations: Sequence[Obligation]) -> None:
    owed = [each for each in obligations if not Place(each.street.district, each.street.street).synthetic]
    if tx.rebuilding or not owed:
        return
    streets = [each.street for each in owed]
    await tx.execute(
        query("owe"), kind, [street.district for street in streets], [street.street for street in streets],
        [each.leg_id for each in owed], [each.destination for each in owed], [street.file_id for street in streets],
        [each.application_id for each in owed], [each.due_on for each in owed], [each.owed_on for each in owed],
    )  # fmt: skip # the arrays of the statement, in its order
