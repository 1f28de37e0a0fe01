"""A leg begins: the street's with acceptance, the district's with a referral. (行政许可法 42, 43)"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from law import terms
from law.desk import Place
from law.workdays import Calendar
from services.approval.domain import days
from services.approval.domain.case import Case, leg_id
from services.approval.domain.facts import CaseMaterial, CaseOpened, CaseReferred
from services.approval.domain.item import Item, Limit
from services.approval.domain.words import AcceptanceGround, ClosesOn, ItemKind, Leg, LimitUnit

DISTRICT_LIMIT = Limit(terms.DECISION.days, LimitUnit.WORKING_DAYS, terms.DECISION.article, assumed=True)
"""What a district has for its leg where the item's own limit binds the street: twenty working days. (行政许可法 42)"""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What intake told when the matter was accepted; its dates stand as they were told."""

    application_id: UUID
    occurred_on: date
    number: str
    ground: AcceptanceGround
    item: Item
    received_on: date
    accepted_on: date
    promised_due_on: date
    legal_due_on: date
    provisional: bool
    calendar_version: str
    window: str
    materials: tuple[CaseMaterial, ...]


def opens(accepted: Accepted) -> bool:
    """Whether acceptance opens a case.

    An instant matter is decided at the window and told as accepted and completed in one go, so that there is nothing
    left to decide; only one that time accepted, because nobody answered, still waits for it. (行政许可法 32(4))
    """
    return accepted.item.kind is not ItemKind.INSTANT or accepted.ground is AcceptanceGround.DEEMED


def open_street_leg(case: Case | None, accepted: Accepted, calendar: Calendar) -> list[CaseOpened]:
    """The street's leg; nothing when it is open already or the matter needs none."""
    if case is not None or not opens(accepted):
        return []
    item = accepted.item
    computed = days.begun(accepted.accepted_on, item.promised_limit, item.legal_limit, calendar)
    changes = days.warned_by(accepted.promised_due_on, accepted.legal_due_on, computed)
    term = replace(
        computed,
        promised_due_on=accepted.promised_due_on,
        legal_due_on=accepted.legal_due_on,
        warn_on=changes.warn_on,
        yellow_on=changes.yellow_on,
        red_on=changes.red_on,
        provisional=accepted.provisional,
        calendar_version=accepted.calendar_version,
    )
    return [
        CaseOpened(
            accepted.occurred_on,
            accepted.application_id,
            leg=Leg.STREET,
            number=accepted.number,
            item=item,
            term=term,
            received_on=accepted.received_on,
            window=accepted.window,
            materials=accepted.materials,
        )
    ]


def open_district_leg(case: Case | None, referred: CaseReferred, street: Place, calendar: Calendar) -> list[CaseOpened]:
    """The district's leg, its clock running from the referral until the district says when it received the package."""
    if case is not None:
        return []
    promised, legal = district_limits(referred.item)
    return [
        CaseOpened(
            referred.occurred_on,
            referred.application_id,
            leg=Leg.DISTRICT,
            number=referred.number,
            item=referred.item,
            term=days.begun(referred.occurred_on, promised, legal, calendar),
            received_on=referred.received_on,
            materials=referred.materials,
            linked_case_id=leg_id(referred.application_id),
            linked_place=street,
            destination=referred.destination,
            attempt=referred.attempt,
            package_digest=referred.package_digest,
        )
    ]


def district_limits(item: Item) -> tuple[Limit, Limit]:
    """The promised and the legal limit of the district's leg."""
    if item.closes_on is ClosesOn.DISTRICT_DECISION:
        return item.promised_limit, item.legal_limit
    return DISTRICT_LIMIT, DISTRICT_LIMIT
