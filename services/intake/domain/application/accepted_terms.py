"""Content of an acceptance, by a desk, by a window that completes, or by time. (行政许可法 32, 42)

Example: an item with a promise of 10 and a legal limit of 20 working days is accepted on Wednesday 14
September 2016. The fact carries both last days as the calendar of that day gives them, the version of
that calendar, and whether a year without a published notice lies between. Later publications change the
calendar, not this fact: whoever computes anew names the version that was used.
"""

from dataclasses import dataclass
from datetime import date

from law import terms
from law.items.limit_rules import LICENCE
from law.not_allowed import rule
from services.intake.domain.application.due_dates import OfficeDay
from services.intake.domain.application.facts import AcceptanceGround, ApplicationAccepted
from services.intake.domain.application.state import Application
from services.intake.domain.catalogue.item import (
    AcceptedItem,
    CatalogueItem,
    Extension,
    Limit,
    LimitUnit,
    Step,
    StepKind,
    StepPost,
)

_LEGAL = Limit(terms.DECISION.days, LimitUnit.WORKING_DAYS, terms.DECISION.article)
_NEXT_DAY = Limit(1, LimitUnit.WORKING_DAYS, assumed=True)
_HEAD_DECIDES = Step("S1", "负责人决定", StepKind.DECIDE, StepPost.HEAD)


@dataclass(frozen=True, slots=True)
class PendingAcceptance:
    """An acceptance to be recorded: its number, its ground, and the day on which it takes effect."""

    number: str
    ground: AcceptanceGround
    accepted_on: date


def accepted(
    application: Application, item: AcceptedItem, acceptance: PendingAcceptance, day: OfficeDay
) -> ApplicationAccepted:
    """The acceptance with the dates of both limits."""
    submission = application.submission
    assert submission is not None, "only an application on file is accepted"
    dates = day.due_dates.of_matter(acceptance.accepted_on, item.promised_limit, item.legal_limit)
    return ApplicationAccepted(
        occurred_on=day.on,
        number=acceptance.number,
        serial_number=submission.serial_number,
        ground=acceptance.ground,
        item=item,
        received_on=min(submission.received_on, acceptance.accepted_on),
        accepted_on=acceptance.accepted_on,
        promised_due_on=dates.promised_due_on,
        legal_due_on=dates.legal_due_on,
        provisional=dates.provisional,
        calendar_version=dates.calendar_version,
        window=submission.window,
        channel=submission.channel,
        materials=application.materials,
        query_code_digest=submission.query_code_digest,
        applicant_index=submission.applicant_index,
        early_before=dates.early_before,
    )


def ground_of(application: Application) -> AcceptanceGround:
    """Ground on which a complete application is accepted: as it came, or after its correction."""
    return AcceptanceGround.CORRECTED if application.correction else AcceptanceGround.COMPLETE


def for_window(item: CatalogueItem) -> AcceptedItem:
    """The item of a matter that ends at the window: it goes to no desk."""
    return _accepted_item(item, item.route, item.legal_limit, item.promised_limit)


def for_desks(item: CatalogueItem) -> AcceptedItem:
    """The item of a matter that goes to the desks.

    An instant item has no route and no limit. When its matter is deemed accepted, since nobody completed it at the
    window, the head decides by the next working day, at the latest within the law's own limit. (行政许可法 42)
    """
    return _accepted_item(
        item,
        item.route or (_HEAD_DECIDES,),
        item.legal_limit if item.legal_limit.days else _LEGAL,
        item.promised_limit if item.promised_limit.days else _NEXT_DAY,
    )


def _accepted_item(
    item: CatalogueItem, route: tuple[Step, ...], legal_limit: Limit, promised_limit: Limit
) -> AcceptedItem:
    return AcceptedItem(
        code=item.code,
        name=item.name,
        version=item.version,
        line=item.line,
        kind=item.kind,
        closes_on=item.closes_on,
        legal_limit=legal_limit,
        promised_limit=promised_limit,
        route=route,
        receipt=item.receipt,
        sms=item.sms,
        sensitive=item.sensitive,
        decided_by=item.decided_by,
        refers_to=item.refers_to,
        result_name=item.result_name,
        street_part=item.street_part,
        district_part=item.district_part,
        whole=item.whole,
        procedures=item.procedures,
        extension=item.extension or extension_by_nature(item.nature),
    )


@rule("行政许可法 42")
def extension_by_nature(nature: str) -> Extension:
    """A licence whose item names no extension may be extended as the statute says, and nothing else may."""
    if nature != LICENCE:
        return Extension(0)
    return Extension(terms.EXTENSION.days, LimitUnit.WORKING_DAYS, terms.EXTENSION.article)
