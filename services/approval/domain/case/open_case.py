"""Opening of a leg: the street's by acceptance, the district's by a referral. (行政许可法 42, 43)"""

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from uuid import UUID

from law import terms
from law.desk import Place
from law.workdays import Calendar
from protocol.identifiers import street_leg_id
from services.approval.domain.case import due_dates
from services.approval.domain.case.facts import CaseMaterial, CaseOpened, CaseReferred, Leg
from services.approval.domain.case.item import (
    AcceptedItem,
    ItemKind,
    Limit,
    LimitUnit,
    PartLimits,
    Term,
    TermLedger,
    WholeTerm,
)
from services.approval.domain.case.state import Case


class AcceptanceGround(IntEnum):
    """Ground of an acceptance."""

    COMPLETE = 1  # 材料齐全
    CORRECTED = 2  # 补正齐全
    DEEMED = 3  # 视为受理


DISTRICT_LIMIT = Limit(terms.DECISION.days, LimitUnit.WORKING_DAYS, terms.DECISION.article, assumed=True)
"""Limit of the district's part where the item publishes none: the statute's twenty working days. (行政许可法 42)"""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An acceptance as intake recorded it; its dates are taken over as they stand."""

    application_id: UUID
    occurred_on: date
    number: str
    ground: AcceptanceGround
    item: AcceptedItem
    received_on: date
    accepted_on: date
    promised_due_on: date
    legal_due_on: date
    provisional: bool
    calendar_version: str
    window: str
    materials: tuple[CaseMaterial, ...]
    early_before: date | None = None


def opens(acceptance: Acceptance) -> bool:
    """True when acceptance opens a case.

    An instant matter is accepted and completed at the window in one go, so that nothing is left to decide. One that
    was deemed accepted, because the office did not answer in time, still waits for a decision. (行政许可法 32(4))
    """
    return acceptance.item.kind is not ItemKind.INSTANT or acceptance.ground is AcceptanceGround.DEEMED


def open_street_leg(case: Case | None, acceptance: Acceptance, calendar: Calendar) -> list[CaseOpened]:
    """The opening of the street's leg; none when it is open already or the matter needs no case."""
    if case is not None or not opens(acceptance):
        return []
    item = acceptance.item
    computed = due_dates.first_term(acceptance.accepted_on, item.promised_limit, item.legal_limit, calendar)
    # Releases up to 0.2.0 promised the later of both days, where units are mixed.
    promised_due_on = min(acceptance.promised_due_on, acceptance.legal_due_on)
    changes = due_dates.lamp_days(promised_due_on, acceptance.legal_due_on, computed)
    term = replace(
        computed,
        promised_due_on=promised_due_on,
        legal_due_on=acceptance.legal_due_on,
        warn_on=changes.warn_on,
        yellow_on=changes.yellow_on,
        red_on=changes.red_on,
        provisional=acceptance.provisional,
        calendar_version=acceptance.calendar_version,
        early_before=acceptance.early_before or min(promised_due_on, computed.early_before or promised_due_on),
    )
    return [
        CaseOpened(
            acceptance.occurred_on,
            acceptance.application_id,
            leg=Leg.STREET,
            number=acceptance.number,
            item=item,
            term=term,
            received_on=acceptance.received_on,
            window=acceptance.window,
            materials=acceptance.materials,
        )
    ]


def open_district_leg(case: Case | None, referred: CaseReferred, street: Place, calendar: Calendar) -> list[CaseOpened]:
    """The opening of the district's leg, with the days that `district_term` gives it."""
    if case is not None:
        return []
    return [
        CaseOpened(
            referred.occurred_on,
            referred.application_id,
            leg=Leg.DISTRICT,
            number=referred.number,
            item=referred.item,
            term=district_term(referred, calendar),
            received_on=referred.received_on,
            materials=referred.materials,
            linked_case_id=street_leg_id(referred.application_id),
            linked_place=street,
            destination=referred.destination,
            attempt=referred.attempt,
            package_digest=referred.package_digest,
        )
    ]


def district_term(referred: CaseReferred, calendar: Calendar) -> Term:
    """The days of the district's leg of a referral. (行政许可法 42, 43)

    Where the matter closes by the district's decision they are the street's own, as they stand at the referral: the
    applicant was promised one day, and no referral moves it. Elsewhere the district has its own limits, from the
    referral and later from the receipt that it reports, and never beyond those of both levels together.
    """
    item = referred.item
    if item.closes_at_district:
        return referred.term
    promised, legal = district_limits(item)
    own = due_dates.first_term(referred.occurred_on, promised, legal, calendar)
    if item.whole is None:
        return own
    moved = referred.term.ledger or TermLedger()
    whole = WholeTerm(referred.term.starts_on, item.whole.legal, item.whole.promised, moved)
    return due_dates.term_by(replace(own, whole=whole), calendar)


def district_limits(item: AcceptedItem) -> tuple[Limit, Limit]:
    """The promised and the legal limit of the district's own part; what the item does not name follows from the law."""
    part = item.district_part or PartLimits()
    legal = part.legal or DISTRICT_LIMIT
    return part.promised or legal, legal
